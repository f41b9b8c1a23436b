"""``sortie law withdrawal`` and ``silence``, each date worked by hand from the article it names."""

from __future__ import annotations

import json

import pytest

from sim.dates import iso, parse_day
from sim.errors import RequestError
from sim.law import Sentence, Statutes
from sim.law.adjustments import ADJUSTMENTS
from sim.law.rulebook.execution import Extract, credited_end, under_committal
from sim.law.rulebook.foreigners import removal_said, without_measure
from sim.law.rulebook.special_remission import withdrawal_order_end_day
from sim.law.statutes import NoSuchRuleError


@pytest.mark.parametrize(
    ("asked", "most", "until"),
    [
        # Three years, seven months of credit; a year and a month of detention: three months from 1 February 2024 back and seven
        # days (721 al. 3, D115-14-1), within a year (D115-9).
        (("--committed", "2021-02-01", "--quantum", "3 years", "--misconduct", "2022-03-01"), 99, "2023-03-01"),
        # The detention of the last two months alone: fourteen days.
        (
            ("--committed", "2021-02-01", "--quantum", "3 years", "--misconduct", "2022-03-01", "--examined", "2022-01-01"),
            14,
            "2023-03-01",
        ),
        # Four months of detention and nine days: seven days for each of the four.
        (("--committed", "2021-02-01", "--quantum", "8 months", "--misconduct", "2021-06-10"), 28, "2022-06-10"),
        # A year before the rule of 2015, the most of a year whatever the detention: 56 days of credit.
        (("--committed", "2014-02-01", "--quantum", "8 months", "--misconduct", "2014-06-10"), 56, "2015-06-10"),
        # On remand: four months from the day the sentence is put into execution, whatever the day of the misconduct (D115-10);
        # nine days of detention are less than a month: seven days (D115-14-1).
        (
            ("--committed", "2021-02-01", "--quantum", "8 months", "--misconduct", "2021-02-10", "--enforced", "2021-05-31"),
            7,
            "2021-09-30",
        ),
        # In récidive until 2014, five days a month.
        (("--committed", "2013-02-01", "--quantum", "8 months", "--recidive", "--misconduct", "2013-06-10"), 40, "2014-06-10"),
        # Since 2023: all of the last reduction, within a year of its grant.
        (
            ("--committed", "2023-02-01", "--granted", "2024-02-01", "--days", "120", "--misconduct", "2025-02-01"),
            120,
            "2025-02-01",
        ),
        (("--committed", "2023-02-01", "--granted", "2024-02-01", "--days", "120", "--misconduct", "2025-02-02"), 0, None),
    ],
)
def test_what_misconduct_may_cost_and_by_when(ask, asked, most, until):
    answer = json.loads(ask("withdrawal", *asked, "--json").stdout)
    assert (answer["at_most_days"], answer["order_by"]) == (most, until)


def test_before_april_2006_misconduct_on_remand_had_no_delay_of_its_own():
    sentence = Sentence.of(parse_day("2005-02-01"), 8)
    for day, until in (("2005-06-01", "2006-02-10"), ("2006-04-01", "2005-09-01")):
        law = Statutes.load().dated().at(parse_day(day))
        found = withdrawal_order_end_day(
            sentence, parse_day("2005-02-10"), -1, law, remand_enforced_day=parse_day("2005-05-01")
        )
        assert iso(found) == until


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--committed", "2021-02-01", "--misconduct", "2022-03-01"), "--quantum"),
        (("--committed", "2023-02-01", "--misconduct", "2024-03-01"), "--granted"),
    ],
)
def test_what_is_missing_is_asked_for(ask, options, said):
    for lang in ("en", "fr"):
        with pytest.raises(RequestError, match=said):
            ask("withdrawal", *options, "--lang", lang)


@pytest.mark.parametrize(
    ("of", "since", "end", "last", "effect", "answer"),
    [
        # A year and a day left at two thirds: two months; a year: one (D147-18). The president then has a month.
        # 1 May is a holiday and 1 June a Sunday (801): 2 May, then 2 June; 1 April, then 2 May.
        ("examination", "2025-03-01", "2026-03-02", "2025-05-02", "PRESIDENT_BY_ANY", "2025-06-02"),
        ("examination", "2025-03-01", "2026-03-01", "2025-04-01", "PRESIDENT_BY_ANY", "2025-05-02"),
        # 1 April 2024 is Easter Monday.
        ("examination", "2024-03-01", "2025-03-01", "2024-04-02", "PRESIDENT_BY_ANY", "2024-05-02"),
        ("order", "2025-03-03", None, "2025-05-05", "PRESIDENT", None),  # 3 May is a Saturday (801)
        ("judgment", "2025-03-03", None, "2025-07-03", "CHAMBER", None),
        ("court", "2025-03-03", None, "2025-09-03", "CHAMBER", None),
        ("hearing", "2025-03-03", None, "2025-07-03", "CHAMBER_BY_ANY", None),
        ("opinion", "2025-03-03", None, "2025-04-03", "OPINION_GIVEN", None),
        ("approval", "2025-03-03", None, "2025-07-03", "REFUSED", None),
    ],
)
def test_what_silence_means_and_from_when(ask, of, since, end, last, effect, answer):
    options = ("--of", of, "--since", since, *(("--end", end) if end else ()))
    found = json.loads(ask("silence", *options, "--json").stdout)
    assert (found["last_day"], found["effect"]) == (last, effect)
    told = ask("silence", *options, "--lang", "fr").stdout
    assert "/".join(reversed(last.split("-"))) in told
    assert answer is None or "/".join(reversed(answer.split("-"))) in told


OLD, NEW = ("--committed", "2021-02-01", "--quantum", "6 months"), ("--committed", "2023-02-01", "--days", "90")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((*OLD, "--misconduct", "2020-12-31"), "--misconduct"),
        ((*OLD, "--misconduct", "2021-08-01"), "--misconduct"),
        ((*OLD, "--misconduct", "2021-06-01", "--enforced", "2020-01-01"), "--enforced"),
        ((*OLD, "--misconduct", "2021-06-01", "--days", "90"), "--granted"),
        ((*OLD, "--misconduct", "2021-06-01", "--examined", "2021-06-02"), "--examined"),
        ((*NEW, "--misconduct", "2023-06-01", "--granted", "2022-06-01"), "--granted"),
        ((*NEW, "--misconduct", "2023-06-01", "--granted", "2023-05-01", "--quantum", "1 year"), "--quantum"),
    ],
)
def test_conduct_that_cannot_be_is_refused(ask, options, said):
    for lang in ("en", "fr"):
        with pytest.raises(RequestError, match=said):
            ask("withdrawal", *options, "--lang", lang)


def test_an_end_that_nothing_reads_is_refused(ask):
    with pytest.raises(RequestError, match="--end"):
        ask("silence", "--of", "order", "--since", "2025-03-03", "--end", "2025-09-03")


def test_what_is_withdrawn_is_served_after_the_sentence_reduced():
    """A year from 15 March 2021 less three months: 15 December (D115-2); then sixty days: 13 February 2022 (D115-5)."""
    extracts = (Extract(12), Extract(0, days=60, withdrawal=True))
    made = under_committal(extracts, parse_day("2021-03-15"))
    end, operation = credited_end(made, extracts, Statutes.load().dated(), "en")
    assert iso(end) == "2022-02-13"
    assert operation.endswith("+ 60 days = 2022-02-13")


def test_silence_before_its_rule_is_no_such_rule(ask):
    with pytest.raises(NoSuchRuleError, match="2022-05-01"):
        ask("silence", "--of", "approval", "--since", "2015-03-01")


def test_a_removal_conditions_release_with_or_without_consent_or_the_ban_is_put_off():
    law = Statutes.load().dated().at(parse_day("2025-01-01"))
    release = next(a for a in ADJUSTMENTS if a.code == "LC")
    of_right = next(a for a in ADJUSTMENTS if a.code == "LSC-PD")
    assert "with or without consent (729-2)" in removal_said(release, law, "en")
    assert "suspend l'interdiction du territoire" in removal_said(release, law, "fr")
    assert removal_said(of_right, law, "en") == "; only if the removal is executed"


def test_an_approval_for_named_persons_alone_is_refused_after_a_month(ask):
    """R424-18, R424-19: asked on 3 March 2025, on 3 April; the delay of the administration is not prorogued."""
    for words in ("named", "nominatif"):
        found = json.loads(ask("silence", "--of", words, "--since", "2025-03-03", "--json").stdout)
        assert (found["last_day"], found["effect"], found["article"]) == ("2025-04-03", "REFUSED", "C. pénit. R424-18, R424-19")


@pytest.mark.parametrize(("lang", "said"), [("en", "examination, order"), ("fr", "examen, ordonnance")])
def test_what_nobody_answered_is_named_in_the_language_of_the_reader(ask, lang, said):
    with pytest.raises(RequestError, match=said):
        ask("silence", "--of", "x", "--since", "2025-03-03", "--lang", lang)


def test_the_measure_before_the_release_of_a_foreigner_says_what_the_release_depends_on(ask):
    """729-2: three years from 1 May 2024, 1095 days, half 548: a year before 31 October 2025 as probation."""
    asked = ("timeline", "--committed", "2024-05-01", "--quantum", "36 months", "--share-granted", "0", "--json")
    rows = {row["event"]: row for row in json.loads(ask(*asked, "--removal").stdout)["rows"]}
    assert rows["SL"]["date"] == "2024-10-31"
    assert "depends on the removal, or on the ban put off (729-2)" in rows["SL"]["note"]
    assert "729-2" not in {row["event"]: row for row in json.loads(ask(*asked).stdout)["rows"]}["SL"]["note"]
    short = json.loads(ask(*asked[:4], "12 months", "--removal", "--json").stdout)["rows"]
    assert "729-2" not in next(row for row in short if row["event"] == "SL")["note"], "open by itself, it prepares nothing"


def test_a_release_for_the_removal_needs_no_measure_before_it(ask):
    """D541 (2012): the fourth paragraph of 730-2 does not apply; E1, trial period over on 16 January 2022."""
    asked = ("timeline", "--committed", "2015-06-01", "--quantum", "16 years", "--felony", "--ssj", "--share-granted", "0")
    rows = {row["event"]: row for row in json.loads(ask(*asked, "--removal", "--json").stdout)["rows"]}
    assert rows["LC"]["date"] == "2023-01-16"
    assert "no measure comes first: open from 2022-01-16 (D541)" in rows["LC"]["note"]
    assert "D541" not in ask(*asked).stdout


def test_before_may_2012_that_release_had_to_wait_for_the_measure_too():
    law = Statutes.load().dated()
    for day, value in (("2012-05-08", False), ("2012-05-09", True)):
        assert law.at(parse_day(day)).foreigners.release_without_measure is value
    assert without_measure("2022-01-16", law.at(parse_day("2012-05-08")), "fr") == ""
