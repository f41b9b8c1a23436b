"""The table that says what a policy does to dry releases, and everything that must be read with it."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, NamedTuple

from sim.cli.language import say, spoken, written
from sim.cli.output import TIED, console, difference, filled, interval, number, tied
from sim.dates import iso
from sim.experiments.remeasure import OLDER
from sim.indicators.bridge import STEPS
from sim.indicators.context import MEASURED
from sim.indicators.costs import MEANS
from sim.indicators.estimates import interval_label
from sim.indicators.returns import MUST_NOT_CLAIM
from sim.presentation.outside import outside_of_run
from sim.reconviction import ASSUMPTIONS
from sim.records.codes import Cause

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from rich.console import Console

    from sim.experiments.compare import Comparison
    from sim.records.run_folder import RunFolder


LABEL_WIDTH = 43
"""Columns of the labels: what is left of 100 for figures and intervals."""

LEVELS = ("mean", "half_width", "n")
DIFFERENCES = ("base", "policy", "difference", "half_width", "below_zero", "n")


class Line(NamedTuple):
    """One line of the table."""

    label: str
    indicator: str
    group: str
    kind: str
    """How it is written; see :func:`sim.cli.output.number`."""


_CAUSES = {
    Cause.CALENDAR_TOO_SHORT: "calendar too short",
    Cause.NO_COUNSELLOR: "no counsellor (CPIP)",
    Cause.FILE_NOT_READY: "file not ready",
    Cause.NOT_HEARD: "not heard in time (JAP)",
    Cause.REFUSED_PROJECT: "refused: project",
    Cause.REFUSED_RISK: "refused: risk",
    Cause.NO_HOUSING: "no housing",
    Cause.NO_PLACE_SL: "no place in SL",
    Cause.NO_PLACE_PE: "no place in PE",
    Cause.NO_DEVICE: "no device (DDSE)",
    Cause.REMOVAL_MEASURE: "removal measure (OQTF, ITF)",
    Cause.EXCLUDED_BY_LAW: "excluded by law",
    Cause.DECLINED: "asked for nothing, by choice",
    Cause.MEASURE_WITHDRAWN: "measure withdrawn",
    Cause.GRANTED_TOO_LATE: "granted too late to take effect",
    Cause.NOT_INFORMED: "not told of the release as of right",
    Cause.DECLINED_RELEASE: "refused the release as of right",
    Cause.DECLINED_EXAMINED: "refused the release at two thirds",
    Cause.PREFERS_TO_SERVE: "preferred to serve the little left",
}
_PER = {"dry release avoided": "per dry release avoided", "place freed": "per place freed"}
_ITEMS = {
    "counsellors_inside": "counsellors (CPIP), closed setting",
    "counsellors_outside": "counsellors (CPIP), open setting",
    "secretaries": "secretaries",
    "social_workers": "social workers",
    "psychologists": "psychologists",
    "managers": "managers (DPIP)",
    "hearings": "hearings in prisons",
    "hearings_elsewhere": "extra judges' other hearings",
    "buildings": "places, building",
    "running": "places, running whoever is held",
    "lodging": "places to live in",
    "devices": "tags, contract",
    "external_placements": "external placements, paid by the day",
    "programmes": "programmes after the release",
}
_ASSUMED = {"none": "no effect of the route", "central": "central reading", "all_causal": "whole gap causal"}


def lines(figures: pd.DataFrame) -> dict[str, list[Line]]:
    """List the lines of the report by section, with the regimes, procedures and kinds that the run has."""
    groups: dict[str, list[str]] = {}
    for indicator, group in zip(figures["indicator"], figures["group"], strict=True):
        groups.setdefault(indicator, []).append(group)

    def found(indicator: str, prefix: str) -> list[str]:
        return [g for g in groups.get(indicator, []) if g.startswith(prefix) and "," not in g]

    def named(group: str) -> str:
        return group.partition("=")[2]

    regimes = [g for g in found("releases", "route=") if named(g) not in {"dry", "unsentenced"}]
    rate = "dry_rate_exits"
    return {
        "Dry-release rate (sorties sèches)": [
            Line("(a) exits from detention, délits (IRJ)", rate, "all", "share"),
            *(Line(f"    {named(g)}", rate, g, "share") for g in found(rate, "band=") if "≤1" not in g),
            *(Line(f"    {named(g)}", rate, g, "share") for g in found(rate, "nationality=")),
            Line("    crimes (not in the rate)", rate, "class=crime", "share"),
            Line("(b) ends of committal (levées d'écrou)", "dry_rate_ends", "all", "share"),
        ],
        "From (a) to (b), people a year": [
            Line(step, "bridge_people", f"step={step}", "people")
            for step in STEPS
            if _moves(figures, "bridge_people", f"step={step}")
        ],
        "Exits from detention by route, a year": [
            Line("dry, sentenced", "releases", "route=dry", "people"),
            *(Line(named(g), "releases", g, "people") for g in regimes),
            *(Line(f"    by {named(g)}", "adjusted_by_procedure", g, "people") for g in
            groups.get("adjusted_by_procedure", [])), Line("without a sentence to serve", "releases",
            "route=unsentenced", "people"),
        ],
        "Causes of dry releases, a year": [
            *(
                Line(label, "dry_cause", f"cause={cause.name}", "people")
                for cause, label in _CAUSES.items()
                if _moves(figures, "dry_cause", f"cause={cause.name}")
            ),
            Line("all", "dry_releases", "all", "people"),
        ],
        "Stocks and density, mean of the months": [
            Line("détenus", "stock", "status=detained", "people"),
            Line("prévenus", "stock", "status=remand", "people"),
            Line("écroués non détenus", "stock", "status=not detained", "people"),
            Line("écroués", "stock", "status=under committal", "people"),
            Line("density, all", "density", "all", "density"),
            *(Line(f"    {named(g)}", "density", g, "density") for g in found("density", "kind=")),
            Line("détenus above capacity", "over_capacity", "all", "people"),
            *(Line(f"on {named(g)}", "on_measure", g, "people") for g in found("on_measure", "regime=")),
        ],
        "Waits and workload": [
            Line("wait for a hearing (JAP), mean", "hearing_wait_mean", "all", "days"),
            Line("    nine in ten within", "hearing_wait_p90", "all", "days"),
            Line("    past the legal delay", "hearing_past_legal_delay", "all", "share"),
            Line("    requests waiting", "requests_waiting", "all", "people"),
            Line("    slots missing", "unmet_slots", "all", "people"),
            Line("wait for a counsellor (CPIP), mean", "assignment_wait_mean", "all", "days"),
            Line("    people without a counsellor", "waiting_for_counsellor", "all", "people"),
            Line("counsellors in post", "posts", "all", "people"),
            Line("people per counsellor", "caseload", "all", "ratio"),
            Line("hours for files, share used", "hours_used_share", "all", "share"),
        ],
        "Reconviction, under each assumption": [
            Line(f"at {months // 12} year{'s' if months > 12 else ''}: {_ASSUMED[assumption]}", "reconviction",
                 f"assumption={assumption},months={months}", "reconviction")
            for months in (12, 60)
            for assumption in ASSUMPTIONS
        ],
        "What is paid for, a year": [
            *(Line(_ITEMS[item], "cost_of_means", f"item={item},price=central", "euros") for item in MEANS),
            Line("all, low price", "cost_of_means", "item=all,price=low", "euros"),
            Line("all, central price", "cost_of_means", "item=all,price=central", "euros"),
            Line("all, high price", "cost_of_means", "item=all,price=high", "euros"),
        ],
        "What people's days are worth, a year": [
            Line("at what one day more costs, low price", "cost_marginal", "place=places,price=low", "euros"),
            Line("at what one day more costs, central price", "cost_marginal", "place=places,price=central", "euros"),
            Line("at what one day more costs, high price", "cost_marginal", "place=places,price=high", "euros"),
            Line("at the average price, central", "cost", "place=places,price=central", "euros"),
        ],
    }  # fmt: skip


def _known(figures: pd.DataFrame, columns: tuple[str, ...]) -> dict[tuple[str, str], tuple[float, ...]]:
    """Return the columns of each figure by indicator and group."""
    values = [figures[column].tolist() for column in columns]
    keys = zip(figures["indicator"].tolist(), figures["group"].tolist(), strict=True)
    return dict(zip(keys, zip(*values, strict=True), strict=True))


def _moves(figures: pd.DataFrame, indicator: str, group: str) -> bool:
    """Whether a figure is anything but zero on both sides: a cause nobody met is not printed."""
    rows = figures[(figures["indicator"] == indicator) & (figures["group"] == group)]
    columns = [name for name in ("mean", "base", "policy") if name in rows]
    return bool((rows[columns] != 0).to_numpy().any())


def print_levels(run: RunFolder, summary: pd.DataFrame) -> None:
    """Print the figures of one run: mean over its replications and the 90 % interval of that mean."""
    from rich.table import Table  # noqa: PLC0415

    figures = summary[summary["period"] == MEASURED]
    known = _known(figures, LEVELS)
    table = Table(box=None, padding=(0, 0, 0, 1), header_style="bold")
    table.add_column("", width=LABEL_WIDTH, no_wrap=True)
    table.add_column(run.scenario, justify="right", no_wrap=True)
    table.add_column(say("90 % interval"), justify="right", no_wrap=True)
    for section, rows in lines(figures).items():
        table.add_row(f"[bold]{say(section)}[/bold]")
        for line in rows:
            if (line.indicator, line.group) in known:
                mean, half_width, n = known[line.indicator, line.group]
                spread = "–" if tied(mean, half_width, n) else interval(mean, half_width, line.kind, signed=False)
                table.add_row(f"  {_label(line)}", number(mean, line.kind), spread.replace("[", r"\["))
        table.add_row()
    out = console()
    _heading(out, run, (run.scenario,))
    _outside(out, run)
    out.print(table)
    _print_interval(out, interval_label(len(run.replications)))
    if any(tied(*figure) for figure in known.values()):
        out.print(f"[italic]{say(TIED)}[/italic]\n")


def print_comparison(comparison: Comparison, changes: pd.DataFrame) -> None:
    """Print baseline, policy and paired difference, and who changes route."""
    from rich.table import Table  # noqa: PLC0415

    base, policy = comparison.base, comparison.policy
    figures = comparison.figures[comparison.figures["period"] == MEASURED]
    known = _known(figures, DIFFERENCES)
    table = Table(box=None, padding=(0, 0, 0, 1), header_style="bold")
    table.add_column("", width=LABEL_WIDTH, no_wrap=True)
    for header in ("baseline", "policy", "difference", "90 % interval"):
        table.add_column(say(header), justify="right", no_wrap=True)
    for section, rows in lines(figures).items():
        table.add_row(f"[bold]{say(section)}[/bold]")
        for line in rows:
            if (line.indicator, line.group) in known:
                before, after, moved, half_width, below_zero, n = known[line.indicator, line.group]
                spread = "–" if tied(moved, half_width, n) else interval(moved, half_width, line.kind, signed=True)
                if line.indicator == "reconviction" and spread.startswith("["):
                    spread += f" P<0 {written(f'{below_zero:.2f}')}"
                table.add_row(
                    f"  {_label(line)}",
                    number(before, line.kind),
                    number(after, line.kind),
                    difference(moved, line.kind, exactly=not half_width > 0),
                    spread.replace("[", r"\["),
                )
        table.add_row()
    out = console()
    _heading(out, base, (base.scenario, policy.scenario))
    _outside(out, base, policy)
    out.print(table)
    _print_ratios(out, comparison.ratios)
    _print_changes(out, changes)
    _print_interval(out, comparison.interval)
    if len(comparison.replications) > 1:
        out.print(say("P<0: probability that the difference in reconviction is below zero, chance alone considered") + "\n")
        if any(tied(moved, width, n) for _, _, moved, width, _, n in known.values()):
            out.print(f"[italic]{say(TIED)}[/italic]\n")


def _label(line: Line) -> str:
    """Label of a line in the language of the reader, its indent kept."""
    words = line.label.lstrip()
    return " " * (len(line.label) - len(words)) + say(words)


def _outside(out: Console, *runs: RunFolder) -> None:
    """Say what the scenarios put outside its plausible range: allowed, and never silent."""
    found = dict.fromkeys(item.told(spoken()) for run in runs for item in outside_of_run(run))
    for sentence in found:
        out.print(filled(f"! {sentence}"), highlight=False, markup=False, soft_wrap=True)
    if found:
        out.print()


def _heading(out: Console, run: RunFolder, names: tuple[str, ...]) -> None:
    manifest = run.manifest
    out.print(f"\n[bold]{' → '.join(names)}[/bold]", highlight=False)
    sample = "" if manifest.sampling_fraction == 1 else (
        f", 1 person in {1 / manifest.sampling_fraction:g} simulated and weighted: queues do not scale exactly"
    )  # fmt: skip
    many = len(run.replications)
    heading = (
        f"measured {iso(manifest.measure_from_day)} to {iso(manifest.end_day)}, seed {manifest.seed}, "
        f"{many} {'replications' if many > 1 else 'replication'}{sample}"
    )
    out.print(say(heading) + "\n")


def _print_ratios(out: Console, ratios: pd.DataFrame) -> None:
    """Print what the lever costs for one unit of what it moves, or that no interval can be given."""
    rows = ratios[(ratios["period"] == MEASURED) & (ratios["cost"] == "central")]
    if not len(rows):
        return
    out.print(f"[bold]{say('What the lever costs, central price')}[/bold] {say('(what it displaces is not taken off)')}")
    for per, value, low, high in rows[["per", "value", "low", "high"]].itertuples(index=False):
        spread = say("no interval") if isnan(low) else written(f"[{low:,.0f}, {high:,.0f}]")
        out.print(f"  {written(f'{value:,.0f}'):>12} €   {say(_PER[per])}  {spread}", highlight=False, markup=False)
    out.print()


def _print_changes(out: Console, changes: pd.DataFrame) -> None:
    moved = changes[changes["base"] != changes["policy"]]
    who, unit = say("Who leaves by another route"), say("(first exits of sentenced people, people a year)")
    out.print(f"[bold]{who}[/bold] {unit}")
    if not len(moved):
        out.print("  " + say("nobody"))
    for row in moved.head(10).itertuples(index=False):
        out.print(f"  {written(f'{row.people_per_year:,.0f}'):>9}   {say(str(row.base))} → {say(str(row.policy))}")
    rest = float(moved["people_per_year"].iloc[10:].sum())
    if rest:
        out.print(f"  {written(f'{rest:,.0f}'):>9}   {say('other changes')}")
    out.print()


def _print_interval(out: Console, label: str) -> None:
    out.print(f"[italic]{say(label)}[/italic]\n")


def print_footing(runs: Sequence[RunFolder]) -> None:
    """Print what must not be claimed, and where the results are."""
    out = console()
    out.print(f"[bold]{say('Must not be claimed from the figures of reconviction')}[/bold]")
    for claim in MUST_NOT_CLAIM:
        out.print(f"  · {say(claim)}")
    out.print()
    for run in runs:
        out.print(say(f"run folder: {run.path}"), soft_wrap=True)
        if run.older_measures:
            out.print("  " + say(f"{OLDER}; up to date with: sortie remeasure {run.path}"), soft_wrap=True)
