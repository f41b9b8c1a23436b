"""Charts and notes of results, from :mod:`sim.presentation`."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.api.figures import kind_of
from sim.errors import RequestError
from sim.indicators.catalogue import CATALOGUE
from sim.library.read import figures_of_runs
from sim.presentation.headlines import TABLE
from sim.presentation.texts import Texts
from sim.scenario.library import files

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.records.run_folder import RunFolder

_FORMATS = {"share": ".1%", "density": ".0%", "ratio": ",.1f"}
_WAY_OUT = "pip install altair vl-convert-python (or sortie with its extra 'app')"


def drawn(
    levels: pd.DataFrame,
    indicator: str,
    by: tuple[str, ...],
    titles: Mapping[str, Mapping[str, str]],
    lever: str,
    lang: str,
) -> Any:
    """Return the chart of :meth:`sim.api.results.Results.plot`.

    Raises
    ------
    RequestError
        If Altair is not installed.
    """
    try:
        from sim.presentation import charts  # noqa: PLC0415 (Altair)
    except ModuleNotFoundError as problem:
        msg = f"a chart needs a package that is not installed ({problem.name}): {_WAY_OUT}."
        raise RequestError(msg) from problem
    t, kind = Texts(lang), kind_of(indicator)
    name, number = _title(t, indicator), _FORMATS.get(kind, ",.0f")
    rows = levels.assign(
        who=[titles[str(scenario)].get(t.lang, str(scenario)) for scenario in levels["scenario"]],
        what=_groups(levels, by, name),
        value=levels["mean"],
        # One replication has no interval: a point then, with nothing to its sides.
        low=levels["low"].fillna(levels["mean"]),
        high=levels["high"].fillna(levels["mean"]),
    )
    rows["label"] = [_label(t, row, kind) for row in rows[["mean", "low", "high"]].itertuples(index=False)]
    if lever and "setting" in rows and not by and len(set(rows["setting"])) > 1:
        return charts.lever(t, rows[["setting", "mean", "low", "high"]], lever, name, number=number)
    if pd.api.types.is_datetime64_any_dtype(rows["period"]):
        if by:
            rows["who"] = rows["who"] + " · " + rows["what"]
        return charts.over_time(t, rows[["period", "value", "low", "high", "who", "label"]], name, number=number)
    return charts.grouped(t, rows[["what", "who", "value", "low", "high", "label"]], name, None, "", number=number)


def _title(t: Texts, indicator: str) -> str:
    key = next((f"outcome.{outcome.key}" for outcome in TABLE if (outcome.indicator, outcome.group) == (indicator, "all")), "")
    if key and t.has(key):
        return t(key)
    return CATALOGUE[indicator].label if indicator in CATALOGUE else indicator


def _groups(levels: pd.DataFrame, by: tuple[str, ...], name: str) -> list[str]:
    if not by:
        return [name] * len(levels)
    return [" · ".join(row) for row in zip(*(levels[column].astype(str) for column in by), strict=True)]


def _label(t: Texts, row: Any, kind: str) -> str:
    mean, low, high = row
    if isnan(low) or low == high:
        return t.level(mean, kind)
    return f"{t.level(mean, kind)} ({t('card.plain', low=t.level(low, kind), high=t.level(high, kind))})"


def brief_html(base: RunFolder, policy: RunFolder, lang: str) -> str:
    """Return the one-page note of a run against its base.

    Raises
    ------
    RequestError
        If what draws its chart is not installed.
    """
    try:
        from sim.presentation.outside import outside_of_run  # noqa: PLC0415 (beside the note)
        from sim.presentation.policy_brief import note_html  # noqa: PLC0415 (Altair)

        manifest = policy.manifest
        common = set(base.replications) & set(policy.replications)
        names = [run.scenario if run.scenario in files() else f"{run.path}/scenario.yaml" for run in (base, policy)]
        made = {
            "seed": manifest.seed,
            "replications": len(common),
            "fraction": manifest.sampling_fraction,
            "run_id": policy.run_id,
            "version": manifest.version,
            "outside": outside_of_run(policy),
            "file": names[1],
            "command": f"sortie run {' '.join(names)} --replications {len(common)} --fraction {manifest.sampling_fraction:g} "
            f"--seed {manifest.seed}",
        }
        return note_html(Texts(lang), figures_of_runs(base, policy), [policy.scenario], made)
    except ModuleNotFoundError as problem:
        msg = f"the chart of a note needs a package that is not installed ({problem.name}): {_WAY_OUT}."
        raise RequestError(msg) from problem
