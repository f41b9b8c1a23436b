"""Answer ten questions of those who ask, and write ``docs/ten_questions.md``: differences, intervals, what they hang on.

``python docs/ten_questions.py [--fraction 0.1] [--replications 3] [--output FOLDER]``. Run by hand, since it makes
some three hundred simulations of a sample of the country; ten_questions.yaml says the worlds.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import yaml
from one_change import file_of

import sortie

HERE = Path(__file__).parent
LISTED = HERE / "ten_questions.yaml"
PAGE = HERE / "ten_questions.md"
UNIT = {"share": "points", "euros/year": "M€ a year"}
NOISE = "the interval holds zero"
PAID, DISPLACED = "cost_of_means item=all,price=central", "cost_marginal place=places,price=central"
BOUGHT = {"dry_releases all": "dry releases", "stock status=detained": "people held", "over_capacity all": "above capacity"}
SAID = {"note": "How", "missing": "**The missing statistic**"}
NEAR = 0.5  # points within which two sums are about the same
AVOIDED = {"dry release avoided": "dry_releases all", "place freed": "stock status=detained"}


class Sample(NamedTuple):
    """How large a run is."""

    fraction: float
    replications: int


ENDS = Sample(0.05, 2)


def asked() -> dict[str, Any]:
    """Return the frame, the worlds that are not shipped and the questions."""
    return dict(yaml.safe_load(LISTED.read_text(encoding="utf-8")))


def world_file(name: str, text: dict[str, Any], folder: Path, held: dict[str, float] | None = None) -> Path:
    """Write a world, shipped or of the list (``unchanged``: the baseline); ``held`` are values of the whole run."""
    own = text["worlds"].get(name, {"scenario": "baseline" if name == "unchanged" else name})
    path = file_of(name, {"scenario": own.get("scenario", "baseline")}, text["frame"], folder)
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    if "changes" in own:
        written["changes"] = json.loads(json.dumps(own["changes"], default=str))
    if held:
        written["overrides"] = held
    path.write_text(yaml.safe_dump(written, sort_keys=False), encoding="utf-8")
    return path


@cache
def _parameters() -> pd.DataFrame:
    return sortie.Scenario("baseline").parameters().set_index("path")


def ends(path: str) -> tuple[float, float]:
    """Low and high end of the range of an assumption; a table has one for each entry."""
    row = _parameters().loc[path]
    low, high = float(row["low"]), float(row["high"])
    assert low < high, f"{path}: no range to try"
    return low, high


def ran(
    names: list[str], text: dict[str, Any], sample: Sample, folder: Path, held: dict[str, float] | None = None
) -> sortie.Results:
    """Run worlds beside the unchanged one, same people and same luck."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [str(world_file(name, text, folder, held)) for name in ["unchanged", *names]]
    return sortie.run(
        files, replications=sample.replications, fraction=sample.fraction, workers=1, output=folder / "runs", progress=False
    )


def row_of(table: pd.DataFrame, read: str) -> dict[str, Any]:
    """Return the row of an indicator and a group of a comparison."""
    indicator, _, group = read.partition(" ")
    row = table[(table["indicator"] == indicator) & (table["group"] == group)]
    assert len(row) == 1, read
    return dict(row.iloc[0])


def _amount(value: float, unit: str, sign: str = "") -> str:
    scaled = {"share": 100 * value, "euros/year": value / 1e6}.get(unit, value)
    digits = 2 if unit == "people/place" else 1 if abs(scaled) < 1000 else 0
    return f"{scaled:{sign},.{digits}f}"


def told(row: dict[str, Any]) -> str:
    """A difference and its interval; nothing beside it where replications give the same."""
    middle = _amount(row["difference"], row["unit"], "+")
    if pd.isna(row["low"]):
        return middle
    return f"{middle} [{_amount(row['low'], row['unit'], '+')}, {_amount(row['high'], row['unit'], '+')}]"


def _moved(row: dict[str, Any]) -> bool:
    return bool(row["difference"]) and (pd.isna(row["low"]) or not row["low"] <= 0 <= row["high"])


def price(found: sortie.Results, tables: dict[str, pd.DataFrame], name: str, per: str) -> str:
    """What a lever costs for one of ``per``, what it displaces not taken off; at the central price, with its interval."""
    paid = row_of(tables[name], PAID)
    gone = row_of(tables[name], AVOIDED[per])
    if name in asked()["unpriced"]:
        return "the lever has no price"
    if not _moved(gone):
        return "none, beyond chance"
    if gone["difference"] > 0:
        return "none: they rise"
    if not _moved(paid) or paid["difference"] < 0:
        return "nothing more is paid"
    row = found.cost_per(name).set_index(["per", "cost"]).loc[(per, "central")]
    return f"{row['value']:,.0f} €" + ("" if pd.isna(row["low"]) else f" [{row['low']:,.0f}, {row['high']:,.0f}]")


def answer(question: dict[str, Any], tables: dict[str, pd.DataFrame]) -> str:
    """One line: the first indicator, or the one ``told`` names, world by world."""
    read = question.get("told", question["read"][0])
    rows = {name: row_of(tables[name], read) for name in question["worlds"]}
    one = next(iter(rows.values()))
    said = [f"{name} {told(row)}" + ("" if _moved(row) else f" ({NOISE})") for name, row in rows.items()]
    return f"`{read}`, {_amount(one['baseline'], one['unit'])} without, in {UNIT.get(one['unit'], one['unit'])}: {'; '.join(said)}."


def _million(question: dict[str, Any], tables: dict[str, pd.DataFrame]) -> str:
    """What a million euros a year buys, in each world that is paid for: the means of the differences, one over the other."""
    said = []
    for name in question["worlds"]:
        paid, *rows = (row_of(tables[name], read) for read in (PAID, *BOUGHT))
        each = zip(rows, BOUGHT.values(), strict=True)
        moved = [(row["difference"] * 1e6 / paid["difference"], what) for row, what in each if _moved(row)]
        per = ", ".join(f"{value:+,.1f} {what}" for value, what in moved) or "nothing beyond chance"
        said.append(f"{name} {per}" if _moved(paid) else f"{name} costs nothing that is seen")
    return f"A million euros a year buys: {'; '.join(said)}."


def _asides(question: dict[str, Any], tables: dict[str, pd.DataFrame], found: sortie.Results) -> list[str]:
    """Lines that some questions ask for, reckoned from the figures."""
    lines = [_million(question, tables)] if question.get("million") else []
    if question.get("levels"):
        adjusted = 1 - row_of(tables[question["worlds"][0]], "dry_rate_exits all")["baseline"]
        t = found.levels("prepared_rate", by=["days", "with"])
        rows = t[(t["scenario"] == "unchanged") & t["days"].astype(str).isin(["30", "90"])].to_dict("records")
        each = ((f"{r['days']} days, {r['with']}", r["mean"], r["low"], r["high"]) for r in rows)
        said = (f"{what} {mean:.1%} [{low:.1%}, {high:.1%}] ({mean / adjusted:.0%})" for what, mean, low, high in each)
        lines.append(f"Prepared, of all releases (of adjusted ones), with nothing changed: {'; '.join(said)}.")
    if "together" in question:
        first, second, both = (100 * row_of(tables[name], "dry_rate_exits all")["difference"] for name in question["together"])
        gap = both - first - second
        more = "about" if abs(gap) < NEAR else "more than" if gap < 0 else "less than"
        lead = question["together"][0] if first < second else question["together"][1]
        lines.append(
            f"Together {both:+.1f} points of dry rate, {more} the sum of each alone ({first:+.1f} and {second:+.1f}); "
            f"alone, {lead} lowers it more."
        )
    if "posts" in question:
        table = tables[question["posts"]]
        more, load = row_of(table, "on_probation against=unchanged"), row_of(table, "open_setting_load all")
        needed = load["difference"] * row_of(table, "open_setting_posts all")["baseline"] / load["baseline"]
        lines.append(
            f"{more['difference']:,.0f} people more on probation. With no post more, each counsellor has "
            f"{load['difference']:+.1f} people; some {needed:,.0f} posts that hold cases keep the load of {load['baseline']:.0f}."
        )
    return lines


def figures_of(question: dict[str, Any], tables: dict[str, pd.DataFrame], found: sortie.Results) -> list[str]:
    """The table of a question: an indicator a line, a world a column, what is paid for and for one dry release at the end."""
    worlds = question["worlds"]
    lines = ["| | without | " + " | ".join(worlds) + " |", "|---|--:|" + "--:|" * len(worlds)]
    for read in [*question["read"], *(each for each in (PAID, DISPLACED) if each not in question["read"])]:
        rows = [row_of(tables[name], read) for name in worlds]
        one, said = rows[0], " | ".join(told(row) for row in rows)
        unit = UNIT.get(one["unit"], one["unit"])
        lines.append(f"| `{read}` ({unit}) | {_amount(one['baseline'], one['unit'])} | {said} |")
    prices = ((per, " | ".join(price(found, tables, name, per) for name in worlds)) for per in AVOIDED)
    return [*lines, *(f"| for one {per} | | {told_so} |" for per, told_so in prices)]


def hang_line(path: str, both: list[dict[str, Any]]) -> str:
    """How the difference that is read moves with an assumption, from one end of its range to the other."""
    low, high = ends(path)
    at_low, at_high = both
    sign = [row["difference"] > 0 for row in both if _moved(row)]
    turned = " **The sign turns.**" if len(set(sign)) > 1 else ""
    unseen = [end for end, row in zip(("low", "high"), both, strict=True) if not _moved(row)]
    weak = f" Nothing is seen at the {' and '.join(unseen)} end." if unseen else ""
    label = _parameters().loc[path, "label"]
    said = f"at the low end ({low:g}) {told(at_low)}; at the high end ({high:g}) {told(at_high)}."
    return f"- {label} (`{path}`): {said}{turned}{weak}"


def hung(question: dict[str, Any], text: dict[str, Any], sample: Sample, folder: Path) -> list[str]:
    """Try each assumption of a question at both ends, in the unchanged world and in the one that answers."""
    one = question["hangs"]
    lines = []
    for path in one["paths"]:
        rows = []
        for end, value in zip(("low", "high"), ends(path), strict=True):
            found = ran([one["world"]], text, sample, folder / f"{path}-{end}", {path: value})
            rows.append(row_of(found.compare(one["world"]), one["read"]))
        lines.append(hang_line(path, rows))
    return [f"`{one['read']}` of {one['world']}, {UNIT.get(rows[0]['unit'], rows[0]['unit'])}:", *lines]


def page(text: dict[str, Any], whole: Sample, small: Sample, folder: Path) -> str:
    """Run all and return the page."""
    names = list(dict.fromkeys(name for question in text["questions"] for name in question["worlds"]))
    found = ran(names, text, whole, folder / "answers")
    tables = {name: found.compare(name) for name in names}
    day = f"{dt.datetime.now(tz=dt.UTC):%d %B %Y}"
    written = f"<!-- Written by docs/ten_questions.py on {day}. Change ten_questions.yaml, then run it. -->"
    blocks = ["# Ten questions, and what their answers hang on", written, text["head"].format(whole=whole, small=small).strip()]
    for number, question in enumerate(text["questions"], 1):
        blocks += [f"## {number}. {question['ask']}", f"Asked by: {question['asked_by']}.", f"**{answer(question, tables)}**"]
        blocks += [*_asides(question, tables, found), "\n".join(figures_of(question, tables, found))]
        blocks += [f"{said}: {question[key]}." for key, said in SAID.items() if key in question]
        head, *lines = hung(question, text, small, folder / str(number))
        blocks += [f"**What it hangs on.** {head}", "\n".join(lines)]
    return "\n\n".join(blocks) + "\n"


def main() -> None:
    """Write the page."""
    options = argparse.ArgumentParser()
    options.add_argument("--fraction", type=float, default=0.1)
    options.add_argument("--replications", type=int, default=3)
    options.add_argument("--output", type=Path, help="folder of the runs, kept and taken up again")
    given = options.parse_args()
    whole = Sample(given.fraction, given.replications)
    with tempfile.TemporaryDirectory() as folder:
        PAGE.write_text(page(asked(), whole, ENDS, given.output or Path(folder)), encoding="utf-8")


if __name__ == "__main__":
    main()
