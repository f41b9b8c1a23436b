"""The dated life of one sentence, line by line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim.dates import iso, parse_day
from sim.law import Amendment, Sentence, Statutes
from sim.law.adjustments import ADJUSTMENTS
from sim.law.rulebook.doubts import doubts
from sim.law.rulebook.grounds import ground, why_never
from sim.law.rulebook.timeline import life_of

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
        ("2024-02-13", "final"),
        ("2024-02-13", "SL"),
        ("2024-02-13", "PE"),
        ("2024-02-13", "DDSE"),
        ("2024-02-13", "SAS"),
        ("2024-02-13", "leave family"),
        ("2024-02-13", "leave one_day"),
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
    assert lines["SL"].note == "a request filed this day is to be decided by 2024-06-13"
    assert lines["LSC-PD"].decider == "JAP, order after the board"
    assert lines["LSC-PD"].note == "of right; refused only if materially impossible"
    assert lines["released"].note == "before noon; 123 days of reductions"
    assert lines["never LSC"].note == "release under constraint as of right comes first (D147-24)"
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
        "184 jours au plus, 123 accordés (67 %) : la fin de peine passe du 01/02/2025 au 01/10/2024"
    )
    assert lines["SL"].note == "requête déposée ce jour : décision avant le 13/06/2024"
    assert lines["LSC-PD"].note == "de plein droit ; refus seulement si impossibilité matérielle"
    assert lines["LSC-PD"].decider == "JAP, ordonnance après CAP"
    assert lines["never LSC"].label == "Jamais ouvert : Libération sous contrainte"
    assert lines["never LSC"].note == "la libération sous contrainte de plein droit vient avant (D147-24)"
    assert lines["leave one_day"].note == "1 jour au plus"
    assert lines["leave family"].note == "3 jours au plus"
    assert lines["regime"].note == "régime unique (écrou depuis 2023)"


def test_remand_credit_former_regime_and_the_reform_of_2023():
    rows = life_of(sentence("2022-06-01", 24, remand_days=31), STATUTES, share_granted=0.5)
    lines = by_event(rows)

    assert (lines["committed"].note, lines["committed"].operation) == ("remand credited", "2022-06-01 − 31 days = 2022-05-01")
    assert lines["regime"].note == "credit and supplements (committed before 2023)"
    assert iso(lines["credit"].day) == "2022-06-14"
    assert lines["credit"].note == "152 days: end moves from 2024-05-01 to 2023-12-01"
    assert lines["credit"].decider == "registry"
    assert lines["reduction"].article == "CPP 721-1 (former)"
    # Two years at most and, in 2023, three months before the end: as of right, which did not exist at the committal.
    assert iso(lines["LSC-PD"].day) >= "2023-01-01"
    assert "LSC" in lines


def test_an_opening_that_a_reduction_brings_into_the_past_says_since_when():
    lines = by_event(life_of(sentence("2024-02-01", 20), STATUTES))

    assert iso(lines["LSC"].day) == "2025-02-01"
    assert lines["LSC"].note.endswith("; condition met since 2024-11-29 by what changed on this day")
    assert lines["inform LSC"].note == "condition met since 2024-10-29 by what changed on this day"


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
    assert iso(lines["transfer"].day) == "2020-11-12"
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


def life_sentence(committed="2010-01-01", **facts):
    return Sentence.of(parse_day(committed), 0, life=True, felony=True, birth_day=BORN, **facts)


def test_life_has_no_end_and_opens_conditional_release_at_eighteen_years():
    lines = by_event(life_of(life_sentence(), STATUTES, share_granted=0))

    assert "released" not in lines
    assert iso(lines["LC"].day) == "2029-01-01"
    assert {iso(lines[code].day) for code in ("trial", "SL", "PE", "DDSE")} == {"2028-01-01"}
    assert lines["SL"].note.startswith("as probation ahead of a conditional release open from 2029-01-01; a request")
    assert lines["LC"].decider == "TAP, judgment of the court of three"
    assert lines["LC"].note.startswith("after at least 1 year of SL, PE or DDSE, from the end of the trial period on (730-2); ")
    assert lines["LC"].operation == "2010-01-01 + 18 years = 2028-01-01; 2028-01-01 + 1 year = 2029-01-01"
    assert lines["never LSC-PD"].note == "excluded by law"
    assert lines["never LSC"].note == "total above 60 months"
    assert iso(lines["never LSC"].day) == "never"


def test_all_the_reductions_of_the_trial_period_of_life_open_it_a_month_earlier_for_each_year():
    """Sixteen years served take sixteen months off eighteen years, and the seventeenth has no time to count."""
    lines = by_event(life_of(life_sentence(), STATUTES, share_granted=1))

    assert iso(lines["trial"].day) == "2026-09-01"
    assert iso(lines["LC"].day) == "2027-09-01"
    assert iso(lines["SL"].day) == "2026-09-01"
    assert lines["LC"].note.startswith("trial period less 100% of its reductions (729-1); else from 2028-01-01; after")


def test_the_minimum_term_of_life_holds_whatever_the_reductions_of_the_trial_period():
    rows = life_of(life_sentence(surety_end_day=parse_day("2032-01-01")), STATUTES, share_granted=1)

    assert {iso(by_event(rows)[code].day) for code in ("surety", "trial", "SL", "PE", "DDSE")} == {"2032-01-01"}
    assert iso(by_event(rows)["LC"].day) == "2033-01-01"


def test_socio_judicial_supervision_incurred_asks_for_the_reinforced_procedure_and_opens_judicial_supervision():
    made = sentence("2020-02-03", 180, felony=True)
    plain, incurred = (
        by_event(life_of(replace(made, ssj_incurred=incurred), STATUTES, share_granted=0.5)) for incurred in (False, True)
    )

    assert "(730-2)" in incurred["LC"].note
    assert "(730-2)" not in plain["LC"].note
    assert incurred["judicial supervision"].day == incurred["supervision"].day
    assert "judicial supervision" not in plain


def test_a_pregnancy_opens_conditional_release_and_the_note_says_so():
    """Expected on 2025-03-01, twelve weeks are over on 2024-08-24; 24 months are left from 2025-02-01.

    Probation waits for what opens the release: a year before 2025-08-02, which needs no pregnancy, comes first.
    """
    lines = by_event(life_of(sentence("2024-02-01", 36, child_due_day=parse_day("2025-03-01")), STATUTES, share_granted=0))

    assert iso(lines["LC"].day) == "2024-08-25"
    assert lines["LC"].note.startswith("pregnancy of more than twelve weeks (729-3); else from 2025-08-02; ")
    assert iso(lines["SL"].day) == "2024-08-02"
    assert lines["SL"].note.startswith(
        "as probation ahead of a conditional release open from 2024-08-25; 24 months left on 2025-02-01"
    )


def test_after_the_birth_the_child_counts_and_the_note_says_so():
    made = sentence("2024-02-01", 72, child_due_day=parse_day("2025-03-01"))
    lines = by_event(life_of(made, STATUTES, share_granted=0, language="fr"))

    assert iso(lines["LC"].day) == "2026-02-01"
    assert lines["LC"].note.startswith("libération conditionnelle parentale (729-3) ; sinon le 01/02/2027 ; requête")


def test_the_pregnancy_of_a_mother_counts_when_her_older_child_is_too_old():
    """Four years are left from 2027-02-01, when the older child has turned ten and the younger has not."""
    made = sentence("2024-02-01", 84, child_born_day=parse_day("2015-01-10"), child_due_day=parse_day("2025-03-01"))

    assert iso(by_event(life_of(made, STATUTES, share_granted=0))["LC"].day) == "2027-02-01"


def test_seventy_years_of_age_is_noted():
    lines = by_event(life_of(sentence("2023-01-02", 120, birth_day=parse_day("1955-06-15")), STATUTES, share_granted=0))

    assert iso(lines["LC"].day) == "2025-06-15"
    assert lines["LC"].note.startswith("from seventy years of age (729); else from 2028-01-03; ")


def test_seventy_years_with_a_child_too_old_is_seventy_years():
    made = sentence("2023-01-02", 120, birth_day=parse_day("1955-06-15"), child_born_day=parse_day("2010-01-01"))

    assert by_event(life_of(made, STATUTES, share_granted=0))["LC"].note.startswith("from seventy years of age (729); ")


def test_home_detention_ahead_of_the_release_of_life_may_begin_in_the_minimum_term_if_a_scenario_says_so():
    on = parse_day("2005-01-01")
    open_to_it = STATUTES.amended([Amendment("surety.bars_home_detention", on, "set", value=False)])
    lines = by_event(life_of(life_sentence(surety_end_day=parse_day("2027-06-01")), open_to_it, share_granted=1))

    assert (iso(lines["DDSE"].day), iso(lines["SL"].day)) == ("2027-06-01", "2027-06-01")


def test_the_judge_never_decides_alone_on_the_release_of_a_terrorist():
    plain, terrorist = (
        by_event(life_of(sentence("2020-02-03", 144, felony=True, terrorism=flag), STATUTES)) for flag in (False, True)
    )

    assert "judge alone" in plain
    assert "judge alone" not in terrorist
    assert terrorist["LC"].decider == "TAP, judgment of the court of three"


def test_a_measure_that_opens_on_the_day_of_its_own_threshold_is_no_probation():
    """24 months are left on 2025-02-01, the day the minimum term ends."""
    made = sentence("2024-02-01", 36, surety_end_day=parse_day("2025-02-01"))

    assert (
        by_event(life_of(made, STATUTES, share_granted=0))["SL"].note
        == "a request filed this day is to be decided by 2025-06-02"
    )


def test_why_a_measure_never_opens():
    law = STATUTES.at(parse_day("2024-02-01"))
    by_code = {adjustment.code: adjustment for adjustment in ADJUSTMENTS}
    short, long = sentence("2024-02-01", 12, lsc_excluded=True), sentence("2024-02-01", 30)

    assert why_never(by_code["LC"], short, law, "en") == "its conditions are not met before the end"
    assert why_never(by_code["LSC"], short, law, "en") == "its conditions are not met before the end"
    assert why_never(by_code["LSC-PD"], long, law, "fr") == "total de plus de 24 mois"
    assert why_never(by_code["LSC-PD"], short, law, "fr") == "exclu par la loi"


def test_the_grounds_are_those_of_nothing_granted_and_of_no_supervision_incurred_unless_one_says():
    law = STATUTES.at(parse_day("2024-02-01"))
    release = next(adjustment for adjustment in ADJUSTMENTS if adjustment.code == "LC")
    made, life = sentence("2015-02-01", 200, felony=True), life_sentence()

    assert ground(release, made, made.end_day - 1, law, "en").words == ""
    assert ground(release, life, parse_day("2028-12-31"), law, "en").words.startswith("after at least 1 year")


def test_reductions_never_enter_the_minimum_term():
    made = sentence("2021-03-01", 144, felony=True, surety_end_day=parse_day("2029-03-01"))
    rows = life_of(made, STATUTES, share_granted=1)
    last = [row for row in rows if row.event == "reduction"][-1]

    assert last.note == (
        "89 days at most, 89 granted (100%): end moves from 2029-05-01 to 2029-03-01; "
        "what would pass the minimum term is lost (CP 132-23)"
    )
    assert iso(by_event(rows)["released"].day) == "2029-03-01"
    assert by_event(rows)["released"].note == "before noon; 1461 days of reductions"
    assert {"never LC", "never SL", "never PE", "never DDSE"} <= set(by_event(rows))


def test_a_reduction_that_comes_after_the_end_it_gives_releases_at_once():
    """A year of remand, then judgment: the most of 183 days would have ended the sentence before the board sat."""
    made = sentence("2023-06-01", 12, sentenced_day=parse_day("2024-03-01"))
    lines = by_event(life_of(made, STATUTES, share_granted=1))

    assert lines["reduction"].note.endswith("end moves from 2024-06-01 to 2024-03-11; released at once")
    assert lines["reduction"].label == "Reductions examined, last period"
    assert lines["released"].note == "before noon; 82 days of reductions"
    assert iso(lines["supervision"].day) == "2024-06-01"


def test_articles_are_those_of_the_day():
    old, new = (by_event(life_of(sentence(day, 20), STATUTES, share_granted=0)) for day in ("2019-06-03", "2023-01-02"))

    assert (old["LSC"].article, new["LSC"].article) == ("CPP 720", "CPP 720 § I")
    assert (old["SAS"].article, new["SAS"].article) == ("now C. pénit. D112-20", "C. pénit. D112-20")
    french = by_event(life_of(sentence("2019-06-03", 20), STATUTES, share_granted=0, language="fr"))
    assert french["SAS"].article == "auj. C. pénit. D112-20"
    assert old["never LSC-PD"].note == "the measure did not exist yet"


def test_before_2015_the_end_of_a_sentence_is_served_under_a_tag_and_there_is_no_hearing_at_two_thirds():
    lines = by_event(life_of(sentence("2013-01-02", 12), STATUTES, share_granted=0))
    longer = by_event(life_of(sentence("2008-01-02", 72), STATUTES, share_granted=0))

    # A credit of three months brings the end to 2013-10-02.
    assert iso(lines["SEFIP"].day) == "2013-06-02"
    assert lines["SEFIP"].article == "CPP 723-28 (former)"
    assert "two thirds hearing" not in longer
    assert "SEFIP" not in longer


def test_the_hearing_at_two_thirds_waits_for_the_minimum_term():
    plain, barred = (
        by_event(life_of(sentence("2020-02-03", 72, surety_end_day=end), STATUTES, share_granted=0))["two thirds hearing"]
        for end in (-1, parse_day("2024-09-01"))
    )

    # A credit of 13 months brings the end to 2025-01-03: 1796 days, two thirds 1198 (1197.33).
    assert iso(plain.day) == "2023-05-16"
    assert plain.note.startswith("by 2023-03-16 the probation service asks whether the person opposes any release; ")
    assert "without hearing by 2023-09-18, the chamber may be seized" in plain.note
    assert plain.operation == "2020-02-03 → 2025-01-03: 1796 days × 2 ÷ 3 = 1197.33 → 1198"
    assert iso(barred.day) == "2024-09-01"


def test_short_sentences_are_told_of_release_as_of_right_once_final():
    short, longer = (by_event(life_of(sentence("2024-02-01", months), STATUTES, share_granted=0)) for months in (6, 7))

    assert iso(short["inform LSC-PD"].day) == "2024-02-13"
    assert iso(longer["inform LSC-PD"].day) == "2024-05-01"


def test_nothing_is_open_after_the_judgment_of_a_sentence_already_served():
    rows = life_of(sentence("2024-02-01", 2, sentenced_day=parse_day("2024-06-01")), STATUTES)

    assert not {adjustment.code for adjustment in ADJUSTMENTS} & set(by_event(rows))


def test_the_sentence_given_is_not_changed():
    given_sentence = sentence("2024-02-01", 24)
    twin = replace(given_sentence)

    life_of(given_sentence, STATUTES)

    assert given_sentence == twin


def test_that_730_2_reaches_older_facts_is_said_to_be_recalled():
    """Crim. 4 April 2013 was not read: said for facts before 2012, with what follows if it does not; not for later ones."""
    for facts, said in (("2011-12-31", True), ("2012-01-01", False)):
        made = sentence("2013-05-01", 0, life=True, felony=True, facts_day=parse_day(facts))
        assert any("Crim. 4 April 2013" in doubt for doubt in doubts(made, STATUTES, 0.65, "en")) is said
    assert not any("2013" in doubt for doubt in doubts(sentence("2013-05-01", 24, facts_day=0), STATUTES, 0.65, "en"))


def test_the_right_to_be_moved_counts_the_credit_reckoned_when_the_sentence_is_final():
    """L211-3: five years from 15 July 2021, eleven months of credit: twenty months are left on 28 November 2023."""
    judged = {"sentenced_day": parse_day("2023-11-15")}
    assert "transfer" not in by_event(life_of(sentence("2021-07-15", 60, **judged), STATUTES, share_granted=0))
    # Seven years less fifteen months of credit end on 15 April 2027: a right, nine months from finality.
    assert iso(by_event(life_of(sentence("2021-07-15", 84, **judged), STATUTES))["transfer"].day) == "2024-08-28"
