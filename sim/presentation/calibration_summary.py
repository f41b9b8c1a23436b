"""What the calibration found, as the method page and the notebooks show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.presentation import charts
from sim.presentation.formatting import Line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.presentation.texts import Texts

KINDS = {"share": "share", "people/place": "density", "days": "days", "people/post": "ratio"}
"""How a unit of the targets is written; anything else is a number of people."""
_FORMATS = {"share": ".0%", "density": ".0%"}
HEADLINES = ("dry_2024", "not_detained_2025", "detained_2025", "hearing_wait_2025")
"""Headlines whose reach over the ranges is drawn, if they were reckoned."""


def named(t: Texts, validation: Mapping[str, Any], path: str) -> str:
    """Name of a value in words, with the entry of the table that it is: ``Part des mesures retirées (DDSE)``."""
    known = validation["names"][path]
    if not known["entry"]:
        return str(known[t.lang])
    entry = next((t(key) for key in (f"stream.{known['entry']}", f"weighs.{known['entry']}") if t.has(key)), known["entry"])
    return f"{known[t.lang]} ({entry})"


def targets_table(t: Texts, validation: Mapping[str, Any]) -> list[Line]:
    """Each published figure beside the central draw and the 90 % interval of the plausible draws."""
    lines = []
    for row in validation["rows"]:
        kind = KINDS.get(row["unit"], "people")
        miss = row["central"] - row["published"]
        words = {
            t("table.outcome"): row[t.lang],
            t("method.published"): t.level(row["published"], kind),
            t("method.model"): f"{t.level(row['central'], kind)} "
            f"({t('card.plain', low=t.level(row['low'], kind), high=t.level(row['high'], kind))})",
            t("method.gap"): t.change(miss, kind),
            t("method.within"): t("method.yes" if row["within"] else "method.no"),
            t("method.inside"): t("method.yes" if row["covered"] else "method.no"),
            t("method.weight"): t("weight." + row["weight"]),
        }
        same = {key: row[key] for key in ("published", "low", "high")}
        lines.append(Line(words, {"outcome": row[t.lang], **same, "model": row["central"], "gap": miss, "unit": row["unit"]}))
    return lines


def counted(t: Texts, validation: Mapping[str, Any]) -> str:
    """Say how many figures are within their tolerance and inside the interval, and of how many nothing was set on them.

    Sums, differences and ratios of other figures are not counted.
    """
    rows = [row for row in validation["rows"] if not row.get("follows")]
    checks = [row for row in rows if row["weight"] == "unseen"]
    return t(
        "method.counted",
        n=len(rows),
        within=sum(row["within"] for row in rows),
        covered=sum(row["covered"] for row in rows),
        checks=len(checks),
        checked=sum(row["covered"] for row in checks),
        draws=validation["draws"],
    )


def reach(t: Texts, validation: Mapping[str, Any], headline: str) -> tuple[Any, str, list[Line]] | None:
    """Chart, words and table of what each value moves a headline by over its range; nothing if it was not reckoned."""
    rows = validation["tornado"].get(headline)
    if not rows:
        return None
    target = next(row for row in validation["rows"] if row["target"] == headline)
    kind = KINDS.get(target["unit"], "people")
    lines, drawn = [], []
    for row in rows:
        name = named(t, validation, row["path"])
        first, last = (t.level(output, kind) for output in row["outputs"])
        label = f"{first} → {last}"
        low, high = sorted(row["outputs"])
        drawn.append({"name": name, "low": low, "high": high, "now": target["central"], "label": label})
        ends = " – ".join(t.short(level) for level in row["levels"])
        words = {t("method.value"): name, t("method.range"): ends, target[t.lang]: label}
        pairs = zip(row["levels"], row["outputs"], strict=True)
        lines.append(Line(words, *({"parameter": name, "level": level, "mean": output} for level, output in pairs)))
    chart = charts.tornado(t, pd.DataFrame(drawn), target[t.lang], number=_FORMATS.get(kind, ",.0f"))
    alt = "; ".join(f"{row['name']} : {row['label']}" for row in drawn)
    return chart, alt, lines


def worth(t: Texts, validation: Mapping[str, Any], headline: str, most: int = 5) -> pd.DataFrame:
    """Values whose publication would narrow the interval of a headline most, and by how much."""
    rows = [row for row in validation["worth"].get(headline, []) if row["shrinks"] > 0][:most]
    return pd.DataFrame(
        [{t("method.value"): named(t, validation, row["path"]), t("method.spared"): t.percent(row["shrinks"])} for row in rows]
    )


def forecasts_table(t: Texts, validation: Mapping[str, Any]) -> pd.DataFrame:
    """Errors of forecasts made from each January of the past, beside two naive rivals."""
    return pd.DataFrame(
        [
            {
                t("table.outcome"): t(f"forecast.{row['series']}"),
                t("method.ahead"): t.number(row["years"]),
                t("method.model"): t.percent(row["model"], 1),
                t("method.last_value"): t.percent(row["last_value"], 1),
                t("method.trend"): t.percent(row["linear_trend"], 1),
            }
            for row in validation["forecasts"]
        ]
    )
