"""A static site from a reference: a page a question, all of them on one axis, what came beside the model, method, limits.

::

    DIR/
        index.html  <policy>.html  real.html  method.html  limits.html  reading.html    French
        en/…                                                                            English
        data/<policy>.csv  data/<policy>-<picture>-<lang>.csv  data/since-base.csv      numbers
        pictures/<policy>-<picture>-<lang>.svg  previews/<policy>-<lang>.png            pictures
        notes/<policy>-<lang>.html                                                      a page of A4 to print
        style.css  fonts/  site.json

No page asks anything of another machine, none holds a script, and all work from a file. The folder is made under another name
and put in place whole.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import RequestError, reason
from sim.indicators.context import MEASURED
from sim.presentation.featured import featured, ordered
from sim.presentation.one_page import one_page, one_page_html
from sim.presentation.question.finding import finding, years_of
from sim.presentation.question.question_page import question_body
from sim.presentation.question.questions_page import Asked, questions_body
from sim.presentation.question.real_and_model import real_body
from sim.presentation.question.shown import of_reference
from sim.presentation.question.since_base import since_table
from sim.presentation.site_files import Alone, csv_of, files_section, pictures_of
from sim.presentation.site_pages import limits_body, method_body, reading_body
from sim.presentation.site_preview import preview
from sim.presentation.texts import LANGUAGES, Texts
from sim.records.atomic import flush, machine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sim.library.read import Reference
    from sim.presentation.question.shown import Shown
    from sim.scenario.describe import Language

MARKER = "site.json"
CARDS = 10
PAGES = ("index", "real", "method", "limits", "reading")
_ASSETS = Path(__file__).with_name("assets")
_STYLES = ("fonts.css", "tokens.css", "page.css", "site.css")
_FONTS = ("SortieSans.woff2", "SortieSerif.woff2", "OFL.txt")


@dataclass(frozen=True)
class Site:
    """A site under way."""

    reference: Reference
    to: Path
    changes: Mapping[str, Mapping[Language, Sequence[str]]]
    """What each policy changes, by language, a line each."""
    address: str = ""
    """Where it will be served, with a slash at its end: links of previews and of code to paste begin with it."""

    def write(self, told: Callable[[str], None]) -> list[Path]:
        """Write every file; ``told`` hears of each page. Return what was written.

        Raises
        ------
        RequestError
            If the folder holds something else, or cannot be written.
        """
        self._refuse_what_is_not_a_site()
        try:
            with _put_in_place(self.to) as folder:
                for name, content in self._files(told):
                    path = folder / name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(content)
        except OSError as problem:
            msg = f"{self.to}: the site cannot be written here ({reason(problem)}). Choose another folder: --to DIR"
            raise RequestError(msg) from problem
        return sorted(path for path in self.to.rglob("*") if path.is_file())

    @property
    def _policies(self) -> list[str]:
        return ordered(self.reference)

    def _refuse_what_is_not_a_site(self) -> None:
        if self.to.exists() and not self.to.is_dir():
            msg = f"{self.to}: met a file, expected a folder to make. Choose another: --to DIR"
            raise RequestError(msg)
        if self.to.is_dir() and any(self.to.iterdir()) and not (self.to / MARKER).is_file():
            msg = f"{self.to}: met files that are not a site of sortie, expected a folder to make. Choose another: --to DIR"
            raise RequestError(msg)

    def _files(self, told: Callable[[str], None]) -> Iterator[tuple[str, bytes]]:
        """Name and content of every file."""
        for lang in LANGUAGES:
            t = Texts(lang)
            under = "" if lang == "fr" else f"{lang}/"
            for name, title, body, about in self._places(t):
                told(f"{under}{name}.html")
                yield f"{under}{name}.html", self._page(t, name, title, body, about).encode()
            for policy in self._policies:
                told(f"{under}{policy}.html")
                yield from self._question(t, policy, under)
        for policy in self._policies:
            yield f"data/{policy}.csv", self._figures(policy)
        yield "data/since-base.csv", since_table(self.reference.figures).to_csv(index=False, float_format="%.6g").encode()
        yield "style.css", "".join((_ASSETS / name).read_text(encoding="utf-8") for name in _STYLES).encode()
        for name in _FONTS:
            yield f"fonts/{name}", (_ASSETS / "fonts" / name).read_bytes()
        marker = {"version": self.reference.manifest["version"], "source": self.reference.manifest["source"]}
        yield MARKER, (json.dumps(marker, indent=1) + "\n").encode()

    def _places(self, t: Texts) -> list[tuple[str, str, str, str]]:
        """Name, title, body and description of each page that is no question."""
        reference, figures = self.reference, self.reference.figures
        asked = [self._asked(t, policy) for policy in self._policies]
        first = featured(reference, CARDS)
        return [
            ("index", t("questions.head"), questions_body(t, figures, asked, first, "{}.html".format), t("questions.kicker")),
            ("real", t("real.head"), real_body(t, figures, self._shown(t, self._policies[0]).foot), t("real.body")),
            ("method", t("site.method"), method_body(t, reference), t("site.method.about")),
            ("limits", t("site.limits"), limits_body(t, reference), t("site.limits.about")),
            ("reading", t("site.reading"), reading_body(t), t("site.reading.about")),
        ]

    def _question(self, t: Texts, policy: str, under: str) -> Iterator[tuple[str, bytes]]:
        """Files of one question: its page, each of its pictures with its numbers, its preview."""
        shown, asked = self._shown(t, policy), self._asked(t, policy)
        alone, found = pictures_of(shown), finding(t, self.reference.figures, policy)
        up = "" if t.lang == "fr" else "../"
        stem = f"{policy}-{t.lang}"
        links = {"questions": "index.html", "data": f"{up}data/{policy}.csv", "note": f"{up}notes/{stem}.html"}
        body = question_body(shown, links)
        body += files_section(t, shown, alone, up, self.address)
        yield f"{under}{policy}.html", self._page(t, policy, asked.question, body, f"{found.head} {found.body}").encode()
        yield from self._alone(t, policy, alone)
        yield f"notes/{stem}.html", one_page_html(one_page(shown, self.reference.manifest)).encode()
        yield f"previews/{stem}.png", preview(asked.question, found.head, found.numbers[:1], shown.foot)

    @staticmethod
    def _alone(t: Texts, policy: str, alone: Sequence[Alone]) -> Iterator[tuple[str, bytes]]:
        for each in alone:
            yield f"pictures/{policy}-{each.name}-{t.lang}.svg", each.svg.encode()
            yield f"data/{policy}-{each.name}-{t.lang}.csv", csv_of(t, each.table)

    def _shown(self, t: Texts, policy: str) -> Shown:
        return of_reference(t, self.reference, policy, self.changes.get(policy, {}).get(t.lang, ()))

    def _asked(self, t: Texts, policy: str) -> Asked:
        row = self.reference.scenario(policy)
        title = t.title(row["title"])
        return Asked(policy, title, t.title(row["question"]) if row.get("question") else title)

    def _figures(self, policy: str) -> bytes:
        """Figures of a policy: one value a cell, the whole period and each year."""
        frame = self.reference.table("figures")
        periods = [MEASURED, *years_of(self.reference.figures)]
        mine = frame[(frame["scenario"] == policy) & frame["period"].isin(periods)]
        columns = [
            "period", "indicator", "group", "mean", "difference", "difference_half_width", "both_low", "both_high", "n",
        ]  # fmt: skip
        return mine[columns].to_csv(index=False, float_format="%.6g").encode()

    def _page(self, t: Texts, name: str, title: str, body: str, about: str) -> str:
        picture = f"previews/{name}-{t.lang}.png" if name in self._policies else ""
        return page(t, name, title, body, about, picture, self.address)


@contextmanager
def _put_in_place(to: Path) -> Iterator[Path]:
    """Give a folder to fill beside ``to``, and put it in its place once whole; stopped before, nothing is left of it."""
    to = to.absolute()
    to.parent.mkdir(parents=True, exist_ok=True)
    begun = to.with_name(f".{to.name}-{machine()}-{os.getpid()}")
    before = to.with_name(f".{to.name}-before-{machine()}-{os.getpid()}")
    shutil.rmtree(begun, ignore_errors=True)
    try:
        begun.mkdir()
        yield begun
        if to.exists():
            to.rename(before)
        begun.rename(to)
        flush(to.parent)
    finally:
        shutil.rmtree(begun, ignore_errors=True)
        if before.exists() and not to.exists():
            before.rename(to)
        shutil.rmtree(before, ignore_errors=True)


def page(t: Texts, name: str, title: str, body: str, about: str, picture: str, address: str) -> str:
    """Return a whole page: head with its preview tags, places, body, foot."""
    up = "" if t.lang == "fr" else "../"
    other, theirs = (f"en/{name}.html", "en") if t.lang == "fr" else (f"../{name}.html", "fr")
    places = "".join(
        f'<a href="{place}.html"{" aria-current=page" if place == name else ""}>{escape(t(f"site.{place}"))}</a>'
        for place in PAGES
    )
    tags = {"og:title": title, "og:description": about, "og:type": "article", "og:locale": t.lang}
    if picture:
        tags |= {"og:image": f"{address or up}{picture}", "og:image:alt": about, "twitter:card": "summary_large_image"}
    if address:
        tags["og:url"] = f"{address}{'' if t.lang == 'fr' else 'en/'}{name}.html"
    metas = "".join(f'<meta property="{key}" content="{escape(value)}">' for key, value in tags.items())
    return (
        f'<!doctype html>\n<html lang="{t.lang}"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width, initial-scale=1"><title>{escape(title)} · sortie</title>'
        f'<meta name="description" content="{escape(about)}">{metas}'
        f'<link rel="stylesheet" href="{up}style.css"></head><body>'
        f'<header class="top"><div class="wrap"><a class="brand" href="index.html">sortie</a>'
        f'<nav aria-label="{escape(t("site.places"))}">{places}</nav>'
        f'<a class="langs" lang="{theirs}" href="{other}">{escape(t("site.other"))}</a></div></header>'
        f"<main>{body}</main>"
        f'<footer><div class="wrap note"><p>{escape(t("site.foot"))}</p></div></footer></body></html>\n'
    )
