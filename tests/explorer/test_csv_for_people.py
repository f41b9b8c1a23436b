"""CSV files that people download: headings in their language, one value a cell, numbers as numbers."""

from __future__ import annotations

import csv
import io
import re

import pandas as pd
import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from sim.cli import main
from sim.experiments.export import to_csv
from sim.experiments.replicate import replicate
from sim.explorer.sections.comparison import SECTIONS
from sim.presentation.headings import FRENCH, in_french
from sim.records.run_folder import open_run
from sim.records.tables import SCHEMA
from sim.scenario.observed import observed_file
from tests.experiments.conftest import FakeScenario, fabricated_engine

PAGES = ("overview", "compare", "howmany", "life", "sites", "sources", "method")
ENGLISH = {name for name, words in FRENCH.items() if words != name}
NUMBER = r"[-−+]?\d[\d\u202f\u00a0 ]*(?:[.,]\d+)?"
WORDED = re.compile(
    rf"^{NUMBER}[\u00a0\u202f ]?(%|jours|days|pts?|M€|Md€)|^{NUMBER} \(|\d\u202f\d|^{NUMBER} [–→] {NUMBER}|[;·] {NUMBER}$"
)
"""A number with its unit, its interval or its thousands apart: what people read, and no program."""


@pytest.fixture(scope="module")
def files(root):
    """Every CSV of every page, by language and name, as it would be downloaded."""
    found = {}

    def kept(_label, data, *, file_name, **_):
        if file_name.endswith(".csv"):
            found[lang, file_name] = (data() if callable(data) else data).decode("utf-8-sig")
        return False

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(streamlit, "download_button", kept)
        for lang in ("fr", "en"):
            app = AppTest.from_file(str(root / "app.py"), default_timeout=180)
            app.query_params["lang"] = lang
            app.run()
            for page in PAGES:
                app.switch_page(f"sim/explorer/pages/{page}.py").run()
                assert not app.exception, (page, app.exception)
                for section in SECTIONS if page == "compare" else ():
                    next(box for box in app.radio if box.key == f"section-{lang}").set_value(section).run()
                    assert not app.exception, (section, app.exception)
    return found


def rows_of(text, *, french):
    return list(csv.reader(io.StringIO(text), delimiter=";" if french else ","))


def test_there_are_files_of_every_page(files):
    names = {name for _, name in files}
    assert {"detenus.csv", "detenus-excel.csv", "comparaison.csv", "parametres.csv", "validation.csv", "combien.csv",
            "attentes.csv", "voies.csv", "occupation.csv", "couts.csv", "flux.csv", "pont.csv"} <= names  # fmt: skip
    assert any(name.startswith("etablissements-") for name in names)
    assert any(name.startswith("vie-") for name in names)


def test_establishments_are_those_last_published_and_none_is_simulated(files):
    text = next(text for (lang, name), text in files.items() if lang == "en" and name == "etablissements-2026-01-01.csv")
    head, *rows = rows_of(text, french=False)
    table = observed_file("establishments.csv").read_text(encoding="utf-8").splitlines()
    published = [row for row in csv.DictReader(table) if row["date"] == "2026-01-01" and row["detainees"]]
    column = head.index("held")
    assert sum(float(row[column]) for row in rows) == sum(float(row["detainees"]) for row in published)
    assert not {"dry_rate_exits", "density_change"} & set(head)


def test_a_french_reader_can_read_every_heading(files):
    french = {key: text for key, text in files.items() if key[0] == "fr" or key[1].endswith("-excel.csv")}
    assert len(french) > 15
    for (lang, name), text in french.items():
        head = rows_of(text, french=name.endswith("-excel.csv"))[0]
        assert not set(head) & ENGLISH, (lang, name, head)
        assert not [word for word in head if "_" in word], (lang, name, head)


def test_english_files_keep_the_names_of_the_columns(files):
    head = rows_of(files["en", "comparaison.csv"], french=False)[0]
    assert head[:4] == ["scenario", "outcome", "indicator", "group"]
    assert {"mean", "difference", "difference_low", "difference_high"} <= set(head)


def test_a_cell_holds_one_value(files):
    for (lang, name), text in files.items():
        if name.startswith("vie-"):
            continue  # a life is told in sentences
        head, *rows = rows_of(text, french=name.endswith("-excel.csv"))
        assert rows, (lang, name)
        for row in rows:
            assert len(row) == len(head)
            bad = [cell for cell in row if len(cell) < 60 and WORDED.search(cell)]
            assert not bad, (lang, name, bad, row)


def test_numbers_are_those_of_the_page(files):
    frame = pd.read_csv(io.StringIO(files["en", "comparaison.csv"]))
    other = pd.read_csv(io.StringIO(files["fr", "comparaison-excel.csv"]), sep=";", decimal=",")
    assert frame["mean"].dtype == other["moyenne"].dtype == float
    pd.testing.assert_series_equal(frame["mean"], other["moyenne"], check_names=False)


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("csv")
    with pytest.MonkeyPatch.context() as patch:
        fabricated_engine(patch)
        replicate([FakeScenario("baseline"), FakeScenario("policy", grant=0.6)], replications=2, workers=1, output=folder)
    return [str(next((folder / name).iterdir())) for name in ("baseline", "policy")]


@pytest.mark.parametrize(("options", "french"), [((), False), (("--lang", "fr"), True), (("--excel-fr",), True)])
def test_compare_writes_headings_for_its_reader(runs, tmp_path, capsys, options, french):
    with pytest.raises(SystemExit) as left:
        main(["compare", *runs, "--csv", str(tmp_path / "csv"), *options])
    assert left.value.code == 0, capsys.readouterr().err
    tables = sorted((tmp_path / "csv").glob("*.csv"))
    assert len(tables) == 5
    for path in tables:
        head = rows_of(path.read_text(encoding="utf-8-sig"), french="--excel-fr" in options)[0]
        if french:
            assert not set(head) & ENGLISH, (path.name, head)
            assert not [word for word in head if "_" in word], (path.name, head)
        else:
            assert set(head) <= set(FRENCH), (path.name, head)


def test_tables_of_a_run_keep_their_names(runs):
    run = open_run(runs[0])
    for name, columns in SCHEMA.items():
        assert list(run.table(name, 0).columns) == [column.name for column in columns]


def test_no_two_headings_of_a_table_become_one():
    frame = pd.DataFrame([[1, 2.5]], columns=["scenario", "mean"])
    assert to_csv(in_french(frame), french=True) == "\ufeffscénario;moyenne\r\n1;2,5\r\n".encode()
    assert len(set(FRENCH.values())) > len(FRENCH) - 8
