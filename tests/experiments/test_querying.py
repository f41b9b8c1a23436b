"""Questions in SQL, tables for other programs, and an experiment over its draws."""

from __future__ import annotations

import csv
import io
import json
import shutil
import time
from math import isnan

import pandas as pd
import pytest

from sim import open_results
from sim.errors import RequestError, RunFolderError
from sim.experiments.batch import run_experiment
from sim.experiments.compare import compare, route_changes
from sim.experiments.execution import Backend
from sim.experiments.experiment import read_experiment
from sim.experiments.export import to_csv, write_tables
from sim.experiments.policy_differences import differences
from sim.records.identities import IDENTITIES
from tests.experiments.conftest import FakeScenario

TEXT = """scenarios: [baseline]
start: 2022-01-01
measure_from: 2022-04-01
end: 2022-12-31
sampling_fraction: 0.003
levers: [{on: 2022-05-01, scale: means.probation_service.posts, by: [2]}]
draws: {number: 2, parameters: assumptions}
replications: 2
events: first
"""
pytestmark = pytest.mark.filterwarnings("ignore::sim.experiments.querying.SampleWarning")  # a small world is a sample
ARM = "baseline+posts=2"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("experiment")
    (place / "trial.yaml").write_text(TEXT, encoding="utf-8")
    batch = run_experiment(read_experiment(place / "trial.yaml"), output=place / "results", means=Backend(2))
    assert batch.failures == ()
    return batch.folder


@pytest.fixture(scope="module")
def results(folder):
    with open_results(folder) as opened:
        yield opened


def test_every_view_answers(results):
    assert {"units", "figures", "differences", "releases", "causes", "waits", "establishments", "event_log"} <= set(
        results.views
    )
    for view in results.views:
        rows = 1 if view == "levers" else 3  # one lever at one setting
        assert len(results.sql(f"select * from {view}", most=3)) == rows, view  # noqa: S608


def test_figures_are_those_of_the_run_folders(results, folder):
    from sim.records.run_folder import open_run  # noqa: PLC0415

    units = results.sql("select * from units order by all")
    assert len(units) == 12
    for unit in units.itertuples():
        frame = open_run(folder / unit.scenario / unit.run).indicators()
        mine = frame[frame["replication"] == unit.replication]
        where = f"scenario = '{unit.scenario}' and draw = {unit.draw} and replication = {unit.replication}"
        met = results.sql(f"select value from figures where {where}")["value"]  # noqa: S608
        assert len(met) == len(mine)
        assert met.sum() == pytest.approx(mine["value"].sum())


def test_differences_are_paired_by_draw_and_replication(results):
    found = results.sql(
        "select draw, replication, base, policy, difference from differences "
        "where indicator = 'posts' and period = 'measured' order by all"
    )
    assert list(zip(found["draw"], found["replication"], strict=True)) == [(d, r) for d in range(3) for r in range(2)]
    assert (found["difference"] == found["policy"] - found["base"]).all()
    assert (found["policy"] > found["base"]).all()


def test_waiting_lists_can_be_asked_by_territory(results):
    """On 1 January the country's list is the sum of the interregions', and of the establishments' if it is theirs."""
    found = results.sql(
        "select scenario, draw, replication, list, sum(waiting) filter (where establishment is not null) as sites, "
        "sum(waiting) filter (where interregion is not null) as regions, "
        "sum(waiting) filter (where interregion is null and establishment is null) as country "
        "from waiting_lists where period = '2022-01-01' group by all order by all"
    )
    told = found[found["country"] > 0]
    assert set(told["list"]) >= {"counsellor", "detention-centre", "release-unit"}
    assert told["regions"].to_numpy() == pytest.approx(told["country"].to_numpy())
    of_sites = told["list"].isin(["counsellor", "judge"])
    assert told["sites"][of_sites].to_numpy() == pytest.approx(told["country"][of_sites].to_numpy())
    assert told["sites"][~of_sites].isna().all()
    raw = results.sql("select list_name, interregion_name from lists where list = 0 limit 1")
    assert raw["list_name"][0] == "COUNSELLOR"


def test_the_settings_of_each_arm_can_be_asked(results):
    found = results.sql("select * from levers")
    assert found.values.tolist() == [["trial", ARM, "scale means.probation_service.posts", "2", 2.0]]


def test_codes_have_their_names_and_the_ledgers_agree(results):
    exits = results.sql(
        "select regime, regime_name, count(*) n from exits "
        "where scenario = 'baseline' and sentenced = 1 group by all order by n"
    )
    assert dict(zip(exits["regime"], exits["regime_name"], strict=True))[-1] == "dry"
    assert "DDSE" in set(exits["regime_name"])
    by_route = results.sql(
        "select sum(people_per_year) n from releases where period = 'measured' and route = 'dry' and procedure is null"
    )["n"][0]
    by_cause = results.sql("select sum(people_per_year) n from causes where period = 'measured'")["n"][0]
    assert by_route == pytest.approx(by_cause)


def test_the_event_log_has_the_columns_of_process_mining(results):
    log = results.sql("select * from event_log where scenario = 'baseline' and draw = 0")
    assert {"case:concept:name", "concept:name", "time:timestamp", "org:resource"} <= set(log.columns)
    assert set(log["replication"]) == {0}, "events of the first replication only were asked for"
    assert log["time:timestamp"].between(pd.Timestamp("2022-01-01"), pd.Timestamp("2023-01-01")).all()
    assert "COMMITTED" in set(log["concept:name"])
    cases = results.sql(
        'select "case:concept:name" as name, count(distinct (scenario, draw, replication)) worlds from event_log group by all'
    )
    assert set(cases["worlds"]) == {1}, "a person who lives in two worlds is two cases"


def test_stocks_and_flows_add_up_to_the_person(results):
    told = results.sql("select * from identities")
    assert told["holds"].all(), told[~told["holds"]][["identity", "gap"]].to_string()
    assert len(set(told["identity"])) == len(IDENTITIES)
    counted = told.groupby("identity")["run"].count()
    assert counted["cells"] == 12, "each replication of each world"
    assert counted["events"] == 6, "those that kept their events"
    assert told[told["identity"] == "cells"]["months"].min() == 12


def test_people_of_the_first_day_have_their_event(results):
    """Each of those counted on the first day, but for somebody to whom nothing happens during the run."""
    present = results.sql(
        'select run, count(*) n, count(distinct "case:concept:name") cases, min("time:timestamp") as first, '
        'max("time:timestamp") as last from event_log where "concept:name" = \'PRESENT_ON_FIRST_DAY\' group by run order by run'
    )
    there = results.sql(
        "select run, detained + outside as n from nation where day = start_date and replication = 0 order by run"
    )
    assert (present["n"] == present["cases"]).all()
    assert (present["n"] <= there["n"]).all()
    assert (present["n"] > 0.9 * there["n"]).all()
    assert set(present["first"]) == set(present["last"]) == {pd.Timestamp("2022-01-01")}
    begun = results.sql('select first("concept:name" order by seq) as first from event_log group by run, "case:concept:name"')
    assert set(begun["first"]) == {"COMMITTED", "PRESENT_ON_FIRST_DAY"}, "no case begins in the middle"


def test_an_answer_is_written_into_a_file_whole_or_not_at_all(results, tmp_path):
    question = "select * from event_log where draw = 0 order by scenario, replication, seq, person;"
    for name in ("log.csv", "log.parquet"):
        results.write(question, tmp_path / "new" / name)
    wanted = results.sql(question)
    log = pd.read_parquet(tmp_path / "new" / "log.parquet")
    dates = {name: pd.to_datetime(log[name]) for name in ("start_date", "measure_from", "end_date")}
    pd.testing.assert_frame_equal(
        log.assign(**dates).astype({"weight": float}), wanted.astype({"weight": float}), check_dtype=False
    )
    with (tmp_path / "new" / "log.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["case:concept:name"] for row in rows] == list(wanted["case:concept:name"])
    assert [row["time:timestamp"] for row in rows] == list(wanted["time:timestamp"].dt.strftime("%Y-%m-%dT%H:%M:%S"))
    with pytest.raises(RequestError, match=r"expected a name that ends with .csv or .parquet"):
        results.write(question, tmp_path / "log.xes")
    with pytest.raises(RequestError, match="Views here"):
        results.write("select * from nothing", tmp_path / "nothing.csv")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["log.csv", "log.parquet", "new"]


def test_a_question_that_cannot_be_answered_says_what_can(results):
    with pytest.raises(RequestError, match="Views here: views, units, parameters"):
        results.sql("select * from nothing")


def test_an_empty_folder_is_told(tmp_path):
    with pytest.raises(RunFolderError, match="no finished replication"):
        open_results(tmp_path)
    with pytest.raises(RunFolderError, match="no such folder"):
        open_results(tmp_path / "none")


@pytest.fixture
def hundred(run, tmp_path):
    """A hundred units: one replication of each of two worlds is made, and forty-nine copies of it."""
    for made in run(FakeScenario("baseline"), FakeScenario("policy", grant=0.6), replications=1, events="none").runs:
        units = made.path / "replications"
        for number in range(1, 50):
            shutil.copytree(units / "000", units / f"{number:03d}")
        made.write_summary()
    return tmp_path / "results"


def summarised(folder):
    with open_results(folder) as opened:
        return opened.sql(
            "select scenario, count(*) n, avg(value) mean, quantile_cont(value, [0.05, 0.95]) ends from figures "
            "where indicator = 'dry_rate_exits' and \"group\" = 'all' and period = 'measured' group by all order by all"
        )


def test_the_summary_of_a_hundred_units_reads_their_figures_alone(hundred):
    """One small file a unit: of the tables of people, no more than the names of columns is read, once for all units."""
    units = [path for path in hundred.rglob("*.parquet") if path.parent.name != "000"]
    heavy = [path for path in units if path.name != "indicators.parquet"]
    assert len(heavy) >= 98
    for path in heavy:
        path.write_bytes(bytes(path.stat().st_size))
    assert list(summarised(hundred)["n"]) == [50, 50]


@pytest.mark.benchmark
def test_the_summary_of_a_hundred_units_is_read_in_less_than_a_second(hundred):
    began = time.perf_counter()
    summarised(hundred)
    assert time.perf_counter() - began < 1


@pytest.fixture
def drawn(run, tmp_path):
    """Ten draws of a thousand values, each with two worlds."""
    draws = [{f"group.value_{n}": n * draw for n in range(1000)} for draw in range(10)]
    runs = [
        {"arm": made.scenario, "draw": draw, "run": made.run_id}
        for draw in range(10)
        for made in run(
            FakeScenario("baseline", grant=0.4 + draw / 1000), FakeScenario("policy", grant=0.6 + draw / 1000), replications=1
        ).runs
    ]
    arms = [{"name": "baseline", "levers": {}}, {"name": "policy", "levers": {"set grant": 0.6}}]
    index = {"name": "results", "base": "baseline", "arms": arms, "draws": draws, "runs": runs}
    (tmp_path / "results" / "experiment.json").write_text(json.dumps(index), encoding="utf-8")
    return tmp_path / "results"


def spread_over_draws(folder):
    with open_results(folder) as opened:
        spread = opened.sql(
            "select draw, avg(difference) d from differences join parameters using (draw) where path = 'group.value_3' "
            "and indicator = 'dry_rate_exits' and \"group\" = 'all' and period = 'measured' group by all"
        )
        return len(spread), int(opened.sql("select count(*) n from parameters")["n"][0])


def test_values_drawn_by_the_thousand_are_read_once_for_each_draw(drawn, monkeypatch):
    """Not for each run of it, nor for each of its figures."""
    written = []

    class Counted:
        loads = staticmethod(json.loads)

        @staticmethod
        def dumps(value):
            written.append(value)
            return json.dumps(value)

    monkeypatch.setattr("sim.experiments.result_views.json", Counted)
    assert spread_over_draws(drawn) == (10, 10 * 1000)
    assert 10 * 1000 <= len(written) < 10 * 1000 + 100


@pytest.mark.benchmark
def test_values_drawn_by_the_thousand_are_read_in_less_than_a_second(drawn):
    began = time.perf_counter()
    spread_over_draws(drawn)
    assert time.perf_counter() - began < 1


def test_an_experiment_is_compared_over_its_draws(folder):
    frame = differences(folder)
    (posts,) = frame[frame["indicator"] == "posts"].to_dict("records")
    assert (posts["scenario"], posts["draws"], posts["replications"]) == (ARM, 3, 2)
    assert isnan(posts["chance_low"]), "posts owe nothing to luck: no interval, not one of width zero"
    assert isnan(posts["chance_high"])
    assert isnan(posts["share_parameters"]), "nor to the draws"
    (dry,) = frame[(frame["indicator"] == "dry_rate_exits") & (frame["group"] == "all")].to_dict("records")
    assert dry["both_low"] <= dry["parameters_low"] <= dry["parameters_high"] <= dry["both_high"]
    assert set(differences(folder, indicators=["posts"])["indicator"]) == {"posts"}
    with pytest.raises(RequestError, match=r"no indicator 'post'.*Did you mean 'posts'"):
        differences(folder, indicators=["post"])


def test_csv_is_what_each_reader_expects(tmp_path):
    frame = pd.DataFrame({"établissement": ["CP; de Caen", 'dit "Le"'], "valeur": [0.1 + 0.2, 1234567.5]})
    standard = to_csv(frame)
    assert list(csv.reader(io.StringIO(standard.decode("utf-8")))) == [
        ["établissement", "valeur"],
        ["CP; de Caen", "0.3"],
        ['dit "Le"', "1234567.5"],
    ]
    french = to_csv(frame, french=True)
    assert french.startswith(b"\xef\xbb\xbf"), "without the mark Excel takes é for two letters"
    assert list(csv.reader(io.StringIO(french.decode("utf-8-sig")), delimiter=";"))[1] == ["CP; de Caen", "0,3"]
    (path,) = write_tables(tmp_path / "out", {"table": frame}, french=True)
    assert path.read_bytes() == french


def test_a_comparison_has_its_five_tables(run):
    from sim.cli.asking import comparison_tables  # noqa: PLC0415 (what the command writes)

    comparison = compare(*run(FakeScenario("baseline"), FakeScenario("policy", grant=0.6)).runs)
    tables = comparison_tables(comparison)
    assert set(tables) == {"indicators", "establishments", "causes", "routes", "people"}
    assert all(len(table) for table in tables.values())
    pd.testing.assert_frame_equal(tables["routes"], route_changes(comparison))
    assert not tables["indicators"]["group"].str.startswith("site=").any()
