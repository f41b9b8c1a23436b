"""The verdict page, ``docs/validation.md``: every target, the back-test, what is not known, what must not be done with it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sim.calibration.targets import packaged, packaged_groups

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

HORIZON_YEARS = 5
"""Nothing is published beyond so many years after the last observed day: sentences pronounced since the first day of the run
then make the whole stock, and no reconviction curve is published past 60 months (recidivism.md §1.3)."""

_HEAD = """# Validation: what the model is worth

<!-- Written by `sortie validate --page` from what `sortie calibrate`, `backtest` and `sensitivity` left. -->
"""

_MUST_NOT = """## What it may not be used for

- No figure of one establishment as a forecast: practices are national, only places and people are its own.
- No figure past {years} years after the last observed day, and no reconviction past 60 months.
- No effect of a measure on reconviction under one causal assumption alone: three are shown together
  ([recidivism](evidence/recidivism.md), sections 5 and 8).
- No conclusion from a difference smaller than its interval, nor from a sample of the country.
- Nothing about one person: neither a risk, nor a decision, nor a date.
- Targets marked *fit* or *tuned* are not evidence for the model: it was made to reach them, or they were looked at while it was
  made. Only *unseen* rows are, and what is said of fitted rows left out of the fit.
- A miss above is a finding about the model: what depends on that figure is to be read with it in mind.
"""


def read_results(folder: Path) -> dict[str, Any]:
    """Read what the commands left in a folder, by command; what was not run is not there."""
    names = ("calibration", "backtest", "sensitivity")
    paths = {name: folder / f"{name}.json" for name in names}
    return {name: json.loads(path.read_text(encoding="utf-8")) for name, path in paths.items() if path.is_file()}


def page(results: Mapping[str, Any]) -> str:
    """Write the page."""
    parts = [_HEAD]
    if "calibration" in results:
        found = results["calibration"]
        why = f"### Why each may be wrong, and by how much\n\n{elicited()}\n"
        parts += [_calibration(found), _targets(found), why, _identified(found)]
    if "backtest" in results:
        parts.append(_backtest(results["backtest"]))
    if "sensitivity" in results:
        parts.append(_sensitivity(results["sensitivity"]))
    parts.append(_MUST_NOT.format(years=HORIZON_YEARS))
    return "\n".join(parts)


def _calibration(found: Mapping[str, Any]) -> str:
    frame, budget = found["frame"], found["budget"]
    size, draws_size = float(frame["sampling_fraction"]), float(found["draws_fraction"])
    told = (
        f"{len(found['parameters'])} values no source gives were fitted to {len(found['left_out'])} published figures, from "
        f"{frame['start']} to {frame['end']}: {budget['waves']} waves of runs of {_size(size)}, an emulator of each figure, a "
        f"sample of the posterior on it, then {found['rounds'][-1]['run']} points of it run in {_size(draws_size)} and "
        f"weighted by their own run. {found['drawn_beside']} further values were drawn in every run and not fitted. "
        f"{found['runs']} runs; version {found['version']}, code {found['source'][:12]}, seed {budget['seed']}."
    )
    lines = [told, ""]
    if draws_size < 1:
        lines += ["**A sample biases levels** (see [experiments](experiments.md)): this fit is a trial, not one to quote.", ""]
    lines += [
        "| wave | runs so far | emulator on runs left out: median share explained | least | in its 90 % intervals |",
        "| ---: " * 5 + "|",
    ]
    for wave in found["waves"]:
        explained = sorted(quality["explained"] for quality in wave["emulator"].values())
        within = [quality["within_90"] for quality in wave["emulator"].values()]
        lines.append(
            f"| {wave['wave']} | {wave['runs']} | {_percent(explained[len(explained) // 2])} | {_percent(explained[0])} | "
            f"{_percent(sum(within) / len(within))} |"
        )
    lines += [
        "",
        "| round of draws | points run | effective size | before the heaviest were cut | share of the heaviest |",
        "| ---: " * 5 + "|",
    ]
    lines += [
        f"| {row['round']} | {row['run']} | {row['effective']:.0f} | {row['untruncated']:.0f} | {_percent(row['largest'])} |"
        for row in found["rounds"]
    ]
    mixed = found["sampled"]
    lines += [
        "",
        (
            f"Sampler: {_percent(mixed['accepted'])} of steps taken, a walker forgets where it was in "
            f"{mixed['correlation']:.0f} steps, halves of the sample differ by "
            f"{_percent(mixed['spread'] - 1)} of variance at most."
        ),
        "",
        _truths(found["truths"]) if found["truths"] else "Not tried on synthetic truths.",
    ]
    return "\n".join([*lines, ""])


def _truths(found: Mapping[str, Any]) -> str:
    held, error = found["held"], found["held_error"]
    return (
        f"Before the real figures, {found['truths']} synthetic truths (points of the prior that were run, put wrong as the "
        f"sources and the model are): 50 % intervals held {_percent(held['0.5'])} of their parameters "
        f"(± {_percent(error['0.5'])}), 90 % intervals {_percent(held['0.9'])} (± {_percent(error['0.9'])}); "
        f"ranks uneven by {found['uneven']:.1f} where {found['uneven_expected']:.0f} is expected."
    )


def _size(fraction: float) -> str:
    return "the whole country" if fraction == 1 else f"{fraction:g} of the country"


def _targets(found: Mapping[str, Any]) -> str:
    central = {row["target"]: row["median"] for row in found["central"]}
    before = {row["target"]: row["median"] for row in found["before"]}
    left_out = {row["target"]: row for row in found["left_out"]}
    rows, coverage = found["draws"], found["coverage"]
    lines = [
        "## Targets",
        "",
        (
            f"{coverage['covered']} of {coverage['rows']} rows inside the 90 % interval of what the draws foretell (chance, "
            f"values, error of the source and discrepancy of the model); rows that follow others are not counted. Of "
            f"{coverage['left_out']} fitted rows left out of the fit one by one, {coverage['left_out_covered']} lie in the "
            f"interval that the others foretell."
        ),
        "",
        *(_count(rows, central, use) for use in ("fit", "tuned", "unseen")),
        "",
        "| target | published | tolerance | before | central draw | draws, 90 % | left out, 90 % | miss | use | verdict |",
        "| --- | ---: | ---: | ---: | ---: | --- | --- | ---: | --- | --- |",
    ]
    for row in rows:
        value, unit = central[row["target"]], row["unit"]
        miss = value - row["published"]
        inside = abs(miss) <= row["tolerance"]
        covered = (
            "not reached by these runs" if not row["n"] else "inside the interval" if row["covered"] else "outside the interval"
        )
        without = left_out.get(row["target"])
        lines.append(
            f"| {row['what']} | {_number(row['published'], unit)} | ± {_number(row['tolerance'], unit)} | "
            f"{_number(before[row['target']], unit)} | {_number(value, unit)} | "
            f"{_number(row['low'], unit)} – {_number(row['high'], unit)} | {_left_out(without, unit)} | "
            f"{_number(miss, unit, sign=True)} | {row['use']}{', follows' if row['follows'] else ''} | "
            f"{'within' if inside else '**miss**'}, {covered} |"
        )
    lines += ["", "Sources and the definition by which each is measured: `scenarios/observed/targets.yaml`.", ""]
    missed = [target for target in packaged() if target.name in central and not target.inside(central[target.name])]
    if missed:
        lines += ["### What is suspected where the central draw misses", ""]
        lines += [
            f"- {target.what}: {target.suspected or 'no mechanism suspected yet'}." for target in missed if not target.follows
        ]
        lines.append("")
    return "\n".join(lines)


def _left_out(row: Mapping[str, Any] | None, unit: str) -> str:
    if row is None:
        return "–"
    return f"{_number(row['low'], unit)} – {_number(row['high'], unit)}{'' if row['covered'] else ' **outside**'}"


def elicited() -> str:
    """Write why each row has its error and its discrepancy: a table."""
    lines = [
        "| target | published | error of the source | discrepancy of the model | why | goes with |",
        "| --- | ---: | ---: | ---: | --- | --- |",
    ]
    lines += [
        f"| {target.what} | {_number(target.value, target.unit)} | {_number(target.error, target.unit)} | "
        f"{_number(target.discrepancy, target.unit)} | {target.argued} | {target.group or '–'} |"
        for target in packaged()
        if not target.follows
    ]
    lines += ["", "| group | errors together | discrepancies together | why |", "| --- | ---: | ---: | --- |"]
    lines += [f"| {name} | {g.error:g} | {g.discrepancy:g} | {g.why} |" for name, g in packaged_groups().items()]
    return "\n".join(lines)


def _count(rows: Sequence[Mapping[str, Any]], central: Mapping[str, float], use: str) -> str:
    chosen = [row for row in rows if row["use"] == use and not row["follows"] and row["n"]]
    inside = sum(abs(central[row["target"]] - row["published"]) <= row["tolerance"] for row in chosen)
    covered = sum(bool(row["covered"]) for row in chosen)
    return f"- *{use}*: {inside} of {len(chosen)} within the tolerance, {covered} inside the 90 % interval of the draws."


def _identified(found: Mapping[str, Any]) -> str:
    rows = sorted(found["identified"]["parameters"], key=lambda row: row["width"])
    lines = [
        "## What the data tell about each practice",
        "",
        "Width: spread of the draws over that of the range; 100 % means that nothing was learnt. Leans: half of the draws lie",
        "in the outer tenth of the range at that end, so that the range decides: widen it, or say why it ends there.",
        "",
        "| parameter | range | before | central draw | draws, 90 % | width | identified | leans |",
        "| --- | --- | ---: | ---: | --- | ---: | --- | --- |",
    ]
    lines += [
        f"| `{row['path']}` | {_ends(row['range'])} | {row['before']:.4g} | {row['central']:.4g} | {_ends(row['interval'])} | "
        f"{_percent(row['width'])} | {'yes' if row['identified'] else 'no'} | {row['leans'] or '–'} |"
        for row in rows
    ]
    pairs = found["identified"]["pairs"]
    lines += ["", "Pairs that trade off (the data know their combination, not each): " if pairs else "No pair trades off."]
    lines += [f"- `{pair['first']}` and `{pair['second']}` ({pair['correlation']:+.2f})" for pair in pairs]
    return "\n".join([*lines, ""])


def _backtest(found: Mapping[str, Any]) -> str:
    lines = [
        "## Back-test",
        "",
        (
            "Started in the past with that day's published stocks; law, means and flows as dated, nothing else changed. "
            "Forecasts are conditional: the model is given the committals and sentences that came, the rivals are not."
        ),
        "",
        "| start | series | months published | mean error | mean absolute error | within | in the 90 % interval | worst |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    lines += [
        f"| {row['start'][:4]} | {row['what']} | {row['points']} | {_percent(row['mean_error'], sign=True)} | "
        f"{_percent(row['mean_absolute_error'])} | {_percent(row['within'])} within ± {_percent(row['tolerance'])} | "
        f"{_percent(row['covered'])} | {_percent(row['worst'], sign=True)} ({row['worst_day'][:7]}) |"
        for row in found["long"]
    ]
    lines += ["", "| movement | published | model | verdict |", "| --- | ---: | ---: | --- |"]
    lines += [
        f"| {row['what']} | {_loose(row['published'])} | {_loose(row['model'])} | {'shown' if row['inside'] else '**miss**'} |"
        for row in found["events"]
    ]
    lines += [
        "",
        "Mean absolute error of forecasts from each 1 January 2019–2025:",
        "",
        "| series | years ahead | origins | model | last value | linear trend | in the 90 % interval |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {row['series']} | {row['years']} | {row['origins']} | {_percent(row['model'])} | {_percent(row['last_value'])} | "
        f"{_percent(row['linear_trend'])} | {_percent(row['covered'])} |"
        for row in found["errors"]
    ]
    return "\n".join([*lines, "", f"Intervals: {found['draws']} draws, the central one included.", ""])


def _sensitivity(found: Mapping[str, Any]) -> str:
    lines = [
        "## What moves the headlines",
        "",
        "| headline | sd of one run of one draw | chance | parameters | causal assumption |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| `{row['headline']}` | {row['sd']:.3g} | {_percent(row['chance'])} | {_percent(row['parameters'])} | "
        f"{_percent(row['causal'])} |"
        for row in found["variance"]
    ]
    lines += [
        "",
        "Strongest parameters over the ranges (total index) and what knowing one would spare of the interval of the draws:",
        "",
        "| headline | moved most by | most worth publishing |",
        "| --- | --- | --- |",
    ]
    for headline, rows in found["indices"].items():
        moved = ", ".join(f"`{row['path']}` {_percent(row['total'])}" for row in rows[:3])
        worth = ", ".join(f"`{row['path']}` −{_percent(row['shrinks'])}" for row in found["value"].get(headline, [])[:3])
        lines.append(f"| `{headline}` | {moved} | {worth or '–'} |")
    return "\n".join([*lines, ""])


def _percent(value: float | None, *, sign: bool = False) -> str:
    if value is None or value != value:  # noqa: PLR0124 (NaN)
        return "–"
    return f"{100 * value:{'+' if sign else ''}.1f} %".replace("-", "−")


def _ends(pair: Sequence[float]) -> str:
    return f"{pair[0]:.4g} – {pair[1]:.4g}".replace("-", "−")


def _loose(value: float | None) -> str:
    if value is None:
        return "–"
    return (f"{value:+,.0f}" if abs(value) >= 10 else f"{value:+.3f}").replace("-", "−")


def _number(value: float | None, unit: str, *, sign: bool = False) -> str:
    """Write a value in its unit: shares and densities in percent, or points for a difference."""
    if value is None or value != value:  # noqa: PLR0124 (NaN)
        return "–"
    plus = "+" if sign else ""
    if unit in {"share", "people/place"}:
        return f"{100 * value:{plus}.1f}{' pt' if sign else ' %'}".replace("-", "−")
    decimals = 0 if abs(value) >= 100 or unit in {"people", "people/year"} else 1
    return f"{value:{plus},.{decimals}f}".replace("-", "−")
