"""What a third reader found in ``sortie law``: each value worked by hand from the text before it was run."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.dates import parse_day
from sim.errors import LawError, RequestError
from sim.law import Sentence, Statutes
from sim.law.rulebook.execution import Extract, under_committal
from sim.law.rulebook.timeline import life_of

STATUTES = Statutes.load()


@pytest.fixture
def rows(ask, tmp_path):
    """First day of each event that ``sortie law`` tells, of a timeline or of a file given as YAML."""

    def _rows(*words, file=None):
        asked = ["timeline", *words]
        if file is not None:
            path = tmp_path / "file.yaml"
            path.write_text(file, encoding="utf-8")
            asked = ["sentence", str(path), *words]
        found = {}
        for row in json.loads(ask(*asked, "--json").stdout)["rows"]:
            found.setdefault(row["event"], row["date"])
        return found

    return _rows


@pytest.mark.parametrize(
    ("file", "share", "expected"),
    [
        # 23 months to 2015-01-01; credit of a first offender 3 months and 11 × 7 days capped at 2 months: 2014-08-01, so that
        # 546 days × 2 ÷ 3 = 364.
        ("committed: 2013-02-01\nsentences:\n  - {quantum: 23 months, recidive: true}\n", "0", "2014-01-31"),
        ("committed: 2010-03-01\nsentences:\n  - {quantum: 4 years, recidive: true}\n", "0.65", "2012-03-09"),
    ],
)
def test_conditional_release_of_a_recidivist_before_2015_is_the_same_in_a_list(rows, file, share, expected):
    """721 al. 2 of 2005: release is reckoned with the credit of who is no récidiviste."""
    committed, quantum = ("2013-02-01", "23 months") if "2013" in file else ("2010-03-01", "4 years")
    alone = rows("--committed", committed, "--quantum", quantum, "--recidive", "--share-granted", share)
    listed = rows("--share-granted", share, file=file)

    assert listed == alone
    assert listed["LC"] == expected


@given(
    committed=st.integers(parse_day("2006-01-01"), parse_day("2027-12-31")),
    quantum=st.tuples(st.integers(0, 130), st.integers(0, 40)).filter(any) | st.just((1, 0)),
    since=st.integers(0, 500),
    remand=st.sampled_from([0, 0, 40, 300]),
    recidive=st.booleans(),
    share=st.sampled_from([0, 0.65, 1]),
)
def test_every_line_of_one_sentence_is_that_of_a_list_of_one(committed, quantum, since, remand, recidive, share):
    months, days = quantum
    judged = committed - since
    alone = Sentence.of(committed, months, days=days, remand_days=remand, sentenced_day=judged, recidive=recidive)
    extracts = (Extract(months, days, recidive=recidive, judged_day=judged),)
    listed = under_committal(extracts, committed, remand_days=remand)

    one = life_of(alone, STATUTES, share_granted=share)
    assert [row.to_plain() for row in life_of(listed, STATUTES, share_granted=share, extracts=extracts)] == [
        row.to_plain() for row in one
    ]


NOT_CONCURRENT = """committed: 2024-02-01
legal_maximum: 20 months
sentences:
  - {name: A, quantum: 12 months, judged: 2022-01-20}
  - {name: B, quantum: 12 months, judged: 2023-01-20, facts: 2022-06-25}
"""


def test_the_maximum_does_not_cut_sentences_that_are_not_concurrent(rows):
    """Facts after A was final (132-2): twenty-four months, to Sunday 1 February 2026, out on the Saturday (716-3)."""
    assert rows("--share-granted", "0", file=NOT_CONCURRENT)["released"] == "2026-01-31"
    # Facts before: twenty months, to 1 October 2025.
    assert rows("--share-granted", "0", file=NOT_CONCURRENT.replace("2022-06-25", "2021-06-25"))["released"] == "2025-10-01"


def test_the_maximum_bears_on_those_that_are_concurrent_with_one_another(rows):
    """C is concurrent with B alone: of their twenty-two months the last served, C, is cut to eight; A is whole."""
    file = NOT_CONCURRENT + "  - {name: C, quantum: 10 months, judged: 2023-03-20, facts: 2022-07-25}\n"
    # 12 + 12 + 8 months from 2024-02-01: 2026-10-01.
    assert rows("--share-granted", "0", file=file)["released"] == "2026-10-01"


@pytest.mark.parametrize("text", ["12 months, 12 months", "6 months 6 months", "1 an 6 mois et 1 an", "2 years 1 day 3 days"])
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_unit_said_twice_is_several_sentences(ask, text, lang):
    """The credit of before 2023 is that of each (D115-2): they go in a file."""
    with pytest.raises(RequestError, match="sortie law sentence"):
        ask("timeline", "--committed", "2021-02-01", "--quantum", text, "--lang", lang)


@pytest.mark.parametrize(
    ("options", "terms", "until"),
    [
        # 145-2 al. 2: four years for the crimes it names, whatever is incurred; abroad does not lower it.
        (("--from", "2024-05-01", "--incurred", "15", "--felony", "--grave"), [12, 6, 6, 6, 6, 6, 6], "2028-05-01"),
        (("--from", "2024-05-01", "--incurred", "15", "--felony", "--grave", "--abroad"), [12, 6, 6, 6, 6, 6, 6], "2028-05-01"),
        (("--from", "2024-05-01", "--incurred", "15", "--felony", "--abroad"), [12, 6, 6, 6, 6], "2027-05-01"),
        (
            ("--from", "2024-01-31", "--incurred", "30", "--felony", "--grave", "--exceptional", "2"),
            [12, 6, 6, 6, 6, 6, 6, 4, 4],
            "2028-09-30",
        ),
    ],
)
def test_remand_for_a_felony(ask, options, terms, until):
    answer = json.loads(ask("remand", *options, "--json").stdout)

    assert answer["terms"] == [f"{months} months" for months in terms]
    assert answer["until"] == until


def test_the_chamber_extends_by_four_months_renewed_once(ask):
    """145-2 al. 3: four years from 31 January 2024, then four months and four."""
    told = ask(
        "remand", "--from", "2024-01-31", "--incurred", "30", "--felony", "--grave", "--exceptional", "2", "--lang", "fr"
    )

    assert "31/05/2028  prolongation 7 exceptionnelle, par la chambre de l'instruction, 4 mois\n30/09/2028" in told.stdout


@pytest.mark.parametrize(
    ("options", "article"),
    [
        (("--incurred", "2"), "(141-2, 143-1)"),
        (("--incurred", "2", "--age", "17"), "(CJPM L334-5 3°)"),
        (("--incurred", "7", "--age", "15"), "(CJPM L334-4 2°)"),
        (("--incurred", "3"), None),
        (("--incurred", "7", "--age", "12"), None),
        (("--incurred", "15", "--age", "15", "--felony"), None),
    ],
)
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_remand_after_a_breach_is_said(ask, options, article, lang):
    warned = json.loads(ask("remand", "--from", "2024-05-01", *options, "--lang", lang, "--json").stdout)["warnings"]

    assert len(warned) == (article is not None)
    assert all(article in text for text in warned)


def test_terms_of_remand_are_in_the_language_of_the_reader(ask):
    answer = json.loads(ask("remand", "--from", "2024-05-01", "--incurred", "15", "--felony", "--lang", "fr", "--json").stdout)

    assert answer["terms"] == ["12 mois", "6 mois", "6 mois"]


def test_three_years_without_enforcement_run_from_the_day_the_sentence_is_final(ask):
    """723-17-1. Judged on 1 June 2021, final on 12 June (498): 12 June 2024, whenever the judge was told."""
    asked = (
        "free-convict",
        "--judged",
        "2021-06-01",
        "--firm",
        "18 months",
        "--facts",
        "2020-03-23",
        "--informed",
        "2022-06-10",
    )

    assert json.loads(ask(*asked, "--json").stdout)["delays"]["stale_day"] == "2024-06-12"


@pytest.mark.parametrize(
    "asked",
    [
        ("ab-initio", "--judged", "2024-06-01", "--firm", "8 months", "--facts", "2024-06-02"),
        ("free-convict", "--judged", "2024-06-01", "--firm", "8 months", "--facts", "2024-06-02"),
        ("free-convict", "--judged", "2024-06-01", "--firm", "8 months", "--informed", "2024-05-31"),
        ("appeal", "--notified", "2024-05-10", "--decision", "judgment", "--appealed", "2024-05-09"),
    ],
)
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_day_that_comes_before_what_it_follows_is_refused(ask, asked, lang):
    with pytest.raises(RequestError, match=rf"{asked[-2]} ?: .*{asked[-1]}"):
        ask(*asked, "--lang", lang)


@pytest.mark.parametrize(
    ("decision", "appealed", "late"),
    # 10 May 2024 is a Friday: a day runs on to Monday 13, ten days to Tuesday 21 (801).
    [
        ("order", "2024-05-13", False),
        ("order", "2024-05-14", True),
        ("court", "2024-05-21", False),
        ("court", "2024-05-22", True),
    ],
)
def test_an_appeal_after_its_delay_is_inadmissible(ask, decision, appealed, late):
    told = ask("appeal", "--notified", "2024-05-10", "--decision", decision, "--appealed", appealed, "--lang", "fr").stdout

    assert ("irrecevable (712-11)" in told) == late


@pytest.mark.parametrize("command", ["ab-initio", "free-convict"])
def test_remand_as_long_as_the_firm_part_leaves_nothing(ask, command):
    """Eight months from 1 June 2024 are 245 days, to 1 February 2025."""
    asked = (command, "--judged", "2024-06-01", "--firm", "8 months", "--remand")

    assert "nothing is left to serve" in ask(*asked, "245").stdout
    assert "(CPP 716-4)" in ask(*asked, "400", "--lang", "fr").stdout
    assert "716-4" not in ask(*asked, "244").stdout


def test_the_article_that_bars_an_adjustment_by_the_court_is_that_of_the_day(ask):
    """Récidive, more than a year: CP 132-25 until 23 March 2020; CPP 464-2 since."""
    asked = ("ab-initio", "--firm", "18 months", "--recidive", "--facts", "2019-01-01", "--judged")

    assert "no adjustment by the court (CP 132-25)" in ask(*asked, "2019-06-01").stdout
    assert "no adjustment by the court (CPP 464-2)" in ask(*asked[:-3], "--judged", "2024-06-01").stdout


def test_what_the_judge_may_decide_is_in_french(ask):
    told = ask("free-convict", "--judged", "2024-06-01", "--firm", "10 months", "--lang", "fr").stdout

    assert "fractionnement" in told
    assert "splitting" not in told


MINOR = ("--committed", "2024-05-01", "--felony", "--facts", "2023-01-01", "--share-granted", "0")
SIXTEEN_YEARS = (*MINOR, "--quantum", "16 years", "--born", "2007-06-01")


def test_no_minimum_term_applies_to_who_was_a_minor(ask, rows):
    """CJPM L121-5 al. 4. Without one: half of sixteen years from 1 May 2024 is 1 May 2032, semi-liberty a year before."""
    with pytest.raises(LawError, match=r"L121-5 al\. 4"):
        ask("timeline", *SIXTEEN_YEARS, "--surety-end", "2034-05-01")
    told = rows(*SIXTEEN_YEARS)

    assert (told["LC"], told["SL"]) == ("2032-05-01", "2031-05-01")


@pytest.mark.parametrize(
    ("born", "quantum", "refused"),
    [
        # Fifteen at the facts of 1 January 2023, then sixteen to the day.
        ("2007-01-02", "life", "L121-5"),
        ("2007-01-02", "25 years", "L121-5"),
        ("2007-01-02", "20 years", None),
        ("2007-01-01", "25 years", None),
        ("2007-01-01", "30 years", None),
        ("2007-01-01", "31 years", "L121-7"),
        ("2007-01-01", "life", "L121-7"),
        ("2005-01-01", "life", None),
    ],
)
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_no_more_than_a_minor_may_have(ask, born, quantum, refused, lang):
    asked = ("timeline", *MINOR, "--born", born, "--quantum", quantum, "--lang", lang)
    if refused is None:
        assert ask(*asked).exit_code == 0
    else:
        with pytest.raises(LawError, match=refused):
            ask(*asked)


def test_a_term_above_thirty_years_is_said(ask):
    assert "(CP 131-1)" in ask("timeline", "--committed", "2024-05-01", "--quantum", "31 years", "--felony").stdout
    assert "(CP 131-1)" not in ask("timeline", "--committed", "2024-05-01", "--quantum", "30 years", "--felony").stdout


@pytest.mark.parametrize(
    ("stays", "days"),
    [
        (("2024-01-01:2024-01-11", "2024-01-01:2024-01-11"), "2024-01-01 to 2024-01-10"),
        (("2024-01-05:2024-01-20", "2024-01-01:2024-01-11"), "2024-01-05 to 2024-01-10"),
        (("2024-01-01:2024-01-31", "2024-01-05:2024-01-11"), "2024-01-05 to 2024-01-10"),
        (("2024-04-01:2024-05-11",), "2024-05-01 to 2024-05-10"),
        (("2024-06-01:2024-07-01",), "2024-06-01 to 2024-06-30"),
    ],
)
def test_a_day_credited_twice_is_refused(ask, stays, days):
    """716-4: the day of release is not counted; from the committal on days are served."""
    more = [word for stay in stays for word in ("--detained", stay)]
    with pytest.raises(RequestError, match=days):
        ask("timeline", "--committed", "2024-05-01", "--quantum", "2 years", *more)


def test_stays_that_follow_each_other_are_credited_whole(rows):
    """Ten days and ten of January 2024: two years from 11 April 2024 end on 11 April 2026, a Saturday."""
    more = ("--detained", "2024-01-01:2024-01-11", "--detained", "2024-01-11:2024-01-21", "--share-granted", "0")

    assert rows("--committed", "2024-05-01", "--quantum", "2 years", *more)["released"] == "2026-04-11"


@pytest.mark.parametrize("committed", ["1975-05-01", "2003-05-01"])
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_there_is_no_credit_before_it_existed(ask, rows, committed, lang):
    """The law of 9 March 2004 made it, from 2005: six months of 1975 end on All Saints' day."""
    asked = ("--committed", committed, "--quantum", "6 months", "--lang", lang)
    told = rows(*asked)

    assert "credit" not in told
    assert told["released"] in {"1975-11-01", "1975-10-31", "2003-11-01", "2003-10-31"}
    label = {"en": "dated from 2005-01-01", "fr": "datée du 01/01/2005"}[lang]
    assert label in ask("timeline", *asked).stdout


def test_a_measure_ahead_of_release_names_the_day_of_the_line_of_release(ask):
    """729-3 was opened to récidivistes on 1 January 2015: release that day, semi-liberty ahead of it from then too."""
    told = ask(
        *("timeline", "--committed", "2013-06-01", "--quantum", "6 years", "--recidive", "--child-born", "2012-01-01"),
        *("--share-granted", "0"),
    ).stdout
    release, semi = (
        told.partition(f"2015-01-01  {label} (")[2].split("\n20")[0] for label in ("Conditional release", "Semi-liberty")
    )

    assert "as a parent (729-3)" in release
    assert "2015-01-01 − 1 year = 2014-01-01\n" in semi
    assert "ahead of a conditional release open from 2015-01-01;" in semi


def test_a_measure_ahead_of_release_names_no_day_before_the_judgment_is_final(ask):
    """A parent: release once final, on 12 January 2024 (498), not on the day of the committal."""
    told = ask("timeline", "--committed", "2024-01-01", "--quantum", "4 years", "--child-born", "2023-01-01").stdout

    assert "2024-01-12  Conditional release (" in told
    assert "ahead of a conditional release open from 2024-01-12;" in told
