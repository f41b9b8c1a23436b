"""What a note says it leans on are assumptions of the baseline, told by their numbers, in both languages."""

from __future__ import annotations

import re

import pytest

from sim.cli.note import write_note
from sim.library.families import FAMILIES
from sim.presentation.key_assumptions import KEY_ASSUMPTIONS, MOST, key_assumptions
from sim.presentation.texts import LANGUAGES, Texts
from sim.scenario import check, load_scenario
from sim.scenario.numbering import numbers


def test_every_family_leans_on_assumptions_of_the_baseline():
    assumed = {item.path for item in check(load_scenario("baseline")).hypotheses}
    assert set(KEY_ASSUMPTIONS) == set(FAMILIES)
    assert {path for paths in KEY_ASSUMPTIONS.values() for path in paths} <= assumed


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_line_gives_number_name_value_and_range(lang):
    lines = key_assumptions(Texts(lang), ["means"])
    hours = next(line for line in lines if line.startswith(numbers()["means.probation_service.administration_hours"]))
    value = Texts(lang).short(load_scenario("baseline").number("means.probation_service.administration_hours"))
    assert re.search(rf" · .+: {re.escape(value)} .+\((plage|range) 5–13\)$", hours)
    assert key_assumptions(Texts(lang), ["means", "means"]) == lines
    assert len(key_assumptions(Texts(lang), list(FAMILIES))) == MOST


def test_a_note_tells_them(tmp_path, root):
    write_note(["fill_vacant_posts"], reference=root / "results" / "reference", to=tmp_path / "note.html")
    text = (tmp_path / "note.html").read_text(encoding="utf-8")
    assert all(numbers()[path] in text for path in KEY_ASSUMPTIONS["means"])
