"""The country of a month that the model is to start from: its published stock, written among the dated values of a baseline.

A run that starts on that day (``--start``) then begins with the people who were there. A run that starts earlier is unchanged:
``stock.*`` is read on the first day only. What is not published each month (semi-liberty, external placements, free convicts,
shares) stays as it stands in the baseline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from sim.dates import parse_day
from sim.errors import DataError, reason
from sim.scenario.loading import load_scenario

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

REMAND, SERVING, TAGGED = "stock.remand", "stock.serving", "stock.measures.DDSE"
NEEDED = ("detenus", "prevenus_detenus")


def stock_of(path: Path, day: str, published: Mapping[str, float]) -> dict[str, int]:
    """Return the stock of a day, by parameter: what is published, less what the baseline says of those it does not count apart.

    ::

        stock.remand          prévenus
        stock.serving         détenus - prévenus - semi-liberty - external placements that sleep in prison
        stock.measures.DDSE   écroués non détenus - external placements that do not

    Parameters
    ----------
    path
        The baseline.
    published
        National series of that day, people, by name.

    Returns
    -------
        Nothing if détenus or prévenus are not published; without the écroués non détenus, no DDSE.

    Raises
    ------
    DataError
        If the figures contradict each other.
    """
    if not set(NEEDED) <= set(published):
        return {}
    scenario, on = load_scenario(path), parse_day(day)
    outside, hosted = scenario.number("stock.measures.PE", on), scenario.number(_find(path, scenario), on)
    semi_liberty = scenario.number("stock.measures.SL", on)
    held = published["detenus"] - published["prevenus_detenus"] - semi_liberty - hosted * outside
    found = {REMAND: published["prevenus_detenus"], SERVING: held}
    if "ecroues_non_detenus" in published:
        found[TAGGED] = published["ecroues_non_detenus"] - (1 - hosted) * outside
    wrong = next((name for name, number in found.items() if number <= 0), None)
    if wrong is not None:
        message = f"{path}: {day}: the published figures leave {found[wrong]:,.0f} people for {wrong}: expected some."
        raise DataError(message)
    return {name: round(number) for name, number in found.items()}


def _find(path: Path, scenario: Any) -> str:
    """Path of the share of external placements that sleep in prison, by its last word."""
    found = [name for name in scenario.leaves if name.endswith(".external_hosted_share")]
    if len(found) != 1:
        message = f"{path}: expected one parameter external_hosted_share, met {len(found)}."
        raise DataError(message)
    return str(found[0])


def rebased(path: Path, day: str, stock: Mapping[str, int]) -> str:
    """Return the text of a baseline with a stock among the dated values of its parameters; the rest stays to the byte.

    Raises
    ------
    DataError
        If the baseline cannot be read, or has not these parameters with dated values.
    """
    try:
        text: str = path.read_bytes().decode("utf-8")
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (OSError, ValueError, yaml.YAMLError) as problem:
        message = f"{path}: cannot be read ({reason(problem)})."
        raise DataError(message) from problem
    edits = []
    for name, number in stock.items():
        node = _values(path, root, name)
        values = {str(key.value): text[value.start_mark.index : value.end_mark.index] for key, value in node.value}
        dated = ", ".join(f"{on}: {value}" for on, value in sorted({**values, day: str(number)}.items()))
        edits.append((node.start_mark.index, node.end_mark.index, f"{{{dated}}}"))
    for start, stop, made in sorted(edits, reverse=True):
        text = text[:start] + made + text[stop:]
    return text


def _values(path: Path, root: Any, name: str) -> Any:
    node = root
    for word in ("parameters", *name.split("."), "values"):
        children = {str(key.value): value for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}
        if word not in children:
            message = f"{path}: parameters.{name}: met no dated 'values:', expected them to be moved."
            raise DataError(message)
        node = children[word]
    return node
