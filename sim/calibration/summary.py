"""What a calibration found, small enough to be kept in git: read by the explorer and the notebooks (``validation.json``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.calibration.targets import packaged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.scenario import Scenario

SHOWN = 10
"""Parameters told for each headline, the strongest first."""


def summary(results: Mapping[str, Any], scenario: Scenario) -> dict[str, Any]:
    """Gather the rows of the verdict page, what moves the headlines and the errors of forecasts.

    Parameters
    ----------
    results
        What the commands left (:func:`sim.calibration.validation_page.read_results`), the calibration at least.
    scenario
        Where the parameters have their names in words.
    """
    found, moved = results["calibration"], results.get("sensitivity", {})
    told = {
        "version": found["version"],
        "source": found["source"],
        "frame": found["frame"],
        "draws": len(found["draws"]) and found["draws"][0]["n"],
        "rows": _rows(found),
        "tornado": _tornado(moved.get("checked", [])),
        "worth": {name: rows[:SHOWN] for name, rows in moved.get("value", {}).items()},
        "variance": moved.get("variance", []),
        "forecasts": results.get("backtest", {}).get("errors", []),
    }
    paths = {row["path"] for key in ("tornado", "worth") for rows in told[key].values() for row in rows}
    return {**told, "names": {path: _name(scenario, path) for path in sorted(paths)}}


def _rows(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    central = {row["target"]: row["median"] for row in found["central"]}
    by_name = {row["target"]: row for row in found["draws"]}
    rows = []
    for target in packaged():
        if target.name not in by_name:
            continue
        drawn, value = by_name[target.name], central[target.name]
        rows.append(
            {
                "target": target.name,
                "fr": target.quoi,
                "en": target.what,
                "unit": target.unit,
                "published": target.value,
                "tolerance": target.tolerance,
                "central": value,
                "low": drawn["low"],
                "high": drawn["high"],
                "within": target.inside(value),
                "covered": drawn["covered"],
                "weight": target.use,
                "follows": bool(target.follows),
                "source": target.source,
            }
        )
    return rows


def _tornado(checked: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """By headline, its value at both ends of the range of each parameter, the strongest first."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(checked, key=lambda row: -abs(row["direct"])):
        rows = found.setdefault(row["headline"], [])
        if len(rows) < SHOWN:
            rows.append({"path": row["path"], "levels": row["levels"], "outputs": row["outputs"]})
    return found


def _name(scenario: Scenario, path: str) -> dict[str, str]:
    leaf, _, entry = (path, "", "") if path in scenario.world else path.rpartition(".")
    label = scenario.world[leaf].label
    words = {lang: leaf if label is None else label[lang] for lang in ("fr", "en")}
    return {**words, "entry": entry}
