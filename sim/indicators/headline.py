"""The dozen figures that are told first, by the column they have in the view ``headline``: an indicator and a group."""

from __future__ import annotations

HEADLINE: dict[str, tuple[str, str]] = {
    "dry_rate_exits": ("dry_rate_exits", "all"),
    "dry_rate_ends": ("dry_rate_ends", "all"),
    "dry_releases": ("dry_releases", "all"),
    "detained": ("stock", "status=detained"),
    "density_ma": ("density", "kind=MA"),
    "over_capacity": ("over_capacity", "all"),
    "hearing_wait_median": ("hearing_wait_median", "all"),
    "hearing_wait_p90": ("hearing_wait_p90", "all"),
    "hearing_past_legal_delay": ("hearing_past_legal_delay", "all"),
    "caseload": ("caseload", "all"),
    "waiting_for_counsellor": ("waiting_for_counsellor", "all"),
    "cost_of_means": ("cost_of_means", "item=all,price=central"),
    "cost_marginal": ("cost_marginal", "place=places,price=central"),
    "cost": ("cost", "place=places,price=central"),
}
