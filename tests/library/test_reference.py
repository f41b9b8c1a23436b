"""The reference: made by one command, small, honest about what its intervals hold, and read back as it was written."""

from __future__ import annotations

import json
import math
from io import BytesIO
from math import inf, nan
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.errors import RequestError, RunFolderError
from sim.experiments.batch import plan
from sim.experiments.solve import Target
from sim.indicators.estimates import paired
from sim.library import lives, tables
from sim.library.build import QUICK, SWEEPS, Size, _experiments, _read, _shipped
from sim.library.families import family_of
from sim.library.progress import Whole
from sim.library.read import figures_of_runs, open_reference, seek_on_sweep, verdict
from sim.policies import POLICIES
from sim.records.parquet import read_frame
from sim.records.run_folder import open_run
from sim.scenario import load_scenario, read_scenario

pytestmark = pytest.mark.nightly

SHIPPED = Path(__file__).resolve().parents[2] / "results" / "reference"
KEY = ["period", "indicator", "group"]


def indicators(shift=0.0, spread=1.0, n=6):
    """Indicators of some replications: one figure that moves, one that does not."""
    luck = np.random.default_rng(3).normal(0, spread, n)
    rows = []
    for replication in range(n):
        rows.append((replication, "measured", "dry_releases", "all", 100 + luck[replication] + shift))
        rows.append((replication, "measured", "places", "all", 60.0))
        rows.append((replication, "2026-07-01", "stock", "status=detained", 80 + luck[replication]))
        rows.append((replication, "2026-07-01", "stock", "status=free convicts", 40.0))
        rows.append((replication, "measured", "density", "site=Fresnes", 1.5))
    return pd.DataFrame(rows, columns=["replication", *KEY, "value"])


@pytest.mark.parametrize(
    ("difference", "low", "high", "expected"),
    [(0.0, 0.0, 0.0, "nothing"), (-2, -3, -1, "lower"), (2, 1, 3, "higher"), (1, -1, 3, "unclear"), (1, nan, nan, "unknown"),
     (1, 0, 2, "unclear"), (nan, nan, nan, "unknown"), (0.0, nan, nan, "nothing"), (639, 639, 639, "unknown")],
)  # fmt: skip
def test_a_verdict_says_no_more_than_its_interval(difference, low, high, expected):
    assert verdict(difference, low, high, 3) == expected


def test_one_replication_does_not_say_that_nothing_changes():
    assert verdict(0.0, nan, nan, 1) == "unknown"


def test_differences_are_those_of_a_comparison_and_levels_keep_their_spread():
    base, policy = indicators(), indicators(shift=-5)
    summary = tables.figures(base, policy).set_index(KEY)
    other = paired(base, policy).set_index(KEY)
    row, told = summary.loc[("measured", "dry_releases", "all")], other.loc[("measured", "dry_releases", "all")]
    assert row["difference"] == pytest.approx(told["difference"]) == pytest.approx(-5)
    assert row["difference_half_width"] == pytest.approx(told["half_width"], abs=1e-12, nan_ok=True)
    values = policy[policy["indicator"] == "dry_releases"]["value"]
    assert [row["low"], row["median"], row["high"]] == pytest.approx(list(values.quantile([0.05, 0.5, 0.95])))
    same = summary.loc[("measured", "places", "all")]
    assert same["difference"] == 0
    assert math.isnan(same["difference_half_width"]), "no interval of width zero"


def test_the_spread_is_that_of_every_draw_when_there_are_draws():
    wide = indicators(spread=30)
    row = tables.figures(indicators(), None, wide).set_index(KEY).loc[("measured", "dry_releases", "all")]
    assert row["high"] == pytest.approx(wide[wide["indicator"] == "dry_releases"]["value"].quantile(0.95))


def test_what_is_kept_is_national_and_bounded():
    kept = tables.kept(indicators())
    assert not kept["group"].str.startswith("site=").any()
    assert set(kept[kept["period"] == "2026-07-01"]["group"]) == {"status=detained"}
    assert (tables.sites(indicators())["mean"] == 1.5).all()


def test_rounding_keeps_more_digits_than_a_figure_is_worth():
    frame = pd.DataFrame({"a": [123456.789, -0.00123456789, 0.0, nan], "b": [1, 2, 3, 4]})
    short = tables.rounded(frame)
    assert short["a"].dtype == np.float32
    assert short["a"].to_numpy()[:3] == pytest.approx(frame["a"].to_numpy()[:3], rel=2e-6)
    assert np.isnan(short["a"].to_numpy()[3])
    assert short["a"].to_numpy()[2] == 0
    spread = tables.rounded(frame.rename(columns={"a": "half_width"}))["half_width"].to_numpy()
    assert spread[:3] == pytest.approx(frame["a"].to_numpy()[:3], rel=2e-4)
    assert spread[0] != pytest.approx(frame["a"][0], rel=2e-6), "a spread keeps fewer digits"


def test_a_reference_of_all_the_library_stays_small_enough_to_be_read_in_the_repository():
    """The shipped figures, as if 34 policies were there, each moved a little by chance and with draws."""
    shipped = pd.read_parquet(SHIPPED / "figures.parquet")
    base, policies = shipped[shipped["scenario"] == "baseline"], shipped[shipped["scenario"] != "baseline"]
    names, luck = policies["scenario"].unique(), np.random.default_rng(0)
    fractions = [name for name in shipped.columns if shipped[name].dtype == np.float32]
    parts = [base]
    for number in range(34):
        rows = policies[policies["scenario"] == names[number % len(names)]].assign(scenario=f"policy_{number}")
        for name in fractions:
            rows[name] = rows[name] * (1 + luck.normal(0, 0.02, len(rows)))
        for name in ("both_low", "both_high", "share_parameters"):
            rows[name] = rows["difference"] * luck.uniform(0.1, 2, len(rows))
        parts.append(rows)
    whole = tables.without_unread_spread(pd.concat(parts, ignore_index=True), "baseline")
    made = tables.encoded(tables.rounded(tables.alike_together(whole)))
    assert len(made) < 1_400_000
    read = pd.read_parquet(BytesIO(made))
    assert len(read) == len(whole)
    mine, kept = (frame[frame["scenario"] == "policy_5"].set_index(KEY)["difference"] for frame in (whole, read))
    assert kept[mine.index].to_numpy() == pytest.approx(mine.to_numpy(), rel=2e-6, nan_ok=True)


def test_days_of_a_table_are_dates_and_are_read_back_as_day_numbers(tmp_path):
    frame = pd.DataFrame({"person": [1, 2], "day": [20_000, 20_001], "end_day": [-1, 20_300]})
    (tmp_path / "lives.parquet").write_bytes(tables.encoded(frame))
    kept = pd.read_parquet(tmp_path / "lives.parquet")
    assert [str(day) for day in kept["day"]] == ["2024-10-04", "2024-10-05"]
    assert kept["end_day"].isna().tolist() == [True, False]
    pd.testing.assert_frame_equal(read_frame(tmp_path / "lives.parquet"), frame, check_dtype=False)


def sweep(slope, spread=0.5, n=5):
    luck = np.random.default_rng(1).normal(0, spread, n)
    rows = [
        ("s", setting, replication, "dry_releases", "all", 100 + slope * setting + luck[replication])
        for setting in (0.0, 10.0, 20.0)
        for replication in range(n)
    ]
    return pd.DataFrame(rows, columns=["sweep", "setting", "replication", "indicator", "group", "value"])


def test_a_target_is_found_on_a_sweep_with_an_interval_around_it():
    answer = seek_on_sweep(sweep(-1.0), "s", Target("dry_releases", "all", "<=", 88.0))
    assert answer.reached
    assert answer.low < answer.setting < answer.high
    assert answer.setting == pytest.approx(12 + np.random.default_rng(1).normal(0, 0.5, 5).mean(), abs=0.05)


def test_a_target_beyond_a_sweep_is_not_made_up():
    answer = seek_on_sweep(sweep(-1.0), "s", Target("dry_releases", "all", "<=", 10.0))
    assert (answer.reached, answer.high) == (False, inf)


def test_a_target_reached_and_lost_again_is_found_where_it_is_first_reached():
    rows = sweep(0.0)
    dip = rows["setting"].map({0.0: 0.0, 10.0: -10.0, 20.0: 1.0})
    answer = seek_on_sweep(rows.assign(value=rows["value"] + dip), "s", Target("dry_releases", "all", "<=", 95.0))
    assert answer.reached
    assert 0 < answer.low < answer.setting < answer.high < 10
    assert answer.setting == pytest.approx(5 + np.random.default_rng(1).normal(0, 0.5, 5).mean(), abs=0.05)
    assert not answer.one_way


def test_an_interval_over_draws_holds_the_central_values_which_are_none_of_them():
    key = {"period": "measured", "indicator": "dry_releases", "group": "all"}
    summary = pd.DataFrame([{**key, "difference": -3.0, "difference_half_width": 0.5}])
    drawn = {**key, "scenario": "policy", "share_parameters": 0.7}
    ends = [
        tables.with_parameters(summary, pd.DataFrame([{**drawn, "both_low": low, "both_high": high}]), "policy")
        for low, high in ((-2.0, -1.0), (-6.0, -4.0), (-5.0, -1.0))
    ]
    assert [(float(found["both_low"].iloc[0]), float(found["both_high"].iloc[0])) for found in ends] == [
        (-3.5, -1.0), (-6.0, -2.5), (-5.0, -1.0),
    ]  # fmt: skip


def test_the_chance_below_zero_is_that_of_the_interval_it_is_told_beside():
    """Not of replications alone: parameters make most of it."""
    key = {"period": "measured", "indicator": "reconvicted", "group": "all"}
    summary = pd.DataFrame([{**key, "difference": 1.0, "difference_half_width": 0.1, "below_zero": 0.001}])
    drawn = {**key, "scenario": "policy", "share_parameters": 0.9}
    chances = [
        float(
            tables.with_parameters(summary, pd.DataFrame([{**drawn, "both_low": low, "both_high": high}]), "policy")[
                "below_zero"
            ].iloc[0]
        )
        for low, high in ((-2.0, 2.0), (0.0, 2.0), (-3.0, 1.1))
    ]
    assert chances == pytest.approx([0.5, 0.05, 0.777], abs=5e-4)
    assert float(tables.with_parameters(summary, None, "policy")["below_zero"].iloc[0]) == 0.001


def test_every_published_figure_lies_within_what_is_told_of_it(root):
    """In the reference in git: each difference in its interval, each level of the base between the ends of its spread."""
    frame = pd.read_parquet(root / "results" / "reference" / "figures.parquet")
    frame = frame[frame["period"].astype(str) == "measured"]
    told = frame[frame["both_low"].notna() & frame["difference"].notna()]
    slack = 1e-3 * told["difference"].abs() + 1e-9  # ends are kept with four digits
    assert len(told) > 1000
    assert (told["both_low"] <= told["difference"] + slack).all()
    assert (told["both_high"] >= told["difference"] - slack).all()
    # Told with its chance below zero: five in a hundred at most on one side when zero lies outside.
    clear = told[(told["both_low"] > 0) | (told["both_high"] < 0)]
    assert (np.minimum(clear["below_zero"], 1 - clear["below_zero"]) <= 0.0501).all()
    spanning = told[(told["both_low"] < 0) & (told["both_high"] > 0)]
    assert (np.minimum(spanning["below_zero"], 1 - spanning["below_zero"]) >= 0.0499).all()
    base = frame[(frame["scenario"].astype(str) == "baseline") & frame["low"].notna() & (frame["half_width"] > 0)]
    outside = base[(base["mean"] < base["low"]) | (base["mean"] > base["high"])]
    assert len(outside) < 0.01 * len(base)


def test_an_output_that_no_sweep_keeps_is_refused():
    with pytest.raises(RequestError, match="keeps no"):
        seek_on_sweep(sweep(-1.0), "s", Target("density", "all", "<=", 1.0))


@pytest.mark.parametrize("setting", [{"replications": 1}, {"sweep_replications": 1}, {"people_replications": 0}])
def test_too_few_replications_for_an_interval_are_refused(setting):
    with pytest.raises(RequestError, match=next(iter(setting)).replace("_", "-")):
        Size(**setting).checked()


def test_every_sweep_moves_a_number_of_the_baseline():
    import yaml  # noqa: PLC0415

    world = load_scenario("baseline")
    specified = yaml.safe_load(SWEEPS.read_text(encoding="utf-8"))
    for row in specified["sweeps"]:
        today = world.number(row["add"], world.measure_from_day)
        assert today + min(row["by"]) > 0
        assert set(row["title"]) == set(row["unit"]) == {"fr", "en"}


ONE_SWEEP = """
sweeps:
  - name: counsellors
    title: {fr: Postes, en: Posts}
    unit: {fr: postes, en: posts}
    since: 2026-07-01
    add: means.probation_service.posts
    by: [500]
outputs:
  - {indicator: dry_rate_exits, group: all}
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A reference made by the command itself, of a thousandth of the country: real runs, real tables."""
    from sim.cli import main  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("reference")
    (folder / "sweeps.yaml").write_text(ONE_SWEEP, encoding="utf-8")
    words = ["reference", "-o", str(folder / "out"), "--work", str(folder / "work"), "--fraction", "0.001", "-n", "2",
             "--people-replications", "1", "--sweep-replications", "2", "--draws", "1", "--draw-replications", "2",
             "--workers", "1", "--progress", "none", "--scenario", "baseline", "--scenario", "fill_vacant_posts"]  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.library.build.SWEEPS", folder / "sweeps.yaml")
        with pytest.raises(SystemExit) as end:
            main(words)
    assert not end.value.code
    return folder


def test_the_command_makes_what_the_reader_opens(made):
    reference = open_reference(made / "out")
    figures = reference.figures
    assert figures.scenarios == ("baseline", "fill_vacant_posts")
    figure = figures.get("fill_vacant_posts", "stock", "status=detained")
    assert figure is not None
    assert figure.holds == "both"  # one draw was asked for
    last = figures.get("fill_vacant_posts", "dry_releases", "all", "2030")
    assert last is not None
    assert last.holds == "both", "a year in which something moves is told with both kinds of doubt"
    run = open_run(next((made / "work" / "central" / "fill_vacant_posts").iterdir()))
    frame = run.indicators()
    wanted = frame[(frame["period"] == "measured") & (frame["indicator"] == "stock") & (frame["group"] == "status=detained")]
    assert figure.mean == pytest.approx(wanted["value"].mean(), rel=1e-5)
    assert {sweep["name"] for sweep in reference.manifest["sweeps"]} == set(reference.table("sweeps")["sweep"])
    assert len(reference.curve("counsellors", "dry_rate_exits", "all")) == 2


def test_people_are_the_same_in_every_scenario(made):
    reference = open_reference(made / "out")
    people, told = reference.table("people"), reference.table("lives")
    assert set(people["kind"]) <= set(lives.KINDS)
    assert len(people)
    committed = told[told["movement"] == 0].pivot_table(index="person", columns="scenario", values="day", aggfunc="first")
    both = committed.dropna()
    assert len(both)
    assert (both["baseline"] == both["fill_vacant_posts"]).all()


def test_a_figure_of_two_runs_is_read_as_one_of_the_reference(made):
    runs = [open_run(next((made / "work" / "central" / name).iterdir())) for name in ("baseline", "fill_vacant_posts")]
    figures = figures_of_runs(*runs, 2)
    ours = figures.get("fill_vacant_posts", "dry_releases")
    theirs = open_reference(made / "out").figures.get("fill_vacant_posts", "dry_releases")
    assert ours.difference == pytest.approx(theirs.difference, rel=1e-4, abs=1e-3)
    assert ours.holds == "chance"


def test_a_damaged_reference_is_not_shown(made, tmp_path):
    import shutil  # noqa: PLC0415

    shutil.copytree(made / "out", tmp_path / "bad")
    (tmp_path / "bad" / "figures.parquet").write_bytes(b"PAR1")
    with pytest.raises(RunFolderError, match=r"figures\.parquet"):
        open_reference(tmp_path / "bad")
    with pytest.raises(RunFolderError, match="sortie reference"):
        open_reference(tmp_path / "nowhere")


def test_the_shipped_reference_is_whole_small_and_says_what_it_is_made_of():
    reference = open_reference(SHIPPED)
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < 3_000_000
    manifest = reference.manifest
    assert manifest["replications"] >= 2
    assert manifest["scenarios"][0]["name"] == "baseline"
    assert all(len(row["digest"]) == 64 for row in manifest["scenarios"])
    text = json.dumps(manifest)
    assert "/work" not in text
    assert "/home" not in text


def test_the_quick_library_is_planned_within_a_quarter_of_an_hour_on_two_cores(tmp_path):
    many = len(_shipped())
    assert many > 30
    of_two = _experiments(QUICK, ["baseline", "fill_vacant_posts"])
    planned = {name: plan(_read(tmp_path, name, text), tmp_path).wall_seconds(2) for name, text in of_two.items()}
    running = sum(seconds * (1 if name.startswith("sweep") else many / 2) for name, seconds in planned.items())
    compiling, tables_of_a_scenario = 90, 0.7  # seconds of one core, measured in November 2026
    seconds = compiling + running + tables_of_a_scenario * many
    assert seconds < 10 * 60, "leave a third for a slower machine: fewer replications in QUICK"


class Heard:
    """A listener that keeps what it is told."""

    def __init__(self):
        self.told = []

    def begin(self, units, months, skipped):
        self.told.append(("begin", units, months, skipped))

    def month(self, unit, day):
        self.told.append(("month", unit, day))

    def done(self, unit, seconds):  # noqa: ARG002 (a listener)
        self.told.append(("done", unit))

    def failed(self, unit, message):  # noqa: ARG002
        self.told.append(("failed", unit))

    def close(self):
        self.told.append(("close",))


def test_several_experiments_are_told_as_one():
    heard = Heard()
    whole = Whole(heard, {"central": 3, "people": 2}, 4)
    for name, units in (("central", 3), ("people", 2)):
        part = whole.part(name)
        part.begin(units, 108, 0)
        part.month("baseline #0", 5)
        part.done("baseline #0", 1.0)
        part.close()
    assert heard.told == [
        ("begin", 5, 108, 4),
        ("month", "central: baseline #0", 5),
        ("done", "central: baseline #0"),
        ("month", "people: baseline #0", 5),
        ("done", "people: baseline #0"),
    ]


def test_a_past_that_a_policy_shares_with_the_base_is_not_kept_twice():
    periods = ["measured", "2024", "2024-06-01", "2025", "2027"]
    frame = pd.DataFrame({"period": periods, "difference": 0.0, "difference_half_width": 0.0})
    assert list(tables.without_shared_past(frame, "2025-10-01")["period"]) == ["measured", "2025", "2027"]
    moved = frame.assign(difference=1.0)
    assert len(tables.without_shared_past(moved, "2025-10-01")) == len(periods)


HEAD = "extends: baseline.yaml\ntitle: {fr: a, en: b}\n"


@pytest.mark.parametrize(
    ("lines", "family"),
    [
        ("changes:\n  - {on: 2026-07-01, add: means.probation_service.posts, by: 10}\n", "means"),
        ("changes:\n  - {on: 2026-07-01, add: means.placements.external_places, by: 10}\n", "places"),
        (
            (
                "changes:\n  - on: 2026-07-01\n    set: law.release_under_constraint.fraction_served\n"
                "    to: 0.5\n    applies_to: everyone\n"
            ),
            "law",
        ),
        ("changes:\n  - {on: 2026-07-01, scale: flows.committals.fast_track, by: 0.9}\n", "entries"),
        ("changes:\n  - {on: 2026-07-01, set: practices.files.lead_days, to: 240}\n", "practices"),
        ("policies:\n  - {name: population_cap, on: 2026-07-01}\n", "places"),
        ("policies:\n  - {name: collective_remission, on: 2026-07-14}\n", "law"),
        ("changes: []\n", "other"),
    ],
)
def test_a_scenario_is_of_the_family_of_what_it_changes(lines, family):
    scenario = read_scenario(HEAD + lines, name="x.yaml", known_policies=frozenset(POLICIES))
    assert family_of(scenario) == family


def test_figures_can_speak_of_a_year_and_read_their_rows_once():
    whole = open_reference(SHIPPED).figures
    year = whole.over("2028")
    mine, told = year.get("baseline", "dry_releases"), whole.get("baseline", "dry_releases", period="2028")
    assert [str(value) for value in mine] == [str(value) for value in told]  # a difference from oneself is no number
    assert mine != whole.get("baseline", "dry_releases")
    assert year._rows is whole._rows
    assert whole.period == "measured"
