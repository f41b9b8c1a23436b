"""The texts in words: show, diff, and the page of the documentation."""

from __future__ import annotations

import pytest

from sim.dates import parse_day
from sim.errors import RequestError
from sim.law import Statutes
from sim.law.rulebook.description import Change, changes_between, cited, document, rules_in_force, worded

STATUTES = Statutes.load()
ON = parse_day("2022-06-01")


def test_the_page_holds_every_rule_and_every_reference():
    page = document()

    for text in STATUTES.texts.values():
        assert f"`law.{text.notion}`" in page
        for rule in text.rules.values():
            assert f"`{rule.path.partition('.')[2]}`" in page
            for period in rule.periods:
                assert period.reference.title.replace("|", "\\|") in page


def test_a_row_of_the_page():
    assert (
        "| `fraction_served` Share of the sentence to have served | 2015-01-01 | 2/3 (time served at least twice the time "
        "remaining) | CPP 720 § I | decision | read | [Loi n° 2014-896 du 15 août 2014, art. 39]"
        "(https://www.legifrance.gouv.fr/loda/article_lc/JORFARTI000029362719) |"
    ) in document()


def test_a_note_of_the_page():
    page = document()

    assert "- `base_above_one_year`: Uncertain point U1. Art. 721-1 before 2023 (read): by yearly fractions" in page
    assert "is assumed of the single reduction. One of: NOMINAL, TRANCHE." in page
    assert "Plausible range: 45 to 180." in page
    assert "Once turned on: `release_under_constraint_as_of_right.in_force` = no." in page


def test_the_count_of_grades_is_that_of_the_values():
    page = document()
    periods = [p for text in STATUTES.texts.values() for rule in text.rules.values() for p in rule.periods]

    assert f"{len(STATUTES.texts)} notions, {len(STATUTES.paths())} rules, {len(periods)} dated values" in page
    read = sum(period.quality == "read" for period in periods)
    assert f"| read | seen in a stored copy of the page | {read} |" in page


def test_rules_in_force_on_a_day():
    rules = {rule.path: rule for rule in rules_in_force(STATUTES, ON, "lsc")}

    fraction = rules["release_under_constraint.fraction_served"]
    assert (fraction.value, fraction.article, fraction.since, fraction.quality) == (
        "2/3",
        "CPP 720 § I",
        "2015-01-01",
        "read",
    )
    assert fraction.note == "time served at least twice the time remaining"
    assert fraction.label == "Share of the sentence to have served"
    assert fraction.basis == "date_of_decision"
    assert fraction.href is not None
    assert rules["release_under_constraint.yields_to_as_of_right"].value == "no"
    assert {path.partition(".")[0] for path in rules} == {"release_under_constraint"}


def test_rules_not_yet_dated_are_left_out():
    paths = {rule.path for rule in rules_in_force(STATUTES, ON)}

    assert "remission.credit_days_per_month" in paths
    assert "remission.days_per_month" not in paths
    assert "release_under_constraint_as_of_right.max_total_months" not in paths


def test_a_rule_is_shown_from_its_very_first_day():
    eve, day = parse_day("2022-12-31"), parse_day("2023-01-01")

    assert "remission.days_per_month" in {rule.path for rule in rules_in_force(STATUTES, day)}
    assert "remission.days_per_month" not in {rule.path for rule in rules_in_force(STATUTES, eve)}
    assert "remission.days_per_month" not in {change.path for change in changes_between(STATUTES, day, day + 1)}


def test_the_reference_and_all_the_notes_of_a_rule():
    (rule,) = [r for r in rules_in_force(STATUTES, ON, "723-15") if r.path == "free_convicts.probation_summons_days"]

    assert rule.reference == "CPP, art. 723-15 to 723-17-1, 747-1, every version of 2009 to 2016"
    assert rule.note == "Uncertain point U6, as above. The breach of the delay has no sanction."


def test_two_notes_are_set_apart():
    (rule,) = [
        r
        for r in rules_in_force(STATUTES, parse_day("2024-06-01"))
        if r.path == "release_under_constraint_as_of_right.removal_is_condition"
    ]

    assert rule.note.endswith("the link between them is derived Applies to decisions from 28 January 2024.")


def test_a_page_of_other_texts_whose_words_hold_a_bar(tmp_path):
    text = (
        "notion: bar\ntitle: {en: A bar, fr: Une barre}\nreferences:\n  A: {title: 'one | two'}\nrules:\n"
        "  rule:\n    label: {en: Rule, fr: Règle}\n    unit: days\n    article: CPP 1\n"
        "    basis: date_of_decision\n    values:\n"
        "      - {from: 2020-01-01, value: 3, reference: A, quality: memory}\n"
    )
    (tmp_path / "bar.yaml").write_text(text, encoding="utf-8")

    page = document(Statutes.load(tmp_path))

    assert "1 notions, 1 rules, 1 dated values" in page
    assert "| `rule` Rule | 2020-01-01 | 3 days | CPP 1 | decision | memory | one \\| two |" in page
    assert "semi_liberty" not in page


def test_rules_in_french_with_their_transition():
    (rule,) = [r for r in rules_in_force(STATUTES, ON, "remission", "fr") if r.path == "remission.regime"]

    assert (rule.label, rule.value, rule.basis) == ("Régime des réductions", "OLD", "date_of_ecrou")
    assert rule.note.startswith("Persons committed from 1 January 2023")


def test_an_unknown_notion_is_refused_with_the_nearest():
    with pytest.raises(RequestError, match=r"'semi_libertie': no such notion of law. Did you mean 'semi_liberty'\?"):
        rules_in_force(STATUTES, ON, "semi_libertie")
    with pytest.raises(RequestError, match="Notions: allocation, conditional_release, early_release"):
        rules_in_force(STATUTES, ON, "zzz")


@pytest.mark.parametrize(("short", "notion"), [("LC", "conditional_release"), ("RP", "remission"), ("723-15", "free_convicts")])
def test_the_usual_abbreviations_are_known(short, notion):
    assert {rule.path.partition(".")[0] for rule in rules_in_force(STATUTES, ON, short)} == {notion}


def test_what_changed_on_1_january_2023():
    changes = {c.path: c for c in changes_between(STATUTES, parse_day("2022-12-31"), parse_day("2023-01-01"))}

    assert changes["remission.regime"] == Change(
        path="remission.regime",
        label="Regime of reductions",
        article="Loi n° 2021-1729, art. 59",
        basis="date_of_ecrou",
        before="OLD",
        after="NEW",
        on="2023-01-01",
        reference="Loi n° 2021-1729, art. 59 VI and décret n° 2022-1261, art. 13 (juriblio 180555692); Crim. 26 June 2024, "
        "n° 23-87.131; avis 8 January 2025, n° 24-96.005",
    )
    assert changes["remission.days_per_month"].before == "not dated before"
    assert changes["remission.days_per_month"].after == "14 days"
    assert "semi_liberty.max_months" not in changes
    assert "remission.credit_days_per_month" not in changes


def test_what_changed_for_removals():
    changes = changes_between(STATUTES, parse_day("2024-01-27"), parse_day("2024-01-28"))

    assert {c.path for c in changes} == {
        "release_under_constraint_as_of_right.removal_is_condition",
        "regime_calendar.immigration_law",
    }


def test_nothing_changed_in_a_quiet_month():
    assert changes_between(STATUTES, parse_day("2023-03-01"), parse_day("2023-04-01"), "fr") == ()


@pytest.mark.parametrize("after", ["2023-01-01", "2022-01-01"])
def test_days_in_the_wrong_order(after):
    with pytest.raises(RequestError, match="give the earlier date first"):
        changes_between(STATUTES, parse_day("2023-01-01"), parse_day(after))


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (None, "months", "no such rule"),
        (True, "flag", "yes"),
        (False, "flag", "no"),
        (24, "months", "24 months"),
        (1, "months", "1 month"),
        (2 / 3, "share", "2/3"),
        (1 / 2, "share", "1/2"),
        (3 / 4, "share", "3/4"),
        (0.65, "share", "0.65"),
        (1, "share", "1"),
        ("OLD", "regime", "OLD"),
        ("GRANTED", "end", "GRANTED"),
        ("word", "share", "word"),
        (0.425, "months", "0.425 months"),
    ],
)
def test_values_in_words(value, unit, words):
    assert worded(value, unit) == words


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (None, "months", "pas de règle"),
        (True, "flag", "oui"),
        (False, "flag", "non"),
        (24, "months", "24 mois"),
        (1, "months", "1 mois"),
        (1, "years", "1 an"),
        (3, "years", "3 ans"),
        (1, "weeks", "1 semaine"),
        (15, "days", "15 jours"),
        (20, "hours", "20 heures"),
        (2, "times", "2 fois"),
        (1, "persons", "1 personne"),
        (1000, "euros", "1000 euros"),
        (2 / 3, "share", "2/3"),
        ("OLD", "regime", "OLD"),
        ("GRANTED", "end", "réductions accordées seules (GRANTED)"),
    ],
)
def test_values_in_french_words(value, unit, words):
    assert worded(value, unit, "fr") == words


def test_an_article_is_cited_in_the_language_of_the_reader():
    assert cited("CPP 721 (former)", "fr") == "CPP 721 (ancien)"
    assert cited("CPP 721 (former)") == "CPP 721 (former)"
