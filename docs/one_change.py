"""Change one thing at a time, and write ``docs/one_change.md``: what moved, beside what practitioners expect (one_change.yaml).

``python docs/one_change.py [--fraction 0.1] [--replications 4]``. Small worlds inflate waits: signs and orders of size are read,
not levels. Run by hand, since it makes some hundred simulations; the tests of the night try the signs on smaller ones.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

import sortie

HERE = Path(__file__).parent
LISTED = HERE / "one_change.yaml"
PAGE = HERE / "one_change.md"
CHANGED = dt.date(2026, 1, 1)
TOLD = {"yes": "yes", "no": "**no**", "not seen": "not seen"}


def listed() -> dict[str, Any]:
    """Return the frame and the worlds."""
    return dict(yaml.safe_load(LISTED.read_text(encoding="utf-8")))


def file_of(name: str, one: dict[str, Any], frame: dict[str, Any], folder: Path) -> Path:
    """Write the world of one change; a packaged scenario keeps its own dates within the frame, ``given`` changes come first."""
    text: dict[str, Any] = {"extends": one.get("scenario", "baseline"), "title": {"en": name, "fr": name}, **frame}
    verb = next((each for each in ("set", "scale", "add") if each in one), None)
    changes = [{"on": frame["start"], **each} for each in one.get("given", [])]
    if verb:
        on = frame["start"] if one.get("on") == "start" else CHANGED
        keys = ("to", "by", "applies_to")
        changes += [{"on": on, verb: one[verb], **{key: one[key] for key in keys if key in one}}, *one.get("with", [])]
    if changes:
        text["changes"] = changes
    path = folder / f"{name}.yaml"
    # Days are written out as text: the same one twice would make an alias, which scenarios do not read.
    text = json.loads(json.dumps(text, default=str))
    path.write_text(yaml.safe_dump(text, sort_keys=False), encoding="utf-8")
    return path


def verdict(expected: str, low: float, high: float) -> str:
    """``yes`` if what is expected is seen, ``not seen`` if chance alone could make the difference, ``no`` against it."""
    if not fits(expected, low, high):
        return "no"
    return "not seen" if low <= 0 <= high else "yes"


def fits(expected: str, low: float, high: float) -> bool:
    """Whether an interval of a difference says what is expected; one that holds 0 denies only a move asked for."""
    return {"down": high < 0, "up": low > 0, "not up": low <= 0, "not down": high >= 0}[expected]


def measured(found: sortie.Results, name: str, one: dict[str, Any]) -> pd.Series[Any]:
    """Return the row of the difference that one world is read on."""
    table = found.compare(name)
    indicator, group = one.get("indicator", "dry_rate_exits"), one.get("group", "all")
    row = table[(table["indicator"] == indicator) & (table["group"] == group)]
    assert len(row) == 1, (name, indicator, group)
    return row.iloc[0]


def tried(names: list[str], fraction: float, replications: int, output: Path) -> pd.DataFrame:
    """Run worlds against the baseline: name, indicator, group, difference, interval, expected, whether it fits, ledger."""
    asked = listed()
    frame, worlds = asked["frame"], asked["worlds"]
    # Each against the world without its change: that of its ``given`` changes, where it has some.
    beside: dict[str, list[str]] = {}
    for name in names:
        beside.setdefault(json.dumps(worlds[name].get("given", [])), []).append(name)
    found = {}
    for number, (given, those) in enumerate(beside.items()):
        files = [file_of(f"unchanged_{number}", {"given": json.loads(given)}, frame, output)]
        files += [file_of(name, worlds[name], frame, output) for name in those]
        result = sortie.run([str(path) for path in files], replications=replications, fraction=fraction, output=output / "runs")
        found |= dict.fromkeys(those, result)
    rows = []
    for name in names:
        row = measured(found[name], name, worlds[name])
        rows.append({"name": name, **row[["indicator", "group", "unit", "difference", "low", "high"]]})
        rows[-1]["fits"] = fits(worlds[name]["expect"], float(row["low"]), float(row["high"]))
    return pd.DataFrame(rows)


def _figure(value: float, unit: str) -> str:
    return f"{100 * value:+.2f}" if unit == "share" else f"{value:+,.1f}"


def main() -> None:
    """Write the page."""
    options = argparse.ArgumentParser()
    options.add_argument("--fraction", type=float, default=0.1)
    options.add_argument("--replications", type=int, default=4)
    options.add_argument("--only", nargs="*")
    given = options.parse_args()
    worlds = listed()["worlds"]
    names = given.only or list(worlds)
    with tempfile.TemporaryDirectory() as folder:
        table = tried(names, given.fraction, given.replications, Path(folder))
    lines = [
        "# One change at a time",
        "",
        f"<!-- Written by docs/one_change.py on {dt.datetime.now(tz=dt.UTC):%d %B %Y}. Change one_change.yaml, then run it. -->",
        "",
        f"{len(names)} worlds, each with one change on 1 January 2026 (from the start where it cannot have a date), against the same",
        "world without it: the same people with the same luck. Measured from mid-2026 to mid-2028,",
        f"{given.fraction:g} of the country, {given.replications} replications, interval of the replications at 90 %. Small worlds inflate",
        "waits: read signs and orders of size. Shares in points. *Before*: version 0.1.0, two replications of a tenth of the country.",
        "",
        "| change | read on | before | now | expected | | why |",
        "|---|---|--:|--:|---|---|---|",
    ]
    for row in table.to_dict("records"):
        one = worlds[row["name"]]
        told = " ".join(_figure(row[key], row["unit"]) for key in ("difference",))
        interval = f"[{_figure(row['low'], row['unit'])}, {_figure(row['high'], row['unit'])}]"
        before = "" if one.get("before") is None else f"{one['before']:+g}"
        where = f"`{row['indicator']}` {row['group']}"
        lines.append(
            f"| {row['name']} | {where} | {before} | {told} {interval} | {one['expect']} "
            f"| {TOLD[verdict(one['expect'], row['low'], row['high'])]} "
            f"| {one['why']} |"
        )
    found = Counter(verdict(worlds[row["name"]]["expect"], row["low"], row["high"]) for row in table.to_dict("records"))
    lines += [
        "",
        f"{found['yes']} of {len(table)} move as expected, {found['no']} against it; in {found['not seen']} the interval holds zero:",
        "nothing is seen, which is neither for nor against.",
        "",
    ]
    if not given.only:
        PAGE.write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines[8:]))


if __name__ == "__main__":
    main()
