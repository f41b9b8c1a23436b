"""The table of what policies are worth together beside the sum of what each is worth alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.cli.language import say
from sim.cli.output import console, difference, interval, tied
from sim.cli.report import LABEL_WIDTH, lines
from sim.indicators.context import MEASURED
from sim.indicators.headline import HEADLINE

if TYPE_CHECKING:
    from sim.experiments.interaction import Interaction


def print_interaction(found: Interaction) -> None:
    """Print, for the figures told first, the sum of the parts, the whole and what the whole has beside the sum."""
    from rich.table import Table  # noqa: PLC0415 (0.1 s, and only tables need it)

    figures = found.figures[found.figures["period"] == MEASURED]
    wanted = set(HEADLINE.values())
    columns = ("sum_of_parts", "together", "interaction", "half_width", "n")
    keys = zip(figures["indicator"], figures["group"], strict=True)
    known = dict(zip(keys, figures[list(columns)].to_numpy(dtype=float).tolist(), strict=True))
    table = Table(box=None, padding=(0, 0, 0, 1), header_style="bold")
    table.add_column("", width=LABEL_WIDTH, no_wrap=True)
    for header in ("sum of each alone", "together", "interaction", "90 % interval"):
        table.add_column(say(header), justify="right", no_wrap=True)
    for section, rows in lines(figures).items():
        shown = [line for line in rows if (line.indicator, line.group) in wanted & known.keys()]
        if shown:
            table.add_row(f"[bold]{say(section)}[/bold]")
        for line in shown:
            parts, together, beside, half_width, n = known[line.indicator, line.group]
            untold = tied(beside, half_width, n)
            spread = "–" if untold else interval(beside, half_width, line.kind, signed=True)
            table.add_row(
                f"  {say(line.label.strip())}",
                difference(parts, line.kind, exactly=False),
                difference(together, line.kind, exactly=False),
                difference(beside, line.kind, exactly=not half_width > 0),
                spread.replace("[", r"\["),
            )
    out = console()
    out.print(f"[bold]{say(f'{found.together}: together, and each alone')}[/bold]")
    out.print(table)
    out.print(say(found.interval))
    out.print()
