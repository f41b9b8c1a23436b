"""What the functions of the law refuse, and how they say it."""

from __future__ import annotations

import pytest

from sim.dates import NEVER, parse_day
from sim.errors import LawError
from sim.law import Sentence, Statutes
from sim.law.leave import leaves
from sim.law.procedure import competence
from sim.law.rulebook import delays
from sim.law.rulebook.execution import Extract, execution_order
from sim.law.rulebook.pregnancy import as_seen_on, counted_from
from sim.law.rulebook.sentencing import Duty, duty
from sim.law.rulebook.timeline import life_of
from sim.law.sentence import half_day, nominal_end, remaining, served, two_thirds_day

DAY = parse_day("2024-02-01")
LAW = Statutes.load().at(DAY)
YEAR = Sentence.of(DAY, 12)


@pytest.mark.parametrize(("months", "days"), [(0, 0), (-1, 40), (2, -5)])
def test_a_firm_part_must_be_something(months, days):
    with pytest.raises(LawError) as error:
        duty(months, DAY, LAW, firm_days=days)

    assert str(error.value) == f"a firm part of {months} months {days} days; expected something to serve"


def test_a_firm_part_may_be_of_days_or_of_months():
    assert duty(0, DAY, LAW, firm_days=45) is Duty.MUST_ADJUST
    assert duty(2, DAY, LAW) is Duty.MUST_ADJUST


def test_a_firm_part_has_no_day_but_those_given():
    assert duty(1, DAY, LAW) is Duty.FORBIDDEN


@pytest.mark.parametrize(("months", "days", "remand"), [(-1, 0, 0), (1, -1, 0), (1, 0, -1)])
def test_durations_are_not_negative(months, days, remand):
    with pytest.raises(LawError) as error:
        nominal_end(DAY, months, days, remand)

    assert str(error.value) == (
        f"a sentence of {months} months {days} days less {remand} days of remand: durations cannot be negative"
    )


def test_a_sentence_is_of_something():
    with pytest.raises(LawError) as error:
        nominal_end(DAY, 0)

    assert str(error.value) == "a sentence of no month and no day: expected a quantum"


def test_the_nominal_end():
    assert nominal_end(DAY, 0, 1) == DAY + 1
    assert nominal_end(DAY, 1) == DAY + 30
    assert nominal_end(DAY, 1, 2, 3) == DAY + 28


@pytest.mark.parametrize("position", [5, 1, -1])
def test_a_sentence_is_revoked_by_another_of_the_list(position):
    with pytest.raises(LawError) as error:
        execution_order([Extract(2), Extract(1, revoked_by=position)])

    assert str(error.value) == (
        f"extract 1: revoked by sentence {position}; expected the position of another of the 2 sentences"
    )


def test_revoked_by_one_past_the_list():
    with pytest.raises(LawError, match="revoked by sentence 2"):
        execution_order([Extract(2), Extract(1, revoked_by=2)])


def test_a_kind_of_prison_is_known():
    with pytest.raises(LawError) as error:
        leaves(YEAR, "SA", DAY, LAW)

    assert str(error.value) == "'SA' is no kind of prison; expected one of: MA, MC, CSL, CD, SAS. Did you mean 'SAS'?"


def test_a_matter_is_known():
    with pytest.raises(LawError) as error:
        competence("remision", YEAR, DAY, LAW)

    assert str(error.value) == (
        "'remision' is no matter of an enforcement court; expected one of: escort, judicial supervision, leave, "
        "medical suspension, modification, remission, revocation, splitting, supervision, surety. Did you mean 'remission'?"
    )


def test_life_has_no_half_nor_end():
    life = Sentence.of(DAY, 0, life=True)

    assert (life.end_day, life.total_days, life.total_months) == (NEVER, 0, 0)
    assert half_day(life) == two_thirds_day(life) == remaining(life, DAY + 9000) == NEVER
    assert served(life, DAY + 9000) == 9000


def test_the_defaults_of_a_sentence_written_by_hand():
    assert (YEAR.committed_day, YEAR.sentenced_day, YEAR.start_day, YEAR.end_day) == (DAY, DAY, DAY, DAY + 366)
    assert (YEAR.total_months, YEAR.total_days, YEAR.birth_day, YEAR.child_born_day, YEAR.surety_end_day) == (
        12,
        366,
        0,
        NEVER,
        -1,
    )
    flags = (YEAR.felony, YEAR.recidive, YEAR.terrorism, YEAR.life, YEAR.lsc_excluded, YEAR.removal)
    assert flags == (False,) * 6


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (
            "surety.automatic_fraction",
            "law.surety.automatic_fraction: in share, so no delay; expected a rule in days, months, weeks, years",
        ),
        (
            "simplified_procedure.approval_days",
            "law.simplified_procedure.approval_days: no such rule is in force on that day",
        ),
    ],
)
def test_what_is_no_delay_has_no_end(path, words):
    with pytest.raises(LawError) as error:
        delays.ends(path, DAY, Statutes.load())

    assert str(error.value) == words


def test_a_delay_of_no_rule():
    with pytest.raises(LawError, match=r"law.allocation.isolation: no such rule of law. .*isolation_months"):
        delays.begins("allocation.isolation", DAY, Statutes.load())


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        (Sentence.of(parse_day("1970-12-31"), 12), "committed on 1970-12-31; expected a day from 1971-01-01 to 2100-12-31"),
        (Sentence.of(parse_day("2101-01-01"), 12), "committed on 2101-01-01; expected a day from 1971-01-01 to 2100-12-31"),
        (
            Sentence.of(DAY, 12, sentenced_day=parse_day("2101-01-01")),
            "judged on 2101-01-01; expected a day from 1971-01-01 to 2100-12-31",
        ),
        (
            Sentence.of(parse_day("1971-01-02"), 12, remand_days=2),
            "begun on 1970-12-31; expected a day from 1971-01-01 to 2100-12-31",
        ),
        (
            Sentence.of(DAY, 12, birth_day=DAY + 1),
            "born on 2024-02-02, after the committal of 2024-02-01",
        ),
        (Sentence.of(DAY, 961), "a sentence that ends on 2104-03-01; expected 80 years at most"),
        (
            Sentence.of(DAY, 12, surety_end_day=DAY),
            "minimum term that ends on 2024-02-01; expected a day of the sentence, 2024-02-01 to 2025-02-01",
        ),
        (
            Sentence.of(DAY, 12, surety_end_day=parse_day("2025-02-02")),
            "minimum term that ends on 2025-02-02; expected a day of the sentence, 2024-02-01 to 2025-02-01",
        ),
    ],
)
def test_the_life_of_a_sentence_whose_dates_do_not_hold_together(sentence, words):
    with pytest.raises(LawError) as error:
        life_of(sentence, Statutes.load())

    assert str(error.value) == words


@pytest.mark.parametrize(
    "sentence",
    [
        Sentence.of(parse_day("1971-01-01"), 12, birth_day=parse_day("1971-01-01")),
        Sentence.of(parse_day("2100-12-31"), 960),
        Sentence.of(DAY, 12, surety_end_day=parse_day("2025-02-01")),
    ],
)
def test_the_life_of_a_sentence_at_the_edge_is_told(sentence):
    assert life_of(sentence, Statutes.load(), share_granted=0)


def test_no_pregnancy_changes_nothing_and_is_never_counted():
    assert as_seen_on(YEAR, DAY, LAW) is YEAR
    assert counted_from(NEVER, LAW) == NEVER
