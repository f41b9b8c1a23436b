"""``story``: one simulated life, told from the event log in sentences with dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sim.cli.output import console, print_json
from sim.dates import DAYS_PER_MONTH, date_of
from sim.errors import RequestError, RunFolderError
from sim.records.codes import Cause, Movement, Offence, Outcome
from sim.records.run_folder import RunFolder, open_run

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from pathlib import Path

    import pandas as pd

    from sim.records.tables import Codebook

KINDS = ("dry", "adjusted", "withdrawn", "removal")
"""Kinds of life that can be asked for."""

_REGIMES = {
    "LC": "conditional release (LC)",
    "SL": "semi-liberty (SL)",
    "PE": "external placement (PE)",
    "DDSE": "home detention with a tag (DDSE)",
}
_OUTCOMES = {
    Outcome.GRANTED: "granted",
    Outcome.REFUSED_PROJECT: "refused, the project did not convince",
    Outcome.REFUSED_RISK: "refused, because of the risk",
    Outcome.NO_HOUSING: "refused, for want of housing",
    Outcome.NO_PLACE: "no place",
    Outcome.REMOVAL_MEASURE: "closed by a removal measure",
    Outcome.EXCLUDED: "excluded by law",
    Outcome.DECLINED: "declined by the person",
    Outcome.NOT_EXAMINED: "not examined before the end",
}
_CAUSES = {
    Cause.CALENDAR_TOO_SHORT: "the sentence was too short for any route to open",
    Cause.NO_COUNSELLOR: "no counsellor was free before the end",
    Cause.FILE_NOT_READY: "the file was not complete when the sentence ended",
    Cause.NOT_HEARD: "no hearing came before the end",
    Cause.REFUSED_PROJECT: "the judge had not been convinced by the project",
    Cause.REFUSED_RISK: "the judge had refused because of the risk",
    Cause.NO_HOUSING: "there was no housing",
    Cause.NO_PLACE_SL: "no place of semi-liberty came free",
    Cause.NO_PLACE_PE: "no host for an external placement came free",
    Cause.NO_DEVICE: "no tag was fitted in time",
    Cause.REMOVAL_MEASURE: "a removal measure closed the route",
    Cause.EXCLUDED_BY_LAW: "the law closes every route to this sentence",
    Cause.DECLINED: "the person did not want a measure",
    Cause.MEASURE_WITHDRAWN: "the measure had been withdrawn",
}


class Sentence(NamedTuple):
    """One sentence of a life."""

    day: int
    text: str


def tell(path: Path, *, person: int | None, pick: str | None, replication: int | None, as_json: bool) -> None:
    """Print the life of a person of a run.

    Raises
    ------
    RequestError
        If nobody has that number, or no life is of that kind.
    RunFolderError
        If the run kept no events.
    """
    run = open_run(path)
    number = _replication_with_events(run, replication)
    if (person is None) == (pick is None):
        found = ", ".join(str(find_life(run, number, kind)) for kind in KINDS[:2])
        msg = f"expected either --person N or --pick {'|'.join(KINDS)}. People of this run: {found} …"
        raise RequestError(msg)
    if person is None:
        assert pick is not None
        person = find_life(run, number, pick)
    events = run.table("events", number)
    life = events[events["person"] == person]
    if not len(life):
        known = events["person"].drop_duplicates().sort_values().to_numpy()
        place = int(known.searchsorted(person))
        near = ", ".join(str(n) for n in known[max(place - 2, 0) : place + 2].tolist())
        msg = f"{run.path}: nobody has number {person} in replication {number}. Numbers that exist: {near or 'none'}."
        raise RequestError(msg)
    exits = run.table("exits", number)
    try:
        told = sentences(life, run.codebook, run.manifest.start_day)
        who = portrait(exits[exits["person"] == person])
    except (IndexError, ValueError) as problem:
        msg = f"{run.path}: replication {number}: person {person}: a code stands for nothing ({problem}). Run it again."
        raise RunFolderError(msg) from problem
    if as_json:
        print_json(
            {
                "run": str(run.path),
                "replication": number,
                "person": person,
                "portrait": who,
                "sentences": [{"date": date_of(s.day).isoformat(), "text": s.text} for s in told],
            }
        )
        return
    out = console()
    out.print(f"Person {person} of {run.scenario}, replication {number}: a simulated life, nobody's own.", markup=False)
    if who:
        out.print(who, markup=False)
    out.print()
    for sentence in told:
        out.print(f"{date_of(sentence.day):%Y-%m-%d}  {sentence.text}", markup=False)


def find_life(run: RunFolder, replication: int, kind: str) -> int:
    """Find the first person measured who left in that way and whose whole stay is in the run.

    Raises
    ------
    RequestError
        If there is none.
    """
    exits = run.table("exits", replication)
    sentenced = exits["sentenced"] == 1
    chosen = {
        "dry": sentenced & (exits["regime"] == 0) & (exits["requested_day"] >= 0),
        "adjusted": sentenced & (exits["regime"] > 0),
        "withdrawn": sentenced & (exits["cause"] == Cause.MEASURE_WITHDRAWN),
        "removal": sentenced & (exits["removal"] == 1) & (exits["regime"] == 0),
    }[kind]
    whole = (exits["committed_day"] > run.manifest.start_day) & (exits["day"] >= run.manifest.measure_from_day)
    people = exits[chosen & whole]["person"]
    if not len(people):
        people = exits[chosen]["person"]
    if not len(people):
        msg = f"{run.path}: no life of kind '{kind}' in replication {replication}. Try: {', '.join(KINDS)}."
        raise RequestError(msg)
    return int(people.iloc[0])


def _replication_with_events(run: RunFolder, asked: int | None) -> int:
    kept = [n for n in run.replications if "events.parquet" in run.manifest.replications[n]]
    if asked is None:
        if not kept:
            msg = f"{run.path}: no replication kept its events. Make them with: sortie run {run.scenario} --events"
            raise RunFolderError(msg)
        return kept[0]
    if asked not in kept:
        has = ", ".join(map(str, kept)) or "none"
        msg = f"{run.path}: replication {asked} has no events (with events: {has}). Run again with --events."
        raise RunFolderError(msg)
    return asked


def portrait(exits: pd.DataFrame) -> str:
    """Say who the person is, from their first exit; empty if they have not left."""
    if not len(exits):
        return "Has not left detention by the end of the run."
    row = exits.iloc[0]
    words = ["woman" if row["female"] else "man", f"{int(row['age'])} at the first exit"]
    words.append("foreign national" if row["foreign"] else "French")
    if row["removal"]:
        words.append("under a removal measure")
    offence = Offence(int(row["offence"])).name.lower()
    words.append(f"{'crime' if row['felony'] else 'délit'}, main offence: {offence}")
    if row["quantum_days"]:
        words.append(f"firm part {_span(int(row['quantum_days']))}")
    if row["homeless"]:
        words.append("without lodging at committal")
    return "A " + ", ".join(words) + "."


def sentences(life: pd.DataFrame, codebook: Codebook, start_day: int) -> list[Sentence]:
    """Tell the movements of one person, in order.

    Parameters
    ----------
    life
        Rows of ``events`` of one person.
    codebook
        What the codes stand for.
    start_day
        First day of the run.
    """
    told = []
    stay = 0
    if len(life) and life["movement"].iloc[0] != Movement.COMMITTED:
        told.append(Sentence(start_day, "Already under committal when the run begins."))
    for row in life.to_dict("records"):
        text = _sentence(row, codebook)
        if row["movement"] == Movement.COMMITTED and row["stay"] > stay:
            stay = row["stay"]
            text += " Back in prison: it is the same person."
        told.append(Sentence(int(row["day"]), text))
    return told


def _sentence(row: Mapping[Hashable, Any], codebook: Codebook) -> str:  # noqa: C901, PLR0912 (one sentence for each movement)
    detail, value = int(row["detail"]), int(row["value"])
    movement = Movement(int(row["movement"]))
    where = codebook.quarters[row["quarter"]] if 0 <= row["quarter"] < len(codebook.quarters) else ""
    match movement:
        case Movement.COMMITTED:
            held = f", on remand for what will be {_span(value)}" if value > 0 else ""
            return f"Committed{_in(where)}{held} ({_name(codebook.streams, detail)})."
        case Movement.CONVICTED:
            return f"Sentenced: a firm part of {_span(value)}." if value > 0 else "Sentenced."
        case Movement.CHARGES_ENDED:
            return f"Released without a sentence to serve, after {_span(value)} on remand."
        case Movement.ASSIGNED:
            return "A counsellor (CPIP) takes the file" + (f", after a wait of {_span(value)}." if value > 0 else " at once.")
        case Movement.FILE_OPENED:
            aimed = _measure(_name(codebook.adjustments, detail))
            return "The counsellor starts to prepare a file" + (f", for {aimed}." if aimed else ".")
        case Movement.FILE_READY:
            return f"The file is ready, after {value / 10:.0f} hours of work."
        case Movement.REQUESTED:
            return f"Request lodged with the judge (JAP): {_measure(_name(codebook.adjustments, detail))}."
        case Movement.HEARD:
            waited = f", {_span(value)} after the request" if value > 0 else ""
            return f"The judge decides{waited}: {_OUTCOMES[Outcome(detail)]}."
        case Movement.EXAMINED:
            asked = _measure(_name(codebook.adjustments, value))
            return f"Examined by the board (CAP) for {asked}: {_OUTCOMES[Outcome(detail)]}."
        case Movement.PLACED:
            granted = _name(codebook.adjustments, value)
            regime = _name(codebook.regimes, detail)
            by = f", granted as {_measure(granted)}" if granted not in {"", regime} else ""
            return f"Leaves the cell: begins {_measure(regime)}{by}."
        case Movement.WITHDRAWN:
            lost = _measure(_name(codebook.regimes, detail))
            return f"The measure is withdrawn, {lost} is over: back to the cell{_in(where)}."
        case Movement.TRANSFERRED:
            return f"Transferred from {_name(codebook.quarters, value)} to {where}."
        case Movement.FURTHER:
            more = f": {_span(value)} more" if value > 0 else ", concurrent with the one under way: the end does not move"
            return f"A further sentence is put into execution{more}."
        case Movement.REMITTED:
            return f"Remission of {_span(value)} granted."
        case Movement.RELEASED if value > 0:
            return f"Released from the cell, dry (sortie sèche): {_CAUSES[Cause(value - 1)]}."
        case Movement.RELEASED if detail > 0:
            return f"End of the sentence, on {_measure(_name(codebook.regimes, detail - 1))}."
        case Movement.RELEASED:
            return "End of the committal (levée d'écrou)."
        case Movement.REOFFENDED:
            return f"Will commit a new offence {_span(value)} after leaving the cell, and be convicted of it."


def _in(where: str) -> str:
    return f" ({where})" if where else ""


def _name(names: tuple[str, ...], code: int) -> str:
    return names[code] if 0 <= code < len(names) else ""


def _measure(code: str) -> str:
    if code == "LSC":
        return "release under constraint (LSC)"
    if code == "LSC-PD":
        return "release under constraint as of right (LSC de plein droit)"
    return _REGIMES.get(code, code)


def _span(days: int) -> str:
    if days < 0:
        return "an unknown time"
    if days < 60:
        return f"{days} day{'s' if days != 1 else ''}"
    months = round(days / DAYS_PER_MONTH)
    if months < 36:
        return f"{months} months"
    years, rest = divmod(months, 12)
    return f"{years} years" + (f" and {rest} months" if rest else "")
