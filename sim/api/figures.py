"""Figures of runs as frames: groups taken apart into columns, names as categories, periods as dates."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.errors import RequestError, suggestion
from sim.indicators.catalogue import CATALOGUE
from sim.indicators.context import MEASURED
from sim.indicators.estimates import summarise
from sim.indicators.tidy import ALL
from sim.library.read import verdict
from sim.presentation.headlines import CAUSES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from sim.records.run_folder import RunFolder

VERDICTS = ("lower", "higher", "unclear", "nothing", "unknown")
"""``unclear``: the interval holds 0; ``nothing``: exactly no difference; ``unknown``: no interval can be given."""
PERIODS = {"years": len("2026"), "months": len("2026-07-01")}
"""Words for periods of one kind, and the length of their labels."""
_BETWEEN = re.compile(r",(?=\w+=)")
_KINDS = {"share": "share", "people/place": "density", "days": "days", "euros/year": "euros"}


@lru_cache(maxsize=1 << 16)
def dimensions(group: str) -> tuple[tuple[str, str], ...]:
    """Take a group apart: ``route=SL,procedure=LSC`` is ``(("route", "SL"), ("procedure", "LSC"))``; ``all`` is ``()``."""
    if group == ALL:
        return ()
    return tuple((name, value) for name, _, value in (part.partition("=") for part in _BETWEEN.split(group)))


def wanted_dimensions(by: str | Sequence[str] | None) -> tuple[str, ...]:
    """Return the dimensions asked for, in order."""
    return () if by is None else (by,) if isinstance(by, str) else tuple(by)


def groups_of(frame: pd.DataFrame, indicator: str, by: tuple[str, ...]) -> pd.DataFrame:
    """Return the rows of an indicator whose groups have exactly these dimensions.

    Raises
    ------
    RequestError
        If there is no such indicator or breakdown; those there are, are told.
    """
    rows = frame[frame["indicator"] == indicator]
    if rows.empty:
        known = list(dict.fromkeys(frame["indicator"]))
        there = f" It is known, but has no figure in this run: {CATALOGUE[indicator].label}." if indicator in CATALOGUE else ""
        msg = f"no indicator '{indicator}'.{there or suggestion(indicator, known)} Results.indicators() lists them."
        raise RequestError(msg)
    unique = {group: tuple(name for name, _ in dimensions(group)) for group in rows["group"].unique()}
    chosen = {group for group, names in unique.items() if set(names) == set(by)}
    if not chosen:
        ways = sorted({_told(names) for names in unique.values()})
        met = f"by={list(by)!r}" if by else "no total"
        msg = f"'{indicator}': met {met}, expected one of: {'; '.join(ways)}."
        raise RequestError(msg)
    return rows[rows["group"].isin(chosen)]


def _told(names: tuple[str, ...]) -> str:
    return "by=None" if not names else f"by={names[0]!r}" if len(names) == 1 else f"by={list(names)!r}"


def in_period(frame: pd.DataFrame, period: str | None) -> pd.DataFrame:
    """Return the rows of a period: ``measured``, a year, the date of a census, ``years``, ``months``, or None for all.

    Raises
    ------
    RequestError
        If there is none; those there are, are told.
    """
    if period is None:
        return frame
    labels = frame["period"]
    width = PERIODS.get(period)
    dated = labels != MEASURED
    rows = frame[(labels == period) if width is None else dated & (labels.str.len() == width)]
    if rows.empty:
        known = list(dict.fromkeys(labels))
        said = ", ".join(known[:8]) + (" …" if len(known) > 8 else "")
        msg = f"period: met {period!r}, expected 'measured', 'years', 'months', None for all, or one of {said}."
        raise RequestError(msg)
    return rows


def levels_of(run: RunFolder, frame: pd.DataFrame, indicator: str, by: tuple[str, ...], period: str | None) -> pd.DataFrame:
    """Return the levels of one run: ``scenario, period``, the dimensions, ``mean, low, high, n``."""
    rows = in_period(groups_of(frame, indicator, by), period)
    table = summarise(rows)
    parts = [dict(dimensions(group)) for group in table["group"]]
    columns: dict[str, Any] = {"scenario": run.scenario, "period": table["period"]}
    columns |= {name: [part[name] for part in parts] for name in by}
    low, high = table["mean"] - table["half_width"], table["mean"] + table["half_width"]
    if kind_of(indicator) == "share":  # Student's t knows nothing of the ends of a share
        low, high = low.clip(lower=0.0), high.clip(upper=1.0)
    columns |= {"mean": table["mean"], "low": low, "high": high}
    return pd.DataFrame({**columns, "n": table["n"]})


def dated(frame: pd.DataFrame, period: str | None) -> pd.DataFrame:
    """Return the same with years or months as dates (of the first day), other periods as categories, in order."""
    if period in PERIODS:
        return frame.assign(period=pd.to_datetime(frame["period"]).astype("datetime64[s]"))
    return frame.assign(period=category(frame["period"]))


def category(values: pd.Series) -> pd.Series:
    """Return words as categories, in the order in which they first come."""
    order = list(dict.fromkeys(values.astype(str)))
    return pd.Series(pd.Categorical(values.astype(str), categories=order), index=values.index)


def compared(figures: pd.DataFrame) -> pd.DataFrame:
    """Return differences as :meth:`sim.api.results.Results.compare` gives them, from those of a comparison."""
    figures = figures.reset_index(drop=True)
    low, high = figures["difference"] - figures["half_width"], figures["difference"] + figures["half_width"]
    return pd.DataFrame(
        {
            "indicator": category(figures["indicator"]),
            "group": figures["group"].astype("category"),
            "unit": category(pd.Series([_unit(name) for name in figures["indicator"]], dtype=object)),
            "baseline": figures["base"],
            "policy": figures["policy"],
            "difference": figures["difference"],
            "low": low,
            "high": high,
            "verdict": verdicts(figures["difference"].to_numpy(), low.to_numpy(), high.to_numpy(), figures["n"].to_numpy()),
            "below_zero": figures["below_zero"],
            "n": figures["n"],
        }
    )


def ledger(frame: pd.DataFrame) -> pd.DataFrame:
    """Return figures by ``cause`` in the order of the race that the end of the sentence wins."""
    met = set(frame["cause"].astype(str))
    order = [cause for cause in CAUSES if cause in met]
    causes = pd.Categorical(frame["cause"].astype(str), categories=order)
    return frame.assign(cause=causes).sort_values("cause", ignore_index=True)


def verdicts(
    difference: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64], n: NDArray[np.int64]
) -> pd.Series:
    """Say what each interval of a difference allows to say, one of :data:`VERDICTS`."""
    words = [verdict(*row) for row in zip(difference.tolist(), low.tolist(), high.tolist(), n.tolist(), strict=True)]
    return pd.Series(pd.Categorical(words, categories=list(VERDICTS)))


def indicator_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the indicators there are: ``indicator, label, unit, by``."""
    found: dict[str, dict[str, None]] = {}
    for indicator, group in frame[["indicator", "group"]].drop_duplicates().itertuples(index=False):
        ways = found.setdefault(str(indicator), {})
        ways[", ".join(name for name, _ in dimensions(str(group))) or "None"] = None
    rows = [(name, _label(name), _unit(name), "; ".join(ways)) for name, ways in found.items()]
    return pd.DataFrame(rows, columns=["indicator", "label", "unit", "by"])


def _label(indicator: str) -> str:
    return CATALOGUE[indicator].label if indicator in CATALOGUE else indicator


def _unit(indicator: str) -> str:
    return CATALOGUE[indicator].unit if indicator in CATALOGUE else ""


def kind_of(indicator: str) -> str:
    """How the figures of an indicator are written (:data:`sim.presentation.texts.KINDS`)."""
    unit = _unit(indicator)
    if unit in _KINDS:
        return _KINDS[unit]
    return "ratio" if "/person" in unit or "/post" in unit or unit == "ratio" else "people"


def by_name(runs: Sequence[RunFolder]) -> Mapping[str, RunFolder]:
    """Return runs by the name of their scenario, the base first."""
    return {run.scenario: run for run in runs}
