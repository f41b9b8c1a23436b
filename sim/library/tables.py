"""The small tables a reference is made of, computed from the run folders of its experiments.

A *reference* is what the explorer shows without running anything: means, spreads and paired differences of the shipped
scenarios, a few lives, a few sweeps. Nothing here is chosen by hand: it is a selection and a rounding of what the run
folders hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from sim.experiments.compare import route_changes
from sim.indicators.context import MEASURED
from sim.indicators.estimates import KEY, paired, summarise
from sim.records.tables import NO_DAY, is_date

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.experiments.compare import Comparison
    from sim.records.run_folder import RunFolder

QUANTILES = {"low": 0.05, "q25": 0.25, "median": 0.5, "q75": 0.75, "high": 0.95}
"""Columns of the spread of runs: where 50 % and 90 % of them lie."""

BITS, SPREAD_BITS = 18, 12
"""Binary digits kept after the first: of figures and differences (six decimal digits), and of their spread (four). More than
either is worth; whole bytes of zeros then compress to nothing."""

_SPREAD = {*QUANTILES, "half_width", "difference_half_width", "below_zero", "both_low", "both_high", "share_parameters"}
_INNER = ["q25", "median", "q75"]
_NINETY = float(ndtri(0.95))
"""Half of a 90 % interval, in standard deviations of a normal law."""
_MANTISSA = 23
"""Binary digits that a float32 holds after the first."""

_SITE_INDICATORS = ("density", "held", "over_capacity", "dry_rate_exits", "exits_per_year", "hearing_wait_mean", "caseload")
_MONTHLY = {("stock", "status=detained"), ("stock", "status=not detained"), ("stock", "status=under committal"),
            ("stock", "status=remand"), ("density", "all"), ("density", "kind=MA"), ("density", "kind=CD")}  # fmt: skip
_YEARLY_WHOLE = ("dry_cause", "releases", "stock", "flow", "on_measure")
_YEARLY_ALL = (
    "dry_rate_exits", "dry_rate_ends", "dry_releases", "exits_per_year", "density", "over_capacity", "places", "caseload",
    "posts", "hearing_wait_mean", "hearing_wait_median", "hearing_wait_p90", "hearing_past_legal_delay",
    "requests_waiting", "unmet_slots", "assignment_wait_mean", "waiting_for_counsellor", "hearing_slots", "hearings_held",
    "hearings_beyond_slots", "free_convict_wait_mean",
)  # fmt: skip


def kept(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the national rows that are worth keeping: all of the measured window, the main ones of years and months."""
    indicator, group = frame["indicator"], frame["group"]
    # Waiting lists by territory are read in the run folders (view `waiting_lists`): no page shows them.
    local = group.str.startswith("site=") | (indicator.str.startswith("waiting_list") & group.str.startswith("interregion="))
    measured = frame["period"] == MEASURED
    monthly = frame["period"].str.len() == len("2026-07-01")
    pairs = pd.MultiIndex.from_arrays([indicator, group]).isin(_MONTHLY)
    plain = ~group.str.contains(",", regex=False)
    yearly = (indicator.isin(_YEARLY_WHOLE) & plain) | (
        indicator.isin(_YEARLY_ALL) & ((group == "all") | group.str.startswith("kind="))
    )
    yearly |= indicator.isin(("cost", "cost_marginal", "cost_of_means"))
    return frame[~local & (measured | (monthly & pairs) | (~measured & ~monthly & yearly))]


def figures(base: pd.DataFrame, policy: pd.DataFrame | None = None, spread: pd.DataFrame | None = None) -> pd.DataFrame:
    """Summarise a scenario: levels with their spread, and the paired difference from the base.

    Parameters
    ----------
    base, policy
        Indicators (``replication, period, indicator, group, value``); without ``policy`` the base itself is summarised.
    spread
        Indicators of every draw and replication, for the spread; by default those of the scenario itself.

    Returns
    -------
        Columns ``period, indicator, group, mean, half_width, n``, those of :data:`QUANTILES`, ``difference,
        difference_half_width, below_zero``; differences are NaN for the base.
    """
    scenario = base if policy is None else policy
    result = summarise(scenario)
    values = (scenario if spread is None else spread).groupby(KEY, sort=False, observed=True)["value"]
    quantiles = values.quantile(np.array(list(QUANTILES.values()))).unstack()  # noqa: PD010 (a Series has no pivot)
    quantiles.columns = pd.Index(list(QUANTILES))
    result = result.merge(quantiles.reset_index(), on=KEY, how="left")
    if policy is None:
        return result.assign(difference=np.nan, difference_half_width=np.nan, below_zero=np.nan)
    differing = paired(base, policy)[[*KEY, "difference", "half_width", "below_zero"]]
    return result.merge(differing.rename(columns={"half_width": "difference_half_width"}), on=KEY, how="left")


def whole_years(first: str, last: str) -> list[str]:
    """Return the years that lie whole between two days, ``YYYY-MM-DD``, both of them counted."""
    begin = int(first[:4]) + (not first.endswith("-01-01"))
    return [str(year) for year in range(begin, int(last[:4]) + last.endswith("-12-31"))]


def with_parameters(summary: pd.DataFrame, found: pd.DataFrame | None, arm: str) -> pd.DataFrame:
    """Add ``both_low, both_high, share_parameters``: the interval of the difference that holds chance and parameters.

    ``found`` holds the differences of all arms over the draws; without it (or for the base) they are NaN. The difference told
    is that of the central values, which are none of the draws and may lie at their edge: the interval is widened where it
    has to be, so as to hold them with their chance. ``below_zero`` is then read on that interval, as of a normal law: that of
    replications alone would be told beside an interval it does not belong to.
    """
    columns = ["both_low", "both_high", "share_parameters"]
    if found is None:
        return summary.assign(**dict.fromkeys(columns, np.nan))
    mine = found[found["scenario"] == arm]
    result = summary.merge(mine[[*KEY, *columns]], on=KEY, how="left")
    central, width = result["difference"], result["difference_half_width"].fillna(0.0)
    result["both_low"] = np.minimum(result["both_low"], central - width)
    result["both_high"] = np.maximum(result["both_high"], central + width)
    middle, spread = (result["both_low"] + result["both_high"]) / 2, (result["both_high"] - result["both_low"]) / (2 * _NINETY)
    drawn = spread > 0
    result.loc[drawn, "below_zero"] = ndtr(-middle[drawn] / spread[drawn])
    return result


def without_shared_past(summary: pd.DataFrame, measured_from: str) -> pd.DataFrame:
    """Leave out the months and years before the measured window in which a policy changes nothing: they are the base's own."""
    period = summary["period"].astype(str)
    past = (period != MEASURED) & (period < measured_from[: len("2025")])
    return summary[~(past & (summary["difference"] == 0) & (summary["difference_half_width"].fillna(0.0) == 0))]


def without_unread_spread(figures: pd.DataFrame, base: str) -> pd.DataFrame:
    """Leave out the quarters of the spread where no page draws them: policies, but for their months."""
    month = figures["period"].astype(str).str.len() == len("2026-07-01")
    result = figures.copy()
    result.loc[~month & (figures["scenario"] != base), _INNER] = np.nan
    return result


def alike_together(figures: pd.DataFrame) -> pd.DataFrame:
    """Put the same figure of all scenarios side by side, in the order in which figures first come: the file is then smaller."""
    return figures.iloc[np.argsort(figures.groupby(KEY, sort=False).ngroup().to_numpy(), kind="stable")].reset_index(drop=True)


def sites(frame: pd.DataFrame) -> pd.DataFrame:
    """Means of the measured window, establishment by establishment: columns ``indicator, site, mean``."""
    chosen = frame[
        (frame["period"] == MEASURED) & frame["group"].str.startswith("site=") & frame["indicator"].isin(_SITE_INDICATORS)
    ]
    means = chosen.groupby(["indicator", "group"], sort=False, observed=True)["value"].mean().reset_index()
    return pd.DataFrame(
        {"indicator": means["indicator"], "site": means["group"].str.removeprefix("site="), "mean": means["value"]}
    )


def paths(run: RunFolder) -> pd.DataFrame:
    """Count exits from detention by way in and way out, a year: ``stream, procedure, route, people_per_year``.

    ``route`` is ``unsentenced``, ``dry`` or a regime; ``procedure`` is empty unless a measure was granted.
    """
    manifest, codebook = run.manifest, run.codebook
    per_year = 365.25 / (manifest.end_day + 1 - manifest.measure_from_day) / manifest.sampling_fraction
    routes = np.array(["dry", *codebook.regimes, "unsentenced"], dtype=object)
    procedures = np.array([*codebook.adjustments, ""], dtype=object)
    streams = np.array(codebook.streams, dtype=object)
    parts = []
    for replication in run.replications:
        exits = run.table("exits", replication, ["day", "stream", "sentenced", "regime", "adjustment"])
        exits = exits[exits["day"] >= manifest.measure_from_day]
        sentenced = exits["sentenced"].to_numpy() == 1
        regime = exits["regime"].to_numpy().astype(np.int64)
        adjusted = sentenced & (regime >= 0)
        parts.append(
            pd.DataFrame(
                {
                    "stream": streams[exits["stream"].to_numpy().astype(np.int64)],
                    "procedure": procedures[np.where(adjusted, exits["adjustment"].to_numpy().astype(np.int64), -1)],
                    "route": routes[np.where(sentenced, regime + 1, -1)],
                }
            )
        )
    counted = pd.concat(parts).value_counts(sort=False).sort_index().reset_index(name="people_per_year")
    counted["people_per_year"] *= per_year / len(run.replications)
    return counted


def routes(comparison: Comparison) -> pd.DataFrame:
    """Say who leaves by another route: ``base, policy, people_per_year``."""
    return route_changes(comparison)


def sweep_rows(runs: Mapping[float, RunFolder], outputs: Sequence[tuple[str, str]]) -> pd.DataFrame:
    """Outputs of one sweep, replication by replication: ``setting, replication, indicator, group, value``."""
    parts = []
    for setting, run in runs.items():
        frame = run.indicators()
        wanted = pd.MultiIndex.from_arrays([frame["indicator"], frame["group"]]).isin(set(outputs))
        chosen = frame[wanted & (frame["period"] == MEASURED)]
        parts.append(chosen[["replication", "indicator", "group", "value"]].assign(setting=float(setting)))
    return pd.concat(parts, ignore_index=True)


def rounded(frame: pd.DataFrame) -> pd.DataFrame:
    """Round every fraction to :data:`BITS` or, for a spread, :data:`SPREAD_BITS` binary digits, as float32. Zero stays zero."""
    result = frame.copy()
    for name in frame.columns:
        if frame[name].dtype in (np.float64, np.float32):
            values = frame[name].to_numpy(dtype=np.float32)
            dropped = np.uint64(_MANTISSA - (SPREAD_BITS if name in _SPREAD else BITS))
            # Half of the last digit kept is added, then what comes after it is cut off; a carry into the exponent is right.
            bits = values.view(np.uint32).astype(np.uint64) + (np.uint64(1) << (dropped - np.uint64(1)))
            short = ((bits >> dropped) << dropped).astype(np.uint32).view(np.float32)
            result[name] = np.where(np.isfinite(values), short, values)
    return result


def encoded(frame: pd.DataFrame) -> bytes:
    """Return a table as the bytes of a Parquet file, words as a dictionary, fractions byte by byte."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    for position, name in enumerate(table.column_names):
        if is_date(name):
            numbers = frame[name].to_numpy(dtype=np.int32)
            days = pa.array(numbers, type=pa.date32(), mask=numbers == NO_DAY)
            table = table.set_column(position, name, days)
    fractions = [field.name for field in table.schema if pa.types.is_floating(field.type)]
    words = [field.name for field in table.schema if field.name not in fractions]
    sink = pa.BufferOutputStream()
    pq.write_table(
        table,
        sink,
        compression="zstd",
        compression_level=15,
        use_dictionary=words,
        use_byte_stream_split=fractions,
    )
    made: bytes = sink.getvalue().to_pybytes()
    return made
