"""What a question in SQL may read, what it may add up, and that the documented ones give the figures of the report."""

from __future__ import annotations

import json
import re
import shutil
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from sim import open_results
from sim.errors import RequestError, RunFolderError
from sim.experiments.compare import compare
from sim.experiments.querying import SampleWarning
from sim.experiments.replicate import replicate
from sim.experiments.result_views import UNIT
from sim.indicators.context import MEASURED
from sim.indicators.headline import HEADLINE
from sim.presentation.headlines import TABLE
from sim.records.codes import Movement
from sim.records.run_folder import Resources, RunFolder, open_run, save_replication
from tests import fabricated
from tests.experiments.conftest import FakeScenario, fabricated_engine

DIFFERENCE = "select avg(difference) d from differences where indicator = 'dry_rate_exits'"


if TYPE_CHECKING:
    from pathlib import Path

PAIR = (FakeScenario("baseline"), FakeScenario("policy", grant=0.6))
SAMPLE = tuple(replace(scenario, sampling_fraction=0.1) for scenario in PAIR)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Two trees: ``country``, and ``mixed``, as people have them, which holds a try on a tenth beside it."""
    folder = tmp_path_factory.mktemp("questions")
    with pytest.MonkeyPatch.context() as patch:
        fabricated_engine(patch)
        runs = replicate(PAIR, replications=3, workers=1, output=folder / "country").runs
        shutil.copytree(folder / "country", folder / "mixed")
        replicate(SAMPLE, replications=3, workers=1, output=folder / "mixed")
    return runs


@pytest.fixture(scope="module")
def tree(made):
    with open_results(made[0].path.parents[1]) as results:
        yield results


@pytest.fixture(scope="module")
def mixed(made):
    with open_results(made[0].path.parents[2] / "mixed") as results:
        yield results


@pytest.fixture
def pair(made, tmp_path):
    """The two runs of the country in a tree of the test's own, which it may spoil."""
    shutil.copytree(made[0].path.parents[1], tmp_path / "results")
    return [open_run(tmp_path / "results" / one.scenario / one.run_id) for one in made]


def figure(frame: pd.DataFrame, indicator: str, group: str = "all") -> pd.Series:
    rows = frame[(frame["period"] == MEASURED) & (frame["indicator"] == indicator) & (frame["group"] == group)]
    assert len(rows) == 1, (indicator, group)
    return rows.iloc[0]


# ---- the documented questions ----------------------------------------------------------------------------------------


def blocks(root: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (root / "docs" / "experiments.md").read_text(encoding="utf-8"), re.DOTALL)


def test_the_documented_questions_give_the_figures_of_the_report(root, tree, made):
    compared = compare(*made).figures
    levels, differences, causes = (tree.sql(question) for question in blocks(root, "sql"))
    report = figure(compared, "dry_rate_exits")
    assert dict(zip(levels["scenario"], levels["dry_rate"], strict=True)) == pytest.approx(
        {"baseline": report["base"], "policy": report["policy"]}
    )
    assert list(levels["replications"]) == [3, 3]
    assert list(differences["scenario"]) == ["policy"]
    assert differences["difference"][0] == pytest.approx(report["difference"])
    assert 0 < differences["standard_error"][0] < report["half_width"]
    for row in causes.itertuples():
        assert row.people_a_year == pytest.approx(figure(compared, "dry_cause", row.cause)["difference"])
    assert causes["people_a_year"].sum() == pytest.approx(figure(compared, "dry_releases")["difference"])


def test_the_documented_python_runs_and_says_the_same(root, pair, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results" / "posts").mkdir()
    for made in pair:
        shutil.move(str(made.path.parent), tmp_path / "results" / "posts" / made.scenario)
    (block,) = blocks(root, "python")
    names: dict[str, object] = {}
    exec(block, names)  # noqa: S102 (what the page says to type)
    moved = [next((tmp_path / "results" / "posts" / name).iterdir()) for name in ("baseline", "policy")]
    assert names["frame"]["difference"][0] == pytest.approx(figure(compare(*moved).figures, "dry_rate_exits")["difference"])


def test_every_column_of_the_headline_is_the_reports(tree, made):
    compared = compare(*made).figures
    levels, differences = tree.sql("from headline order by all"), tree.sql("from headline_differences order by all")
    assert len(levels) == 6
    assert len(differences) == 3, "one row a replication, and none of the base"
    for column, (indicator, group) in HEADLINE.items():
        report = figure(compared, indicator, group)
        means = levels.groupby("scenario")[column].mean()
        assert (means["baseline"], means["policy"]) == pytest.approx((report["base"], report["policy"])), column
        assert differences[column].mean() == pytest.approx(report["difference"], abs=1e-9), column
    assert {(outcome.indicator, outcome.group) for outcome in TABLE} <= set(HEADLINE.values())


def test_measured_holds_every_indicator_of_the_country(tree, made):
    frame = tree.sql("from measured where scenario = 'policy' and replication = 1")
    mine = made[1].indicators()
    mine = mine[(mine["replication"] == 1) & (mine["period"] == MEASURED) & (mine["group"] == "all")]
    assert len(frame) == 1
    assert set(frame.columns) - set(UNIT) == set(mine["indicator"])
    for row in mine.itertuples():
        assert frame[row.indicator][0] == row.value


# ---- what must not be added up ---------------------------------------------------------------------------------------


def test_periods_and_groups_are_not_added_up(tree):
    with pytest.raises(RequestError, match=r"names no period and no group.*headline"):
        tree.sql(DIFFERENCE)
    with pytest.raises(RequestError, match=r'no group\. Write `where "group" = \'all\'`'):
        tree.sql(DIFFERENCE + " and period = 'measured'")
    with pytest.raises(RequestError, match="names no period"):
        tree.sql("with f as (select * from figures) select stddev_samp(value) from f where \"group\" = 'all'")
    assert tree.sql("select count(*) n from figures")["n"][0] > 1000
    assert len(tree.sql("select distinct indicator from figures")) > 20
    assert tree.sql(DIFFERENCE + " and period = 'measured' and \"group\" = 'all'")["d"][0] != 0


def test_a_sample_and_the_country_are_not_added_up(mixed):
    for question in (
        "select scenario, avg(dry_rate_exits) d from headline group by scenario",
        "select count(*) from exits where regime_name = 'dry'",
        "select avg(dry_rate_exits) over () from headline",
        "select max(detained) from nation where scenario = 'baseline'",
        "select scenario, (select avg(caseload) from waits where period = 'measured') from units",
    ):
        with pytest.raises(RequestError, match=r"more than one fraction \(fraction: 0.1, 1.0\).*where fraction = 1"):
            mixed.sql(question)
    told = mixed.sql("select fraction, count(*) n from headline group by all order by all")
    assert told.to_numpy().tolist() == [[0.1, 6], [1.0, 6]]
    assert mixed.sql("select count(*) n from headline where fraction = 1")["n"][0] == 6
    assert mixed.sql("select count(*) n from units")["n"][0] == 12, "a list is no figure"


def test_each_difference_is_within_one_frame(mixed):
    rows = mixed.sql("select fraction, count(*) n from headline_differences group by all order by all")
    assert rows.to_numpy().tolist() == [[0.1, 3], [1.0, 3]]


def rewritten(folder: Path, **changes: object) -> None:
    plain = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**plain, **changes}))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"version": "9.9"}, r"more than one version \(version: .*9.9\)"),
        ({"source": "f" * 64}, r"more than one version \(code: .*ffffffffffff"),
        ({"end_day": 20_800}, r"more than one window \(end_date: 2026-12-13, 2026-12-31\).*'2026-12-31'"),
        ({"digest": "0.41"}, "'baseline' was run from more than one file of that name"),
    ],
)
def test_other_versions_windows_and_files_of_one_name_are_not_added_up(pair, changes, words):
    made = pair[0].path
    shutil.copytree(made, made.with_name("0123456789ab"))
    rewritten(made.with_name("0123456789ab"), run_id="0123456789ab", **changes)
    with open_results(made.parent) as results:
        with pytest.raises(RequestError, match=words):
            results.sql("select avg(dry_rate_exits) from headline")
        assert len(results.sql("select run, avg(dry_rate_exits) from headline group by run")) == 2


def test_people_of_a_sample_are_counted_with_their_weight_or_it_is_said(mixed):
    with pytest.warns(SampleWarning, match=r"nation: rows of people simulated, 1 person in 10.*sum\(detained \* weight\)"):
        mixed.sql("select detained from nation where fraction = 0.1")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        told = mixed.sql("select fraction, sum(weight) n, count(*) rows from exits group by fraction order by fraction")
    assert told["n"].to_numpy() == pytest.approx(told["rows"].to_numpy() / told["fraction"].to_numpy())


def test_every_view_but_the_lists_says_which_world_a_row_is_of(tree):
    for view in set(tree.views) - {"views", "units", "parameters", "levers"}:
        assert set(UNIT) <= set(tree.sql(f"describe {view}")["column_name"]), view


def test_nobody_without_a_sentence_to_serve_leaves_dry(tree, made):
    for table in ("exits", "ends"):
        counted = tree.sql(f"select regime_name, sentenced, count(*) n from {table} group by all")  # noqa: S608
        assert set(counted[counted["sentenced"] == 0]["regime_name"]) == {"unsentenced"}
        assert "unsentenced" not in set(counted[counted["sentenced"] == 1]["regime_name"])
    exits = made[0].table("exits", 0)
    dry = tree.sql("select count(*) n from exits where regime_name = 'dry' and scenario = 'baseline' and replication = 0")
    assert dry["n"][0] == ((exits["sentenced"] == 1) & (exits["regime"] < 0)).sum()
    causes = tree.sql("select count(*) n from exits where cause_name is not null and regime_name <> 'dry'")
    assert causes["n"][0] == 0


# ---- one question, which reads ---------------------------------------------------------------------------------------

BEYOND = (
    "select * from read_csv('/etc/passwd')",
    "select * from read_text('{other}')",
    "select * from read_blob('{other}')",
    "select * from read_parquet('{other}')",
    "select * from '{other}'",
    "select * from glob('/*')",
    "select * from sniff_csv('{other}')",
    "select * from read_json('https://example.org/x.json')",
    "copy (select 1) to '{other}'",
    "copy units to '{file}'",
    "explain analyze copy (select 1) to '{file}'",
    "attach '{other}'",
    "attach ':memory:' as other",
    "export database '{other}'",
    "install httpfs",
    "load httpfs",
    "set threads = 1",
    "set enable_external_access = true",
    "reset lock_configuration",
    "pragma threads = 1",
    "drop view units",
    "create view mine as select 1",
    "create table mine as select 1",
    "create or replace view units as select 1",
    "insert into internal.units select * from internal.units",
    "delete from internal.units",
    "update internal.units set seed = 2",
    "begin",
    "call pragma_version()",
    "select 1; select 2",
    "select 1; drop view units",
    "from query('select avg(value) from figures')",
    "from query_table('figures')",
    "",
    ";",
    "-- nothing",
)


def contents(*folders: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("question", BEYOND)
def test_nothing_but_the_results_is_read_and_nothing_is_written(tree, made, tmp_path, question):
    other = tmp_path / "other.txt"
    other.write_text("not yours")
    file = made[0].path / "replications" / "000" / "nation.parquet"
    before = contents(tmp_path, made[0].path)
    with pytest.raises(RequestError):
        tree.sql(question.format(other=other, file=file))
    assert before == contents(tmp_path, made[0].path)
    assert tree.sql("select count(*) n from units")["n"][0] == 6, "and the next question is answered"


def test_a_variable_of_the_caller_is_no_view(tree):
    mine = pd.DataFrame({"a": [1]})
    with pytest.raises(RequestError, match="no view 'mine'"):
        tree.sql("select * from mine")
    assert len(mine) == 1


def test_show_views_lists_what_can_be_asked(tree):
    for words in ("show views", "SHOW VIEWS;", " show views ; "):
        frame = tree.sql(words)
        assert tuple(frame["name"]) == tree.views
        assert frame["a_row_is"].str.len().min() > 10
    columns = dict(tree.sql("select name, columns from views").to_numpy().tolist())
    assert columns["headline"].split(", ") == list(tree.sql("describe headline")["column_name"])
    assert set(tree.sql("show tables")["name"]) == set(tree.views)


def test_only_an_unknown_name_is_answered_with_the_list_of_views(tree):
    with pytest.raises(RequestError, match="Views here: views, units"):
        tree.sql("select * from unit")
    with pytest.raises(RequestError) as met:
        tree.sql("select * from read_text('/etc/passwd')")
    assert "Views here" not in str(met.value)


def test_a_question_that_takes_too_long_is_given_up(tree):
    with pytest.raises(RequestError, match=r"no answer after 0\.2 s"):
        tree.sql("select sum(a.range * b.range) from range(100000000) a, range(100000000) b", seconds=0.2)
    assert len(tree.sql("select * from range(1000000000000)", most=5)) == 5


def test_a_file_that_was_not_written_by_the_run_is_refused(pair):
    file = pair[1].path / "replications" / "002" / "exits.parquet"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 255
    file.write_bytes(content)
    with open_results(pair[0].path.parents[1]) as results:
        with pytest.raises(RunFolderError, match=r"002/exits\.parquet: is not the file that was written.*sortie run policy"):
            results.sql("select count(*) from exits")
        assert len(results.sql("from headline")) == 6, "what is not asked is not looked at"
    with open_results(pair[0].path) as results:
        assert results.sql("select count(*) n from exits")["n"][0] > 0


def test_a_folder_whose_name_looks_like_a_pattern_is_one_folder(pair, tmp_path):
    strange = tmp_path / "a[b]*'c?" / "results"
    shutil.copytree(pair[0].path.parents[1], strange)
    shutil.copytree(pair[0].path.parents[1], tmp_path / "ab" / "results")
    with open_results(strange) as results:
        assert len(results.sql("from headline")) == 6
        assert results.sql("select count(*) n from nation")["n"][0] > 0


def test_runs_with_other_lists_keep_their_own_names(pair):
    made = pair[0]
    copy = made.path.with_name("0123456789ab")
    shutil.copytree(made.path, copy)
    book = replace(fabricated.CODEBOOK, sites=("Elsewhere", "Loos"))
    records = fabricated.fabricate(0, people=120)
    records.codebook = book
    figures = pd.DataFrame({"period": [MEASURED], "indicator": ["density"], "group": ["all"], "value": [1.5]})
    for number in range(3):
        save_replication(copy, number, records, figures, Resources(1.0, 1.0, 1.0))
    rewritten(copy, run_id="0123456789ab")
    opened = RunFolder(copy, open_run(made.path).manifest)
    opened.manifest.run_id = "0123456789ab"
    opened.write_summary()
    with open_results(made.path.parent) as results:
        named = results.sql("select run, site, site_name from exits group by all")
    told = {(row.run, row.site): row.site_name for row in named.itertuples()}
    assert told[made.run_id, 0] == "Fresnes"
    assert told["0123456789ab", 0] == "Elsewhere"
    assert told[made.run_id, 1] == told["0123456789ab", 1] == "Loos"


def test_an_account_that_does_not_add_up_is_told(tree):
    told = tree.sql("select identity, any_value(holds) as holds, max(gap) as gap, any_value(months) as months from identities "
                    "where scenario = 'policy' group by run, identity")  # fmt: skip
    found = {row.identity: row for row in told.itertuples()}
    assert found["detained"].holds
    assert found["causes"].holds
    cells = found["cells"]
    # The months of this world are made by hand: 10 come, 1 is recalled, 9 leave, and as many are there.
    assert (cells.holds, cells.gap, cells.months) == (False, 2, 36)


# ---- the event log ---------------------------------------------------------------------------------------------------


def test_the_event_log_tells_things_in_the_order_they_happened(tree, made):
    log = tree.sql("select * from event_log where scenario = 'baseline'")
    raw = made[0].table("events", 0)
    happened = log[log["seq"] > 0]
    assert happened["seq"].tolist() == list(range(1, len(raw) + 1)), "row by row, as the run wrote them"
    assert happened["concept:name"].tolist() == [Movement(code).name for code in raw["movement"]]
    moments = happened["time:timestamp"]
    assert moments.is_monotonic_increasing
    assert moments.is_unique
    days = (moments.dt.normalize() - pd.Timestamp("1970-01-01")).dt.days
    np.testing.assert_array_equal(days, raw["day"])
    first = happened.groupby(days)["time:timestamp"].min()
    assert (first.dt.time.astype(str) == "00:00:01").all(), "one second from one to the next"


def test_a_day_of_many_events_stays_a_day(run, monkeypatch):
    whole = fabricated.fabricate

    def crowded(*args: object, **settings: object) -> object:
        records = whole(*args, **settings)
        row = records.events.row(fabricated.END, 1, 0, int(Movement.REMITTED), 0, 2, 0, 5)
        records.events.rows = bytearray(records.events.rows + row * 90_000)
        return records

    monkeypatch.setattr("tests.experiments.conftest.fabricate", crowded)
    (made,) = run(FakeScenario("baseline"), replications=1).runs
    with open_results(made.path) as results:
        log = results.sql('select seq, "time:timestamp" as moment from event_log where seq > 0')
    assert log["moment"].is_monotonic_increasing
    assert log["moment"].is_unique
    assert log["moment"].max() < pd.Timestamp("2027-01-01")
