"""Answers over draws of a real baseline, on an engine whose figures are a formula: what is told is what is true."""

from __future__ import annotations

import json

import numpy as np
import pytest

from sim.errors import RequestError
from sim.experiments.answers import answers, figure_asked, levels_of, readings
from sim.experiments.batch import run_experiment
from sim.experiments.execution import Backend
from sim.experiments.experiment import read_experiment
from sim.experiments.plausible_draws import Plausible, read_plausible, write_plausible
from sim.scenario import load_scenario
from tests.experiments.conftest import known_engine

SLOTS, POSTS, LEAD = "means.enforcement_courts.hearing_slots", "means.probation_service.posts", "practices.files.lead_days"
FILE = """scenarios: [baseline]
start: 2022-01-01
measure_from: 2026-01-01
end: 2026-12-31
levers: [{{on: 2026-01-01, add: means.probation_service.posts, by: [700]}}]
draws: {draws}
replications: {replications}
keep: indicators
"""
DRY, HELD, WAIT = ("dry_rate_exits", "all"), ("stock", "status=detained"), ("hearing_wait_mean", "all")
LOW, HIGH = 20_000.0, 40_000.0


def slots_of(scenario) -> float:
    return scenario.number(SLOTS, scenario.measure_from_day)


def formula(scenario, replication):
    """700 posts lower the dry rate by up to four points, the more the more hearings; not at all below 25,000 hearings."""
    posts = (scenario.number(POSTS, scenario.end_day) - scenario.number(POSTS, scenario.start_day)) / 700
    slots = slots_of(scenario)
    rate = 0.55 - posts * 0.04 * max(0.0, (slots - 25_000) / 15_000) + 0.001 * replication
    return {DRY: rate, HELD: 85_000.0 - 100 * posts, WAIT: 160 - (slots - LOW) / 200}


def run(folder, draws: str, replications: int = 1):
    """Run the experiment in a folder; gives that of its results."""
    with pytest.MonkeyPatch.context() as patch:
        known_engine(patch, formula)
        path = folder / "posts.yaml"
        path.write_text(FILE.format(draws=draws, replications=replications))
        batch = run_experiment(read_experiment(path), output=folder / "results", means=Backend(1, "serial"))
    assert not batch.failures
    return batch.folder


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Forty draws of hearings and of a practice that does nothing, two replications each."""
    return run(tmp_path_factory.mktemp("answers"), f"{{number: 40, parameters: [{SLOTS}, {LEAD}]}}", replications=2)


def slots_drawn(folder) -> np.ndarray:
    index = json.loads((folder / "experiment.json").read_text())
    names, levels = levels_of(index["draws"], load_scenario("baseline"))
    return levels[:, names.index(SLOTS)]


def one(found, figure=DRY, reading="all"):
    (answer,) = [a for a in found.answers if (a.indicator, a.group) == figure and a.reading == reading]
    return answer


def test_an_answer_is_the_median_of_the_draws_with_their_interval_and_their_sign(made):
    found = answers(made)
    slots = slots_drawn(made)[1:]
    true = -0.04 * np.maximum(0, (slots - 25_000) / 15_000)
    answer = one(found)
    assert (answer.draws, answer.effective, found.replications) == (40, pytest.approx(40), 2)
    assert answer.median == pytest.approx(np.median(true))
    assert (answer.low, answer.high) == pytest.approx(tuple(np.quantile(true, [0.05, 0.95], method="hazen")))
    assert answer.below_zero == pytest.approx((true < -1e-12).mean())
    assert answer.above_zero == 0
    held = one(found, HELD)
    assert (held.median, held.low, held.high, held.below_zero) == pytest.approx((-100, -100, -100, 1))
    assert held.parts == ()


def test_it_hangs_on_what_it_hangs_on_and_tips_where_it_tips(made):
    answer = one(answers(made))
    assert [part.parameter for part in answer.parts] == [SLOTS], "the practice that does nothing is not named"
    assert answer.parts[0].share == pytest.approx(answer.explained)
    assert (answer.explained > 0.95, answer.parts[0].direction) == (True, -1)
    (point,) = [tip for tip in answer.tips if tip.level == -0.01]
    assert (point.found, point.side) == (True, "above")
    assert point.value == pytest.approx(25_000 + 15_000 / 4, abs=700), "a point, a quarter of the way"
    assert (point.beyond > 0.9, point.before < 0.1) == (True, True)


def test_each_reading_of_the_wait_has_its_own_answer(made):
    """The mean wait is below 123 days from 27,400 hearings on."""
    found = answers(made, figures=[DRY])
    slots = slots_drawn(made)[1:]
    true = -0.04 * np.maximum(0, (slots - 25_000) / 15_000)
    crowded = slots > 27_400
    assert one(found, reading="crowded").median == pytest.approx(np.median(true[crowded]))
    assert one(found, reading="national").draws == (~crowded).sum()
    assert one(found, reading="national").median == pytest.approx(np.median(true[~crowded]))
    assert {reading.name for reading in readings()} == {"all", "national", "crowded"}


def test_draws_of_a_posterior_count_by_their_weight(tmp_path):
    """Nearly all the weight lies on the draws of few hearings, where the posts do less."""
    levels = np.column_stack([np.linspace(LOW, HIGH, 21)])
    weights = np.where(levels[:, 0] < 37_000, 1.0, 0.01)
    file = tmp_path / "posterior.parquet"
    write_plausible(Plausible((SLOTS,), levels, np.zeros(21), 1, 1, "0", "s", "d", weights=weights), file)
    assert (read_plausible(file).weights == weights).all()
    answer = one(answers(run(tmp_path, "posterior.parquet"), figures=[DRY]))
    true = -0.04 * np.maximum(0, (levels[1:, 0] - 25_000) / 15_000)
    heavy = weights[1:] == 1.0
    assert (answer.draws, answer.effective) == (20, pytest.approx(heavy.sum(), abs=0.2))
    assert answer.median == pytest.approx(np.median(true[heavy]), abs=0.001)
    assert answer.low > np.quantile(true, 0.05) + 0.003, "the draws of many hearings hardly count"


def test_a_reading_that_few_draws_bear_out_gets_no_answer(tmp_path):
    levels = np.column_stack([np.linspace(25_000, 30_000, 21)])
    write_plausible(Plausible((SLOTS,), levels, np.zeros(21), 1, 1, "0", "s", "d"), tmp_path / "some.parquet")
    found = answers(run(tmp_path, "some.parquet"), figures=[DRY])
    national, crowded = one(found, reading="national"), one(found, reading="crowded")
    assert national.draws + crowded.draws == 20
    assert {national.told, crowded.told} == {False}
    assert np.isnan([national.median, crowded.low, crowded.below_zero]).all()
    assert one(found).told


def test_what_cannot_be_answered_is_said(made):
    folder = made
    with pytest.raises(
        RequestError, match=r"no policy 'post'.*Did you mean 'baseline\+posts=700'|There are: baseline\+posts=700"
    ):
        answers(folder, policies=["post"])
    with pytest.raises(RequestError, match="has no group 'kind=MA' in period 'measured'"):
        answers(folder, figures=[("density", "kind=MA")])
    with pytest.raises(RequestError, match="Did you mean 'dry_rate_exits'"):
        figure_asked("dry_rate_exit")
    with pytest.raises(RequestError, match=r"expected 'indicator' or 'indicator\[group\]'"):
        figure_asked("stock=3")
    assert figure_asked("density[kind=MA]") == (("density", "kind=MA"),)


def test_without_draws_nothing_is_said_of_what_it_hangs_on(tmp_path):
    with pytest.raises(RequestError, match="has no draws"):
        answers(run(tmp_path, "null"))


def test_levels_are_in_their_own_unit_whatever_a_draw_writes():
    world = load_scenario("baseline")
    central = world.world[SLOTS].at(world.measure_from_day)
    draws = [
        {},
        {SLOTS: {"scale": 1.5}, "practices.files.hours.DDSE": 5.0},
        {"practices.files.hours": {"DDSE": 4.0, "SL": 8.0}},
    ]
    names, levels = levels_of(draws, world)
    assert names == [SLOTS, "practices.files.hours.DDSE", "practices.files.hours.SL"]
    hours = world.world["practices.files.hours"].at(world.measure_from_day)
    assert levels.tolist() == [
        [central, hours["DDSE"], hours["SL"]],
        [1.5 * central, 5.0, hours["SL"]],
        [central, 4.0, 8.0],
    ]


def test_damaged_weights_are_refused(tmp_path):
    draws = Plausible((SLOTS,), np.ones((3, 1)), np.zeros(3), 1, 1, "0", "s", "d", weights=np.array([1.0, -1.0, 1.0]))
    write_plausible(draws, tmp_path / "posterior.parquet")
    with pytest.raises(Exception, match="values that are not those written"):
        read_plausible(tmp_path / "posterior.parquet")
