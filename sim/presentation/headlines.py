"""The figures the explorer puts forward: which indicator, how it is written, which published value stands beside it."""

from __future__ import annotations

from typing import NamedTuple


class Outcome(NamedTuple):
    """One figure of the model."""

    key: str
    """Its texts are ``outcome.<key>`` and ``outcome.<key>.help``."""
    indicator: str
    group: str
    kind: str
    """How it is written; see :meth:`sim.presentation.texts.Texts.level`."""
    published: str = ""
    """Series of the last published value; empty where nothing comparable is published."""
    scale: float = 1.0
    """Factor from the unit of the series to the model's."""


CARDS = (
    Outcome("detained", "stock", "status=detained", "people", "detenus"),
    Outcome("density", "density", "kind=MA", "density", "densite_MA", 0.01),
    Outcome("dry_rate", "dry_rate_exits", "all", "share", "part_sorties_seches_delits", 0.01),
    Outcome("wait", "hearing_wait_median", "all", "days", "delai_audience_JAP", 30.44),
    Outcome("caseload", "caseload", "all", "ratio", "CPIP_charge_detention"),
    Outcome("cost", "cost", "place=places,price=central", "euros"),
)
"""The six of the first screen."""

TABLE = (
    Outcome("dry_rate", "dry_rate_exits", "all", "share"),
    Outcome("dry_rate_b", "dry_rate_ends", "all", "share"),
    Outcome("dry_releases", "dry_releases", "all", "people"),
    Outcome("detained", "stock", "status=detained", "people"),
    Outcome("density", "density", "kind=MA", "density"),
    Outcome("over_capacity", "over_capacity", "all", "people"),
    Outcome("wait", "hearing_wait_median", "all", "days"),
    Outcome("wait_p90", "hearing_wait_p90", "all", "days"),
    Outcome("late", "hearing_past_legal_delay", "all", "share"),
    Outcome("caseload", "caseload", "all", "ratio"),
    Outcome("no_counsellor", "waiting_for_counsellor", "all", "people"),
    Outcome("cost_of_means", "cost_of_means", "item=all,price=central", "euros"),
    Outcome("cost_marginal", "cost_marginal", "place=places,price=central", "euros"),
    Outcome("cost", "cost", "place=places,price=central", "euros"),
)
"""Lines of a comparison."""

BY_KEY = {outcome.key: outcome for outcome in (*CARDS, *TABLE)}

SOUGHT = ("dry_rate", "detained", "density", "late", "wait", "dry_releases")
"""Outcomes that a target can be about."""

ROUTES = ("dry", "LC", "DDSE", "SL", "PE")
"""Ways out of sentenced people, in the order of the charts."""

CAUSES = (
    "CALENDAR_TOO_SHORT", "NO_COUNSELLOR", "FILE_NOT_READY", "NOT_HEARD", "REFUSED_PROJECT", "REFUSED_RISK", "NO_HOUSING",
    "NO_PLACE_SL", "NO_PLACE_PE", "NO_DEVICE", "REMOVAL_MEASURE", "EXCLUDED_BY_LAW", "DECLINED", "MEASURE_WITHDRAWN",
    "GRANTED_TOO_LATE", "NOT_INFORMED", "DECLINED_RELEASE", "DECLINED_EXAMINED", "PREFERS_TO_SERVE",
)  # fmt: skip
"""Causes of dry releases, in the order of the race."""

KINDS = ("MA", "CD", "MC", "SAS", "SL", "EPM", "CNE", "EPSN")
"""Kinds of quarter."""
