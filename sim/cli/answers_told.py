"""What ``answers`` and ``hypotheses`` print."""

from __future__ import annotations

import sys
from dataclasses import asdict
from math import isfinite
from typing import TYPE_CHECKING, Any

from sim.cli.asking import headed, kind_of
from sim.cli.language import say, spoken, written
from sim.cli.output import difference, filled, interval, print_json, progress_of, table
from sim.cli.running import INTERRUPTED, tell_failures
from sim.experiments.answers import ALL, answers, figure_asked, readings
from sim.experiments.batch import run_experiment
from sim.experiments.execution import Backend
from sim.experiments.experiment import read_experiment
from sim.experiments.export import write_tables
from sim.experiments.hypotheses import explain
from sim.experiments.run_options import adapted
from sim.indicators.catalogue import CATALOGUE
from sim.policies import POLICIES
from sim.scenario import load_scenario

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sim.experiments.answers import Answer, Answers
    from sim.experiments.attribution import Part, Tipping
    from sim.experiments.hypotheses import Explained, Gap, Hypotheses

_FEW = 3
"""Parameters named beside a figure; all of them are in the tables."""


def answers_of(
    place: Path,
    *,
    policies: Sequence[str] | None,
    indicator: str | None,
    period: str,
    output: Path,
    workers: int | None,
    csv: Path | None,
    french: bool,
    progress: str,
    as_json: bool,
) -> int:
    """Run what is missing if a file is given, then print the answers; return the exit code."""
    figures = figure_asked(indicator)
    if place.is_dir():
        folder = place
    else:
        experiment = read_experiment(place)
        try:
            with progress_of(progress) as listener:
                batch = run_experiment(experiment, output=output, means=Backend(workers).checked(), listener=listener)
        except KeyboardInterrupt:
            print(say("interrupted: finished replications are kept; the same command goes on from there"), file=sys.stderr)
            return INTERRUPTED
        if batch.failures:
            return tell_failures(batch.failures)
        folder = batch.folder
    found = answers(folder, policies=policies, figures=figures, period=period)
    if csv is not None:
        frames = {"answers": found.frame(), "hangs_on": found.parts(), "tipping": found.tips()}
        for path in write_tables(csv, {name: headed(frame, french=french) for name, frame in frames.items()}, french=french):
            print(path, file=sys.stderr)
    if as_json:
        print_json({"experiment": found.experiment, "answers": [asdict(each) for each in found.answers]})
        return 0
    _print_answers(found)
    return 0


def _print_answers(found: Answers) -> None:
    for policy in dict.fromkeys(each.policy for each in found.answers):
        mine = [each for each in found.answers if each.policy == policy]
        whole = [each for each in mine if each.reading == ALL]
        draws, size = max(each.draws for each in whole), max(each.effective for each in whole)
        worth = f"over {draws} draws, worth {size:.0f} of equal weight, {found.replications} replications of each"
        print("\n" + say(f"{policy}: {worth}"))
        table(("figure", "median", "90 % of the draws", "lower in", "central draw"), [_told(each) for each in whole], words=1)
        for answer in whole:
            print(filled("  " + say(f"{_label(answer)}: hangs on {_names(answer.parts, found)}")))
            # What no value turns is worth a line for the figure told first alone.
            for tip in answer.tips:
                if tip.found or answer is whole[0]:
                    print(filled(f"      {_tip(answer, tip, found)}"))
        _print_readings(mine)
    print(
        "\n" + say("intervals hold what the draws differ in and the chance of their replications; shares are of their spread")
    )


def _label(answer: Answer | Gap) -> str:
    label = say(CATALOGUE[answer.indicator].label)
    return label if answer.group == "all" else f"{label} ({answer.group})"


def _told(answer: Answer) -> tuple[str, ...]:
    kind = kind_of(answer.indicator)
    if not answer.told:
        few = say(f"{answer.draws} draws: too few")
        return _label(answer), few, "–", "–", difference(answer.central, kind)
    spread = interval((answer.low + answer.high) / 2, (answer.high - answer.low) / 2, kind, signed=True)
    return (
        _label(answer),
        difference(answer.median, kind),
        spread or "–",
        written(f"{100 * answer.below_zero:.0f} %"),
        difference(answer.central, kind),
    )


def _name(parameter: str, found: Answers) -> str:
    return found.labels.get(parameter, {}).get(spoken(), parameter)


def _names(parts: Sequence[Part], found: Answers) -> str:
    told = [f"{_name(part.parameter, found)} {100 * part.share:.0f} %" for part in parts[:_FEW]]
    return "; ".join(told) or say("nothing beyond chance")


def _tip(answer: Answer, tip: Tipping, found: Answers) -> str:
    """Say where an answer tips: what it then does, from which value on, in how many draws on each side."""
    kind = kind_of(answer.indicator)
    raises = tip.level > 0
    does_ = f"higher by {_size(tip.level, kind)} or more" if raises else "lower"
    does_ = f"lower by {_size(tip.level, kind)} or more" if tip.level < 0 else does_
    shares = [1 - share if raises else share for share in (tip.beyond, tip.before)]
    name = _name(tip.parameter, found)
    if not tip.found:
        return say(f"{does_} in {written(f'{100 * shares[0]:.0f}')} % of the draws; no value of '{name}' turns it")
    side = tip.side
    if raises:  # the side on which it is above the level is the other one
        side, shares = ("below" if side == "above" else "above"), shares[::-1]
    value, low, high = (written(f"{float(f'{number:.3g}'):,.10g}") for number in (tip.value, tip.low, tip.high))
    one, other = (written(f"{100 * share:.0f}") for share in shares)
    where = f"{value} [{low}, {high}] of '{name}': in {one} % of the draws there, {other} % elsewhere"
    return say(f"{does_}, once above {where}" if side == "above" else f"{does_}, once below {where}")


def _size(level: float, kind: str) -> str:
    return difference(abs(level), kind).removeprefix("+")


def _print_readings(mine: Sequence[Answer]) -> None:
    titles = {each.name: each.title for each in readings() if each.name != ALL}
    first = mine[0]
    for answer in mine:
        if answer.reading == ALL or (answer.indicator, answer.group) != (first.indicator, first.group):
            continue
        title = titles[answer.reading][spoken()]
        told = _told(answer)
        if answer.told:
            line = f"{title}: {told[0]} {told[1]} {told[2]}, {say('lower in')} {told[3]} ({say(f'{answer.draws} draws')})"
        else:
            line = f"{title}: {say(f'{answer.draws} draws: too few')}"
        print(filled(f"  {line}"))


# ---------------------------------------------------------------------------------------------------------- hypotheses


def hypotheses_of(
    names: tuple[str, str, str],
    *,
    indicator: str | None,
    settings: Mapping[str, Any],
    days: Mapping[str, str | None],
    fraction: float | None,
    workers: int | None,
    output: Path,
    progress: str,
    as_json: bool,
) -> int:
    """Run what is missing, print what explains the gap between two answers, and return the exit code."""
    figures = figure_asked(indicator)
    known = frozenset(POLICIES)
    one, other = (adapted(load_scenario(name, known_policies=known), days=days, fraction=fraction) for name in names[:2])
    policy = load_scenario(names[2], known_policies=known)
    means = Backend(workers).checked()
    try:
        with progress_of(progress) as listener:
            found = explain(one, other, policy, output=output, means=means, listener=listener, figures=figures, **settings)
    except KeyboardInterrupt:
        print(say("interrupted: finished replications are kept; the same command goes on from there"), file=sys.stderr)
        return INTERRUPTED
    if as_json:
        print_json(asdict(found))
        return 0
    _print_hypotheses(found)
    return 0


def _print_hypotheses(found: Hypotheses) -> None:
    print(say(f"'{found.policy}' under '{found.one}' and under '{found.other}': {len(found.hypotheses)} hypotheses differ"))
    table(("figure", "first", "second", "gap", "90 % interval"), [_row(gap) for gap in found.gaps], words=1)
    if not found.gaps:
        return
    first = found.gaps[0]
    kind = kind_of(first.indicator)
    print("\n" + _label(first))
    rows = []
    for each in first.parts:
        spread = interval(each.part.mean, each.part.half_width, kind, signed=True) or "–"
        share = f"{100 * each.share:.0f} %" if isfinite(each.share) else "–"
        values = (each.hypothesis.one or "–", each.hypothesis.other or "–")
        rows.append((_hypothesis(each), *values, difference(each.part.mean, kind), spread, share))
    table(("hypothesis", "first", "second", "part", "90 % interval", "of the gap"), rows, words=3)
    print(filled(_sentence(first)))
    exact = "parts are exact (Shapley values)"
    print(say(exact if found.exact else "parts are one at a time, both ways; the rest interacts"))
    print(say(f"{found.worlds} worlds, {found.replications} replications, one luck; intervals hold chance only"))
    if len(found.gaps) > 1:
        print(say("the parts of another figure: --indicator; of all: --json"))


def _row(gap: Gap) -> tuple[str, ...]:
    kind = kind_of(gap.indicator)
    figures = (difference(each.mean, kind) for each in (gap.one, gap.other, gap.gap))
    return _label(gap), *figures, interval(gap.gap.mean, gap.gap.half_width, kind, signed=True) or "–"


def _hypothesis(each: Explained) -> str:
    return each.hypothesis.label.get(spoken(), each.hypothesis.name)


def _sentence(gap: Gap) -> str:
    kind = kind_of(gap.indicator)
    if gap.gap.mean == 0:
        return say(f"{_label(gap)}: the two answers are the same")
    parts = "; ".join(_part(each, kind) for each in gap.parts if each.part.mean)
    if gap.interactions:
        parts += "; " + say(f"interactions {difference(gap.interactions, kind)}")
    one, other, apart = (difference(each.mean, kind) for each in (gap.one, gap.other, gap.gap))
    return say(f"The first answer is {one}, the second {other}: {apart} apart, of which {parts}.")


def _part(each: Explained, kind: str) -> str:
    return f"{_hypothesis(each)} {difference(each.part.mean, kind)}"
