"""What the calibration found, as a page shows it: told from its own files, in both languages."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from sim.calibration.summary import SHOWN, summary
from sim.calibration.targets import compare_with, packaged
from sim.library.read import VALIDATION, Reference
from sim.presentation import calibration_summary
from sim.presentation.texts import LANGUAGES, Texts
from sim.scenario import load_scenario

PATHS = ("practices.hearings.decision.level", "practices.files.lead_days", "means.enforcement_courts.hearing_slots")


@pytest.fixture(scope="module")
def validation():
    runs = [{t.name: t.value + t.tolerance * (number - 1.8) for t in packaged()} for number in range(4)]
    rows = [row._asdict() for row in compare_with(packaged(), runs)]
    central = [row._asdict() for row in compare_with(packaged(), runs[:1])]
    moved = [(PATHS[0], 0.50, 0.51), (PATHS[1], 0.60, 0.52), (PATHS[2], 0.45, 0.65)]
    checked = [
        {
            "path": path,
            "headline": "dry_2024",
            "direct": high - low,
            "emulated": 0.0,
            "levels": [1.0, 2.0],
            "outputs": [low, high],
        }
        for path, low, high in moved
    ]
    value = [{"path": PATHS[number % 3], "shrinks": 0.1 * number} for number in range(20)]
    results = {
        "calibration": {"version": "1", "source": "a" * 64, "frame": {}, "draws": rows, "central": central},
        "sensitivity": {"checked": checked, "value": {"dry_2024": value}, "variance": []},
        "backtest": {"errors": [{"series": "detained", "years": 1, "model": 0.012, "last_value": 0.06, "linear_trend": 0.07}]},
    }
    return json.loads(json.dumps(summary(results, load_scenario("baseline"))))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_published_figure_is_told(validation, lang):
    t = Texts(lang)
    table = pd.DataFrame(calibration_summary.targets_table(t, validation))
    assert len(table) == len(packaged())
    assert table[t("table.outcome")].is_unique
    assert set(table[t("method.within")]) == {t("method.no")}  # the central draw was put 1.8 tolerances away
    assert set(table[t("method.inside")]) == {t("method.yes")}
    detained = table.iloc[0]
    assert detained[t("method.gap")] == t.change(-1.8 * 849, "people")
    assert f" {len([row for row in packaged() if not row.follows])} " in calibration_summary.counted(t, validation)
    assert len(calibration_summary.forecasts_table(t, validation)) == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_moves_a_headline_most_comes_first_in_words(validation, lang):
    t = Texts(lang)
    _, alt, lines = calibration_summary.reach(t, validation, "dry_2024")
    names = [validation["names"][path][lang] for path in (PATHS[2], PATHS[1], PATHS[0])]
    names[2] += f" ({t('weighs.level')})"
    assert [line[t("method.value")] for line in lines] == names
    assert alt.startswith(names[0])
    assert t.percent(0.6, 1) + " → " + t.percent(0.52, 1) in alt
    assert calibration_summary.reach(t, validation, "detained_2025") is None
    assert len(validation["worth"]["dry_2024"]) == SHOWN
    assert len(calibration_summary.worth(t, validation, "dry_2024")) == 5
    assert calibration_summary.worth(t, validation, "detained_2025").empty


def test_a_reference_without_calibration_says_so_and_one_with_it_reads_it(validation, tmp_path):
    assert Reference(tmp_path, {}).validation is None
    (tmp_path / VALIDATION).write_text(json.dumps(validation), encoding="utf-8")
    assert Reference(tmp_path, {}).validation == validation
