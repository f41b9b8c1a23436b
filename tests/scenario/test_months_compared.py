"""A published month beside the same day of a run: like with like, weighted, and with its interval only when there is one."""

from __future__ import annotations

import csv
import json
import math

import pandas as pd
import pytest

from sim.calibration.published_month import ENOUGH, beside
from sim.cli import main
from sim.dates import parse_day
from sim.errors import RequestError
from sim.records.manifest import Manifest, Resources
from sim.records.run_folder import begin_run, save_replication
from sim.records.tables import Codebook, Records
from tests.fabricated import add
from tests.ministry import month

DAY = "2026-03-01"
FIGURES = pd.DataFrame({"period": ["measured"], "indicator": ["density"], "group": ["all"], "value": [1.5]})
SITES = {  # name: kind, published places and people on the day
    "MA PAU": ("MA", 242, 278), "CD EYSSES": ("CD", 289, 283), "MA VERSAILLES": ("MA", 135, None), "CD KONE": ("CD", 120, 113),
}  # fmt: skip
ROWS = {row.establishment: row for row in month(DAY) if row.establishment in SITES}


def test_the_figures_of_this_test_are_the_published_ones():
    assert {name: (row.capacity_operational, row.detainees) for name, row in ROWS.items()} == {
        name: (places, people) for name, (_, places, people) in SITES.items()
    }


def run_of(tmp_path, replications, fraction=0.5):
    """A run of half the country: replication n holds 100 + 10 n people in each quarter, for 150 places."""
    names = list(SITES)
    book = Codebook(
        streams=("x",), adjustments=("LC",), regimes=("LC",), kinds=("MA", "CD"),
        interregions=("Bordeaux", "Paris", "Outre-mer"), sites=tuple(names), site_ids=tuple(ROWS[name].site for name in names),
        site_interregion=(0, 0, 1, 2), quarters=tuple(names), quarter_kind=(0, 1, 0, 1), quarter_site=(0, 1, 2, 3),
    )  # fmt: skip
    settings = {
        "run_id": "0123456789ab", "scenario": "world", "title": {"en": "World"}, "digest": "d" * 64, "seed": 1,
        "start_day": parse_day("2026-01-01"), "measure_from_day": parse_day("2026-01-01"), "end_day": parse_day(DAY),
        "sampling_fraction": fraction, "version": "0.1.0", "source": "s" * 64, "context": {}, "made": {},
    }  # fmt: skip
    folder = begin_run(tmp_path, Manifest(**settings), "title: World\n")
    for number in range(replications):
        records = Records(book)
        for day in ("2026-02-01", DAY):
            add(records, "nation", day=parse_day(day), detained=400, remand=100 + number, sentenced=280, inside=20, outside=50)
            for quarter in range(4):
                add(
                    records,
                    "quarters",
                    day=parse_day(day),
                    quarter=quarter,
                    remand=40,
                    sentenced=60 + 10 * number,
                    capacity=150,
                )
        save_replication(folder.path, number, records, FIGURES, Resources(1.0, 2.0, 300.0))
    folder.write_summary()
    return folder


def figures(found, level):
    return {(line.name, line.what): (line.published, line.model) for line in found.lines if line.level == level}


def test_published_and_simulated_stand_side_by_side(tmp_path):
    found = beside(run_of(tmp_path, 2))
    assert (found.day, found.observed, found.replications) == (DAY, True, 2)
    # Two replications of 100 and 110 people for 150 places in a quarter, at half the country: 210 for 300.
    assert figures(found, "establishment") == {
        ("MA PAU", "places"): (242, 300), ("MA PAU", "people"): (278, 210), ("MA PAU", "density"): (278 / 242, 0.7),
        ("CD EYSSES", "places"): (289, 300), ("CD EYSSES", "people"): (283, 210), ("CD EYSSES", "density"): (283 / 289, 0.7),
        ("CD KONE", "places"): (120, 300), ("CD KONE", "people"): (113, 210), ("CD KONE", "density"): (113 / 120, 0.7),
        ("MA VERSAILLES", "places"): (135, 300),
    }  # fmt: skip
    kinds = figures(found, "kind")
    assert kinds["MA", "people"] == (278, 210), "Versailles is masked: left out on both sides"
    assert kinds["MA", "places"] == (377, 600)
    assert kinds["CD", "people"] == (396, 420)
    regions = figures(found, "interregion")
    assert regions["Bordeaux", "people"] == (561, 420)
    assert regions["Outre-mer", "people"] == (113, 210)
    nation = figures(found, "nation")
    assert nation["détenus", "people"] == (87_050, 2 * (100.5 + 280 + 20))
    assert nation["table by establishment", "people"] == (674, 630)
    (masked,) = {line.masked for line in found.lines if (line.level, line.name, line.what) == ("kind", "MA", "people")}
    assert masked == 1
    assert found.elsewhere == 210, "Versailles"
    assert len(found.unknown) == len([row for row in month(DAY) if row.detainees or row.capacity_operational]) - 4


def test_an_interval_is_told_from_five_replications_on(tmp_path):
    few, many = beside(run_of(tmp_path / "few", ENOUGH - 1)), beside(run_of(tmp_path / "many", ENOUGH))
    assert all(math.isnan(line.low) for line in few.lines)
    line = next(line for line in many.lines if (line.name, line.what) == ("MA PAU", "people"))
    assert (line.low, line.model, line.high) == (204, 240, 276), "5th and 95th percentile of 200, 220, … 280"


def test_days_that_only_one_side_has_are_refused(tmp_path):
    run = run_of(tmp_path, 1)
    with pytest.raises(
        RequestError, match="met 2026-05-01, expected a day that is published and simulated: 2026-02-01, 2026-03-01"
    ):
        beside(run, "2026-05-01")
    assert beside(run, "2026-02-01").day == "2026-02-01"


def said(capsys, *words):
    with pytest.raises(SystemExit) as end:
        main(["data", "compare", *map(str, words)])
    told = capsys.readouterr()
    return int(end.value.code or 0), told.out, told.err


def test_the_command_tells_it(tmp_path, capsys):
    run = run_of(tmp_path, 2)
    code, out, _ = said(capsys, run.path, "--csv", tmp_path / "a.csv")
    assert code == 0
    assert "2026-03-01, observed, never fitted; replications: 2" in out
    assert "no interval from fewer than 5 replications" in out
    assert "a run of 50.00 % of the country" in out
    heads = [line.strip() for line in out.splitlines() if line.strip() in {"nation", "kind", "interregion", "establishment"}]
    assert heads == ["nation", "kind", "interregion", "establishment"]
    (line,) = (line for line in out.splitlines() if line.startswith("MA PAU"))
    assert line.split() == ["MA", "PAU", "people", "278", "210", "–", "−68", "-24.5", "%"]
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {(row["name"], row["what"]): row["gap"] for row in rows}["MA PAU", "people"] == "-68.0"
    code, out, _ = said(capsys, run.path.parent, "--by", "kind", "--date", "01/02/2026", "--json")
    told = json.loads(out)
    assert (told["day"], told["never_fitted"], {line["level"] for line in told["lines"]}) == ("2026-02-01", True, {"kind"})
    assert said(capsys, run.path, "--by", "prison")[2].startswith("--by: met 'prison', expected one of nation, kind,")
    assert said(capsys, run.path, "--csv", "/proc/none/x")[0] == 2
    assert said(capsys, tmp_path / "nowhere")[0] == 2
