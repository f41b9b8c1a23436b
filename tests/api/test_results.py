"""Results from Python: frames with names, dates and NA, the numbers of the rooms below."""

from __future__ import annotations

import warnings
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import sim as sortie
from sim.api.figures import levels_of
from sim.errors import RequestError, RunFolderError, SimError
from sim.experiments.compare import compare, route_changes
from sim.indicators import summary
from sim.indicators.estimates import summarise
from sim.records.tables import SCHEMA, is_date
from tests.api.conftest import DATES, POSTS


def test_runs_are_made_once_kept_in_the_cache_folder_and_say_what_they_are(engine, base, posts, tmp_path):
    results = sortie.run([base, posts], replications=1, workers=1, progress=False, **DATES)
    assert engine == [("baseline", 0), ("700 more CPIP", 0)]
    assert repr(results) == (
        "<Results baseline, 700 more CPIP: 1 replication, fraction 1, seed 1, measured 2025-01-01 to 2026-12-31>"
    )
    assert all(path.is_relative_to(tmp_path / "cache" / "runs") for path in results.paths.values())
    engine.clear()
    more = sortie.run([base, posts], replications=2, workers=1, progress=False, **DATES)
    assert engine == [("baseline", 1), ("700 more CPIP", 1)], "it goes on from what is there"
    assert sortie.open(tmp_path / "cache" / "runs").scenarios == more.scenarios, "what sortie run leaves, the base first"


def test_one_scenario_a_name_a_path_are_taken_alike(engine, tmp_path, root):
    options = {"replications": 1, "workers": 1, "progress": False, **DATES}
    path = root / "scenarios" / "baseline.yaml"
    ids = {sortie.run(one, **options).runs[0].run_id for one in ("baseline", path, str(path), [sortie.Scenario()])}
    assert len(ids) == 1
    assert engine == [("baseline", 0)]
    there = sortie.run("baseline", output=tmp_path / "mine", fraction=0.5, **options)
    assert there.runs[0].path.is_relative_to(tmp_path / "mine")
    assert there.runs[0].manifest.sampling_fraction == 0.5


def test_levels_are_those_of_the_run(results):
    frame = results.levels("dry_rate_exits", by="band")
    assert frame.columns.tolist() == ["scenario", "period", "band", "mean", "low", "high", "n"]
    assert {frame[name].dtype.name for name in ("scenario", "period", "band")} == {"category"}
    run = results.runs[1]
    told = summarise(run.indicators())
    for row in frame[frame["scenario"] == "700 more CPIP"].itertuples():
        (mine,) = told[
            (told["period"] == "measured") & (told["indicator"] == "dry_rate_exits") & (told["group"] == f"band={row.band}")
        ].to_dict("records")
        assert row.mean == mine["mean"]
        # A share is between 0 and 1, and so is its interval.
        np.testing.assert_allclose(row.low, np.maximum(mine["mean"] - mine["half_width"], 0))
        np.testing.assert_allclose(row.high, np.minimum(mine["mean"] + mine["half_width"], 1))
    assert set(results.levels("dry_rate_exits")["scenario"]) == {"baseline", "700 more CPIP"}
    assert results.levels("on_measure", by=["regime", "origin"]).columns.tolist()[2:4] == ["regime", "origin"]


def test_years_and_months_are_dates(results):
    months = results.levels("stock", by="status", period="months")
    assert months["period"].dtype == "datetime64[s]"
    assert months["period"].min() == pd.Timestamp("2024-01-01")
    assert results.levels("dry_rate_exits", period="years")["period"].dt.year.unique().tolist() == [2024, 2025, 2026]
    assert set(results.levels("dry_rate_exits", period="2026")["period"]) == {"2026"}
    assert len(results.levels("dry_rate_exits", period=None)) == 2 * (1 + 3)


def test_differences_are_those_of_compare(results, posts):
    frame = results.compare(posts)
    assert frame.columns.tolist() == [
        "indicator", "group", "unit", "baseline", "policy", "difference", "low", "high", "verdict", "below_zero", "n",
    ]  # fmt: skip
    below = compare(*results.runs).figures
    below = below[(below["period"] == "measured") & ~below["group"].str.startswith("site=")]
    for name, other in (("baseline", "base"), ("policy", "policy"), ("difference", "difference"), ("n", "n")):
        np.testing.assert_array_equal(frame[name], below[other])
    assert frame["group"].astype(str).tolist() == below["group"].tolist()
    row = frame[(frame["indicator"] == "dry_rate_exits") & (frame["group"] == "all")].iloc[0]
    assert row["difference"] < 0
    assert row["verdict"] == ("lower" if row["high"] < 0 else "unclear")
    assert set(frame["verdict"]) <= {"lower", "higher", "unclear", "nothing", "unknown"}
    assert "chance only, 3 replications" in frame.attrs["interval"]
    assert frame.attrs["must_not_claim"]
    for same in (None, "700 more CPIP"):
        pd.testing.assert_frame_equal(results.compare(same), frame)
    assert len(results.compare(sites=True)) > len(frame)


def test_no_interval_of_width_zero_at_any_door(results, posts):
    alone, against = results.causes("baseline"), results.causes(posts)
    for frame in (
        results.compare(posts),
        against,
        alone,
        results.levels("stock", by="status"),
        results.levels("dry_cause", by="cause"),
    ):
        assert not (frame["low"] == frame["high"]).any()
        assert (frame["low"].isna() == frame["high"].isna()).all()
    told = results.compare(posts)
    without = told[told["low"].isna()]
    assert len(without)
    assert set(without.loc[without["difference"] != 0, "verdict"]) <= {"unknown"}
    assert set(without.loc[without["n"] < 2, "verdict"]) <= {"unknown"}
    assert set(told.loc[told["verdict"].isin(["lower", "higher", "unclear"]), "low"].isna()) == {False}


def test_an_interval_of_a_share_stays_within_0_and_1():
    values = [(number, "measured", "dry_rate_exits", "all", value) for number, value in enumerate((0.0, 0.02, 0.9))]
    frame = pd.DataFrame(values, columns=["replication", "period", "indicator", "group", "value"])
    row = levels_of(SimpleNamespace(scenario="a"), frame, "dry_rate_exits", (), "measured").iloc[0]
    assert (row["low"], row["high"]) == (0, 1)


def test_causes_add_up_to_the_dry_releases(results, posts):
    alone, against = results.causes("baseline"), results.causes(posts)
    whole = results.levels("dry_releases")["mean"].tolist()
    np.testing.assert_allclose(alone["mean"].sum(), whole[0])
    np.testing.assert_allclose(against["policy"].sum(), whole[1])
    assert against["cause"].dtype.name == "category"
    assert alone.columns.tolist() == ["cause", "mean", "low", "high"]


def test_routes_that_change_are_counted_or_named(results, posts):
    frame = results.routes_changed(posts)
    below = route_changes(compare(*results.runs))
    np.testing.assert_array_equal(frame["people_per_year"], below["people_per_year"])
    people = results.routes_changed(posts, by_person=True)
    assert people["policy_day"].dtype == "datetime64[s]"
    assert ((people["baseline"] == "dry") & (people["policy"] == "DDSE")).any()


def test_these_runs_are_asked_in_sql(results):
    frame = results.sql(
        "select scenario, avg(value) as mean from figures where indicator = 'dry_rate_exits' and \"group\" = 'all' "
        "and period = 'measured' group by all order by scenario desc"
    )
    levels = results.levels("dry_rate_exits")
    assert frame["scenario"].tolist() == levels["scenario"].astype(str).tolist()
    np.testing.assert_allclose(frame["mean"], levels["mean"])
    differences = results.sql("select difference from differences where indicator = 'dry_rate_exits' and \"group\" = 'all' "
                              "and period = 'measured'")  # fmt: skip
    np.testing.assert_allclose(differences["difference"].mean(), results.compare().loc[0, "difference"])
    with pytest.raises(RequestError, match="no_such_view"):
        results.sql("select * from no_such_view")


@pytest.mark.parametrize("name", list(SCHEMA))
def test_every_table_has_names_dates_and_na(results, posts, name):
    frame = results.table(name, posts, replication=0)
    raw = results.runs[1].table(name, 0)
    assert frame.columns.tolist() == ["replication", *raw.columns]
    assert len(frame) == len(raw)
    codebook = results.runs[1].codebook
    for column in raw.columns:
        if is_date(column):
            assert frame[column].dtype == "datetime64[s]", column
            np.testing.assert_array_equal(frame[column].isna(), raw[column] < 0)
            came = raw[column] >= 0
            days = (frame.loc[came, column] - pd.Timestamp("1970-01-01")).dt.days
            np.testing.assert_array_equal(days, raw.loc[came, column])
        if column in {"stream", "site", "kind", "quarter", "interregion"}:
            names = {
                "stream": "streams",
                "site": "sites",
                "kind": "kinds",
                "quarter": "quarters",
                "interregion": "interregions",
            }
            listed = getattr(codebook, names[column])
            expected = [listed[code] if code >= 0 else None for code in raw[column]]
            assert frame[column].astype(object).where(frame[column].notna(), None).tolist() == expected
            assert frame[column].dtype.name == "category"


def test_a_route_is_dry_only_for_people_who_had_a_sentence(results):
    frame, raw = results.table("exits"), pd.concat([results.runs[0].table("exits", n) for n in range(3)])
    assert frame["replication"].unique().tolist() == [0, 1, 2]
    sentenced = raw["sentenced"].to_numpy() == 1
    assert (frame.loc[~sentenced, "regime"] == "unsentenced").all()
    assert (frame.loc[sentenced, "regime"] != "unsentenced").all()
    assert frame["sentenced"].dtype == bool
    assert (frame.loc[frame["regime"] == "dry", "cause"].notna()).all()


def test_a_life_is_told_in_dated_sentences(results):
    life = results.life(kind="dry")
    assert life.columns.tolist() == ["date", "text", "legal"]
    assert life["date"].is_monotonic_increasing
    assert life["legal"].any()
    person = life.attrs["person"]
    assert life.attrs["portrait"]
    assert results.life(person)["text"].tolist() == life["text"].tolist()
    assert results.life(person, lang="fr")["text"].tolist() != life["text"].tolist()


def test_charts_of_every_sort_are_drawn(results, posts, tmp_path):
    results.plot("dry_rate_exits", by="band").save(tmp_path / "dry.html")
    assert "6 months" in (tmp_path / "dry.html").read_text(encoding="utf-8")
    marks = set()
    for chart in (
        results.plot("dry_rate_exits"), results.plot("stock", by="status", period="months", lang="fr"),
        results.plot("cost", by=["place", "price"]), results.plot("hearing_wait_mean", period="years"),
    ):  # fmt: skip
        plain = chart.to_dict()
        marks |= {layer["mark"]["type"] for layer in plain["layer"]}
        assert plain["datasets"]
    assert marks >= {"line", "area", "point", "rule"}


def test_one_replication_has_no_interval_and_is_still_drawn(engine, base, posts):
    results = sortie.run([base, posts], replications=1, workers=1, progress=False, **DATES)
    assert results.levels("dry_rate_exits")["low"].isna().all()
    assert set(results.compare()["verdict"]) == {"unknown"}
    assert results.plot("dry_rate_exits").to_dict()["layer"]


def test_the_note_is_one_page_with_its_figures(results, posts, tmp_path):
    file = results.brief(posts, tmp_path / "notes" / "note.html")
    text = file.read_text(encoding="utf-8")
    assert "700 more CPIP" in text
    assert "<svg" in text
    assert results.runs[1].run_id in text
    assert results.brief().name == "note-700 more CPIP.html"


def test_saved_results_are_opened_again(results, tmp_path):
    folder = results.save(tmp_path / "mine")
    again = sortie.open(folder)
    assert repr(again) == repr(results)
    pd.testing.assert_frame_equal(again.compare(), results.compare())
    assert all(path.is_relative_to(tmp_path / "mine") for path in again.paths.values())
    assert repr(sortie.open(again.paths["baseline"])).startswith("<Results baseline: 3 replications")
    assert sortie.open(again.save(folder)).scenarios == again.scenarios, "saving onto itself harms nothing"


def test_results_measured_by_another_version_say_so_and_are_brought_up_to_date(results, monkeypatch):
    monkeypatch.setattr("sim.records.run_folder.measures_digest", lambda: "b" * 64)
    monkeypatch.setattr("sim.experiments.remeasure._context", _context_of)

    def people(tables, _context, figures):
        figures.add("measured", "people_who_left", "all", len(tables.table("exits")))

    monkeypatch.setattr(summary, "INDICATORS", (*summary.INDICATORS, people))
    assert "measured by another version" in repr(results)
    with pytest.warns(sortie.OlderMeasures, match=r"Results\.remeasure\(\)"):
        results.levels("dry_rate_exits")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        after = results.remeasure()
        frame = after.levels("people_who_left")
    assert frame["mean"].iloc[0] == len(results.table("exits")) / 3


def _context_of(run):
    from sim.indicators.context import Context  # noqa: PLC0415

    return Context.from_plain(run.manifest.context)


def test_a_sweep_has_its_settings_beside_the_levels(engine, base):
    swept = sortie.sweep(
        base,
        "means.probation_service.posts",
        add=[0, 350, 700],
        on="2025-07-01",
        replications=2,
        workers=1,
        progress=False,
        **DATES,
    )
    assert swept.runs[1].manifest.digest == base.change(POSTS, add=350, on="2025-07-01").over(**DATES).digest()
    other = sortie.sweep(base, POSTS, add=[350], replications=1, workers=1, progress=False, **DATES)
    assert other.runs[1].manifest.digest == base.change(POSTS, add=350, on=DATES["measure_from"]).over(**DATES).digest()
    frame = swept.levels("dry_rate_exits")
    assert frame["setting"].tolist() == [0.0, 350.0, 700.0]
    assert swept.scenarios == ("baseline", "baseline+posts+350", "baseline+posts+700"), "a setting of nothing is the base"
    assert frame["mean"].is_monotonic_decreasing
    titles = [layer["encoding"]["x"].get("title") for layer in swept.plot("dry_rate_exits").to_dict()["layer"]]
    assert "Probation counsellors (CPIP) in post inside prisons, added" in titles
    again = sortie.open(swept.save("swept"))
    assert again.levels("dry_rate_exits")["setting"].tolist() == [0.0, 350.0, 700.0]


def test_a_target_is_sought(engine, base):
    answer = sortie.solve(
        base, "means.probation_service.posts", "dry_rate_exits <= 0.5", on="2025-07-01", up_to=3000, tolerance=900,
        replications=2, workers=1, progress=False, **DATES,
    )  # fmt: skip
    assert answer.reached
    assert 1020 < answer.setting < 3000
    assert answer.tried.columns.tolist() == ["setting", "mean", "low", "high"]
    assert answer.tried["setting"].iloc[0] == 1020
    assert repr(answer).startswith("<Answer means.probation_service.posts for dry_rate_exits <= 0.5: the smallest setting")


def test_an_experiment_is_run_from_its_file(engine, tmp_path):
    file = tmp_path / "posts.yaml"
    file.write_text(
        "scenarios: [baseline]\nstart: 2024-01-01\nmeasure_from: 2025-01-01\nend: 2026-12-31\nreplications: 2\n"
        "share_past: false\nlevers: [{on: 2025-07-01, add: means.probation_service.posts, by: [350, 700]}]\n"
    )
    arms = sortie.experiment(file, workers=1, progress=False)
    assert arms.scenarios == ("baseline", "baseline+posts=350", "baseline+posts=700")
    frame = arms.differences()
    assert {"baseline", "both_low", "share_parameters"} <= set(frame.columns)
    assert sortie.open(arms.paths["baseline"].parent.parent).scenarios == arms.scenarios
    with pytest.raises(RequestError, match="are those of an experiment"):
        sortie.open(arms.paths["baseline"]).differences()


@pytest.mark.parametrize(
    ("ask", "kind", "words"),
    [
        (lambda r: r.levels("dry_rate"), RequestError, r"no indicator 'dry_rate'.*Results\.indicators\(\)"),
        (lambda r: r.levels("dry_rate_exits", by="bands"), RequestError, r"met by=\['bands'\], expected one of: .*by='band'"),
        (lambda r: r.levels("stock"), RequestError, "met no total, expected one of: by='status'"),
        (lambda r: r.levels("density", period="2040"), RequestError, "period: met '2040', expected 'measured', 'years'"),
        (
            lambda r: r.compare("posts"),
            RequestError,
            "no scenario 'posts' in these results.*There are: baseline, 700 more CPIP",
        ),
        (lambda r: r.table("exit"), RunFolderError, "no table 'exit'"),
        (lambda r: r.table("exits", replication=9), RunFolderError, "no replication 9"),
        (lambda r: r.life(99999999), RequestError, "nobody has number 99999999"),
        (lambda r: r.life(), RequestError, "say a person's number, or kind="),
        (lambda r: r.life(kind="wet"), RequestError, "no kind of life 'wet'"),
        (lambda r: r.plot("dry_rate_exits", lang="de"), RequestError, "expected 'en' or 'fr'"),
        (lambda _: sortie.open("nowhere"), RunFolderError, "nowhere: no such folder"),
        (lambda _: sortie.run([]), RequestError, "met no scenario"),
        (lambda _: sortie.run("baseline", replications=0), RequestError, "^replications: met 0"),
        (lambda _: sortie.run("baseline", workers=0), RequestError, "^workers: met 0"),
        (lambda _: sortie.run("baseline", fraction=3), RequestError, "^fraction: met 3"),
        (lambda _: sortie.run("baseline", progress="loud"), RequestError, "^progress: met 'loud'"),
        (lambda _: sortie.run(["baseline", "baseline"]), RequestError, "asked for twice"),
        (lambda _: sortie.sweep("baseline", "means.probation_service.posts"), RequestError, "expected a list as one of"),
        (lambda _: sortie.solve("baseline", "means.probation_service.posts", "dry <= 0.4"), RequestError, "no indicator 'dry'"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_there_is(results, ask, kind, words):
    with pytest.raises(kind, match=words):
        ask(results)


def test_two_policies_are_compared_one_at_a_time(engine, base, posts):
    third = base.change("means.probation_service.posts", add=100, on="2025-07-01")
    results = sortie.run([base, posts, third], replications=2, workers=1, progress=False, **DATES)
    with pytest.raises(
        RequestError, match=r"say which scenario is compared with baseline: 700 more CPIP, baseline\+posts\+100"
    ):
        results.compare()
    assert results.causes().columns.tolist() == ["cause", "mean", "low", "high"]


@pytest.mark.parametrize("problem", [RequestError("the scenario asks too much"), ZeroDivisionError("engine")])
def test_a_replication_that_fails_is_raised_and_the_others_are_kept(engine, monkeypatch, problem):
    from sim.simulation import run as module  # noqa: PLC0415 (the fixture has just replaced what is in it)

    whole = module.simulate

    def fail(scenario, *, replication, **settings):
        if replication == 1:
            raise problem
        return whole(scenario, replication=replication, **settings)

    monkeypatch.setattr("sim.simulation.run.simulate", fail)
    with pytest.raises(SimError, match=r"1 replications failed, the others are kept.*baseline #1: .*(asks too much|engine)"):
        sortie.run("baseline", replications=3, workers=1, progress=False, **DATES)
    monkeypatch.setattr("sim.simulation.run.simulate", whole)
    engine.clear()
    sortie.run("baseline", replications=3, workers=1, progress=False, **DATES)
    assert engine == [("baseline", 1)]


def test_progress_goes_to_standard_error_or_nowhere(engine, capsys):
    sortie.run("baseline", replications=1, workers=1, progress=False, **DATES)
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "")
    sortie.run("baseline", replications=2, workers=1, **DATES)
    said = capsys.readouterr()
    assert said.out == ""
    assert "1 replications to run, 1 already there" in said.err


def test_a_note_says_which_version_made_its_figures(results, posts, tmp_path):
    note = results.brief(posts, tmp_path / "note.html", lang="fr").read_text(encoding="utf-8")
    assert f"version {results.runs[0].manifest.version} de sortie" in note
