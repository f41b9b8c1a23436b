"""HTML of all questions: a card each with its finding, and every policy on one axis, in one order or another."""

from __future__ import annotations

from html import escape
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from sim.presentation.headlines import Outcome
from sim.presentation.question.change import change_of, interval, told
from sim.presentation.question.finding import HELD, RATE, WAIT, finding, period_text, settled
from sim.presentation.question.svg import LESS, MORE, MUTED, fine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.library.read import Figures
    from sim.presentation.question.change import Change
    from sim.presentation.texts import Texts

MEANS = Outcome("means", "cost_of_means", "item=all,price=central", "euros")
AXES = (RATE, HELD, WAIT, MEANS)
"""What policies may be put in order by; one that the figures do not hold is not offered."""
TICKS = 8
FAR = 0.85
"""Share of the policies whose intervals the axis holds; the others are arrows at its ends."""


class Asked(NamedTuple):
    """One policy of the list."""

    policy: str
    title: str
    question: str


def cards(t: Texts, figures: Figures, asked: Sequence[Asked], address: Callable[[str], str]) -> str:
    """Return a card for each question: the question, the number, the finding."""
    shown = []
    for one in asked:
        found = finding(t, figures, one.policy)
        number = found.numbers[0] if found.numbers else None
        big = f'<span class="big {_class(number.tone)}">{escape(number.text)}</span>' if number else ""
        unit = f'<span class="u">{escape(number.what)}, {escape(number.interval)}</span>' if number else ""
        shown.append(
            f'<li><a class="card" href="{escape(address(one.policy))}"><span class="q">{escape(one.question)}</span>{big}{unit}'
            f'<span class="a">{escape(found.head)}</span></a></li>'
        )
    return f'<ul class="cards ten">{"".join(shown)}</ul>'


def _class(tone: str) -> str:
    return {"less": "down", "more": "up"}.get(tone, "unsure")


def axis(t: Texts, figures: Figures, asked: Sequence[Asked], outcome: Outcome, address: Callable[[str], str]) -> str:
    """Return every policy on one axis, sorted by one outcome: dot and interval, filled if the sign holds."""
    period = settled(figures)
    met = [(one, change_of(figures, one.policy, outcome, period)) for one in asked]
    rows = sorted(((one, change) for one, change in met if change is not None), key=lambda row: row[1].difference)
    if not rows:
        return f"<p>{escape(t('questions.nothing'))}</p>"
    low, high, step = _scale([change for _, change in rows], outcome.kind)
    ticks = [low + step * n for n in range(round((high - low) / step) + 1)]

    def position(value: float) -> float:
        return 100 * (value - low) / (high - low)

    marks = "".join(f'<u style="left:{position(tick):.2f}%"{_zero(tick, step)}></u>' for tick in ticks)
    labels = "".join(
        f'<span{_end(tick, low, high)} style="left:{position(tick):.2f}%">{escape(told(t, tick, outcome.kind))}</span>'
        for tick in ticks
    )
    lines = [_row(t, row, outcome, (low, high, marks), address) for row in rows]
    return (
        f'<div class="axis" aria-hidden="true"><span></span><span class="plot">{labels}</span><span></span></div>'
        f'<ol class="strip">{"".join(lines)}</ol>'
    )


def _zero(tick: float, step: float) -> str:
    return ' class="zero"' if abs(tick) < step / 2 else ""


def _end(tick: float, low: float, high: float) -> str:
    return ' class="l"' if tick <= low else ' class="r"' if tick >= high * 0.999 else ""


def _scale(changes: Sequence[Change], kind: str) -> tuple[float, float, float]:
    """Ends of the axis and its step: round numbers that hold most policies and zero."""
    ends = sorted(max(abs(change.difference), 1e-9) for change in changes)
    most = ends[min(len(ends) - 1, int(FAR * len(ends)))]
    low = -most if any(change.difference < 0 for change in changes) else 0.0
    high = most if any(change.difference > 0 for change in changes) else 0.0
    wide = max(high - low, 0.01 if kind in {"share", "density"} else 10.0)
    steps = (each * 10.0**power for power in range(-3, 12) for each in (1, 2, 5))
    step = next(each for each in steps if wide / each <= TICKS)
    return -step * ceil(-low / step), max(step * ceil(high / step), step), step


def _row(
    t: Texts, row: tuple[Asked, Change], outcome: Outcome, scale: tuple[float, float, str], address: Callable[[str], str]
) -> str:
    (one, change), (low, high, marks) = row, scale
    shown = told(t, change.difference, outcome.kind, change.half_width)
    still = not any(figure in shown for figure in "123456789")
    tone = MUTED if still or not change.sure else LESS if change.difference < 0 else MORE
    said = t("said.unsure" if not change.sure else "said.less" if change.difference < 0 else "said.more")

    def position(value: float) -> float:
        return 100 * (min(max(value, low), high) - low) / (high - low)

    if change.difference < low:
        mark = f'<em style="left:0;color:{tone}">◀</em>'
    elif change.difference > high:
        mark = f'<em style="right:0;color:{tone}">▶</em>'
    else:
        a, b = position(change.low), position(change.high)
        filled = f"background:{tone}" if change.sure else ""
        mark = (
            f'<s style="left:{a:.2f}%;width:{b - a:.2f}%;background:{tone}"></s>'
            f'<i style="left:{position(change.difference):.2f}%;border-color:{tone};{filled}"></i>'
        )
    told_of = f"{one.title}: {shown} ({interval(t, change, outcome.kind)}), {said}"
    return (
        f'<li><a class="row" href="{escape(address(one.policy))}" aria-label="{escape(told_of)}">'
        f'<span class="name">{escape(one.title)}</span><span class="plot">{marks}{mark}</span>'
        f'<span class="val" style="color:{tone}">{escape(shown)}</span></a></li>'
    )


def questions_body(
    t: Texts, figures: Figures, asked: Sequence[Asked], first: Sequence[str], address: Callable[[str], str]
) -> str:
    """Return the list of questions without its head; ``first`` names those that have a card."""
    on_cards = [one for name in first for one in asked if one.policy == name]
    when = period_text(t, settled(figures))
    held = [outcome for outcome in AXES if any(change_of(figures, one.policy, outcome, settled(figures)) for one in asked)]
    shown = held or [RATE]
    tabs = "".join(
        f'<input type="radio" name="t" id="t{n}"{" checked" if n == 1 else ""}>'
        f'<label for="t{n}">{escape(t(f"axis.{outcome.key}"))}</label>'
        for n, outcome in enumerate(shown, 1)
    )
    panels = "".join(
        f'<div class="panel p{n}"><p class="note">{escape(t("axis." + outcome.key + ".what", when=when))}</p>'
        f"{axis(t, figures, asked, outcome, address)}</div>"
        for n, outcome in enumerate(shown, 1)
    )
    legend = (
        f'<p class="legend"><span><span class="k f"></span>{escape(t("axis.sure"))}</span><span><span class="k"></span>'
        f'{escape(t("axis.unsure"))}</span><span><span class="b"></span>{escape(t("axis.interval"))}</span></p>'
    )
    body = (
        f'<div class="wrap"><section class="top"><p class="kicker">{escape(t("questions.kicker"))}</p>'
        f"<h1>{escape(t('questions.head'))}</h1>"
        f"<p>{escape(t('questions.body', n=len(asked)))}</p>{cards(t, figures, on_cards, address)}</section>"
        f'<section class="last"><h2>{escape(t("questions.axis"))}</h2>{legend}'
        f'<div class="tabs">{tabs}{panels}</div></section></div>'
    )
    return fine(body, t.lang)
