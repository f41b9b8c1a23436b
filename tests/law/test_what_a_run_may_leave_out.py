"""What a run does without, for as long as it weighs nothing: the day of the facts, and the ceilings of remand as such."""

from __future__ import annotations

from sim.dates import parse_day
from sim.law import Statutes
from sim.law.readers import engine_rules
from sim.law.rulebook.remand import ceiling_months, trial_deadline_months
from sim.scenario import load_scenario
from sim.scenario.readers import without_effect

STATUTES = Statutes.load()
RUN_BEGINS = parse_day("2018-01-01")
TO_APPEAL = 10 + 60
"""Days until a judgment is final or the appeal is heard, which remand ceilings do not count: an allowance."""


ABOVE_WHAT_IS_DRAWN = {"sentencing.community_work_max_hours"}
"""400 hours for facts since 25 March 2019, 280 before: orders are of some 110, and a run from 2021 judges facts since."""


def test_every_rule_of_a_run_that_binds_later_facts_only_is_older_than_the_facts_judged_in_it():
    """Nobody has a day of the facts: it would decide nothing. A text that makes it decide fails here: people then need one."""
    bound = {
        (path, period.from_day)
        for path in engine_rules() - without_effect()["nobody"].keys()
        for period in STATUTES.rule(path).periods
        if period.later_facts_only and path not in ABOVE_WHAT_IS_DRAWN
    }
    assert bound
    assert max(day for _, day in bound) == parse_day("2005-12-13"), "a harsher law of enforcement that a run reads: draw facts"


def test_nobody_is_held_before_trial_longer_than_the_law_allows():
    """The longest times drawn stand under the ceilings of the law, the trial and the appeal included."""
    law = STATUTES.at(RUN_BEGINS)
    longest = load_scenario("baseline").table("population.remand.longest_days", RUN_BEGINS)
    felony = ceiling_months(20, law, felony=True, exceptional=2) + trial_deadline_months("assizes", law, extensions=2)
    investigated = ceiling_months(10, law, felony=False, prior_firm_months=13, grave=True) + trial_deadline_months(
        "correctional", law, extensions=2
    )
    assert longest["felony"] <= felony * 30.4 + TO_APPEAL
    assert longest["investigation"] <= investigated * 30.4 + TO_APPEAL
