"""A static site from a reference: a page a question, all of them on one axis, what came beside the model, the method.

::

    DIR/
        index.html  <policy>.html  real.html  method.html       French
        en/…                                                    English
        data/<policy>.csv  pictures/<policy>-<lang>.svg         figures, and the picture of why
        style.css  fonts/  site.json

No page asks anything of another machine, none holds a script, and all work from a file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import RequestError, reason
from sim.indicators.context import MEASURED
from sim.presentation.featured import featured, ordered
from sim.presentation.question.causes import causes
from sim.presentation.question.finding import finding, settled, years_of
from sim.presentation.question.question_page import COLUMN, question_body
from sim.presentation.question.questions_page import Asked, questions_body
from sim.presentation.question.real_and_model import real_body
from sim.presentation.question.shown import of_reference
from sim.presentation.question.svg import fine
from sim.presentation.texts import LANGUAGES, Texts
from sim.records.atomic import write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sim.library.read import Reference
    from sim.presentation.question.shown import Shown
    from sim.scenario.describe import Language

MARKER = "site.json"
CARDS = 10
PAGES = ("index", "real", "method")
_ASSETS = Path(__file__).with_name("assets")
_FONT = "SourceSansVF-Upright"
"""The font Streamlit ships (SIL Open Font License): the same in the explorer and on the site, without a copy of ours."""


@dataclass(frozen=True)
class Site:
    """A site under way."""

    reference: Reference
    to: Path
    changes: Mapping[str, Mapping[Language, Sequence[str]]]
    """What each policy changes, by language, a line each."""

    def write(self, told: Callable[[str], None]) -> list[Path]:
        """Write every file; ``told`` hears of each page. Return what was written.

        Raises
        ------
        RequestError
            If the folder holds something else, or cannot be written.
        """
        self._refuse_what_is_not_a_site()
        written: list[Path] = []
        try:
            for folder in ("", "en", "data", "pictures", "fonts"):
                (self.to / folder).mkdir(parents=True, exist_ok=True)
            written += self._style()
            for lang in LANGUAGES:
                t = Texts(lang)
                for name, title, body, about in self._pages(t):
                    path = self._file(lang, name)
                    write_atomically(path, page(t, name, title, body, about, self._policies).encode())
                    written.append(path)
                    told(str(path))
                written += self._pictures(t)
            written += [self._figures(policy) for policy in self._policies]
            # Written last: a folder without it is no finished site.
            marker = {"version": self.reference.manifest["version"], "source": self.reference.manifest["source"]}
            write_atomically(self.to / MARKER, (json.dumps(marker, indent=1) + "\n").encode())
        except OSError as problem:
            msg = f"{self.to}: the site cannot be written here ({reason(problem)}). Choose another folder: --to DIR"
            raise RequestError(msg) from problem
        return [*written, self.to / MARKER]

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

    def _file(self, lang: str, name: str) -> Path:
        return (self.to if lang == "fr" else self.to / lang) / f"{name}.html"

    def _pages(self, t: Texts) -> list[tuple[str, str, str, str]]:
        """Name, title, body and description of each page."""
        reference, figures = self.reference, self.reference.figures
        asked = [self._asked(t, policy) for policy in self._policies]
        first = featured(reference, CARDS)
        pages = [
            ("index", t("questions.head"), questions_body(t, figures, asked, first, "{}.html".format), t("questions.kicker")),
            ("real", t("real.head"), real_body(t, figures, self._shown(t, self._policies[0]).foot), t("real.body")),
            ("method", t("site.method"), _method(t, reference), t("site.method.about")),
        ]
        up = "" if t.lang == "fr" else "../"
        for one in asked:
            found = finding(t, figures, one.policy)
            links = {"questions": "index.html", "data": f"{up}data/{one.policy}.csv"}
            body = question_body(self._shown(t, one.policy), links)
            pages.append((one.policy, one.question, body, f"{found.head} {found.body}"))
        return pages

    def _shown(self, t: Texts, policy: str) -> Shown:
        return of_reference(t, self.reference, policy, self.changes.get(policy, {}).get(t.lang, ()))

    def _asked(self, t: Texts, policy: str) -> Asked:
        row = self.reference.scenario(policy)
        title = t.title(row["title"])
        return Asked(policy, title, t.title(row["question"]) if row.get("question") else title)

    def _pictures(self, t: Texts) -> list[Path]:
        """Write the picture of why, of each question, as a file that others may show."""
        written = []
        for policy in self._policies:
            drawn = causes(
                t, self.reference.figures, policy, settled(self.reference.figures), COLUMN, self._shown(t, policy).foot
            )
            if drawn:
                path = self.to / "pictures" / f"{policy}-{t.lang}.svg"
                write_atomically(path, drawn.encode())
                written.append(path)
        return written

    def _figures(self, policy: str) -> Path:
        """Write the figures of a policy: one value a cell, the whole period and each year."""
        frame = self.reference.table("figures")
        periods = [MEASURED, *years_of(self.reference.figures)]
        mine = frame[(frame["scenario"] == policy) & frame["period"].isin(periods)]
        columns = [
            "period", "indicator", "group", "mean", "difference", "difference_half_width", "both_low", "both_high", "n",
        ]  # fmt: skip
        path = self.to / "data" / f"{policy}.csv"
        write_atomically(path, mine[columns].to_csv(index=False, float_format="%.6g").encode())
        return path

    def _style(self) -> list[Path]:
        style = "".join((_ASSETS / name).read_text(encoding="utf-8") for name in ("tokens.css", "page.css"))
        font = _font()
        if font is not None:
            write_atomically(self.to / "fonts" / "source-sans.woff2", font.read_bytes())
            face = '@font-face { font-family: "Source Sans"; src: url("fonts/source-sans.woff2") format("woff2"); '
            style = f"{face}font-weight: 200 900; font-display: swap; }}\n{style}"
        write_atomically(self.to / "style.css", style.encode())
        return [self.to / "style.css"]


def _font() -> Path | None:
    spec = find_spec("streamlit")
    if spec is None or spec.origin is None:
        return None
    return next((Path(spec.origin).parent / "static").rglob(f"{_FONT}*.woff2"), None)


def page(t: Texts, name: str, title: str, body: str, about: str, policies: Sequence[str]) -> str:
    """Return a whole page: head with its preview tags, places, body, foot."""
    up = "" if t.lang == "fr" else "../"
    other, theirs = (f"en/{name}.html", "en") if t.lang == "fr" else (f"../{name}.html", "fr")
    places = "".join(
        f'<a href="{place}.html"{" aria-current=page" if place == name else ""}>{escape(t(f"site.{place}"))}</a>'
        for place in PAGES
    )
    picture = f'<meta property="og:image" content="{up}pictures/{name}-{t.lang}.svg">' if name in policies else ""
    style = f'<link rel="stylesheet" href="{up}style.css">'
    return (
        f'<!doctype html>\n<html lang="{t.lang}"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width, initial-scale=1"><title>{escape(title)} · sortie</title>'
        f'<meta name="description" content="{escape(about)}"><meta property="og:title" content="{escape(title)}">'
        f'<meta property="og:description" content="{escape(about)}">{picture}{style}</head><body>'
        f'<header class="top"><div class="wrap"><a class="brand" href="index.html">sortie</a>'
        f'<nav aria-label="{escape(t("site.places"))}">{places}</nav>'
        f'<a class="langs" lang="{theirs}" href="{other}">{escape(t("site.other"))}</a></div></header>'
        f"<main>{body}</main>"
        f'<footer><div class="wrap note"><p>{escape(t("site.foot"))}</p></div></footer></body></html>\n'
    )


def _method(t: Texts, reference: Reference) -> str:
    manifest = reference.manifest
    made = t("page.made", n=manifest["replications"], draws=manifest["draws"], share=t.percent(float(manifest["fraction"])))
    limits = "".join(f"<li>{escape(t(f'overview.limit{n}'))}</li>" for n in (1, 2, 3))
    told = "".join(f"<p>{escape(t(f'site.method.{n}'))}</p>" for n in (1, 2, 3))
    again = t("site.method.again", version=manifest["version"], seed=manifest["seed"], made=made)
    body = (
        f'<div class="wrap"><section class="top last"><h1>{escape(t("site.method"))}</h1>{told}'
        f'<h2>{escape(t("overview.limits"))}</h2><ul>{limits}</ul><p class="note">{escape(again)}</p></section></div>'
    )
    return fine(body, t.lang)
