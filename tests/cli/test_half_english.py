"""Refusals of files as people write them, in French: no English word is left around the names and values."""

from __future__ import annotations

import re

import pytest

from sim.errors import SimError
from sim.policies import POLICIES
from sim.presentation.messages import french
from sim.scenario import load_scenario, read_scenario

HEAD = "extends: baseline.yaml\ntitle: {fr: Essai, en: Try}\nquestion: {fr: Quoi ?, en: What?}\n"
CHANGE = HEAD + "changes:\n  - {on: 2026-07-01, "
POSTS = "means.probation_service.posts"
FRACTION = "law.release_under_constraint.fraction_served"
FILES = {
    "thousands": f'{CHANGE}add: {POSTS}, by: "1,000"}}\n',
    "too many": f"{CHANGE}add: {POSTS}, by: 1e9}}\n",
    "too few": f"{CHANGE}add: {POSTS}, by: -2000}}\n",
    "percent": f"{CHANGE}set: {FRACTION}, to: 50, applies_to: everyone}}\n",
    "percent sign": f"{CHANGE}set: {FRACTION}, to: 50 %, applies_to: everyone}}\n",
    "percent of a flow": f"{CHANGE}scale: flows.committals.fast_track, by: 10 %}}\n",
    "typing": f"{CHANGE}add: means.probation_services.posts, by: 1}}\n",
    "no number": f"{CHANGE}set: {POSTS}, to: true}}\n",
    "nothing": f"{CHANGE}set: {POSTS}, to: null}}\n",
    "no day": f"{HEAD}changes:\n  - {{on: 1er juillet 2026, add: {POSTS}, by: 1}}\n",
    "a table": f"{HEAD}changes:\n  on: 2026-07-01\n  add: {POSTS}\n",
    "a name": f"{HEAD}name: 2026\n",
    "an end": f"{HEAD}end: 2020-01-01\n",
    "a policy": f"{HEAD}policies:\n  - {{name: populaton_cap, on: 2026-07-01}}\n",
    "a setting": f"{HEAD}policies:\n  - {{name: population_cap, on: 2026-07-01, with: {{density: 130 %}}}}\n",
    "density": f"{HEAD}policies:\n  - {{name: population_cap, on: 2026-07-01, with: {{density: 130}}}}\n",
    "infinite": f"{CHANGE}set: {POSTS}, to: .inf}}\n",
    "sample": f"{HEAD}sampling_fraction: 5 %\n",
}
ENGLISH = re.compile(
    r"\b(expected|met|makes|but|did you|list them|there (is|are)|write|could be|from|such as|lines|number|text|is not|go(es)?|"
    r"counsellors|committals|after the)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("kind", FILES)
def test_no_english_is_left_in_a_refusal(tmp_path, kind):
    file = tmp_path / "essai.yaml"
    file.write_text(FILES[kind], encoding="utf-8")
    with pytest.raises(SimError) as refused:
        load_scenario(file, known_policies=frozenset(POLICIES))
    told = french(str(refused.value))
    assert told is not None, refused.value
    words = re.sub(r"'[^']*'|«[^»]*»|\{[^}]*\}|[\w./-]*/[\w./-]*|sortie \w+", "", told)
    assert not ENGLISH.search(words), told


def test_a_place_in_a_file_is_never_taken_for_a_blank():
    place = "essai.yaml:7: changes[0].by: "
    told = french(f"{place}expected a number, met '1,000' (it could be 1.000 or 1000: write one of them)")
    assert told == f"{place}un nombre est attendu, on lit '1,000' (ce pourrait être 1.000 ou 1000 : écrire l'un des deux)"


def test_numbers_in_thousands_are_written_as_in_french():
    assert (
        french("counsellors go from 0 to 1,000,000")
        == "conseillers : de 0 à 1\N{NARROW NO-BREAK SPACE}000\N{NARROW NO-BREAK SPACE}000"
    )


@pytest.mark.parametrize(
    ("english", "told"),
    [
        ("met 2 statements, expected one question (show views).", "2 questions"),
        ("x.pdf: met a file in '.pdf', expected one of .xlsx, .csv.", "un fichier en '.pdf'"),
        ("kept: not a run, manifest.json is missing or unreadable. Make one with `sortie run`.", "En faire une avec"),
        (
            "kept: not a run, manifest.json is missing or unreadable (no such file or directory). Did you mean 'a'?",
            "Vouliez-vous",
        ),
    ],
)
def test_what_was_met_is_told_too(english, told):
    found = french(english)
    assert told in found
    assert not re.search("met |statement|file|run,|Did you|Make", found), found


def test_the_way_out_of_a_rule_that_no_run_reads_is_told_in_french():
    assert french("To simulate it, change 'flows.ab_initio.outcome'") == "Pour le simuler : changer « flows.ab_initio.outcome »"


@pytest.mark.parametrize(
    "text", ["\t- a", "a: b: c", "a: [1, 2", "a: {b: 1", "a: 'x", "a: \x01", "- a\nb: c", "a\nb: c: d", "a: @x", "a: [1}"]
)
def test_what_is_no_yaml_is_told_in_french_to_the_last_word(text):
    with pytest.raises(SimError) as refused:
        read_scenario(f"extends: baseline.yaml\n{text}\n", name="essai.yaml")
    told = french(str(refused.value))
    assert told is not None
    assert not re.search(r"\b(found|not|did|expected|could|character|line|indentation of)\b", told.replace("'", " ")), told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("baseline #0: saved after 4.7 s", "baseline #0 : enregistré après 4,7 s"),
        ("no answer after 0.5 s. Ask for less: one period, one scenario, fewer rows joined.", "pas de réponse après 0,5 s"),
        ("--seconds: met 0, expected a number from 0.001 to 86,400.", "un nombre de 0,001 à 86\u202f400 est attendu"),
        ("the smallest setting that reaches it is 1041.89", "le plus petit réglage qui l'atteint est 1041,89"),
        ("arm, against the base (2 replications, 1 draws)", "(2 réplications, 1 tirage)"),
    ],
)
def test_numbers_to_be_read_have_a_comma_and_one_is_not_many(text, told):
    assert told in (french(text) or "")


def test_a_number_to_be_typed_into_a_file_keeps_its_point():
    assert "écrire 0.5" in (french("x.yaml:4: a: 50, but a share goes from 0 to 1. If 50 % is meant, write 0.5") or "")
