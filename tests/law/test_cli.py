"""``sortie law``: show, diff, timeline."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from sim.cli.law import law_app
from sim.errors import RequestError


@pytest.fixture
def ask():
    def _ask(*arguments):
        result = CliRunner().invoke(law_app, list(arguments))
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return _ask


def test_show_one_notion_on_a_day(ask):
    out = ask("show", "lsc", "--at", "2022-06-01").stdout

    assert "law.release_under_constraint\n" in out
    assert "fraction_served: 2/3" in out
    assert "(CPP 720 § I); since 2015-01-01; read" in out
    assert "yields_to_as_of_right: no" in out


def test_show_everything_as_json(ask):
    rules = json.loads(ask("show", "--at", "2022-06-01", "--json", "--lang", "fr").stdout)

    found = {rule["path"]: rule for rule in rules}
    assert found["semi_liberty.max_months"]["value"] == "24 mois"
    assert found["semi_liberty.max_months"]["label"] == "Total ou reliquat au plus"


def test_show_today(ask):
    assert "max_remaining_months: 3 months" in ask("show", "LSC-PD").stdout


def test_a_rule_dated_by_committal_says_so(ask):
    assert "since 1959-03-02, by date of committal (écrou); read" in ask("show", "RP", "--at", "2022-06-01").stdout


def test_diff_says_what_changed(ask):
    out = ask("diff", "2022-12-31", "2023-01-01").stdout

    assert "law.remission.regime\n" in out
    assert "OLD → NEW, from 2023-01-01, by date of committal (écrou)" in out
    assert "not dated before → 14 days, from 2023-01-01\n" in out


def test_diff_as_json(ask):
    changes = json.loads(ask("diff", "2024-01-27", "2024-01-28", "--json").stdout)

    assert {change["path"] for change in changes} == {
        "release_under_constraint_as_of_right.removal_is_condition",
        "regime_calendar.immigration_law",
    }


def test_diff_of_a_quiet_month(ask):
    assert "Nothing changed in these texts between 2023-03-01 and 2023-04-01." in ask("diff", "2023-03-01", "2023-04-01").stdout


def test_timeline_of_a_sentence(ask):
    arguments = ("--committed", "2024-02-01", "--quantum", "36 months", "--remand", "120", "--share-granted", "1")
    out = ask("timeline", *arguments).stdout

    assert "2024-02-01  Committal (CPP 716-4) · registry" in out
    assert "2024-02-01 − 120 days = 2023-10-04" in out
    assert "Conditional release (CPP 729) · JAP, judgment after hearing" in out


def test_timeline_as_json_with_every_option(ask):
    rows = json.loads(
        ask(
            "timeline",
            *("--committed", "2024-02-01", "--judged", "2024-03-01", "--quantum", "3 ans 15 jours"),
            *("--recidive", "--felony", "--removal", "--born", "1950-01-01", "--child-born", "2020-01-01"),
            *("--surety-end", "2024-06-01", "--excluded", "--place", "CD", "--lang", "fr", "--json"),
        ).stdout
    )

    events = {row["event"]: row for row in rows}
    assert events["judged"]["date"] == "2024-03-01"
    assert events["LC"]["date"] == "2024-06-01"
    assert events["surety"]["label"] == "Fin de la période de sûreté"
    assert "éloignement" in events["LC"]["note"]
    assert events["leave family"]["article"] == "CPP D143-1"


@pytest.mark.parametrize(
    ("flag", "closed"), [("--terrorism", {"never SL", "never PE", "never LSC-PD"}), ("--excluded", {"never LSC-PD"})]
)
def test_timeline_of_an_excluded_person(ask, flag, closed):
    out = ask("timeline", "--committed", "2024-02-01", "--quantum", "1 year", flag, "--json", "--share-granted", "0").stdout

    assert {row["event"] for row in json.loads(out) if row["event"].startswith("never")} == closed


@pytest.mark.parametrize(
    ("quantum", "end"),
    [
        ("2 years 15 days", "2026-02-16"),
        ("18 mois", "2025-08-01"),
        ("1 year, 2 months and 3 days", "2025-04-04"),
        ("45 jours", "2024-03-16"),
    ],
)
def test_quanta_in_words(ask, quantum, end):
    rows = json.loads(
        ask("timeline", "--committed", "2024-02-01", "--quantum", quantum, "--share-granted", "0", "--json").stdout
    )

    assert [row["date"] for row in rows if row["event"] == "released"] == [end]


def test_timeline_of_life(ask):
    rows = json.loads(ask("timeline", "--committed", "2010-01-01", "--quantum", "perpétuité", "--json").stdout)

    assert "released" not in {row["event"] for row in rows}


@pytest.mark.parametrize("quantum", ["a while", "36", "36 months or so", "0 months"])
def test_a_quantum_that_cannot_be_read(ask, quantum):
    with pytest.raises(RequestError, match=r"cannot read .*; expected '36 months'"):
        ask("timeline", "--committed", "2024-02-01", "--quantum", quantum)


def test_a_date_that_is_none(ask):
    with pytest.raises(RequestError, match="--at: '2024-02-30' is not a date; expected year-month-day"):
        ask("show", "--at", "2024-02-30")


def test_timeline_of_a_pregnancy_and_of_socio_judicial_supervision(ask):
    arguments = (
        "--committed",
        "2024-02-01",
        "--quantum",
        "16 years",
        "--felony",
        "--ssj",
        "--child-due",
        "2024-09-01",
        "--json",
    )
    rows = {row["event"]: row for row in json.loads(ask("timeline", *arguments).stdout)}

    assert "(730-2)" in rows["LC"]["note"]
    assert rows["judicial supervision"]["decider"] == "TAP"
    short = ("--committed", "2024-02-01", "--quantum", "3 years", "--child-due", "2024-09-01")
    assert "pregnancy of more than twelve weeks (729-3)" in ask("timeline", *short).stdout


def test_nothing_was_dated_long_ago(ask):
    assert "No rule of these texts was dated by 1920-01-01." in ask("show", "--at", "1920-01-01", "lsc").stdout


@pytest.mark.parametrize("year", [1909, 2121])
def test_a_day_out_of_the_calendar(ask, year):
    with pytest.raises(RequestError, match=f"--committed: '{year}-01-01'; expected a day of the years 1910 to 2120"):
        ask("timeline", "--committed", f"{year}-01-01", "--quantum", "1 year")


def test_a_quantum_longer_than_any(ask):
    with pytest.raises(RequestError, match="'81 years' is more than 80 years; write 'life' for life"):
        ask("timeline", "--committed", "2024-02-01", "--quantum", "81 years")


def test_a_remand_longer_than_the_sentence_covers_it(ask):
    out = ask("timeline", "--committed", "2024-02-01", "--quantum", "1 year", "--remand", "400").stdout

    assert "2024-02-01  End of the sentence without any adjustment (CPP 716-4) · registry\n            remand covers" in out


def test_show_and_diff_in_french(ask):
    shown = ask("show", "RP", "--at", "2022-06-01", "--lang", "fr").stdout
    changed = ask("diff", "2020-03-23", "2020-03-24", "--lang", "fr").stdout

    assert (
        "credit_months_first_year: 3 mois\n    Crédit, première année (CPP 721 (ancien)) ; depuis le 2005-01-01 ; read" in shown
    )
    assert "depuis le 1959-03-02, selon la date d'écrou ; read" in shown
    assert "  12 mois → 24 mois, à compter du 2020-03-24\n" in changed
    assert "  non → oui, à compter du 2020-03-24" in changed
    assert "  non datée avant → 15 jours, à compter du 2020-03-24" in changed
