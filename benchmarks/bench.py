"""Time and memory of the engine, against SimPy itself, the model as textbooks write it, other packages, and its own growth.

``make bench`` measures everything at full size, in some twenty minutes, and writes ``results.md`` and ``results.json`` beside
this file. ``--small`` does the same in some three minutes, at sizes whose numbers mean little, and writes nothing unless it is
told where. What is compared is measured in turn, in fresh processes, so that a machine that slows down slows all of it.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import mean, median, stdev
from typing import TYPE_CHECKING, NamedTuple

import report
import theory
from measuring import MILLION, ROOT, measure
from peers import FORMS, PEERS
from report import Results, stamped

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
SECONDS_OF_A_RUN, MEGABYTES_OF_A_RUN = 15.0, 1000.0
"""More than this and the command fails: something has been broken."""
THINGS = ("timeouts", "ceiling", "draw", "draws", "rows", "law", "eligible", "run")
NO_CASELOAD = "Ciw holds nothing from one node to the next: it cannot say this network"


class Size(NamedTuple):
    """How much of it is measured."""

    rounds: int
    fraction: float
    scales: tuple[float, ...]
    """Population of the textbook's small world, 1 the whole country."""
    scales_end: str
    arrivals: int
    populations: tuple[float, ...]
    years: tuple[int, ...]
    arms: tuple[int, ...]
    arms_fraction: float
    replications: int
    """Of five scenarios, from which the time of a hundred is told."""


FULL = Size(3, 1.0, (0.125, 0.25, 0.5, 1.0), "2029-12-31", MILLION, (0.25, 0.5, 1.0), (5, 10, 20), (1, 2, 4, 8), 0.1, 4)
SMALL = Size(1, 0.05, (0.02, 0.05), "2027-12-31", 20_000, (0.02, 0.04, 0.08), (1, 2, 4), (1, 2), 0.01, 2)
_FIVE = ("baseline", "fill_vacant_posts", "hearings_within_four_months", "population_cap_130", "semi_liberty_1000_places")
SLOWER = {"salabim": 20}
"""Packages that are given so many times fewer arrivals: salabim takes five minutes for a million."""
SEEDS = 5
FEWEST = 5_000
"""Arrivals that let a network forget that it began empty."""
STUDENT = 8.610
"""Half-width of a 99.9 % interval over five seeds, in standard errors: some thirty answers are held against the exact ones."""


def say(*words: object) -> None:
    """Print at once."""
    print(*words, flush=True)


def engine(size: Size, _asked: argparse.Namespace, _before: Results) -> Results:
    """The reference run and its parts, in turn, as ratios to a million bare timeouts."""
    taken: dict[str, list[Results]] = {name: [] for name in THINGS}
    for _ in range(size.rounds):
        for name in THINGS:
            taken[name].append(measure(name, size.fraction) if name == "run" else measure(name))
    things = {}
    for name, rows in taken.items():
        pairs = zip(rows, taken["timeouts"], strict=True)
        things[name] = {key: median(row[key] for row in rows) for key in rows[0]}
        things[name]["ratio"] = median(row["seconds"] / yardstick["seconds"] for row, yardstick in pairs)
        numbers = things[name]
        say(f"{name:10} {numbers['seconds']:8.2f} s {numbers['mb']:8.0f} MB {numbers['ratio']:8.2f} × the yardstick")
    whole = measure("drawing", size.fraction)
    share = whole["drawing"] / whole["seconds"]
    return {
        "rounds": size.rounds,
        "fraction": size.fraction,
        "things": things,
        "ceiling": MILLION / things["ceiling"]["seconds"],
        "drawing_share": share,
    }


def textbook(size: Size, _asked: argparse.Namespace, before: Results) -> Results:
    """The small world, lived by the engine and by the textbook's form, at growing scale."""
    scales: list[Results] = []
    for fraction in size.scales:
        mine = measure("engine", fraction, size.scales_end)
        paused = measure("textbook", fraction, size.scales_end, "paused")
        plain = measure("textbook", fraction, size.scales_end)
        if not mine["exits"] == paused["exits"] == plain["exits"]:
            msg = f"the two forms differ at {fraction}: {mine['exits']:,} and {plain['exits']:,} exits"
            raise RuntimeError(msg)
        row = {
            "fraction": fraction,
            "exits": mine["exits"],
            "engine": mine["seconds"],
            "textbook": plain["seconds"],
            "paused": paused["seconds"],
            "times": plain["seconds"] / mine["seconds"],
            "times_paused": paused["seconds"] / mine["seconds"],
            "mb": {"engine": mine["mb"], "textbook": plain["mb"]},
        }
        scales.append(row)
        say(f"population {fraction:g}: {row['times']:.1f} × the textbook, {row['times_paused']:.1f} with its collector paused")
    found: Results = {"end": size.scales_end, "scales": scales}
    if "engine" in before:
        run = before["engine"]["things"]["run"]
        step = run["seconds"] / run["steps"]
        for key, form in (("event_us", plain), ("event_paused_us", paused)):
            found[key] = 1e6 * form["seconds"] / form["steps"]
        found["step_us"] = 1e6 * step
        found["times_a_step"] = found["event_us"] / found["step_us"]
        found["times_a_step_paused"] = found["event_paused_us"] / found["step_us"]
    return found


def networks(size: Size, asked: argparse.Namespace, before: Results) -> Results:
    """Two networks in every form, each over several seeds and held against what is exact."""
    expected = {"mmc": theory.erlang_c()._asdict(), "caseload": theory.caseload()._asdict()}
    kept = before.get("networks", {}).get("forms", {})
    forms: Results = {}
    for name in FORMS:
        network, _, tool = name.partition("_")
        python = asked.peers if tool in PEERS and tool != "simmer" else sys.executable
        taken = form(name, python, size) if python else None
        if taken is None:
            why = "not at hand" + (
                " (simmer needs R's package of that name, which Debian has in no suite)" if tool == "simmer" else ""
            )
            forms[name] = kept[name] if "seconds" in kept.get(name, {}) else {"why": why, "measured": "never"}
            say(f"{name:18} left out: {forms[name].get('why', 'kept as measured on ' + forms[name]['measured'])}")
            continue
        exact = expected[network]
        taken["agrees"] = all(abs(taken[key][0] - exact[key]) <= max(taken[key][1], 1e-9) for key in exact)
        forms[name] = taken
        told = ", ".join(f"{key} {taken[key][0]:.4f} ± {taken[key][1]:.4f} ({exact[key]:.4f})" for key in exact)
        say(f"{name:18} {report.rate(taken):10,.0f} /s   {told}{'' if taken['agrees'] else '   DIFFERS'}")
    forms["caseload_ciw"] = {"why": NO_CASELOAD, "measured": "never"}
    return {"expected": expected, "seeds": SEEDS, "forms": forms}


def form(name: str, python: str, size: Size) -> Results | None:
    """Run one form over the seeds; nothing if its package is not at hand."""
    tool = name.partition("_")[2]
    number = max(FEWEST, size.arrivals // SLOWER.get(tool, 1))
    answers: list[Results] = []
    for seed in range(1, SEEDS + 1):
        command = [python, str(HERE / "peers.py"), name, str(number), str(seed)]
        said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        answers.append(json.loads(said.stdout.splitlines()[-1]))
        if not answers[-1]["version"]:
            return None
    found: Results = {"version": answers[0]["version"], "arrivals": answers[0]["arrivals"]}
    found["seconds"] = median(answer["seconds"] for answer in answers)
    found["mb"] = max(answer["mb"] for answer in answers)
    for key in theory.Expected._fields:
        values = [answer[key] for answer in answers]
        half = STUDENT * stdev(values) / len(values) ** 0.5
        found[key] = [mean(values), half]
    return {**found, "measured": stamped({})["measured"]}


def growth(size: Size, _asked: argparse.Namespace, _before: Results) -> Results:
    """Seconds and memory by population, by years and by number of scenarios."""
    rows: dict[str, list[Results]] = {"population": [], "years": []}
    for fraction in size.populations:
        rows["population"].append({"size": fraction / size.populations[0], **measure("run", fraction)})
    for years in size.years:
        rows["years"].append({"size": years, **measure("run", size.fraction, f"{2021 + years}-12-31")})
    fits = {}
    for name, found in rows.items():
        fixed, each, r2 = straight([row["size"] for row in found], [row["seconds"] for row in found])
        fits[name] = {"fixed": fixed, "each": each, "r2": r2}
        for row in found:
            row["line"] = fixed + each * row["size"]
            say(f"{name} {row['size']:g}: {row['seconds']:.2f} s ({row['line']:.2f} on the line), {row['mb']:.0f} MB")
    forks = [{"arms": arms, **{way: batch(arms, size.arms_fraction, way) for way in ("apart", "shared")}} for arms in size.arms]
    for row in forks:
        say(f"{row['arms']} scenarios: {row['apart']:.1f} s apart, {row['shared']:.1f} s sharing their past")
    return {"rows": rows, "fits": fits, "forks": forks, "forks_fraction": size.arms_fraction}


def straight(sizes: list[float], seconds: list[float]) -> tuple[float, float, float]:
    """Straight line by least squares: fixed part, part for each, share of the variance it explains."""
    x, y = mean(sizes), mean(seconds)
    each = sum((a - x) * (b - y) for a, b in zip(sizes, seconds, strict=True)) / sum((a - x) ** 2 for a in sizes)
    fixed = y - each * x
    left = sum((b - fixed - each * a) ** 2 for a, b in zip(sizes, seconds, strict=True))
    return fixed, each, 1.0 - left / sum((b - y) ** 2 for b in seconds)


def spent(command: list[str]) -> float:
    """Seconds of processor of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def batch(arms: int, fraction: float, way: str) -> float:
    """Seconds of processor of scenarios that part in July 2026, run apart or sharing their past."""
    factors = [1 + number / 10 for number in range(1, arms)]
    lever = f"levers: [{{on: 2026-07-01, scale: means.probation_service.posts, by: {factors}}}]\n" if factors else ""
    with tempfile.TemporaryDirectory() as name:
        text = f"name: growth\nscenarios: [baseline]\nsampling_fraction: {fraction}\nreplications: 1\n{lever}"
        experiment = Path(name) / "growth.yaml"
        experiment.write_text(text + f"share_past: {str(way == 'shared').lower()}\n", encoding="utf-8")
        command = [sys.executable, "-m", "sim", "batch", str(experiment), "-o", str(Path(name) / "out"), "--progress", "none"]
        return spent([*command, "--workers", "1"])


def hundred(size: Size, _asked: argparse.Namespace, _before: Results) -> Results:
    """Minutes of the clock of a hundred replications of five scenarios on two cores, told from a few: a batch as it is run."""
    with tempfile.TemporaryDirectory() as name:
        experiment = Path(name) / "hundred.yaml"
        text = f"name: hundred\nscenarios: [{', '.join(_FIVE)}]\nsampling_fraction: {size.fraction}\nkeep: indicators\n"
        experiment.write_text(f"{text}replications: {size.replications}\n", encoding="utf-8")
        command = [sys.executable, "-m", "sim", "batch", str(experiment), "-o", str(Path(name) / "out"), "--progress", "none"]
        began = time.perf_counter()
        subprocess.run([*command, "--workers", "2"], check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
        seconds = time.perf_counter() - began
    minutes = seconds / size.replications * 100 / 60
    say(f"{size.replications} replications of five scenarios: {seconds:.0f} s; a hundred would take {minutes:.1f} min")
    return {"replications": size.replications, "clock": seconds, "minutes": minutes}


def start(_size: Size, _asked: argparse.Namespace, _before: Results) -> Results:
    """Seconds of the clock to the help of the command, and to the end of a national run's first day: the least of five."""
    helps, days = [], []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "sim", "--help"], check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
        helps.append(time.perf_counter() - began)
        started = time.time()
        days.append(measure("first_day")["over"] - started - 0.3)  # the pause of measuring.measure_here
    say(f"help {min(helps):.2f} s, first day {min(days):.2f} s")
    return {"help_seconds": min(helps), "first_day_seconds": min(days)}


PARTS: dict[str, Callable[[Size, argparse.Namespace, Results], Results]] = {
    part.__name__: part for part in (engine, textbook, networks, growth, hundred, start)
}


def main() -> int:
    """Measure, write, and say whether the run stays within its limits."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("parts", nargs="*", default=list(PARTS), help=" ".join(PARTS))
    parser.add_argument("--small", action="store_true", help="small sizes, to see that everything works")
    parser.add_argument("--peers", metavar="PYTHON", help="a Python that has Ciw and salabim (never the project's own)")
    parser.add_argument("--output", type=Path, help="folder of the results (default: beside this file; nowhere if small)")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"{', '.join(unknown)}: no such part; there are {', '.join(PARTS)}")
    folder = asked.output or (None if asked.small else HERE)
    found = report.read(folder) if folder else {}
    for name in asked.parts:
        say(f"— {name}")
        found[name] = stamped(PARTS[name](SMALL if asked.small else FULL, asked, found))
        if folder:
            report.write(folder, found)
    for name, value in report.summary(found).items():
        say(f"{name:34} {value}")
    run: Results = found.get("engine", {}).get("things", {}).get("run", {})
    return int(bool(run) and (run["seconds"] > SECONDS_OF_A_RUN or run["mb"] > MEGABYTES_OF_A_RUN))


if __name__ == "__main__":
    sys.exit(main())
