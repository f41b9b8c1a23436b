"""What a French spreadsheet and a French terminal show of codes: words, for every indicator and every group of a run."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from sim.experiments.result_views import MEANINGS
from sim.indicators.catalogue import CATALOGUE
from sim.presentation.headings import code_in_french, in_french
from sim.presentation.messages import french
from sim.records.codes import Cause
from tests.cli.test_language import english_in

OWN_NAMES = re.compile(r"[A-Z]{2,4}(-[A-Z]{2,4})?|<?≥?[\d–+.]+( %)?|Bordeaux|Dijon|Lille|Lyon|Marseille|Outre-mer|Paris|Rennes|"
                       r"Strasbourg|Toulouse|crime|délit|central|suspension|homicide|permission|stock|places")  # fmt: skip
"""Values that are the same word in both languages, or names."""


def test_every_indicator_and_every_view_has_its_french():
    units = {entry.unit for entry in CATALOGUE.values()}
    texts = [*(entry.label for entry in CATALOGUE.values()), *units, *MEANINGS.values()]
    told = {text: french(text) for text in texts}
    assert [text for text, words in told.items() if words is None or english_in(words)] == []


def test_every_cause_has_its_words():
    for cause in Cause:
        assert code_in_french("cause", cause.name) != cause.name


@pytest.mark.parametrize("name", ["group", "cause", "indicator"])
def test_codes_stay_and_their_words_follow(name):
    code = {"group": "route=dry,procedure=LSC", "cause": "NO_COUNSELLOR", "indicator": "dry_releases"}[name]
    told = in_french(pd.DataFrame({name: [code], "value": [1.5]}))
    assert told.iloc[0, 0] == code
    assert told.columns[1].endswith(("en clair", "libellé de l'indicateur"))
    assert (
        told.iloc[0, 1]
        == {
            "group": "voie : sèche, procédure : LSC",
            "cause": "Pas de conseiller (CPIP)",
            "indicator": french(CATALOGUE["dry_releases"].label),
        }[name]
    )


def test_routes_are_words_where_they_stand_and_numbers_stay():
    told = in_french(pd.DataFrame({"base": ["dry", "not in the window"], "policy": ["DDSE", "unsentenced"]}))
    assert list(told["référence"]) == ["Sortie sèche", "pas sorti dans la période"]
    assert list(told["politique"]) == ["Détention à domicile (DDSE)", "Sans peine à exécuter"]
    assert list(in_french(pd.DataFrame({"base": [1.5]}))["référence"]) == [1.5]


def test_every_group_of_the_figures_that_are_shipped_is_told_in_french(root):
    shipped_groups = sorted(
        set(pd.read_parquet(root / "results" / "reference" / "figures.parquet", columns=["group"])["group"])
    )
    assert len(shipped_groups) > 200
    left = set()
    for group in shipped_groups:
        for part in group.split(","):
            axis, _, value = part.partition("=")
            told = str(code_in_french("group", part))
            name, _, words = told.partition(" : ")
            if axis in {"site", "court", "all"}:
                continue
            same = words == value and not OWN_NAMES.fullmatch(value)
            if same or english_in(told) or (name == axis and axis not in {"cause", "stock", "quantile", "place", "all"}):
                left.add(part)
    assert not left
