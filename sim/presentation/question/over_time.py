"""When: the effect year by year, and the judge's wait against the delay of the law."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

from sim.presentation.question.change import change_of, told
from sim.presentation.question.finding import BEYOND, DRY, MONTH, WAIT, growing, highest_before, years_of
from sim.presentation.question.svg import INK, LESS, MARK, MORE, MUTED, NEVER, RULE, SOFT, Frame, joined

if TYPE_CHECKING:
    import pandas as pd

    from sim.library.read import Figures
    from sim.presentation.question.change import Change
    from sim.presentation.texts import Texts

LEGAL = 4
"""Months within which the judge must decide a request (art. 712-6 and D. 49-33 CPP)."""


def path_title(t: Texts, figures: Figures, policy: str, changes: dict[str, Change]) -> str:
    """Say when the effect comes, and whether it still grows."""
    last = next(reversed(changes.values()))
    if last.low * last.high <= 0:
        return t("chart.path.never" if all(c.low * c.high <= 0 for c in changes.values()) else "chart.path.ends")
    seen: list[str] = []
    for year, change in reversed(changes.items()):
        if change.low * change.high <= 0 or (change.difference < 0) != (last.difference < 0):
            break
        seen.insert(0, year)
    if seen[0] == next(iter(changes)):
        return t("chart.path.grows" if growing(figures, policy) else "chart.path.at_once")
    return t("chart.path.from_grows" if growing(figures, policy) else "chart.path.from", year=seen[0])


def path(t: Texts, figures: Figures, policy: str, width: int, source: str) -> str:
    """Bars of the difference of dry releases, year by year, with their intervals; nothing where no whole year is measured."""
    met = {year: change_of(figures, policy, DRY, year) for year in years_of(figures)}
    changes = {year: change for year, change in met.items() if change is not None}
    if not changes:
        return ""
    alt = "; ".join(f"{year} {told(t, change.difference, 'people', change.half_width)}" for year, change in changes.items())
    frame = Frame(t, width, path_title(t, figures, policy, changes), t("chart.path.subtitle"), alt)
    ends = [end for change in changes.values() for end in (change.low, change.high, change.difference) if not isnan(end)]
    above, below = max(0.0, *ends), max(0.0, *(-end for end in ends))
    height, column = 200.0, width / len(changes)
    scale = height / max(above + below, 1)
    top = frame.y + 30
    zero = top + scale * above
    frame.line((0, zero, width, zero), INK)
    last = list(changes)[-1]
    for n, (year, change) in enumerate(changes.items()):
        middle = n * column + column / 2
        seen = change.low * change.high > 0
        tone = MUTED if not seen else LESS if change.difference < 0 else MORE
        end = zero - scale * change.difference
        frame.shape(
            joined(
                [
                    (middle - column * 0.28, zero),
                    (middle - column * 0.28, end),
                    (middle + column * 0.28, end),
                    (middle + column * 0.28, zero),
                ]
            )
            + " Z",
            tone if seen else SOFT,
        )
        frame.line((middle, zero - scale * change.low, middle, zero - scale * change.high), INK, 1.5)
        words = told(t, change.difference, "people", change.half_width) if seen else t("chart.path.none")
        far = min(change.low, change.difference) if change.difference < 0 else max(change.high, change.difference)
        frame.text(middle, zero - scale * far + (19 if change.difference < 0 else -8), words, 15, tone, "middle", 650)
        frame.text(middle, top + height + 46, year, 14, INK if year == last else MUTED, "middle", 700 if year == last else 400)
    frame.y = top + height + 52
    note = t("chart.path.unsettled") if growing(figures, policy) else ""
    return frame.done(f"{t('chart.holds.' + next(iter(changes.values())).holds)} {note}".strip(), source)


def queue_title(t: Texts, first: float, last: float, most: float) -> str:
    """Say how the wait moves by the last year, in months, and whether such a wait was ever met."""
    if round(first, 1) == round(last, 1):
        return t("chart.queue.same", x=t.number(first, 1))
    beyond = most > 0 and last > max(most, first) * BEYOND
    return t("chart.queue.beyond" if beyond else "chart.queue.moves", first=t.number(first, 1), last=t.number(last, 1))


def queue(t: Texts, figures: Figures, policy: str, width: int, source: str) -> str:
    """Curves of the mean wait for a decision, in months, with and without the policy; the law's delay; what was never met."""
    base = figures.years(figures.base, WAIT.indicator, WAIT.group)
    with_policy = figures.years(policy, WAIT.indicator, WAIT.group)
    measured = years_of(figures)
    if len(base) < 2 or not measured or with_policy.empty:
        return ""
    with_policy = with_policy[with_policy["period"].astype(str) >= measured[0]]
    most = highest_before(figures, WAIT) / MONTH
    first, last = float(base["mean"].iloc[-1]) / MONTH, float(with_policy["mean"].iloc[-1]) / MONTH
    alt = f"{t('chart.queue.base')} {t.number(first, 1)}; {t('chart.queue.policy')} {t.number(last, 1)}"
    frame = Frame(t, width, queue_title(t, first, last, most), t("chart.queue.subtitle"), alt)
    years = [int(str(period)) for period in base["period"]]
    box = _Box(frame, years, max(9.0, 1.15 * float(max(base["high"].max(), with_policy["high"].max())) / MONTH))
    if most > 0:
        frame.bar(box.left, box.right, box.y(box.most), box.y(most) - box.y(box.most), NEVER)
        frame.text(
            box.left + 10,
            box.y(box.most) + 20,
            t("chart.queue.never" if not frame.narrow else "chart.queue.never_short"),
            14,
            MORE,
            weight=600,
        )
    for month in range(0, int(box.most) + 1, 2):
        if month != LEGAL:
            frame.line((box.left, box.y(month), box.right, box.y(month)), RULE if month else MARK)
        frame.text(box.left - 8, box.y(month) + 5, f"{month}", 14, MUTED, "end")
    frame.line((box.left, box.y(LEGAL), box.right, box.y(LEGAL)), INK, 1.5, "5 4")
    frame.text(box.left + 6, box.y(LEGAL) + 18, t("chart.queue.legal"), 13, INK)
    for year in years:
        if not frame.narrow or year % 2 == 0:
            frame.text(box.x(year), box.y(0) + 22, str(year), 14, MUTED, "middle")
    tone = LESS if last < first else MORE
    _curve(frame, box, base, MUTED)
    _curve(frame, box, with_policy, tone)
    apart = abs(box.y(last) - box.y(first)) < 36
    places = [(last, tone, "chart.queue.policy"), (first, MUTED, "chart.queue.base")]
    for value, colour, words in places:
        shift = 0.0
        if apart:
            upper = value == max(first, last) and (colour == tone or first != last)
            shift = -18.0 if upper else 20.0
        frame.dot(box.x(years[-1]), box.y(value), 4.5, colour)
        frame.text(box.right + 10, box.y(value) + shift, t("chart.queue.months", x=t.number(value, 1)), 16, colour, weight=700)
        frame.text(box.right + 10, box.y(value) + shift + 16, t(words), 13, colour)
    frame.y = box.y(0) + 30
    return frame.done(t("chart.queue.note"), source)


class _Box:
    """Where a year and a number of months stand in the picture."""

    def __init__(self, frame: Frame, years: list[int], most: float) -> None:
        self.left, self.right = 30.0, frame.width - (86.0 if frame.narrow else 150.0)
        self.top, self.height = frame.y + 12, 290.0 if frame.narrow else 330.0
        self.first, self.span, self.most = years[0], max(years[-1] - years[0], 1), most

    def x(self, year: float) -> float:
        return self.left + (self.right - self.left) * (year - self.first) / self.span

    def y(self, months: float) -> float:
        return self.top + self.height * (1 - months / self.most)


def _curve(frame: Frame, box: _Box, rows: pd.DataFrame, tone: str) -> None:
    def points(column: str) -> list[tuple[float, float]]:
        values: Any = rows[column].tolist()
        return [(box.x(int(str(period))), box.y(value / MONTH)) for period, value in zip(rows["period"], values, strict=True)]

    frame.shape(joined(points("high") + points("low")[::-1]) + " Z", tone, opacity=0.15)
    frame.shape(joined(points("mean")), stroke=tone, width=2.8)
