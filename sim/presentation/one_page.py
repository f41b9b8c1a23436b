"""The note of one question on a page of A4, from the parts of its page: as HTML that prints, and as text to edit (ODT)."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from sim.presentation.outside import outside_told
from sim.presentation.question.causes import causes, reason_of
from sim.presentation.question.change import change_of
from sim.presentation.question.finding import DRY, finding, period_text
from sim.presentation.question.svg import fine
from sim.presentation.site_files import letters
from sim.scenario.observed import base_day

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from sim.presentation.question.finding import Check, Number
    from sim.presentation.question.shown import Shown
    from sim.presentation.texts import Texts

WIDTH = 700
"""Pixels of 1/96 inch of the picture, which is printed at 0.87 of that: its smallest text is of eight points."""
CHANGES = 4
"""Lines of what changes; the others are counted."""
LONGEST = 130
"""Characters of such a line; what is longer is cut at a word."""
LEANS = 3
_STYLE = """
@page { size: A4; margin: 9mm 14mm; }
body { font: 9.5pt/1.32 "Sortie Sans", "Source Sans 3", Arial, sans-serif; color: #1a1f24; max-width: 182mm; margin: 8mm auto; }
.kicker, .foot { font-size: 8.5pt; color: #525c66; } .kicker { margin: 0 0 1mm; } .foot { margin-top: 2mm; }
h1 { font-size: 16pt; line-height: 1.15; margin: 0 0 1.5mm; } h2 { font-size: 10pt; margin: 2mm 0 .5mm; }
p { margin: 0 0 1.2mm; } .body { font-size: 10pt; } ul { margin: 0; padding-left: 4mm; font-size: 8.5pt; line-height: 1.28; }
.three, .checks { display: grid; grid-template-columns: repeat(3, 1fr); gap: 5mm; padding-top: 1.5mm; }
.three { border-top: .3mm solid #dcdad3; }
.three b { display: block; font-size: 18pt; line-height: 1.1; } .three span, .checks span { display: block; font-size: 8.5pt; }
.down { color: #0b5c8a; } .up { color: #a8480b; } .unsure { color: #525c66; }
.two { display: grid; grid-template-columns: 1fr 1fr; gap: 6mm; }
svg { display: block; width: 88%; height: auto; } code { font-size: 8pt; overflow-wrap: anywhere; }
@media print { body { margin: 0; } }
"""
_TONES = {"less": "down", "more": "up", "unsure": "unsure"}


@dataclass(frozen=True)
class OnePage:
    """What a note holds, in words and one picture."""

    t: Texts
    kicker: str
    title: str
    """The finding."""
    body: str
    why: str
    period: str
    numbers: tuple[Number, ...]
    checks: tuple[Check, ...]
    picture: str
    changes: Sequence[str]
    leans: Sequence[str]
    limits: Sequence[str]
    cite: str
    command: str


def one_page(shown: Shown, manifest: Mapping[str, Any]) -> OnePage:
    """Gather the parts of a note; ``manifest`` is that of the reference or of the run."""
    t, figures, policy = shown.t, shown.figures, shown.policy
    found = finding(t, figures, policy)
    change = change_of(figures, policy, DRY, found.period)
    holds = "" if change is None else t(f"chart.holds.{change.holds}")
    when = period_text(t, found.period)
    asked = f" · {t('note.asked', who=shown.asked_by)}" if shown.asked_by else ""
    outside = outside_told(t, [policy], manifest)
    cite = t(
        "onepage.cite",
        version=shown.version,
        question=shown.title,
        reference=str(manifest.get("source", manifest.get("run_id", "")))[:12],
        day=t.day(base_day()),
    )
    return OnePage(
        t=t,
        kicker=f"{shown.question}{asked}",
        title=found.head,
        body=found.body,
        why="" if found.kind == "queue" else reason_of(t, figures, policy, found.period),
        period=f"{t('page.period', when=when)} {holds} {shown.made}".replace("  ", " "),
        numbers=found.numbers,
        checks=found.checks,
        picture=causes(t, figures, policy, found.period, WIDTH, shown.foot),
        changes=_changes(t, shown),
        leans=[_cut(line) for line in shown.leans[:LEANS]],
        limits=[*([_cut(outside)] if outside else []), *(t(f"overview.limit{n}") for n in (1, 3))],
        cite=cite,
        command=shown.command,
    )


def _changes(t: Texts, shown: Shown) -> list[str]:
    """What changes, in a few lines that fit; the policy's own name where nothing more is told."""
    lines = [_cut(line) for line in shown.changes[:CHANGES]] or [t("page.changes.nothing")]
    more = len(shown.changes) - CHANGES
    if more > 0:
        lines.append(t("onepage.more", n=more))
    if shown.source:
        lines.append(t("note.source", source=shown.source))
    return lines


def _cut(line: str) -> str:
    return line if len(line) <= LONGEST else f"{line[:LONGEST].rsplit(' ', 1)[0]} …"


def one_page_html(note: OnePage) -> str:
    """Return the note as one HTML page that fetches nothing and prints on one page of A4."""
    t = note.t
    numbers = "".join(
        f'<div><b class="{_TONES[number.tone]}">{escape(number.text)}</b><span><strong>{escape(number.what)}</strong></span>'
        f"<span>{escape(f'{number.interval} · {number.said}')}</span></div>"
        for number in note.numbers
    )
    checks = "".join(
        f"<div><strong>{'✓' if check.passed else '✗'} {escape(check.head)}</strong><span>{escape(check.body)}</span></div>"
        for check in note.checks
    )
    why = f'<p class="body">{escape(note.why)}</p>' if note.why else ""
    body = (
        f'<p class="kicker">{escape(note.kicker)}</p><h1>{escape(note.title)}</h1>'
        f'<p class="body">{escape(note.body)}</p>{why}'
        f'<div class="three">{numbers}</div><p class="kicker">{escape(note.period)}</p>{note.picture}'
        f"<h2>{escape(t('page.solid'))}</h2>"
        f'<div class="checks">{checks}</div>'
        f'<div class="two"><div><h2>{escape(t("page.changes"))}</h2>{_list(note.changes)}</div>'
        f"<div><h2>{escape(t('note.leans'))}</h2>{_list(note.leans)}</div></div>"
        f"<h2>{escape(t('onepage.limits'))}</h2>{_list(note.limits)}"
        f'<p class="foot">{escape(note.cite)} {escape(t("note.again"))} <code>{escape(note.command)}</code></p>'
    )
    return (
        f'<!doctype html><html lang="{t.lang}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(note.title)}</title>'
        f"<style>{letters()}{_STYLE}</style></head><body><main>{fine(body, t.lang)}</main></body></html>"
    )


def _list(lines: Sequence[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>" if lines else ""
