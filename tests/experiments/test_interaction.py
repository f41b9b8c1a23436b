"""What policies are worth together beside the sum of what each is worth alone."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from sim.errors import RequestError
from sim.experiments.interaction import interaction, interaction_of, put_together
from tests.experiments.conftest import FakeScenario


def _frame(values):
    rows = [(k, "measured", "dry_rate_exits", "all", value) for k, value in enumerate(values)]
    return pd.DataFrame(rows, columns=["replication", "period", "indicator", "group", "value"])


def test_known_answer():
    # Alone -1 and -2 then -1 and -3, together -5 then -5: the interactions of the two replications are -2 and -1.
    base, one, other, both = map(_frame, ([10, 12], [9, 11], [8, 9], [5, 7]))
    (row,) = interaction_of(base, [one, other], both).to_dict("records")
    assert (row["base"], row["sum_of_parts"], row["together"], row["interaction"], row["n"]) == (11, -3.5, -5, -1.5, 2)
    assert row["half_width"] == pytest.approx(6.313752 * math.sqrt(0.5) / math.sqrt(2), rel=1e-6)


def test_policies_that_add_up_have_exactly_none():
    (row,) = interaction_of(*map_of([10, 12], [[9, 11], [8, 9]], [7, 8])).to_dict("records")
    assert row["interaction"] == 0
    assert row["together"] == row["sum_of_parts"] == -3.5


def map_of(base, parts, together):
    return _frame(base), [_frame(part) for part in parts], _frame(together)


def test_a_mix_is_known_by_its_name_where_its_parts_were_run():
    assert put_together(["base", "a", "b", "a+b", "a+c", "x+y"]) == [("a+b", ("a", "b"))]


def test_runs_are_paired(run):
    outcome = run(
        FakeScenario("world"), FakeScenario("a", grant=0.6), FakeScenario("b", grant=0.5), FakeScenario("a+b", grant=0.7)
    )
    base, one, other, both = outcome.runs
    found = interaction(base, [one, other], both)
    assert (found.parts, found.together, found.replications) == (("a", "b"), "a+b", (0, 1, 2))
    rows = found.figures[(found.figures["indicator"] == "dry_rate_exits") & (found.figures["group"] == "all")]
    assert rows["interaction"].to_list() == pytest.approx((rows["together"] - rows["sum_of_parts"]).to_list())
    assert "chance only, 3 replications" in found.interval


def test_runs_of_other_luck_are_refused(run, tmp_path):
    one = run(FakeScenario("world"), FakeScenario("a", grant=0.6)).runs
    other = run(FakeScenario("a+b", grant=0.7), seed=7).runs
    with pytest.raises(RequestError, match="cannot be paired: seed"):
        interaction(one[0], [one[1]], other[0])
