"""What was measured, summed up and written down: ``results.json`` for machines, ``results.md`` for people.

A part that was not measured again keeps its numbers and the day they were taken; so do the packages compared with when they
are not at hand.
"""

from __future__ import annotations

import json
import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from peers import PEERS

if TYPE_CHECKING:
    from pathlib import Path

Results = dict[str, Any]

TARGETS: dict[str, tuple[str, float]] = {
    "reference_seconds": ("≤", 8.0),
    "reference_mb": ("≤", 600.0),
    "times_textbook": ("≥", 25.0),
    "times_best_peer_mmc": ("≥", 3.0),
    "times_best_peer_caseload": ("≥", 3.0),
    "steps_over_simpy_ceiling": ("≥", 1.0),
    "help_seconds": ("≤", 0.3),
    "first_day_seconds": ("≤", 3.0),
    "drawing_share": ("≤", 0.10),
    "minutes_for_a_hundred_of_five": ("≤", 45.0),
}
"""What issue 8 asks for (performance)."""


def stamped(found: Results) -> Results:
    """Say when and with what something was measured."""
    names = ("simpy", "numpy", "numba")
    versions = {"python": platform.python_version(), **{name: version(name) for name in names}}
    return {"measured": datetime.now(tz=UTC).date().isoformat(), "cores": os.cpu_count(), "versions": versions, **found}


def read(folder: Path) -> Results:
    """Read the parts of earlier results, none if there are none."""
    path = folder / "results.json"
    parts: Results = json.loads(path.read_text(encoding="utf-8"))["parts"] if path.exists() else {}
    return parts


def rate(form: Results) -> float:
    """Arrivals a second of a form."""
    return float(form["arrivals"]) / float(form["seconds"])


def summary(parts: Results) -> Results:
    """Sum up the parts there are."""
    found: Results = {}
    if engine := parts.get("engine"):
        run = engine["things"]["run"]
        found["reference_seconds"] = round(run["seconds"], 2)
        found["reference_yardsticks"] = round(run["ratio"], 2)
        found["reference_mb"] = round(run["mb"])
        found["steps"] = run["steps"]
        found["steps_over_simpy_ceiling"] = round(run["steps"] / run["seconds"] / engine["ceiling"], 2)
        found["drawing_share"] = round(engine["drawing_share"], 3)
    if textbook := parts.get("textbook"):
        largest = textbook["scales"][-1]
        found["times_textbook"] = round(largest["times"], 1)
        found["times_textbook_collector_paused"] = round(largest["times_paused"], 1)
    if networks := parts.get("networks"):
        forms = networks["forms"]
        for network in ("mmc", "caseload"):
            mine = rate(forms[f"{network}_sortie"])
            peers = [forms[name] for peer in PEERS if "seconds" in forms.get(name := f"{network}_{peer}", {})]
            if peers:
                found[f"times_best_peer_{network}"] = round(mine / max(map(rate, peers)), 1)
            for other in ("simpy", "heapq", "numba"):
                found[f"times_{other}_{network}"] = round(mine / rate(forms[f"{network}_{other}"]), 2)
        found["networks_agree"] = all(form.get("agrees", True) for form in forms.values())
    if hundred := parts.get("hundred"):
        found["minutes_for_a_hundred_of_five"] = round(hundred["minutes"], 1)
    if start := parts.get("start"):
        found["help_seconds"] = round(start["help_seconds"], 2)
        found["first_day_seconds"] = round(start["first_day_seconds"], 2)
    return found


def met(name: str, value: float) -> bool:
    """Whether a target is met."""
    sense, target = TARGETS[name]
    return value <= target if sense == "≤" else value >= target


def write(folder: Path, parts: Results) -> Results:
    """Write both files; return the summary."""
    found = summary(parts)
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps({**found, "parts": parts}, indent=1, ensure_ascii=False)
    (folder / "results.json").write_text(text + "\n", encoding="utf-8")
    lines = [
        "# What `make bench` measured",
        "",
        "Written by `benchmarks/bench.py`, as is `results.json`; the README says how it is measured.",
        "",
    ]
    lines += ["| | measured | asked for | |", "| --- | --- | --- | --- |"]
    for name, value in found.items():
        asked = " ".join(map(str, TARGETS[name])) if name in TARGETS else ""
        verdict = ("met" if met(name, value) else "**not met**") if name in TARGETS else ""
        lines.append(f"| `{name}` | {value} | {asked} | {verdict} |")
    for name, page in (
        ("engine", _engine),
        ("textbook", _textbook),
        ("networks", _networks),
        ("growth", _growth),
        ("hundred", _hundred),
    ):
        if name in parts:
            lines += ["", *page(parts[name])]
    (folder / "results.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return found


def _when(part: Results) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in part["versions"].items())
    return f"Measured on {part['measured']}, {part['cores']} cores; {versions}."


def _engine(part: Results) -> list[str]:
    lines = ["## The reference run and its parts", "", _when(part) + f" Medians of {part['rounds']} rounds.", ""]
    lines += ["| | processor, s | clock, s | peak, MB | ÷ yardstick |", "| --- | --- | --- | --- | --- |"]
    for name, thing in part["things"].items():
        numbers = f"{thing['seconds']:.2f} | {thing['clock']:.2f} | {thing['mb']:.0f} | {thing['ratio']:.2f}"
        lines.append(f"| `{name}` | {numbers} |")
    return lines


def _textbook(part: Results) -> list[str]:
    lines = [
        "## The textbook's form",
        "",
        _when(part) + f" The small world both live, 2026 to {part['end'][:4]}; seconds of processor.",
        "",
    ]
    lines += [
        "| population | exits | engine | textbook | × | textbook, collector paused | × |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in part["scales"]:
        lines.append(
            f"| {row['fraction']:g} | {row['exits']:,} | {row['engine']:.2f} | {row['textbook']:.1f} | {row['times']:.1f} | "
            f"{row['paused']:.1f} | {row['times_paused']:.1f} |"
        )
    if "times_a_step" in part:
        lines += ["", _a_step(part)]
    return lines


def _a_step(part: Results) -> str:
    """Say how long a step takes, against an event of the textbook's form."""
    return (
        f"A step of the reference run takes {part['step_us']:.2f} µs; an event of the textbook's form, at the largest scale, "
        f"{part['event_us']:.1f}, or {part['event_paused_us']:.1f} with the collector paused: {part['times_a_step']:.0f} and "
        f"{part['times_a_step_paused']:.0f} times as long."
    )


def _networks(part: Results) -> list[str]:
    lines = ["## The same networks in other hands", ""]
    lines += ["| form | | arrivals/s | peak, MB | waited | mean wait | left | agrees | measured |"]
    lines += ["| --- " * 9 + "|"]
    for network, expected in part["expected"].items():
        told = " | ".join(f"{value:.4f}" for value in expected.values())
        lines.append(f"| **{network}**: exactly | | | | {told} | | |")
        for name, form in part["forms"].items():
            if not name.startswith(network):
                continue
            if "seconds" not in form:
                lines.append(f"| {name} | {form['why']} | | | | | | | {form['measured']} |")
                continue
            told = " | ".join(f"{form[key][0]:.4f} ± {form[key][1]:.4f}" for key in expected)
            agrees = "yes" if form["agrees"] else "**no**"
            took = f"{form['version']} | {rate(form):,.0f} | {form['mb']:.0f}"
            lines.append(f"| {name} | {took} | {told} | {agrees} | {form['measured']} |")
    lines += [
        "",
        f"99.9 % intervals over {part['seeds']} seeds, median time; seconds are of processor, the collector paused for all.",
    ]
    return lines


def _hundred(part: Results) -> list[str]:
    text = (
        f"{part['replications']} replications of the baseline and of four policies, two workers, pasts shared, measured and "
        f"written: {part['clock']:.0f} s of the clock."
    )
    return ["## A hundred replications of five scenarios", "", _when(part), "", text]


def _growth(part: Results) -> list[str]:
    lines = ["## Growth", "", _when(part), ""]
    lines += ["| | | seconds | MB | straight line |", "| --- | --- | --- | --- | --- |"]
    for name, rows in part["rows"].items():
        for row in rows:
            lines.append(f"| {name} | {row['size']:g} | {row['seconds']:.2f} | {row['mb']:.0f} | {row['line']:.2f} |")
        fit = part["fits"][name]
        lines.append(f"| | | {fit['fixed']:.2f} + {fit['each']:.3f} × size | | R² {fit['r2']:.4f} |")
    if forks := part.get("forks"):
        lines += ["", "| scenarios | apart, s | sharing their past, s | saved |", "| --- | --- | --- | --- |"]
        lines += [
            f"| {row['arms']} | {row['apart']:.1f} | {row['shared']:.1f} | {1 - row['shared'] / row['apart']:.0%} |"
            for row in forks
        ]
    return lines
