"""Why: what each cause of dry release gains and loses, and the race of a hundred people by the step at which they stop."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING, NamedTuple

from sim.presentation.question.change import change_of, interval, told
from sim.presentation.question.finding import DRY, QUEUES, SHARE, cause_changes, period_text
from sim.presentation.question.svg import BAND, INK, LESS, MARK, MORE, MUTED, OUT, Frame, wrapped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.library.read import Figures
    from sim.presentation.question.change import Change
    from sim.presentation.texts import Texts

SHOWN = 7
"""Causes shown one by one at most; the others are one bar."""
LEAST = 60
"""People a year below which a cause is not shown by itself."""


class Lane(NamedTuple):
    """One step of the race and the causes that stop people there."""

    key: str
    causes: tuple[str, ...]


_NOT_ASKED = ("DECLINED", "NOT_INFORMED", "DECLINED_RELEASE", "DECLINED_EXAMINED", "PREFERS_TO_SERVE")
LANES = (
    Lane("before", (*_NOT_ASKED, "EXCLUDED_BY_LAW", "CALENDAR_TOO_SHORT")),
    Lane("counsellor", ("NO_COUNSELLOR",)),
    Lane("file", ("FILE_NOT_READY",)),
    Lane("hearing", ("NOT_HEARD", "GRANTED_TOO_LATE")),
    Lane("decision", ("REFUSED_PROJECT", "REFUSED_RISK", "REMOVAL_MEASURE")),
    Lane("place", ("NO_HOUSING", "NO_PLACE_SL", "NO_PLACE_PE", "NO_DEVICE")),
    Lane("measure", ("MEASURE_WITHDRAWN",)),
)  # fmt: skip
ROUTES_OUT = ("LC", "SL", "PE", "DDSE")


def causes_title(t: Texts, changes: Mapping[str, Change], total: float) -> str:
    """Say what the bars show: a queue that moves, the cause that gives most, or nothing.

    What is won is only lost where little is left in all (``total``): the rule of the verdict.
    """
    most = max(changes, key=lambda cause: changes[cause].difference)
    least = min(changes, key=lambda cause: changes[cause].difference)
    up, down = changes[most].difference, -changes[least].difference
    if most in QUEUES and least in QUEUES and min(up, down) >= LEAST and abs(total) < SHARE * max(up, down):
        return t("chart.causes.queue", less=t(f"cause.{least}"), more=t(f"cause.{most}"))
    if max(up, down) < LEAST:
        return t("chart.causes.nothing")
    main = least if down > up else most
    key = "chart.causes.less" if down > up else "chart.causes.more"
    number = told(t, max(up, down), "people", changes[main].half_width, sign=False)
    return t(key, cause=t(f"cause.{main}"), n=number)


def reason_of(t: Texts, figures: Figures, policy: str, period: str) -> str:
    """Say the first reason in one sentence: the cause that moves most; nothing where none does."""
    changes = cause_changes(figures, policy, period)
    if not changes or max(abs(change.difference) for change in changes.values()) < LEAST:
        return ""
    total = change_of(figures, policy, DRY, period)
    return "" if total is None else t("page.reason", why=causes_title(t, changes, total.difference))


def causes(t: Texts, figures: Figures, policy: str, period: str, width: int, source: str) -> str:
    """Bars that part from zero, sorted by size: dry releases a year by the step that was missing, against the base."""
    changes, total = cause_changes(figures, policy, period), change_of(figures, policy, DRY, period)
    if not changes or total is None:
        return ""
    order = sorted(changes, key=lambda cause: -abs(changes[cause].difference))
    big = [cause for cause in order if abs(changes[cause].difference) >= LEAST][:SHOWN]
    rows: list[tuple[str, Change | None, float]] = [
        (t(f"cause.{cause}"), changes[cause], changes[cause].difference) for cause in big
    ]
    small = [cause for cause in order if cause not in big]
    if small:
        rows.append((t("chart.causes.others", n=len(small)), None, sum(changes[cause].difference for cause in small)))
    when = period_text(t, period)
    alt = "; ".join(f"{name} {told(t, value, 'people')}" for name, _, value in rows)
    frame = Frame(t, width, causes_title(t, changes, total.difference), t("chart.causes.subtitle", when=when), alt)
    ends = [
        end
        for _, change, value in rows
        for end in ((change.low, change.high) if change and change.low == change.low else (value,))
    ]
    ends += [total.difference]
    below, above = max(0.0, *(-end for end in ends)), max(0.0, *ends)
    left = 0 if frame.narrow else 190
    room = 66
    scale = (width - left - 2 * room) / max(below + above, 1)
    zero = left + room + scale * below
    y = frame.y + 16
    frame.text(zero - 8, y - 4, t("chart.less"), 13, LESS, "end", 600)
    frame.text(zero + 8, y - 4, t("chart.more"), 13, MORE, "start", 600)
    top = y
    y += 6
    for name, change, value in rows:
        y = _bar(t, frame, (name, change, value), (zero, scale, y, left))
    if not frame.narrow:
        frame.line((zero, top, zero, y), INK)
    frame.line((0, y + 2, width, y + 2), INK)
    frame.text(0, y + 23, t("chart.total"), 15, INK, weight=700)
    frame.bar(
        zero,
        zero + scale * total.difference,
        y + 32,
        14,
        "#fff" if not total.sure else LESS if total.difference < 0 else MORE,
        MUTED,
    )
    said = f"{told(t, total.difference, 'people', total.half_width)} ({interval(t, total, 'people')})"
    frame.text(width, y + 23, said, 14.5, MUTED if not total.sure else LESS if total.difference < 0 else MORE, "end", 700)
    frame.y = y + 48
    return frame.done(t(f"chart.holds.{total.holds}"), source)


def _bar(t: Texts, frame: Frame, row: tuple[str, Change | None, float], place: tuple[float, float, float, float]) -> float:
    name, change, value = row
    zero, scale, y, left = place
    tone = LESS if value < 0 else MORE
    height = 46 if frame.narrow else 36
    middle = y + (31 if frame.narrow else height / 2)
    if frame.narrow:
        frame.text(0, y + 14, name, 14)
        frame.line((zero, middle - 12, zero, middle + 12), INK)
    else:
        pieces = wrapped(name, left + 10, 14)
        for line, piece in enumerate(pieces):
            frame.text(0, middle + 5 - (len(pieces) - 1) * 8 + line * 16, piece, 14)
    sure = change is None or change.sure
    frame.bar(zero, zero + scale * value, middle - 9, 18, tone if sure else "#fff", tone)
    reach = abs(value)
    if change is not None and change.half_width > 0:
        frame.line((zero + scale * change.low, middle, zero + scale * change.high, middle), INK, 1.5)
        reach = max(reach, abs(change.low), abs(change.high))
    side = -1 if value < 0 else 1
    words = told(t, value, "people", change.half_width if change else float("nan"))
    frame.text(zero + side * (reach * scale + 6), middle + 5, words, 14.5, tone, "end" if value < 0 else "start", 650)
    return y + height


def hundred(figures: Figures, scenario: str, period: str) -> tuple[list[int], float]:
    """Share a hundred people who leave among the lanes and the adjusted releases; and how many leave a year.

    Shape ``(len(LANES) + 1,)``; the whole numbers add up to 100 (largest remainders).
    """
    numbers = []
    for lane in LANES:
        met = [figures.get(scenario, "dry_cause", f"cause={cause}", period) for cause in lane.causes]
        numbers.append(sum(figure.mean for figure in met if figure is not None))
    out = [figures.get(scenario, "releases", f"route={route}", period) for route in ROUTES_OUT]
    numbers.append(sum(figure.mean for figure in out if figure is not None))
    total = sum(numbers)
    if total <= 0:
        return [0] * len(numbers), 0.0
    exact = [100 * number / total for number in numbers]
    whole = [floor(number) for number in exact]
    for position in sorted(range(len(whole)), key=lambda n: whole[n] - exact[n])[: 100 - sum(whole)]:
        whole[position] += 1
    return whole, total


def race_title(t: Texts, base: Sequence[int], policy: Sequence[int]) -> str:
    """Say where most more pass, and where most more stop."""
    moves = [after - before for before, after in zip(base, policy, strict=True)]
    freed, stopped = min(moves[:-1]), max(moves[:-1])
    if freed == 0 and stopped == 0 and moves[-1] == 0:
        return t("chart.race.same", dry=100 - base[-1])
    words = []
    if freed < 0:
        words.append(t("chart.race.pass", n=-freed, lane=t(f"lane.{LANES[moves.index(freed)].key}").lower()))
    if stopped > 0:
        words.append(t("chart.race.stop", n=stopped, lane=t(f"lane.{LANES[moves[:-1].index(stopped)].key}").lower()))
    words.append(t("chart.race.out", before=base[-1], after=policy[-1]))
    said = ", ".join(words)
    return said[:1].upper() + said[1:]


def race(t: Texts, figures: Figures, policy: str, period: str, width: int, source: str) -> str:
    """A hundred people who leave, by the step at which their request stops: those who stay, go and come with the policy."""
    (before, total), (after, _) = hundred(figures, figures.base, period), hundred(figures, policy, period)
    if not total:
        return ""
    names = [(t(f"lane.{lane.key}"), t(f"lane.{lane.key}.what")) for lane in LANES] + [(t("lane.out"), t("lane.out.what"))]
    alt = "; ".join(f"{name} {one} → {two}" for (name, _), one, two in zip(names, before, after, strict=True))
    when = period_text(t, period)
    subtitle = t("chart.race.subtitle", when=when, n=told(t, total, "people", sign=False))
    frame = Frame(t, width, race_title(t, before, after), subtitle, alt)
    _key(t, frame)
    if frame.narrow:
        _down(frame, names, before, after)
    else:
        _across(t, frame, names, before, after)
    return frame.done(t("chart.race.note", n=told(t, total / 100, "people", sign=False)), source)


def _key(t: Texts, frame: Frame) -> None:
    x, y = 7.0, frame.y + 10
    for kind, out in (("kept", False), ("kept", True), ("gone", False), ("come", False)):
        words = t(f"chart.race.{kind}{'_out' if out else ''}")
        wide = 24 + len(words) * 6.6
        if x + wide > frame.width:
            x, y = 7.0, y + 22
        _dot(frame, x, y, kind, out=out)
        frame.text(x + 13, y + 5, words, 13.5, MUTED)
        x += wide + 16
    frame.y = y + 18


def _dot(frame: Frame, x: float, y: float, kind: str, *, out: bool) -> None:
    if kind == "kept":
        frame.dot(x, y, 6, OUT if out else MARK)
    elif kind == "gone":
        frame.dot(x, y, 5.3, "#fff", LESS, "2.4 2.2")
    else:
        frame.dot(x, y, 6, OUT if out else MORE, INK if out else "none")


def _dots(before: int, after: int) -> list[str]:
    return ["kept"] * min(before, after) + ["gone"] * max(before - after, 0) + ["come"] * max(after - before, 0)


def _count(t: Texts, before: int, after: int) -> str:
    if before != after:
        return f"{before} → {after}"
    return f"{before}" if before else t("chart.race.under_one")


def _tone(before: int, after: int, *, out: bool) -> str:
    return INK if before == after else OUT if out else LESS if after < before else MORE


def _down(frame: Frame, names: Sequence[tuple[str, str]], before: Sequence[int], after: Sequence[int]) -> None:
    y = frame.y + 8
    per, pitch = 20, 16.6
    for lane, ((name, what), one, two) in enumerate(zip(names, before, after, strict=True)):
        out = lane == len(LANES)
        frame.line((0, y, frame.width, y))
        frame.text(0, y + 21, name, 15.5, INK, weight=650)
        frame.text(0, y + 39, what, 13, MUTED)
        frame.text(
            frame.width, y + 22, _count(frame.t, one, two), 17 if one or two else 14, _tone(one, two, out=out), "end", 650
        )
        dots = _dots(one, two)
        for n, kind in enumerate(dots):
            _dot(frame, 8 + (n % per) * pitch, y + 57 + (n // per) * pitch, kind, out=out)
        y += 57 + max(1, -(-len(dots) // per)) * pitch
    frame.y = y


def _across(t: Texts, frame: Frame, names: Sequence[tuple[str, str]], before: Sequence[int], after: Sequence[int]) -> None:
    out_width, unit = 214.0, 0.86
    column = (frame.width - out_width) / len(LANES)
    x = [lane * column for lane in range(len(LANES))] + [frame.width - out_width]
    head = frame.y + 22
    for lane, (name, what) in enumerate(names):
        frame.text(x[lane], head, name, 15.5, INK, weight=650)
        for n, piece in enumerate(wrapped(what, column - 10 if lane < len(LANES) else out_width, 13)):
            frame.text(x[lane], head + 18 + n * 16, piece, 13, MUTED)
    top = head + 62
    left = [100]
    for stopped in before[:-1]:
        left.append(left[-1] - stopped)
    path = f"M0,{top} L{frame.width},{top} L{frame.width},{top + unit * left[-1]:.1f} "
    for lane in reversed(range(len(LANES))):
        a, b = x[lane] + column * 0.25, x[lane] + column * 0.8
        middle, high, low = (a + b) / 2, top + unit * left[lane], top + unit * left[lane + 1]
        path += f"L{b:.1f},{low:.1f} C{middle:.1f},{low:.1f} {middle:.1f},{high:.1f} {a:.1f},{high:.1f} "
    frame.shape(f"{path}L0,{top + unit * 100:.1f} Z", BAND)
    for lane, still in enumerate(left):
        frame.text(x[lane] + 8, top + 24, f"{still}", 15, INK, weight=650)
        if lane in {0, len(LANES)}:
            frame.text(x[lane] + 36, top + 24, t("chart.race.in" if lane == 0 else "chart.race.arrive"), 13, MUTED)
    deepest = 0.0
    for lane, (one, two) in enumerate(zip(before, after, strict=True)):
        out = lane == len(LANES)
        per, pitch = (12, 17) if out else (5, 17)
        y = top + unit * left[-1] + 24 if out else top + unit * 100 + 22
        for n, kind in enumerate(_dots(one, two)):
            _dot(frame, x[lane] + 8 + (n % per) * pitch, y + (n // per) * pitch, kind, out=out)
        below = y + max(-(-max(one, two) // per), 1) * pitch + 14
        frame.text(x[lane] + 2, below, _count(t, one, two), 17 if one or two else 14, _tone(one, two, out=out), weight=650)
        deepest = max(deepest, below)
    frame.y = deepest + 6
