"""The highest legal maximum of concurrent offences, and withdrawals beyond what was had: each value worked from the text."""

from __future__ import annotations

import json

import pytest

from sim.errors import LawError, RequestError
from sim.law.rulebook.execution import Extract, total
from sim.law.rulebook.maximum import within_maximum


@pytest.fixture
def told(ask, tmp_path):
    """What ``sortie law sentence`` answers to a file of sentences, given as YAML."""

    def _told(text, *options):
        path = tmp_path / "file.yaml"
        path.write_text(text, encoding="utf-8")
        return ask("sentence", str(path), *options).stdout

    return _told


FOUR_AND_A_HALF = """committed: 2021-02-01
legal_maximum: 5 years
sentences:
  - {name: theft, quantum: 4 years}
  - {name: assault, quantum: 18 months}
"""


def test_a_sentence_that_the_maximum_cuts_is_said_with_its_article(told):
    """Four years and eighteen months are five and a half: six months too many, off the last served (132-4)."""
    assert "(CP 132-4, 132-5): 5 years\n  assault: 1 year 6 months, of which 1 year are served\n" in told(FOUR_AND_A_HALF)
    french = told(FOUR_AND_A_HALF, "--lang", "fr")
    assert "(CP 132-4, 132-5) : 5 ans\n  assault : 1 an 6 mois, dont 1 an à exécuter\n" in french
    maximum = json.loads(told(FOUR_AND_A_HALF, "--json"))["maximum"]
    assert maximum == {"months": 60, "cuts": [{"name": "assault", "pronounced": [18, 0], "served": [12, 0]}]}


def test_a_sentence_that_the_maximum_leaves_nothing_of_is_said_too(told):
    """Five years already, then two months: nothing of them is served; the third line of the order is not there."""
    text = FOUR_AND_A_HALF + "  - {name: insult, quantum: 2 months}\n"
    out = told(text)
    assert "  insult: 2 months, not served\n  assault: 1 year 6 months, of which 1 year are served\n" in out
    assert "insult" not in out.partition("Order of execution")[2]


def test_a_maximum_that_cuts_nothing_says_so(told):
    assert "(CP 132-4, 132-5): 6 years; nothing is cut" in told(FOUR_AND_A_HALF.replace("5 years", "6 years"))
    assert json.loads(told(FOUR_AND_A_HALF, "--json"))["rows"]
    assert "maximum" not in json.loads(told(FOUR_AND_A_HALF.replace("legal_maximum: 5 years\n", ""), "--json"))


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize(("maximum", "named"), [("3 years", "theft"), ("47 months", "theft"), ("45 days", "45 days")])
def test_a_maximum_below_a_sentence_is_refused_and_names_it(told, lang, maximum, named):
    with pytest.raises(RequestError, match=f"legal_maximum.*{named}"):
        told(FOUR_AND_A_HALF.replace("5 years", maximum), "--lang", lang)


def test_a_maximum_of_the_very_length_of_a_sentence_is_taken(told):
    assert "assault: 1 year 6 months, not served" in told(FOUR_AND_A_HALF.replace("5 years", "4 years"))


def test_a_suspended_sentence_that_another_revoked_is_not_concurrent_with_it():
    """132-2: its offence was judged for good when the other came. Four years and two are six: a year is cut, of the others."""
    extracts = (Extract(12, name="old", revoked_by=1), Extract(48, name="new"), Extract(24, name="other"))
    found = within_maximum(extracts, 60)
    assert [(extract.name, extract.months) for extract in found.extracts] == [("old", 12), ("new", 48), ("other", 12)]
    assert total(found.extracts) == (72, 0)


def test_facts_after_another_sentence_was_final_are_not_concurrent(told):
    """Judged on 1 May 2020: ten days end on 11 May, a Monday; final on the 12th. Facts of the 11th are, of the 12th are not."""
    text = FOUR_AND_A_HALF.replace("quantum: 4 years", "quantum: 4 years, judged: 2020-05-01")
    for facts, said in (("2020-05-11", False), ("2020-05-12", True)):
        out = told(text.replace("18 months}", f"18 months, facts: {facts}, judged: 2020-12-01}}"))
        assert ("not concurrent (CP 132-2)" in out) is said
    merged = text.replace("18 months}", "18 months, facts: 2020-06-01, merged_into: theft, judged: 2020-12-01}")
    assert "not concurrent" in told(merged.replace("legal_maximum: 5 years\n", ""))
    alone = text.replace("18 months}", "18 months, facts: 2020-06-01, judged: 2020-12-01}")
    assert "not concurrent" not in told(alone.replace("legal_maximum: 5 years\n", ""))


YEAR_OF_2021 = """committed: 2021-03-15
sentences:
  - {quantum: 12 months}
  - {quantum: DAYS days, withdrawal: true}
"""
"""Credit of three months: 15 March 2022 back to 15 December 2021, ninety days; nine months are left, of seven days each: 63."""


def test_a_withdrawal_of_all_the_credit_is_served_without_a_word(told):
    assert "721-2" not in told(YEAR_OF_2021.replace("DAYS", "90")).partition("\n! ")[2]


def test_a_withdrawal_beyond_the_credit_is_said_with_the_number(told):
    said = told(YEAR_OF_2021.replace("DAYS", "91"))
    assert "Withdrawals of 91 days, of which 90 of credit at most (D115-2, D115-14-1): 1 days must come from" in said
    assert "Retraits de 91 jours, dont 90 de crédit" in told(YEAR_OF_2021.replace("DAYS", "91"), "--lang", "fr")


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_withdrawal_of_more_than_every_reduction_is_refused_with_the_number(told, lang):
    assert "2022-03-15 − (3 months) + 153 days = 2022-05-17" in told(YEAR_OF_2021.replace("DAYS", "153"))
    with pytest.raises(LawError, match=r"154 .* 90 .* 63 .* 153"):
        told(YEAR_OF_2021.replace("DAYS", "154"), "--lang", lang)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_since_2023_no_more_than_the_reductions_may_be_withdrawn(told, lang):
    """A year from 15 March 2023: six months for the year, fourteen days a month below it; 12 × 14 = 168, six months are 182."""
    text = YEAR_OF_2021.replace("2021", "2023")
    most = 182
    assert "2024" in told(text.replace("DAYS", str(most)), "--lang", lang)
    with pytest.raises(LawError, match=f"{most + 1} .* 0 .* {most}"):
        told(text.replace("DAYS", str(most + 1)), "--lang", lang)


def test_facts_in_detention_may_be_of_organised_crime_which_is_not_merged(told):
    """132-6-1: said of facts after the committal, since June 2025; merged or within a maximum, not served in turn."""
    text = FOUR_AND_A_HALF.replace("18 months}", "18 months, facts: 2025-07-01, judged: 2025-12-01}")
    assert "132-6-1" in told(text)
    assert "132-6-1" not in told(text.replace("2025-07-01", "2025-01-01"))
    assert "132-6-1" not in told(text.replace("legal_maximum: 5 years\n", ""))
