"""HTML of one question: the answer, then why, who, how much, what would overturn it. The same wherever it is shown."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import TYPE_CHECKING

from sim.presentation.question.causes import causes, race, reason_of
from sim.presentation.question.change import change_of
from sim.presentation.question.finding import DRY, finding, period_text
from sim.presentation.question.over_time import path, queue
from sim.presentation.question.routes_and_cost import cost, routes
from sim.presentation.question.svg import HALF, WIDE, both, fine

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.presentation.question.finding import Check, Finding, Number
    from sim.presentation.question.shown import Shown

COLUMN, BESIDE = 470, 770
"""Widths in pixels of the reason beside the answer, and of a picture beside its text."""
SECTIONS = ("pourquoi", "qui", "cout", "solide")
"""Anchors of the sections, the same in both languages."""


def question_body(shown: Shown, links: Mapping[str, str] | None = None) -> str:
    """Return the page of a question without its head: a string of HTML that fetches nothing.

    ``links`` gives addresses for ``questions``, ``note`` and ``data``; what is not there is not offered.
    """
    t, links = shown.t, links or {}
    found = finding(t, shown.figures, shown.policy)
    period = found.period
    of_policy = (t, shown.figures, shown.policy)
    why = both(lambda width: causes(*of_policy, period, width, shown.foot), COLUMN)
    parts = [
        _first_screen(shown, found, why, links),
        _solid(shown, found.checks),
        '<div class="wrap">',
        _what_changes(shown, both(lambda width: path(*of_policy, width, shown.foot), HALF)),
        _whole("pourquoi", t("page.why"), both(lambda width: race(*of_policy, period, width, shown.foot), WIDE)),
        _side("", t("page.queue"), t("page.queue.head"), t("page.queue.body"), _picture(partial(_queue, shown))),
        _side("qui", t("page.who"), t("page.who.head"), t("page.who.body"), _picture(partial(_routes, shown))),
        _side("cout", t("page.cost"), t("page.cost.head"), t("page.cost.body"), _picture(partial(_cost, shown, period))),
        _overturn(shown),
        "</div>",
    ]
    return fine("".join(parts), t.lang)


def _queue(shown: Shown, width: int) -> str:
    return queue(shown.t, shown.figures, shown.policy, width, shown.foot)


def _routes(shown: Shown, width: int) -> str:
    return routes(shown.t, shown.routes, width, shown.foot)


def _cost(shown: Shown, period: str, width: int) -> str:
    return cost(shown.t, shown.figures, shown.policy, period, width, shown.foot)


def _picture(draw: partial[str]) -> str:
    return both(draw, BESIDE) if draw(BESIDE) else ""


def _first_screen(shown: Shown, found: Finding, why: str, links: Mapping[str, str]) -> str:
    t = shown.t
    asked = shown.whose or (t("page.asked", who=shown.asked_by) if shown.asked_by else t("page.asked_by_nobody"))
    others = f' · <a href="{escape(links["questions"])}">{escape(t("page.other"))}</a>' if "questions" in links else ""
    buttons = [
        f'<a class="btn{" first" if n == 0 else ""}" href="#{anchor}">{escape(t("page.button." + anchor))}</a>'
        for n, anchor in enumerate(SECTIONS[:3])
    ]
    buttons += [
        f'<a class="btn" href="{escape(links[key])}">{escape(t("page.button." + key))}</a>'
        for key in ("note", "data")
        if key in links
    ]
    numbers = f'<div class="three">{"".join(_number(number) for number in found.numbers)}</div>' if found.numbers else ""
    when = period_text(t, found.period)
    dry = change_of(shown.figures, shown.policy, DRY, found.period)
    holds = "" if dry is None else t(f"chart.holds.{dry.holds}")
    because = "" if found.kind == "queue" else reason_of(t, shown.figures, shown.policy, found.period)
    reason = f"<p>{escape(because)}</p>" if because else ""
    return (
        f'<div class="wrap"><div class="hero"><div><p class="kicker">{escape(asked)}{others}</p>'
        f"<h1>{escape(shown.question)}</h1>"
        f'<div class="answer"><p class="verdict">{escape(found.head)}</p><p>{escape(found.body)}</p>{reason}</div>{numbers}'
        f'<p class="note">{escape(t("page.period", when=when))} {escape(holds)} {escape(shown.made)}</p>'
        f'<div class="buttons">{"".join(buttons)}</div></div><div>{why}</div></div></div>'
    )


def _number(number: Number) -> str:
    return (
        f'<div class="num"><b class="{_CLASSES[number.tone]}">{escape(number.text)}</b>'
        f'<span class="what">{escape(number.what)}</span>'
        f'<span class="range">{escape(number.interval)}</span>'
        f'<span class="said {_CLASSES[number.tone]}">{escape(number.said)}</span></div>'
    )


_CLASSES = {"less": "down", "more": "up", "unsure": "unsure"}


def _solid(shown: Shown, checks: Sequence[Check]) -> str:
    if not checks:
        return ""
    t = shown.t
    boxes = "".join(
        f'<div class="check"><i class="{"yes" if check.passed else "no"}" aria-hidden="true">{"✓" if check.passed else "✗"}</i>'
        f"<span><b>{escape(check.head)}</b>{escape(check.body)}</span></div>"
        for check in checks
    )
    return (
        f'<div class="solid" id="solide"><div class="wrap grid"><div><h2>{escape(t("page.solid"))}</h2>'
        f'<p class="note">{escape(t("page.solid.body"))}</p></div>{boxes}</div></div>'
    )


def _what_changes(shown: Shown, picture: str) -> str:
    t = shown.t
    lines = "".join(f"<li>{escape(line)}</li>" for line in shown.changes)
    told = f"<ul>{lines}</ul>" if lines else f"<p>{escape(t('page.changes.nothing'))}</p>"
    origin = f'<p class="note">{escape(t("page.origin", source=shown.source))}</p>' if shown.source else ""
    return (
        f'<section><div class="two"><div><p class="sectionhead">{escape(t("page.changes"))}</p>'
        f"<h2>{escape(shown.title)}</h2>{told}{origin}</div><div>{picture}</div></div></section>"
    )


def _whole(anchor: str, head: str, picture: str) -> str:
    return f'<section id="{anchor}"><p class="sectionhead">{escape(head)}</p>{picture}</section>'


def _side(anchor: str, kicker: str, head: str, body: str, picture: str) -> str:
    if not picture:
        return ""
    named = f' id="{anchor}"' if anchor else ""
    return (
        f'<section{named}><div class="side"><div><p class="sectionhead">{escape(kicker)}</p><h2>{escape(head)}</h2>'
        f"<p>{escape(body)}</p></div><div>{picture}</div></div></section>"
    )


def _overturn(shown: Shown) -> str:
    t = shown.t
    leans = "".join(f"<li>{escape(line)}</li>" for line in shown.leans)
    told = f"<p>{escape(t('page.overturn.body'))}</p><ul>{leans}</ul>" if leans else ""
    limits = "".join(f"<li>{escape(t(f'overview.limit{n}'))}</li>" for n in (1, 2, 3))
    return (
        f'<section class="last"><div class="two"><div><p class="sectionhead">{escape(t("page.overturn"))}</p>'
        f'<h2>{escape(t("page.overturn.head"))}</h2>{told}</div><div><p class="sectionhead">{escape(t("page.unknown"))}</p>'
        f"<h2>{escape(t('page.unknown.head'))}</h2><ul>{limits}</ul></div></div>"
        f'<p class="note">{escape(t("page.again"))} <code>{escape(shown.command)}</code></p></section>'
    )
