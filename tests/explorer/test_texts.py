"""The two catalogues, and how numbers are written in each language."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from sim.explorer.scenario_form import levers
from sim.explorer.sections.reconviction import ASSUMPTIONS
from sim.explorer.sections.waits import JUDGES
from sim.indicators.bridge import STEPS
from sim.library.families import FAMILIES
from sim.library.lives import KINDS as LIVES
from sim.policies import POLICIES
from sim.presentation.headlines import CARDS, CAUSES, KINDS, SOUGHT, TABLE
from sim.presentation.life_story import span
from sim.presentation.texts import LANGUAGES, Texts, catalogue
from sim.reconviction.claims import MUST_NOT_CLAIM
from sim.records.codes import Cause, Movement, Offence, Outcome

EXPLORER = Path(__file__).resolve().parents[2] / "sim" / "explorer"


def test_both_languages_have_the_same_keys_and_the_same_blanks():
    french, english = (catalogue(lang) for lang in LANGUAGES)
    assert set(french) == set(english)
    blanks = {key: (set(re.findall(r"\{(\w+)\}", french[key])), set(re.findall(r"\{(\w+)\}", english[key]))) for key in french}
    assert {key: pair for key, pair in blanks.items() if pair[0] != pair[1]} == {}


def test_every_text_asked_for_is_written():
    asked = set()
    for path in EXPLORER.rglob("*.py"):
        asked |= set(re.findall(r"""\bt\(\s*"([a-z_]+\.[A-Za-z_.0-9]+)\"""", path.read_text(encoding="utf-8")))
    assert len(asked) > 150
    assert asked - set(catalogue("fr")) == set()


def calls_of_texts():
    """Key and names of the values of every call of a text by its key, in the explorer."""
    for path in EXPLORER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args or any(keyword.arg is None for keyword in node.keywords):
                continue
            first, called = node.args[0], node.func
            by_key = isinstance(first, ast.Constant) and isinstance(called, ast.Name | ast.Attribute)
            if by_key and (called.id if isinstance(called, ast.Name) else called.attr) == "t":
                yield first.value, {keyword.arg for keyword in node.keywords}


def test_every_text_is_given_what_its_blanks_ask_for():
    calls = list(calls_of_texts())
    blanks = {key: set(re.findall(r"\{(\w+)\}", text)) for key, text in catalogue("fr").items()}
    assert sum(bool(given) for _, given in calls) > 50
    # A text without values is not filled in: its braces, if it has any, are its own.
    assert [(key, given, blanks[key]) for key, given in calls if given and given != blanks[key]] == []


@pytest.mark.parametrize(
    ("days", "said"),
    [(59, "59 jours"), (60, "2 mois"), (900, "30 mois"), (1096, "3 ans"), (1461, "4 ans"), (1200, "3 ans et 3 mois")],
)
def test_a_length_of_time_is_written_as_people_say_it(days, said):
    assert span(Texts("fr"), days) == said
    assert span(Texts("en"), days)


def test_every_code_that_a_page_names_has_a_name():
    wanted = {f"cause.{cause.name}" for cause in Cause} | {f"offence.{o.name}" for o in Offence}
    wanted |= {f"outcome_of.{o.name}" for o in Outcome} | {f"event.{m.name}" for m in Movement}
    wanted |= {f"outcome.{o.key}" for o in (*CARDS, *TABLE)} | {f"outcome.{o.key}.help" for o in CARDS}
    wanted |= (
        {f"kind.{kind}" for kind in KINDS} | {f"life.kind.{kind}" for kind in LIVES} | {f"outcome.{key}" for key in SOUGHT}
    )
    wanted |= {f"family.{family}" for family in FAMILIES} | {f"bridge.{position}" for position in range(len(STEPS))}
    wanted |= {f"judges.{o.key}" for o in JUDGES} | {f"assumption.{name}" for name in ASSUMPTIONS}
    for name, policy in POLICIES.items():
        wanted |= {f"policy.{name}", f"policy.{name}.help", *(f"policy.{name}.{setting}" for setting in policy.defaults)}
    for lever in levers():
        wanted |= {f"lever.{lever.key}"}
        if lever.by == "law":
            wanted |= {f"lever.{what}.{lever.key}" for what in ("format", "today", "about")}
    assert wanted - set(catalogue("fr")) == set()
    assert set(CAUSES) == {cause.name for cause in Cause}


def test_what_must_not_be_claimed_is_said_in_full_in_both_languages():
    english, french = catalogue("en"), catalogue("fr")
    assert [english[f"claim.{n}"] for n in range(1, len(MUST_NOT_CLAIM) + 1)] == list(MUST_NOT_CLAIM)
    assert f"claim.{len(MUST_NOT_CLAIM) + 1}" not in english
    assert all(len(french[f"claim.{n}"]) > 0.6 * len(text) for n, text in enumerate(MUST_NOT_CLAIM, 1))


def test_no_english_text_is_the_french_one_by_oversight():
    french, english = (catalogue(lang) for lang in LANGUAGES)
    same = [key for key in french if french[key] == english[key] and len(french[key].split()) > 4]
    assert same == []


@pytest.mark.parametrize(
    ("lang", "value", "kind", "expected"),
    [
        ("fr", 86140.4, "people", "86\u202f140"),
        ("en", 86140.4, "people", "86,140"),
        ("fr", 0.5387, "share", "53,9\u00a0%"),
        ("en", 0.5387, "share", "53.9%"),
        ("fr", 4.35e9, "euros", "4,35 Md€"),
        ("en", 4.35e9, "euros", "€4.35 bn"),
    ],
)
def test_levels_are_written_as_the_language_does(lang, value, kind, expected):
    assert Texts(lang).level(value, kind) == expected


def test_a_difference_of_shares_is_in_points_and_has_a_true_minus():
    assert Texts("fr").change(-0.0089, "share") == "−0,9 points"
    assert Texts("en").change(0.0089, "share") == "+0.9 points"
    assert Texts("fr").change(-0.0001, "share") == "0,0 points"


def test_an_unknown_language_is_french():
    assert Texts("de").lang == Texts(None).lang == "fr"
