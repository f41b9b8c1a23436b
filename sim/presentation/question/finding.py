"""The answer to a question, from its figures: a verdict, a sentence, three numbers, three tests of how far it can be leant on.

The first condition that holds gives the template; each has its own words (``finding.*``) and a test. The numbers are those of
one period, the settled year where there are years.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING, Literal

from sim.indicators.context import MEASURED
from sim.presentation.headlines import CAUSES, Outcome
from sim.presentation.question.change import LEAST, change_of, interval, told
from sim.presentation.question.svg import fine

if TYPE_CHECKING:
    from sim.library.read import Figures
    from sim.presentation.question.change import Change
    from sim.presentation.texts import Texts

Kind = Literal["queue", "less", "more", "freed", "filled", "none", "uncertain", "unknown"]
Tone = Literal["less", "more", "unsure"]

DRY = Outcome("dry_releases", "dry_releases", "all", "people")
RATE = Outcome("dry_rate", "dry_rate_exits", "all", "share")
HELD = Outcome("detained", "stock", "status=detained", "people")
WAIT = Outcome("wait_mean", "hearing_wait_mean", "all", "days")
DENSITY = Outcome("density", "density", "kind=MA", "density")
BESIDE = (
    HELD,
    WAIT,
    DENSITY,
    Outcome("caseload", "caseload", "all", "ratio"),
    Outcome("no_counsellor", "waiting_for_counsellor", "all", "people"),
)
"""What may stand beside the dry releases, in the order in which they matter to a reader."""
VISIBLE = 0.01
"""Share of its level by which a figure moves visibly."""

QUEUES = (
    "NO_COUNSELLOR",
    "FILE_NOT_READY",
    "NOT_HEARD",
    "GRANTED_TOO_LATE",
    "NO_PLACE_SL",
    "NO_PLACE_PE",
    "NO_DEVICE",
    "NO_HOUSING",
)
"""Causes that are a queue or a want of places: what frees one fills the next."""
MANY, SHARE = 500, 0.35
"""A queue has moved if one of them loses, and another wins, so many a year, and no more than that share is left in all."""
PEOPLE = 500
"""People detained below which a difference of them is not the finding."""
MONTH = 365.25 / 12
BEYOND = 1.02
"""A level beyond what was met before is beyond by two percent at least."""


@dataclass(frozen=True)
class Number:
    """One of the three numbers: what it counts, its change, its interval, what can be said of it."""

    text: str
    what: str
    interval: str
    said: str
    tone: Tone


@dataclass(frozen=True)
class Check:
    """One test of how far the answer can be leant on."""

    passed: bool
    head: str
    body: str


@dataclass(frozen=True)
class Finding:
    """The answer to one question."""

    kind: Kind
    head: str
    body: str
    period: str
    numbers: tuple[Number, ...]
    checks: tuple[Check, ...]


def unit_after(t: Texts, kind: str) -> str:
    """Unit that follows a short number: ``+90 j``; nothing where what is counted says it."""
    return t.name("unit_after", kind) if t.has(f"unit_after.{kind}") else ""


def years_of(figures: Figures) -> list[str]:
    """Whole years for which the figures hold differences, in order; none for a run that measures no whole year."""
    frame = figures.frame
    rows = frame[(frame["indicator"] == DRY.indicator) & (frame["period"].astype(str).str.len() == len("2030"))]
    return sorted(set(rows[rows["difference"].notna()]["period"].astype(str)))


def settled(figures: Figures) -> str:
    """Period the headline speaks of: the last whole year, else the whole measured window."""
    years = years_of(figures)
    return years[-1] if years else MEASURED


def period_text(t: Texts, period: str) -> str:
    """Say a period in words: ``en 2030``."""
    return t("finding.over") if period == MEASURED else t("finding.in_year", year=period)


def growing(figures: Figures, policy: str) -> bool:
    """Whether the last year moves more than 1.2 times the one before: the settled state is not reached."""
    years = years_of(figures)[-2:]
    changes = [change_of(figures, policy, DRY, year) for year in years]
    if len(changes) < 2 or changes[0] is None or changes[1] is None or not changes[1].sure:
        return False
    return abs(changes[1].difference) > 1.2 * abs(changes[0].difference)


def cause_changes(figures: Figures, policy: str, period: str) -> dict[str, Change]:
    """Return the change of each cause that the figures have."""
    found = {}
    for cause in CAUSES:
        change = change_of(figures, policy, Outcome(cause, "dry_cause", f"cause={cause}", "people"), period)
        if change is not None:
            found[cause] = change
    return found


def finding(t: Texts, figures: Figures, policy: str) -> Finding:
    """Return what a policy does, in words, from its figures."""
    period = settled(figures)
    when = period_text(t, period)
    dry, rate = change_of(figures, policy, DRY, period), change_of(figures, policy, RATE, period)
    if dry is None or rate is None or isnan(rate.low) or rate.low == rate.high != 0:
        return Finding("unknown", t("finding.unknown.head"), t("finding.unknown.body"), period, (), ())
    held = change_of(figures, policy, HELD, period)
    kind, values = _kind(t, figures, policy, period)
    values |= {
        "when": when,
        "When": when[:1].upper() + when[1:],
        "count": told(t, abs(dry.difference), "people", dry.half_width, sign=False),
        "base": told(t, dry.base, "people", sign=False),
        "points": _points(t, figures, policy, rate),
        "by": told(t, abs(rate.difference), "share", sign=False),
        "interval": interval(t, rate, "share"),
        "side": t("finding.fewer" if dry.difference < 0 else "finding.over_more"),
        "people": "" if held is None else told(t, abs(held.difference), "people", held.half_width, sign=False),
    }
    body = t(f"finding.{kind}.body", **values)
    if kind in {"queue", "less", "more"} and held is not None and held.sure and abs(held.difference) >= PEOPLE:
        body += " " + t("finding.held_fewer" if held.difference < 0 else "finding.held_more", **values)
    head = t(f"finding.{kind}.head", **values)
    numbers = _numbers(t, figures, policy, period)
    return Finding(kind, fine(head, t.lang), fine(body, t.lang), period, numbers, _checks(t, figures, policy, period, dry))


def _points(t: Texts, figures: Figures, policy: str, rate: Change) -> str:
    """Write the change of the dry rate, with the wider doubt where it is that doubt which takes the sign away."""
    shown = told(t, rate.difference, "share")
    unit = t("finding.points" if abs(round(100 * rate.difference, 1)) >= 2 else "finding.point", x=shown)
    whole = change_of(figures, policy, RATE, MEASURED)
    if not rate.sure and rate.low * rate.high > 0 and whole is not None:
        return t("finding.doubted", points=unit, interval=interval(t, whole, "share"))
    return f"{unit} ({interval(t, rate, 'share')})"


def _kind(t: Texts, figures: Figures, policy: str, period: str) -> tuple[Kind, dict[str, str]]:
    """Return which template, and what only it needs: the first condition that holds."""
    dry, rate = change_of(figures, policy, DRY, period), change_of(figures, policy, RATE, period)
    held = change_of(figures, policy, HELD, period)
    assert dry is not None
    assert rate is not None
    causes = cause_changes(figures, policy, period)
    if causes:
        most = max(causes, key=lambda cause: causes[cause].difference)
        least = min(causes, key=lambda cause: causes[cause].difference)
        up, down = causes[most].difference, -causes[least].difference
        queues = most in QUEUES and least in QUEUES
        if queues and min(up, down) >= MANY and abs(dry.difference) < SHARE * max(up, down):
            lead = (
                "finding.queue.nothing"
                if not rate.sure
                else "finding.queue.less"
                if rate.difference < 0
                else "finding.queue.more"
            )
            return "queue", {
                "lead": t(lead),
                "from_stage": t(f"stage.{least}.from"),
                "to_stage": t(f"stage.{most}.to"),
                "less_cause": t(f"cause.{least}"),
                "more_cause": t(f"cause.{most}"),
                "less": told(t, down, "people", causes[least].half_width, sign=False),
                "more": told(t, up, "people", causes[most].half_width, sign=False),
                "net": told(t, dry.difference, "people", dry.half_width),
                "doubt": "" if rate.sure else t("finding.queue.doubt"),
            }
    moved = rate.sure and abs(100 * rate.difference) >= LEAST
    if moved:
        return ("less" if rate.difference < 0 else "more"), {}
    if held is not None and held.sure and abs(held.difference) >= PEOPLE:
        return ("freed" if held.difference < 0 else "filled"), {}
    widest = 100 * max(abs(rate.low), abs(rate.high))
    return ("none" if abs(100 * rate.difference) < LEAST and widest < 4 * LEAST else "uncertain"), {}


def _numbers(t: Texts, figures: Figures, policy: str, period: str) -> tuple[Number, ...]:
    """Dry releases and two others: those that move visibly first, in the order of :data:`BESIDE`."""
    beside = []
    for place, outcome in enumerate(BESIDE):
        change = change_of(figures, policy, outcome, period)
        if change is not None and change.base:
            visible = change.sure and abs(change.difference / change.base) >= VISIBLE
            beside.append((not visible, place, outcome))
    chosen = [DRY, *(outcome for _, _, outcome in sorted(beside)[:2])]
    found = []
    for outcome in chosen:
        change = change_of(figures, policy, outcome, period)
        if change is None:
            continue
        shown = told(t, change.difference, outcome.kind, change.half_width)
        still = not any(figure in shown for figure in "123456789")
        tone: Tone = "unsure" if not change.sure or still else "less" if change.difference < 0 else "more"
        unit = unit_after(t, outcome.kind)
        found.append(
            Number(
                f"{shown}{unit}",
                t(f"number.{outcome.key}"),
                interval(t, change, outcome.kind),
                t("said.still" if still else f"said.{tone}"),
                tone,
            )
        )
    return tuple(found)


def _checks(t: Texts, figures: Figures, policy: str, period: str, dry: Change) -> tuple[Check, ...]:
    """More than chance; stands the doubt on the assumptions; stays within what has been met."""
    chance = figures.get(policy, DRY.indicator, DRY.group, period)
    assert chance is not None
    low, high = dry.low, dry.high
    beyond_chance = low * high > 0
    first = Check(
        beyond_chance,
        t("check.chance" if beyond_chance else "check.no_chance"),
        t("check.chance.body", n=told(t, dry.difference, "people", dry.half_width), interval=interval(t, dry, "people")),
    )
    whole = change_of(figures, policy, RATE, MEASURED)
    if whole is None or whole.holds == "chance":
        second = Check(False, t("check.untried"), t("check.untried.body"))
    else:
        stands = whole.sure
        second = Check(
            stands,
            t("check.doubt" if stands else "check.no_doubt"),
            t("check.doubt.body", interval=interval(t, whole, "share")),
        )
    return (first, second, _within(t, figures, policy, period))


def _within(t: Texts, figures: Figures, policy: str, period: str) -> Check:
    """Whether the judge's wait and the density stay within what the base reached by its first measured year."""
    for outcome, words in ((WAIT, "wait"), (DENSITY, "density")):
        change = change_of(figures, policy, outcome, period)
        most = highest_before(figures, outcome)
        if change is not None and most > 0 and change.value > max(most, change.base) * BEYOND:
            value = t.number(change.value / MONTH, 1) if outcome is WAIT else t.percent(change.value)
            return Check(False, t("check.beyond"), t(f"check.beyond.{words}", value=value))
    return Check(True, t("check.within"), t("check.within.body"))


def highest_before(figures: Figures, outcome: Outcome) -> float:
    """Highest yearly level that the base reached up to the year in which measuring begins; 0 if no year is known."""
    levels = figures.years(figures.base, outcome.indicator, outcome.group)
    first = min(years_of(figures), default="")
    before = levels[levels["period"].astype(str) < first] if first else levels[:0]
    return float(before["mean"].max()) if len(before) else 0.0
