"""``sortie law``: show, diff, timeline."""

from __future__ import annotations

import json

import pytest

from sim.errors import LawError, RequestError


def test_show_one_notion_on_a_day(ask):
    out = ask("show", "lsc", "--at", "2022-06-01").stdout

    assert "law.release_under_constraint\n" in out
    assert "fraction_served: 2/3" in out
    assert "(CPP 720 § I); since 2015-01-01; read" in out
    assert "yields_to_as_of_right: no" in out


def test_show_everything_as_json(ask):
    rules = json.loads(ask("show", "--at", "2022-06-01", "--json", "--lang", "fr").stdout)["rows"]

    found = {rule["path"]: rule for rule in rules}
    assert found["semi_liberty.max_months"]["value"] == "24 mois"
    assert found["semi_liberty.max_months"]["label"] == "Total ou reliquat au plus"


def test_show_today(ask):
    assert "max_remaining_months: 3 months" in ask("show", "LSC-PD").stdout


def test_a_rule_dated_by_committal_says_so(ask):
    assert (
        "since 1959-03-02, by date of committal (écrou); read; read by: engine"
        in ask("show", "RP", "--at", "2022-06-01").stdout
    )


def test_diff_says_what_changed(ask):
    out = ask("diff", "2022-12-31", "2023-01-01").stdout

    assert "law.remission.regime\n" in out
    assert "OLD → NEW, from 2023-01-01, by date of committal (écrou)" in out
    assert "not dated before → 14 days, from 2023-01-01\n" in out


def test_diff_as_json(ask):
    changes = json.loads(ask("diff", "2024-01-27", "2024-01-28", "--json").stdout)["rows"]

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
    )["rows"]

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

    assert {row["event"] for row in json.loads(out)["rows"] if row["event"].startswith("never")} == closed


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
    )["rows"]

    assert [row["date"] for row in rows if row["event"] == "released"] == [end]


def test_timeline_of_life(ask):
    rows = json.loads(ask("timeline", "--committed", "2010-01-01", "--quantum", "perpétuité", "--json").stdout)["rows"]

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
    rows = {row["event"]: row for row in json.loads(ask("timeline", *arguments).stdout)["rows"]}

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
        "credit_months_first_year: 3 mois\n    Crédit, première année (CPP 721 (ancien)) ; depuis le 01/01/2005 ; lu" in shown
    )
    assert "depuis le 02/03/1959, selon la date d'écrou ; lu ; lue par : la simulation" in shown
    assert "  12 mois → 24 mois, à compter du 24/03/2020\n" in changed
    assert "  non → oui, à compter du 24/03/2020" in changed
    assert "  non datée avant → 15 jours, à compter du 24/03/2020" in changed


LAST = {
    "en": "Texts last read: code pénal of 2 April 2026",
    "fr": "Textes lus pour la dernière fois : code pénal au 2 avril 2026",
}


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize(
    "question",
    [
        ("show", "LSC"),
        ("diff", "2022-12-31", "2023-01-01"),
        ("timeline", "--committed", "2024-02-01", "--quantum", "1 an"),
        ("ab-initio", "--judged", "2024-02-01", "--firm", "8 mois"),
        ("free-convict", "--judged", "2024-02-01", "--firm", "8 mois"),
        ("remand", "--from", "2024-02-01", "--incurred", "5"),
        ("appeal", "--notified", "2024-02-01", "--decision", "order"),
    ],
)
def test_every_answer_ends_with_the_day_the_texts_were_last_read(ask, question, lang):
    out = ask(*question, "--lang", lang).stdout

    assert out.strip().splitlines()[-1].startswith(LAST[lang])


def test_dates_are_read_and_written_day_first_in_french(ask):
    out = ask("timeline", "--committed", "15/01/2024", "--quantum", "1 an", "--facts", "01/12/2023", "--lang", "fr").stdout

    assert "15/01/2024  Mise sous écrou (CPP 716-4) · greffe" in out
    assert "2024-" not in out


def test_errors_are_in_the_language_of_the_reader(ask):
    with pytest.raises(RequestError, match=r"--committed : « 31/02/2024 » n'est pas une date ; attendu jour/mois/année"):
        ask("timeline", "--committed", "31/02/2024", "--quantum", "1 an", "--lang", "fr")
    with pytest.raises(RequestError, match=r"--quantum : « ２ ans » illisible"):
        ask("timeline", "--committed", "01/02/2024", "--quantum", "２ ans", "--lang", "fr")


def test_what_never_opens_is_told_after_the_rest_and_without_a_date(ask):
    out = ask("timeline", "--committed", "2010-01-01", "--quantum", "life").stdout

    assert "Never open: Release under constraint (CPP 720 § I) – total above 60 months" in out
    assert "never  " not in out


def test_a_four_year_old_and_facts_after_the_judgment_are_refused(ask):
    with pytest.raises(LawError, match="under thirteen at the facts"):
        ask("timeline", "--committed", "2024-02-01", "--quantum", "1 year", "--born", "2020-01-01")
    with pytest.raises(LawError, match="faits du 01/03/2024, après le jugement du 01/02/2024"):
        ask("timeline", "--committed", "2024-02-01", "--quantum", "1 an", "--facts", "2024-03-01", "--lang", "fr")


WARNED = {
    "remand above its ceiling": (("--remand", "7300", "--quantum", "6 months"), "7300 days of remand are above any ceiling"),
    "judged after the end": (
        ("--judged", "2035-12-01", "--quantum", "6 months"),
        "The judgment comes after the end",
    ),
    "a minor": (("--born", "2007-06-01", "--quantum", "1 year"), "A minor at the facts: the juge des enfants"),
    "a child born later": (("--child-born", "2030-01-01", "--quantum", "5 years"), "The child is born on 2030-01-01, after"),
    "an offence on a minor": (("--child-born", "2020-01-01", "--quantum", "5 years"), "give --on-minor"),
    "no day of the facts": (("--quantum", "5 years"), "No day of the facts was given"),
    "too long for a misdemeanour": (("--quantum", "12 years"), "More than ten years for a misdemeanour"),
    "the share": (("--quantum", "5 years"), "times 65% at every board: a share to choose"),
}


@pytest.mark.parametrize("named", sorted(WARNED))
def test_facts_that_cannot_be_or_leave_dates_in_doubt_are_said(ask, named):
    options, words = WARNED[named]
    out = ask("timeline", "--committed", "2024-02-01", *options).stdout

    assert any(line.startswith("! ") and words in line for line in out.splitlines())


def test_nothing_is_doubted_of_an_ordinary_file(ask):
    out = ask("timeline", "--committed", "2024-02-01", "--quantum", "2 years", "--facts", "2023-12-01", "--born", "1990-01-01")

    assert [line for line in out.stdout.splitlines() if line.startswith("! ")] == [
        "! The reductions are those of the law times 65% at every board: a share to choose, not a forecast."
    ]


def test_a_minor_is_decided_for_by_the_juge_des_enfants_until_twenty_one(ask):
    out = ask("timeline", "--committed", "2024-02-01", "--quantum", "5 years", "--born", "2007-06-01", "--json").stdout
    deciders = {row["event"]: row["decider"] for row in json.loads(out)["rows"]}

    assert deciders["LC"] == "juge des enfants, judgment after hearing"


def test_a_suspended_part_is_not_served(ask):
    arguments = (
        "timeline",
        "--committed",
        "2024-02-01",
        "--quantum",
        "3 years",
        "--suspended",
        "1 year",
        "--share-granted",
        "0",
    )
    rows = {row["event"]: row for row in json.loads(ask(*arguments, "--json").stdout)["rows"]}

    assert rows["released"]["date"] == "2026-01-31"  # 1 February 2026 is a Sunday
    with pytest.raises(RequestError, match="expected less than the whole"):
        ask("timeline", "--committed", "2024-02-01", "--quantum", "1 year", "--suspended", "1 year")


def test_former_stays_are_credited_in_real_days(ask):
    """One to credit by the registry's own reckoning: sixty days of an earlier écrou."""
    plain, other = (
        json.loads(ask("timeline", "--committed", "2024-06-03", "--quantum", "1 year", *options, "--json").stdout)["rows"]
        for options in (("--remand", "60"), ("--detained", "2023-01-02:2023-03-03"))
    )

    assert plain == other
    with pytest.raises(RequestError, match="the end comes before the beginning"):
        ask("timeline", "--committed", "2024-06-03", "--quantum", "1 year", "--detained", "2023-03-03:2023-01-02")
    with pytest.raises(RequestError, match="expected FROM:TO"):
        ask("timeline", "--committed", "2024-06-03", "--quantum", "1 year", "--detained", "2023-03-03")


def test_what_the_court_owes_depends_on_the_facts(ask):
    old = ask("ab-initio", "--judged", "01/03/2021", "--firm", "18 mois", "--facts", "01/06/2019", "--lang", "fr").stdout
    new = ask("ab-initio", "--judged", "2021-03-01", "--firm", "18 months").stdout

    assert "la juridiction peut l'aménager (CP 132-25)" in old
    assert "no adjustment by the court (CPP 464-2)" in new
    assert "! No day of the facts was given" in new
    with pytest.raises(RequestError, match="life is for the assizes"):
        ask("ab-initio", "--judged", "2021-03-01", "--firm", "life")


def test_the_route_of_free_convicts_is_older_than_its_delays(ask):
    """Art. 723-15 opened the route for a year at most in 2008; its delays are read from 26 November 2009 only."""
    told = ask("free-convict", "--judged", "2008-01-07", "--firm", "12 months").stdout
    over = json.loads(ask("free-convict", "--judged", "2008-01-07", "--firm", "13 months", "--json").stdout)
    plain = json.loads(ask("free-convict", "--judged", "2008-01-07", "--firm", "12 months", "--json").stdout)

    assert "goes to the judge before any prison" in told
    assert "! Its delays are dated from 2009-11-26 only." in told
    assert (plain["eligible"], plain["delays"], over["eligible"]) == (True, {}, False)


def test_the_route_of_free_convicts(ask):
    old = json.loads(
        ask("free-convict", "--judged", "2020-03-24", "--firm", "20 months", "--facts", "2019-01-01", "--json").stdout
    )
    new = json.loads(ask("free-convict", "--judged", "2020-03-24", "--firm", "20 months", "--json").stdout)
    short = ask("free-convict", "--judged", "2024-10-01", "--firm", "4 months", "--informed", "2024-10-10").stdout

    assert (old["eligible"], new["eligible"]) == (True, False)
    assert "(D147-12)" in ask("free-convict", "--judged", "2024-10-01", "--firm", "4 months", "--remand", "30").stdout
    assert old["delays"]["decision_day"] == "2020-09-24"
    assert "To be adjusted unless impossible." in short
    assert "2024-10-30  summons before the judge (CPP 723-15)" in short


@pytest.mark.parametrize(
    ("options", "terms"),
    [
        (("--from", "2026-01-10", "--incurred", "10", "--organised"), ["6 months"] * 4),
        (("--from", "2025-01-10", "--incurred", "10", "--organised"), ["4 months"] * 6),
        (("--from", "2026-01-10", "--incurred", "7", "--age", "16"), ["1 month"] * 2),
        (("--from", "2026-01-10", "--incurred", "10", "--age", "17"), ["4 months"] * 3),
        (("--from", "2026-01-10", "--incurred", "5", "--age", "15"), ["15 days"] * 2),
        (("--from", "2026-01-10", "--incurred", "5", "--age", "12"), []),
        (("--from", "2026-01-10", "--incurred", "2"), []),
        (("--from", "2026-01-10", "--incurred", "5"), ["4 months"]),
        (("--from", "2026-01-10", "--incurred", "5", "--prior", "14 months"), ["4 months"] * 3),
    ],
)
def test_terms_of_remand(ask, options, terms):
    assert json.loads(ask("remand", *options, "--json").stdout)["terms"] == terms


def test_terms_of_remand_are_dated(ask):
    out = ask("remand", "--from", "10/01/2026", "--incurred", "5", "--prior", "14 mois", "--lang", "fr").stdout

    assert "10/05/2026  mandat, 4 mois\n10/09/2026  prolongation 1, 4 mois\n10/01/2027  prolongation 2, 4 mois" in out


def test_days_of_appeal_and_of_a_suspensive_appeal(ask):
    out = ask("appeal", "--notified", "2024-05-10", "--decision", "judgment", "--appealed", "2024-05-13").stdout
    late = ask("appeal", "--notified", "2024-05-10", "--decision", "court", "--appealed", "2024-05-14").stdout

    # 10 May 2024 is a Friday: the day after runs on to Monday 13, the tenth day (Whit Monday) to Tuesday 21.
    assert "2024-05-21  last day to appeal (712-11, 801)" in out
    assert "2024-05-13  enforceable if the prosecutor does not appeal" in out
    assert "2024-07-13  last day of the chamber" in out
    assert "That appeal does not suspend the decision (712-14)." in late
    assert "2026-05-10  latest bar" in late
