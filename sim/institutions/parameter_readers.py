"""How the practices and means of a day are read, where they are more than a number: rows by regime, log-normals, opinions.

Each is a function of a :class:`~sim.scenario.values_of_day.Reading` and of the paths of the parameters a value is made of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.institutions.prisons import KINDS
from sim.institutions.working_week import GRADES, TASKS
from sim.population.attributes import LogNormal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.scenario.values_of_day import Reading

    Row = Sequence[float]
    """One number a regime, an adjustment or a kind of quarter, in the order of the run's lists; or a log-normal."""
    Rows = Sequence[Row]
    """One log-normal an adjustment."""


class Opinion:
    """Coefficients of a decision (recidivism.md §4.2)."""

    level: float
    score: float
    seen: float
    months: float
    housing: float
    occupation: float
    care: float
    """Against, for somebody in need of care for whom none is arranged."""
    removal: float
    felony: float
    requisition: float
    """Of the prosecutor's unfavourable opinion, against."""
    file: float
    """Of the hours the file lacks (1: all of them), against; the board has no file before it."""


def opinion(reading: Reading, path: str, file_weight: str | None = None) -> dict[str, float]:
    """Coefficients of :class:`Opinion`; the weight of the file apart, 0 if there is none."""
    weights = reading.table(path)
    found = {name: float(weights[name]) for name in Opinion.__annotations__ if name != "file"}
    return found | {"file": reading.number(file_weight) if file_weight else 0.0}


def by_regime(reading: Reading, path: str) -> list[float]:
    """Value of each regime, 0 for one the table does not name, and of ``none``."""
    values = reading.table(path)
    return [*(values.get(regime.code, 0.0) for regime in reading.about.regimes), values.get("none", 0.0)]


def asked(reading: Reading, path: str) -> list[float]:
    """Weight of each adjustment among requests; 0 for one that needs none."""
    weights = reading.table(path)
    return [weights.get(each.code, 0.0) if each.needs_hearing else 0.0 for each in reading.about.adjustments]


def lognormal(reading: Reading, mean: str, variation: str) -> list[float]:
    """Log-normal of a mean and a coefficient of variation: location and scale."""
    return list(LogNormal.of(reading.number(mean), reading.number(variation)))


def lognormals(reading: Reading, means: str, variation: str) -> list[list[float]]:
    """Log-normal of each adjustment, of mean 1 for one the table does not name."""
    values, spread = reading.table(means), reading.number(variation)
    return [list(LogNormal.of(values.get(each.code, 1.0), spread)) for each in reading.about.adjustments]


def numbers(reading: Reading, *paths: str) -> list[float]:
    """Row of several numbers."""
    return [reading.number(path) for path in paths]


def plan(reading: Reading, path: str) -> list[float]:
    """Tasks of the probation service in the order of their ranks; of two ranked alike, the one first in :data:`TASKS`."""
    return in_order_of([reading.table(path)[task] for task in TASKS])


def in_order_of(ranks: Sequence[float]) -> list[float]:
    """Numbers of some tasks, the smallest rank first."""
    return [float(task) for task in sorted(range(len(ranks)), key=lambda task: (ranks[task], task))]


def by_grade(reading: Reading, path: str) -> list[float]:
    """One number for each grade beside the counsellors."""
    values = reading.table(path)
    return [float(values[grade]) for grade in GRADES]


def consenting(reading: Reading, path: str) -> float:
    """Share of people who consent to an adjustment when nobody talks with them more than usual."""
    return float(reading.table(path)["consents"])


def row_of(*names: str) -> Callable[[Reading, str], list[float]]:
    """Reader of a row: the values of a table by these names, 0 for one it does not have."""

    def row(reading: Reading, path: str) -> list[float]:
        values = reading.table(path)
        return [values.get(name, 0.0) for name in names]

    return row


def by_kind(otherwise: str | float) -> Callable[[Reading, str], list[float]]:
    """Reader of a row by kind of quarter; for a kind the table does not name, a number or the value of another kind."""

    def row(reading: Reading, path: str) -> list[float]:
        values = reading.table(path)
        default = values[otherwise] if isinstance(otherwise, str) else otherwise
        return [values.get(kind, default) for kind in KINDS]

    return row


def shortest_path(reading: Reading, external: str, instruction: str, deliberation: str, prosecutor: str, measure: str) -> float:
    """Days a request takes when nothing is queued for."""
    days = min(reading.table(external).values())
    for path in (instruction, deliberation, prosecutor):
        days += reading.number(path)
    return days + min(reading.table(measure).values())


def staff(
    reading: Reading, posts: str, theoretical: str, target: str, vacancies_filled: str, target_reached: str, training: str
) -> float:
    """Counsellors in post: recruits of a day are in post once trained, up to the theoretical staff, then up to the target."""
    in_post, theory, wanted = (reading.number(path) for path in (posts, theoretical, target))
    hired = reading._replace(day=reading.day - reading.whole(training))
    filled, reached = hired.number(vacancies_filled), hired.number(target_reached)
    return in_post + filled * max(0.0, theory - in_post) + reached * max(0.0, wanted - theory)


def staff_outside(reading: Reading, posts: str, vacant: str, vacancies_filled: str, training: str) -> float:
    """Counsellors in post in the open setting: recruits of a day are in post once trained, up to the posts there are."""
    hired = reading._replace(day=reading.day - reading.whole(training))
    return reading.number(posts) + hired.number(vacancies_filled) * reading.number(vacant)


def extra_hearings(place: str) -> Callable[[Reading, str, str, str, str], float]:
    """Reader of the hearings a year of extra judges that ``place`` has; below 0 with fewer judges.

    A judge holds so many sittings a year, of so many files each, and shares them between places.
    """

    def hearings(reading: Reading, extra: str, sittings: str, files: str, shares: str) -> float:
        added = reading.number(extra) * reading.number(sittings) * reading.number(files)
        table = reading.table(shares)
        return added * table[place] / (sum(table.values()) or 1.0)

    return hearings


def hearings_held(place: str) -> Callable[[Reading, str, str, str, str, str], float]:
    """Reader of hearings a year: those there are, and those that extra judges hold in ``place``; never less than none."""
    added = extra_hearings(place)

    def hearings(reading: Reading, there: str, *judges: str) -> float:
        return max(0.0, reading.number(there) + added(reading, *judges))

    return hearings
