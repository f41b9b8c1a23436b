"""What a cell says, as people and the ministry write it."""

from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.calibration.published_month import KIND_OF
from sim.scenario.geography import _KIND_OF, KINDS
from sim.scenario.months import cells
from tests.ministry import TABLES

KNOWN_KINDS = TABLES.known(lambda row: row.quarter_type)
KNOWN_REGIONS = TABLES.known(lambda row: row.region)

COUNTS = [
    ("2 455", 2455), ("2\u202f455", 2455), ("2\xa0455", 2455), ("192.0", 192), ("192,0", 192), ("0", 0), ("-3", -3),
    ("NC", None), ("n.c.", None), ("Nc", None), ("", None), ("n.d.", None), ("secret statistique", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), COUNTS)
def test_counts(text, value):
    assert cells.count(text) == value


@pytest.mark.parametrize(
    "text", ["12.5", "2.455", "--", "-", "x", "1e3", "٣", "inf", "12 %", "0x10", "1,2,3", "NC 3", "?", "..."]
)
def test_what_is_no_count(text):
    with pytest.raises(ValueError, match=r"^"):
        cells.count(text)


@given(st.text(max_size=12))
def test_a_cell_is_a_count_masked_or_refused(text):
    try:
        value = cells.count(text)
    except ValueError:
        return
    assert value is None or isinstance(value, int)


@pytest.mark.parametrize(
    ("text", "value"), [("205,6 %", 205.6), ("205.6%", 205.6), ("2.056", 2.056), ("--", None), ("NC", None), ("", None),
                        ("Inf", math.inf), ("#DIV/0!", math.inf)],
)  # fmt: skip
def test_densities(text, value):
    assert cells.density(text) == value


@pytest.mark.parametrize(
    "text", ["2026-03-01", "2026-03-01 00:00:00", "2026-03-01T00:00:00", "01/03/2026", "1/3/2026", "01.03.2026", "01-03-26",
             "1er mars 2026", "mars 2026", "Mars 2026", "46082"],
)  # fmt: skip
def test_days(text):
    assert cells.day(text) == date(2026, 3, 1)


@pytest.mark.parametrize("text", ["2026", "mars", "32/01/2026", "01/13/2026", "le mars 2026 mai", "99999", ""])
def test_what_is_no_day(text):
    with pytest.raises(ValueError, match=r"^"):
        cells.day(text)


def test_the_day_of_a_title():
    assert cells.day_within("Effectifs actualisés au 1er août 2026") == date(2026, 8, 1)
    assert cells.day_within("Situation au 01/12/2026 à 0 h") == date(2026, 12, 1)
    assert cells.day_within("Tableau 14 : Répartition des personnes écrouées") is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("DISP BORDEAUX", "Bordeaux"), ("Direction interrégionale de Lyon", "Lyon"), ("Bordeaux", "Bordeaux"),
        ("Tableau 16 : Répartition par établissement - Direction Interrégionale de Lille", "Lille"),
        ("Direction interrégionale des services pénitentiaires de Paris", "Paris"), ("tab14 Bordeaux", "Bordeaux"),
        ("DSPOM", "Mom"), ("Mspom - Mission Outre Mer", "Mom"), ("Direction d'Outre-Mer", "Mom"), ("MOM", "Mom"),
        ("Rouen", None), ("", None), ("Tab14", None), ("CP PARIS LA SANTE", None),
    ],
)  # fmt: skip
def test_interregions(text, name):
    assert cells.region(text, KNOWN_REGIONS) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("MA/QMA", "MA/QMA"),
        ("qMA", "MA/QMA"),
        ("ma / qma", "MA/QMA"),
        ("CSL", "CSL/QSL"),
        ("sas", "SAS"),
        ("Total", None),
        ("", None),
    ],
)
def test_kinds(text, name):
    assert cells.kind(text, KNOWN_KINDS) == name


def test_spellings_of_a_name_are_one():
    assert cells.name_key("FLEURY-MÉROGIS") == cells.name_key("Fleury Merogis")
    assert cells.name_key("Maison d'arrêt de Saint-Brieuc") == cells.name_key("MA ST BRIEUC")
    assert cells.name_key("MA LYON CORBAS") != cells.name_key("CP LYON CORBAS")
    names = {row.establishment: row.site for rows in TABLES.months.values() for row in rows}
    keys = {cells.name_key(name): site for name, site in names.items()}
    assert len(keys) == len(names), "no two establishments have one name"


def test_kinds_of_the_table_are_those_of_the_model():
    assert {kind: KINDS[code] for kind, code in _KIND_OF.items()} == KIND_OF
