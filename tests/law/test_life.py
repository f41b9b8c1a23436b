"""The dated life of one sentence, line by line."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.dates import NEVER, iso, parse_day
from sim.errors import LawError
from sim.law import Sentence, Statutes, openings
from sim.law.adjustments import ADJUSTMENTS
from sim.law.adjustments.semi_liberty import SemiLiberty
from sim.law.leave import leaves
from sim.law.life_of_sentence import Row, life_of

STATUTES = Statutes.load()
BORN = parse_day("1990-06-15")


def sentence(committed, months, **facts):
    facts.setdefault("birth_day", BORN)
    return Sentence.of(parse_day(committed), months, **facts)


def told(rows):
    return [(iso(row.day), row.event) for row in rows]


def by_event(rows):
    return {row.event: row for row in rows}


def test_a_year_in_2024_with_two_thirds_of_the_reductions():
    """Checked with a pencil: 184 days at most, 123 granted, so that the end moves from 2025-02-01 to 2024-10-01."""
    rows = life_of(sentence("2024-02-01", 12), STATUTES, share_granted=0.67)

    assert told(rows) == [
        ("2024-02-01", "committed"),
        ("2024-02-01", "regime"),
        ("2024-02-01", "judged"),
        ("2024-02-01", "SL"),
        ("2024-02-01", "PE"),
        ("2024-02-01", "DDSE"),
        ("2024-02-01", "SAS"),
        ("2024-02-11", "final"),
        ("2024-02-11", "leave family"),
        ("2024-02-11", "leave one_day"),
        ("2024-03-19", "reduction"),
        ("2024-06-01", "inform LSC-PD"),
        ("2024-06-02", "LC"),
        ("2024-07-01", "LSC-PD"),
        ("2024-10-01", "never LSC"),
        ("2024-10-01", "released"),
        ("2025-02-01", "supervision"),
        ("2025-02-01", "no contact"),
    ]
    lines = by_event(rows)
    assert lines["reduction"].note == "184 days at most, 123 granted (67%): end moves from 2025-02-01 to 2024-10-01"
    assert lines["reduction"].article == "CPP 721"
    assert lines["SL"].decider == "JAP, judgment after hearing"
    assert lines["SL"].note == "a request filed this day is to be decided by 2024-06-11"
    assert lines["LSC-PD"].decider == "JAP, order after the board"
    assert lines["LSC-PD"].note == "of right; refused only if materially impossible"
    assert lines["released"].note == "before noon; 123 days of reductions"
    assert lines["never LSC"].note == "its conditions are not met before the end"
    assert lines["regime"].note == "single reduction (committed from 2023)"
    assert lines["leave family"].note == "3 days at most"
    assert lines["leave one_day"].note == "1 day at most"
    assert (lines["inform LSC-PD"].article, lines["inform LSC-PD"].decider) == ("CPP D147-20", "SPIP")
    assert lines["supervision"].note == "only after a dry release"
    assert "notice" not in lines


def test_the_same_in_french():
    lines = by_event(life_of(sentence("2024-02-01", 12), STATUTES, share_granted=0.67, language="fr"))

    assert lines["committed"].label == "Mise sous écrou"
    assert lines["reduction"].note == (
        "184 jours au plus, 123 accordés (67%) : la fin de peine passe du 2025-02-01 au 2024-10-01"
    )
    assert lines["SL"].note == "requête déposée ce jour : décision avant le 2024-06-11"
    assert lines["LSC-PD"].note == "de plein droit ; refus seulement si impossibilité matérielle"
    assert lines["LSC-PD"].decider == "JAP, ordonnance après CAP"
    assert lines["never LSC"].label == "Jamais ouvert : Libération sous contrainte"
    assert lines["never LSC"].note == "conditions non remplies avant la fin de peine"
    assert lines["leave one_day"].note == "1 jour au plus"
    assert lines["leave family"].note == "3 jours au plus"
    assert lines["regime"].note == "régime unique (écrou depuis 2023)"


def test_remand_credit_former_regime_and_the_reform_of_2023():
    rows = life_of(sentence("2022-06-01", 24, remand_days=31), STATUTES, share_granted=0.5)
    lines = by_event(rows)

    assert lines["committed"].note == "31 days of remand credited, as if begun on 2022-05-01"
    assert lines["regime"].note == "credit and supplements (committed before 2023)"
    assert iso(lines["credit"].day) == "2022-06-11"
    assert lines["credit"].note == "152 days: end moves from 2024-05-01 to 2023-12-01"
    assert lines["credit"].decider == "registry"
    assert lines["reduction"].article == "CPP 721-1 (former)"
    # Two years at most and, in 2023, three months before the end: as of right, which did not exist at the committal.
    assert iso(lines["LSC-PD"].day) >= "2023-01-01"
    assert "LSC" in lines


def test_an_opening_that_a_reduction_brings_into_the_past_says_since_when():
    lines = by_event(life_of(sentence("2024-02-01", 20), STATUTES))

    assert iso(lines["LSC"].day) == "2025-02-01"
    assert lines["LSC"].note.endswith("; condition met since 2024-12-23 by what changed on this day")
    assert lines["inform LSC"].note == "condition met since 2024-11-23 by what changed on this day"


def test_a_reform_opens_on_its_day_what_its_conditions_already_allow():
    rows = life_of(sentence("2022-06-01", 5), STATUTES, share_granted=0)
    late = by_event(life_of(sentence("2022-10-05", 5), STATUTES, share_granted=0))["LSC-PD"]

    assert "LSC-PD" not in by_event(rows)
    assert iso(late.day) == "2023-01-01"
    assert late.note.endswith("condition met since 2022-10-29 by what changed on this day")


def test_a_long_sentence_has_its_hearing_its_judge_and_its_transfer():
    rows = life_of(sentence("2020-02-01", 144, felony=True), STATUTES, share_granted=0, place="CD")
    lines = by_event(rows)

    assert lines["LC"].decider == "TAP, judgment of the court of three"
    assert iso(lines["judge alone"].day) < iso(lines["released"].day)
    assert lines["two thirds hearing"].article == "CPP 730-3"
    assert iso(lines["transfer"].day) == "2020-11-11"
    assert lines["transfer"].note == "last day of the right"
    assert lines["never LSC-PD"].note == "excluded by law"
    assert lines["leave family"].article == "CPP D143-1"
    assert lines["leave yearly"].note == "10 days at most"
    assert lines["notice"].article == "C. pénit. L512-2"


@pytest.mark.parametrize(
    ("place", "article", "yearly"),
    [("MA", "CPP D143", False), ("MC", "CPP D143", False), ("CD", "CPP D143-1", True), ("SAS", "CPP D143-2", False)],
)
def test_the_permissions_of_each_kind_of_prison(place, article, yearly):
    lines = by_event(life_of(sentence("2024-02-01", 36), STATUTES, place=place))

    assert lines["leave family"].article == article
    assert ("leave yearly" in lines) is yearly


def test_the_minimum_term_ends_before_anything_opens():
    surety_end = parse_day("2025-06-01")
    rows = life_of(sentence("2024-02-01", 36, surety_end_day=surety_end), STATUTES, share_granted=0)
    lines = by_event(rows)

    assert lines["surety"].day == surety_end
    assert {iso(lines[code].day) for code in ("SL", "PE", "DDSE")} == {"2025-06-01"}
    assert "surety" not in by_event(life_of(sentence("2024-02-01", 36), STATUTES))


def test_a_removal_measure_is_noted_where_it_is_a_condition():
    lines = by_event(life_of(sentence("2024-02-01", 12, removal=True), STATUTES))

    noted = {code for code in ("LC", "SL", "DDSE", "LSC", "LSC-PD") if "only if the removal" in lines[code].note}
    assert noted == {"LC", "LSC-PD"}


def test_life_has_no_end_and_opens_conditional_release_at_eighteen_years():
    rows = life_of(Sentence.of(parse_day("2010-01-01"), 0, life=True, felony=True, birth_day=BORN), STATUTES)
    lines = by_event(rows)

    assert "released" not in lines
    assert iso(lines["LC"].day) == "2028-01-01"
    assert iso(lines["SL"].day) == "2027-01-01"
    assert lines["LC"].decider == "TAP, judgment of the court of three"
    assert lines["never LSC-PD"].note == "excluded by law"


def test_nothing_is_open_after_the_judgment_of_a_sentence_already_served():
    rows = life_of(sentence("2024-02-01", 2, sentenced_day=parse_day("2024-06-01")), STATUTES)

    assert not {adjustment.code for adjustment in ADJUSTMENTS} & set(by_event(rows))


def test_the_sentence_given_is_not_changed():
    given_sentence = sentence("2024-02-01", 24)
    twin = replace(given_sentence)

    life_of(given_sentence, STATUTES)

    assert given_sentence == twin


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_is_between_nothing_and_all(share):
    with pytest.raises(LawError, match="expected a number between 0 and 1"):
        life_of(sentence("2024-02-01", 24), STATUTES, share_granted=share)


def test_an_unknown_place_is_refused():
    with pytest.raises(LawError, match=r"'CDX' is no kind of prison; expected one of: MA, MC, CSL, CD, SAS\..*'CD'"):
        life_of(sentence("2024-02-01", 24), STATUTES, place="CDX")


def test_a_row_as_plain_text():
    row = Row(NEVER, "LC", "Conditional release", "CPP 729", "JAP", "")

    assert row.to_plain() == {
        "date": "never",
        "event": "LC",
        "label": "Conditional release",
        "article": "CPP 729",
        "decider": "JAP",
        "note": "",
    }


@given(
    committed=st.integers(parse_day("2014-01-01"), parse_day("2027-01-01")),
    months=st.integers(1, 200),
    remand=st.sampled_from([0, 60, 300]),
    recidive=st.booleans(),
    share=st.floats(0, 1),
)
def test_every_life_is_told_in_order_with_an_article_each_and_ends_once(committed, months, remand, recidive, share):
    made = Sentence.of(committed, months, remand_days=remand, recidive=recidive, birth_day=BORN)
    rows = life_of(made, STATUTES, share_granted=share)

    assert [row.day for row in rows] == sorted(row.day for row in rows)
    assert all(row.article and row.label for row in rows)
    events = [row.event for row in rows if row.event != "reduction"]
    assert len(events) == len(set(events))
    assert events.count("released") == 1
    for adjustment in ADJUSTMENTS:
        # Told once: open on a day, or never.
        assert (adjustment.code in events) != (f"never {adjustment.code}" in events)


def test_an_adjustment_of_the_board_without_a_duty_to_inform_has_no_such_row():
    class ByTheBoard(SemiLiberty):
        needs_hearing = False

    law = STATUTES.at(parse_day("2024-02-01"))
    opening = openings._information(ByTheBoard(), "en")

    assert opening.opens(sentence("2024-02-01", 12), law) == NEVER


def test_each_permission_has_its_article_in_each_kind_of_prison():
    made, law = sentence("2024-02-01", 36), STATUTES.at(parse_day("2024-02-01"))
    common = [("one_day", "CPP D143-4"), ("family_event", "CPP D143-5"), ("obligation", "CPP D145")]
    family = {"MA": "CPP D143", "MC": "CPP D143", "CSL": "CPP D143", "CD": "CPP D143-1", "SAS": "CPP D143-2"}

    for place, article in family.items():
        yearly = [("yearly", "CPP D143-1")] if place == "CD" else []
        found = [(leave.kind, leave.article) for leave in leaves(made, place, made.sentenced_day, law)]
        assert found == [("family", article), *yearly, *common]
