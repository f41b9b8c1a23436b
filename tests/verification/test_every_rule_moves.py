"""Who reads each rule, tried: what a run reads moves a table of it, and what it does not read moves none.

The world is built: the frozen one at a small fraction, from 2020 (early releases, the old reductions) past 2023 (release as of
right, the new ones). Amendments are made directly, since a scenario would refuse most.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache

import pytest

from sim.errors import LawError, ScenarioError
from sim.law import Amendment, Statutes
from sim.law.readers import engine_rules
from sim.records.tables import SCHEMA
from sim.scenario.readers import reader_of, without_effect
from sim.simulation.run import paused_garbage_collection, simulate
from tests.worlds import scenario

STATUTES = Statutes.load()
STILL = {*without_effect()["nobody"], *without_effect()["hidden"]}
MOVING = sorted(engine_rules() - STILL)
EVERY_FELONY = {"homicide": 1.0, "sexual": 1.0, "violence": 1.0, "drugs": 1.0}
SMALL = {
    "start": "2020-01-01",
    "end": "2024-06-01",
    # What the frozen world learnt since it was frozen is at the value that does nothing.
    "overrides": {
        # Drugs have a minimum term and no probation of 730-2: that of 720-5 is theirs.
        **{f"population.long_sentences.{name}": {**EVERY_FELONY, "drugs": 0.0} for name in ("ssj_incurred", "listed")},
        "population.long_sentences.surety": EVERY_FELONY,
        "population.long_sentences.life": {"homicide": 0.3, "sexual": 0.0, "violence": 0.0, "drugs": 0.0},
        "population.long_sentences.surety_raised_share": 0.5,
        "population.on_officials": {"violence": 0.4, "homicide": 0.3},
        "practices.boards.requests_decided_share": 1.0,
        "practices.boards.same_standard": 1.0,
        "practices.hearings.two_thirds_bonus": 2.0,
        "practices.leave.asking_share": 0.6,
        "practices.leave.with_file_share": 0.5,
        # Enough is withdrawn for the law to cap it, and tags are too few for some sentences to be converted.
        "practices.remission.credit_withdrawn": 0.4,
        "practices.remission.reduction_withdrawn": 0.3,
        "means.placements.devices": 4000,
        "practices.placements.tag_patience_days": 120,
    },
}

LATER = {"remission.days_per_month_officials_felony"}
"""A rule of felonies committed since 2023: nobody who is sentenced for one has left by the end of that world."""


def values(path):
    """Values to try a rule at, from near its own to far."""
    rule = STATUTES.rule(path)
    known = [period.value for period in rule.periods if period.value is not None]
    last = known[-1] if known else 1
    if isinstance(last, bool):
        return [not last, last]
    if rule.options:
        return [option for option in rule.options if option != last] + [last]
    if isinstance(last, str):
        return [last]
    return [last / 2, min(1.0, last * 1.4), 0.0, 1.0] if rule.unit == "share" else [2 * last, last // 2, 0, 5 * last, 10]


@cache
def world(fraction):
    return scenario(fraction=fraction, **SMALL)


def tables(fraction, *changes):
    start = world(fraction).start_day
    amendments = tuple(Amendment(path, start, "set", value) for path, value in changes)
    with paused_garbage_collection():
        records = simulate(replace(world(fraction), amendments=amendments), seed=1, replication=0)
    return {name: table.array().tobytes() for name, table in records.tables.items()}


@cache
def base(fraction):
    return tables(fraction)


def takes(path, value):
    """Whether a rule can take a value; if not the amendment is refused when it is made."""
    try:
        STATUTES.amended([Amendment(path, world(0.01).start_day, "set", value)])
    except LawError:
        return False
    return True


def test_no_table_moves_when_every_rule_that_no_run_reads_changes():
    # What a reform amends is among the others.
    unread = [path for path in STATUTES.paths() if path not in engine_rules() and not STATUTES.rule(path).amends]
    changes = [(path, next(value for value in values(path) if takes(path, value))) for path in unread]

    assert len(changes) > 200
    assert tables(0.01, *changes) == base(0.01)


def test_no_table_moves_when_every_rule_without_effect_changes():
    changes = [(path, values(path)[0]) for path in sorted(STILL)]

    assert tables(0.01, *changes) == base(0.01)


@pytest.mark.slow
@pytest.mark.parametrize("notion", sorted({path.partition(".")[0] for path in MOVING}))
def test_a_notion_that_a_run_reads_moves_a_table(notion):
    paths = [path for path in MOVING if path.startswith(f"{notion}.")]

    assert any(tables(0.01, (path, value)) != base(0.01) for path in paths for value in values(path)[:2] if takes(path, value))


def refused(path):
    """Whether a scenario that changes a rule is refused, with what to do, at the door of every command."""
    value = next(value for value in values(path) if takes(path, value))
    written = str(value).lower() if isinstance(value, bool) else value
    changes = f"changes: [{{on: 2022-07-01, set: law.{path}, to: {written}, applies_to: everyone}}]\n"
    try:
        scenario(changes, **SMALL)
    except ScenarioError as error:
        return "told_only" in str(error)
    return False


def table_moved(path):
    """First table that a change of a rule moves, small changes and a small world first; none if no try moves any."""
    for fraction in (0.02, 0.2):
        for value in values(path):
            if takes(path, value):
                moved = tables(fraction, (path, value))
                for name, rows in base(fraction).items():
                    if moved[name] != rows:
                        return name
    return None


def fate(path):
    """What becomes of a change of a rule: refused, hidden by another (and moving nothing), or the table it moves."""
    if refused(path):
        return "refused"
    if path in without_effect()["hidden"]:
        return "hidden" if table_moved(path) is None else "hidden, and moves a table"
    return table_moved(path) or "moves nothing"


@pytest.mark.slow
def test_a_change_of_every_rule_is_refused_or_moves_a_table_or_is_listed_with_the_reason(root):
    """All rules of the law, one by one: what docs/law.md says of each reader is what happens."""
    fates = {path: fate(path) for path in STATUTES.paths()}

    expected = dict.fromkeys(fates, "refused")
    for path in fates:
        reform = STATUTES.rule(path).amends
        if reader_of(f"law.{path}") == "engine" or (reform and set(reform) <= engine_rules()):
            expected[path] = "hidden" if path in without_effect()["hidden"] else "moves"
        if path in LATER:
            expected[path] = "moves nothing"
    found = {path: "moves" if told in SCHEMA else told for path, told in fates.items()}
    assert {path: told for path, told in found.items() if told != expected[path]} == {}
    count = Counter(found.values())
    page = (root / "docs" / "model.md").read_text(encoding="utf-8")
    assert f"changes the {len(found)} rules one by one: {count['refused']} are refused" in page
    assert f"{count['moves']} move the exits" in page
    assert f"{count['hidden']} move nothing" in page
    assert all(without_effect()["hidden"][path].keys() == {"en", "fr"} for path, told in found.items() if told == "hidden")
    assert all(without_effect()["nobody"].values())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "value", "others"),
    [
        (
            "release_under_constraint_as_of_right.excludes_felony",
            False,
            {"release_under_constraint_as_of_right.max_total_months": 240},
        ),
        ("sentence.projected_share", 0.3, {"sentence.end_counted": "PROJECTED"}),
    ],
)
def test_a_hidden_rule_moves_a_table_once_what_hides_it_is_gone(path, value, others):
    assert tables(0.15, *others.items(), (path, value)) != tables(0.15, *others.items())
