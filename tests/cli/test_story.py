"""One life in sentences."""

from __future__ import annotations

import json

import pytest

from sim.dates import iso
from sim.presentation.life_story import moments
from sim.presentation.texts import Texts
from sim.records.codes import Answer, Cause, LeaveEnd, Movement, Outcome, Purpose
from sim.records.tables import Records
from tests.cli.conftest import DATES
from tests.fabricated import CODEBOOK, START, add


@pytest.fixture
def run(sortie, engine) -> str:
    sortie("run", "baseline", "-n", "2", "-w", "1", *DATES)
    (path,) = (engine / "results" / "baseline").iterdir()
    return str(path)


def told(*rows: dict[str, int]) -> list[str]:
    import pandas as pd  # noqa: PLC0415

    records = Records(CODEBOOK)
    for row in rows:
        add(records, "events", **row)
    array = records.tables["events"].array()
    life = pd.DataFrame({name: array[name] for name in array.dtype.names})
    return [moment.text for moment in moments(Texts("en"), life, CODEBOOK, iso(START))]


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ({"movement": Movement.COMMITTED, "value": 20},
         "Committed, Fresnes — MA, on remand for 20 days (fast-track)."),
        ({"movement": Movement.CONVICTED, "value": 365}, "Sentenced: a firm part of 12 months."),
        ({"movement": Movement.CHARGES_ENDED, "value": 90},
         "Released without a sentence to serve, after 3 months on remand."),
        ({"movement": Movement.ASSIGNED, "value": 0}, "A counsellor (CPIP) takes the file at once."),
        ({"movement": Movement.ASSIGNED, "value": 1}, "A counsellor (CPIP) takes the file, after a wait of 1 day."),
        ({"movement": Movement.FILE_READY, "value": 123}, "The file is ready, after 12 hours of work."),
        ({"movement": Movement.REQUESTED, "detail": 1}, "Request lodged with the judge (JAP): semi-liberty (SL)."),
        ({"movement": Movement.HEARD, "detail": Outcome.REFUSED_RISK, "value": 30},
         "The judge decides, 30 days after the request: refused, because of the risk."),
        ({"movement": Movement.EXAMINED, "detail": Outcome.NO_HOUSING, "value": 5},
         ("Examined by the board (CAP), release under constraint as of right (LSC de plein droit): "
         "refused, for want of lodging.")),
        ({"movement": Movement.PLACED, "detail": 1, "value": 4},
         "Leaves the cell: semi-liberty (SL) (granted as release under constraint (LSC))."),
        ({"movement": Movement.PLACED, "detail": 1, "value": 1}, "Leaves the cell, or changes measure: semi-liberty (SL)."),
        ({"movement": Movement.WITHDRAWN, "detail": 3},
         "The measure is withdrawn (home detention (DDSE)): back to the cell, Fresnes — MA."),
        ({"movement": Movement.INCIDENT, "detail": 3, "value": Answer.REMINDED},
         "Incident of the measure (home detention (DDSE)): a reminder of the rules."),
        ({"movement": Movement.CONVERTED, "value": 70},
         "No tag came in 2 months: the sentence is converted into another one, outside prison."),
        ({"movement": Movement.TRANSFERRED, "quarter": 1, "value": 0}, "Transferred from Fresnes — MA to Loos — CD."),
        ({"movement": Movement.REMITTED, "value": 14}, "Remission of 14 days."),
        ({"movement": Movement.REMITTED, "value": -28}, "Misconduct: 28 days of remission withdrawn."),
        ({"movement": Movement.RELEASED, "value": Cause.NOT_HEARD + 1},
         "Leaves the cell with nothing (sortie sèche). Cause: Judge's decision too late."),
        ({"movement": Movement.RELEASED, "detail": 3},
         "End of the sentence, on home detention (DDSE)."),
        ({"movement": Movement.LEAVE_DECIDED, "detail": Purpose.HOST, "value": LeaveEnd.BACK},
         "Permission to go out (host): granted, back in time."),
        ({"movement": Movement.REOFFENDED, "value": 800},
         "Will commit a new act 26 months after leaving, and be convicted of it."),
    ],
)  # fmt: skip
def test_each_movement_has_its_sentence(row, text):
    assert told({"movement": Movement.COMMITTED}, row)[1] == text


LOST = "Here the race with the end of the sentence was lost."
_STAY = (Movement.COMMITTED, Movement.ASSIGNED, Movement.FILE_OPENED, Movement.REQUESTED, Movement.HEARD, Movement.EXAMINED)


@pytest.mark.parametrize(
    ("cause", "movement"),
    [
        (Cause.NOT_HEARD, Movement.REQUESTED),
        (Cause.FILE_NOT_READY, Movement.FILE_OPENED),
        (Cause.REFUSED_PROJECT, Movement.EXAMINED),
        (Cause.NO_PLACE_SL, Movement.EXAMINED),
        (Cause.DECLINED, Movement.COMMITTED),
        (Cause.MEASURE_WITHDRAWN, Movement.COMMITTED),
    ],
)
def test_a_life_shows_the_moment_the_race_was_lost(cause, movement):
    """At the last movement of the stage that is the cause, else at the judgment; once a dry release, and at no other."""
    release = {"movement": Movement.RELEASED, "value": cause + 1}
    again = {"movement": Movement.COMMITTED, "stay": 1}
    texts = told(*({"movement": each} for each in _STAY), release, again)
    assert [text.endswith(LOST) for text in texts] == [each == movement for each in _STAY] + [False, False]
    assert not any(LOST in text for text in told(*({"movement": each} for each in _STAY), {"movement": Movement.RELEASED}))


def test_someone_who_was_there_from_the_start_is_told_so():
    assert told({"movement": Movement.ASSIGNED})[0] == "Already under committal when the simulation begins."


def test_a_return_says_that_it_is_the_same_person():
    again = {"movement": Movement.COMMITTED, "stay": 1, "detail": 2}
    assert told({"movement": Movement.COMMITTED}, again)[1].endswith("Back in prison: it is the same person.")


def test_every_movement_and_every_cause_can_be_told():
    for movement in Movement:
        assert told({"movement": Movement.COMMITTED}, {"movement": movement})[1]
    for cause in Cause:
        assert "sortie sèche" in told({"movement": Movement.COMMITTED}, {"movement": Movement.RELEASED, "value": cause + 1})[1]


@pytest.mark.parametrize(
    ("kind", "words"), [("dry", "sortie sèche"), ("adjusted", "Leaves the cell"), ("withdrawn", "withdrawn")]
)
def test_a_life_of_a_kind_is_found_and_told_in_order(sortie, run, kind, words):
    answer = sortie("story", run, "--pick", kind, "--json")
    assert answer.code == 0
    life = json.loads(answer.out)
    dates = [sentence["date"] for sentence in life["sentences"]]
    assert dates == sorted(dates)
    assert any(words in sentence["text"] for sentence in life["sentences"])
    by_number = sortie("story", run, "--person", str(life["person"]))
    assert all(sentence["date"] in by_number.out for sentence in life["sentences"])
    assert "a simulated life" in by_number.out


def test_the_portrait_is_that_of_the_first_exit(sortie, run):
    text = sortie("story", run, "--pick", "adjusted").out
    assert "30 at the first exit" in text
    assert "firm part" in text


def test_a_number_nobody_has_suggests_some_that_exist(sortie, run):
    answer = sortie("story", run, "--person", "100000")
    assert answer.code == 2
    assert "nobody has number 100000 in replication 0. Numbers that exist: 148, 149" in answer.err


def test_a_replication_without_events_is_told(sortie, run):
    answer = sortie("story", run, "--person", "1", "--replication", "1")
    assert answer.code == 2
    assert "replication 1 has no events (with events: 0)" in answer.err


def test_one_of_person_and_pick_is_needed(sortie, run):
    assert sortie("story", run).code == 2
    assert sortie("story", run, "--person", "1", "--pick", "dry").code == 2
