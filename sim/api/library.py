"""The figures that come with sortie, read as frames: no run is made, and they are those of every page and note."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pandas as pd

from sim.errors import RequestError, suggestion
from sim.indicators.context import MEASURED
from sim.library.read import open_reference, reference_folder
from sim.presentation.headlines import CAUSES, Outcome
from sim.presentation.question.change import change_of
from sim.presentation.question.finding import finding, settled, years_of
from sim.presentation.question.since_base import since_table
from sim.presentation.texts import Texts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sim.library.read import Reference

_MOST = 20
"""Groups that a message lists."""
_SHARES = ("rate", "share", "density", "past_legal_delay")
"""Parts of the names of indicators that are shares: the sign is judged at a tenth of a point."""


def figures(path: str | Path | None = None) -> Library:
    """Open the figures that come with sortie, or those of another reference folder (``sortie reference``).

    Raises
    ------
    RunFolderError
        If there are none, or they are damaged.

    >>> shipped = sortie.figures()
    >>> shipped.differences("dry_rate_exits").head()
    """
    return Library(open_reference(reference_folder() if path is None else path))


class Library:
    """Figures of the shipped scenarios, compared with the base by people with the same luck. Made by `figures`.

    Intervals are 90 %. A period is a whole year (``"2030"``), the whole measured window (``"measured"``), or, where nothing is
    said, the last whole year.
    """

    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        self._figures = reference.figures

    def __repr__(self) -> str:
        manifest = self._reference.manifest
        made = f"{manifest['replications']} replications, version {manifest['version']}"
        return f"<Library of {len(self._figures.scenarios) - 1} policies, {made}>"

    @property
    def years(self) -> list[str]:
        """Whole years for which differences are kept, in order."""
        return years_of(self._figures)

    def policies(self, lang: Literal["fr", "en"] = "en") -> pd.DataFrame:
        """Return the policies: ``title``, ``family``, ``question``, ``asked_by``, by name.

        >>> shipped.policies().query("family == 'means'")
        """
        t = Texts(lang)
        rows = [
            {
                "name": row["name"],
                "title": t.title(row["title"]),
                "family": row["family"],
                "question": t.title(row["question"]) if row.get("question") else pd.NA,
                "asked_by": t.title(row["asked_by"]) if row.get("asked_by") else pd.NA,
            }
            for row in self._reference.scenarios[1:]
        ]
        return pd.DataFrame(rows).set_index("name")

    def differences(self, indicator: str, group: str = "all", period: str | None = None) -> pd.DataFrame:
        """Return what each policy changes: ``base, policy, difference, low, high, holds, sign_holds``, sorted.

        ``holds`` says what the interval holds (``chance``, or ``both`` with the uncertain parameters); ``sign_holds`` is the
        rule of all pages: the same sign all along the interval of chance and that of the assumptions, once rounded as shown.

        Raises
        ------
        RequestError
            If the figures hold no such indicator, group or period.

        >>> shipped.differences("stock", "status=detained", period="measured")
        """
        names = self._figures.scenarios[1:]
        return self._changes(((name, name, group) for name in names), indicator, period).sort_values("difference")

    def causes(self, policy: str, period: str | None = None) -> pd.DataFrame:
        """Return dry releases a year by the step that was missing, with and without a policy: columns of :meth:`differences`.

        Raises
        ------
        RequestError
            If there is no such policy or period.

        >>> shipped.causes("fill_vacant_posts")
        """
        self._known(policy)
        found = self._changes(((cause, policy, f"cause={cause}") for cause in CAUSES), "dry_cause", period)
        return found.sort_values("difference")

    def over_time(self, policy: str, indicator: str, group: str = "all") -> pd.DataFrame:
        """Return what a policy changes year by year: columns of :meth:`differences`, by year.

        Raises
        ------
        RequestError
            If there is no such policy, indicator or group.

        >>> shipped.over_time("fill_vacant_posts", "dry_releases")
        """
        self._known(policy)
        rows = [self._found([(year, policy, group)], indicator, year) for year in self.years]
        found = [row for row in rows if not row.empty]
        if not found:
            self._refuse(indicator, group, self.years[-1])
        return pd.concat(found)

    def levels(self, indicator: str, group: str = "all", scenario: str = "baseline") -> pd.DataFrame:
        """Return a figure by period: ``mean, low, median, high``, where ``low`` and ``high`` hold nine simulations in ten.

        Raises
        ------
        RequestError
            If there is no such scenario, indicator or group.

        >>> shipped.levels("hearing_wait_mean").loc["2022":"2030"]
        """
        if scenario != self._figures.base:
            self._known(scenario)
        frame = self._figures.frame
        mine = frame[(frame["scenario"] == scenario) & (frame["indicator"] == indicator) & (frame["group"] == group)]
        if mine.empty:
            self._refuse(indicator, group, None)
        return (
            mine.assign(period=mine["period"].astype(str)).set_index("period")[["mean", "low", "median", "high"]].sort_index()
        )

    def finding(self, policy: str, lang: Literal["fr", "en"] = "en") -> str:
        """Say what a policy does, in the sentence of its page.

        Raises
        ------
        RequestError
            If there is no such policy.

        >>> shipped.finding("fill_vacant_posts")
        """
        self._known(policy)
        found = finding(Texts(lang), self._figures, policy)
        return f"{found.head} {found.body}"

    def since_base(self) -> pd.DataFrame:
        """Return each month published since the base date beside the model: ``published, model, low, high, inside, source``.

        >>> shipped.since_base().groupby("figure")["inside"].mean()
        """
        return since_table(self._figures)

    def _changes(self, asked: Iterable[tuple[str, str, str]], indicator: str, period: str | None) -> pd.DataFrame:
        when = settled(self._figures) if period is None else period
        listed = list(asked)
        found = self._found(listed, indicator, when)
        if found.empty:
            self._refuse(indicator, listed[-1][2], when)
        return found

    def _found(self, asked: Iterable[tuple[str, str, str]], indicator: str, period: str) -> pd.DataFrame:
        kind = "share" if any(word in indicator for word in _SHARES) else "people"
        rows = {}
        for label, policy, group in asked:
            change = change_of(self._figures, policy, Outcome("", indicator, group, kind), period)
            if change is not None:
                rows[label] = {
                    "base": change.base, "policy": change.value, "difference": change.difference, "low": change.low,
                    "high": change.high, "holds": change.holds, "sign_holds": change.sure,
                }  # fmt: skip
        return pd.DataFrame.from_dict(rows, orient="index")

    def _known(self, policy: str) -> None:
        names = self._figures.scenarios[1:]
        if policy not in names:
            msg = f"'{policy}' is not in the library.{suggestion(policy, names)} It holds: {', '.join(names)}."
            raise RequestError(msg)

    def _refuse(self, indicator: str, group: str, period: str | None) -> None:
        frame = self._figures.frame
        known = sorted(set(frame["indicator"].astype(str)))
        if indicator not in known:
            msg = f"the library keeps no '{indicator}'.{suggestion(indicator, known)} It keeps: {', '.join(known)}."
            raise RequestError(msg)
        mine = frame[frame["indicator"] == indicator]
        groups = sorted(set(mine["group"].astype(str)))
        if group not in groups:
            listed = ", ".join(groups[:_MOST]) + (" …" if len(groups) > _MOST else "")
            msg = f"{indicator}: no group '{group}'.{suggestion(group, groups)} It has: {listed}."
            raise RequestError(msg)
        msg = f"{indicator}[{group}]: nothing is kept for '{period}'. Ask for one of: {', '.join([*self.years, MEASURED])}."
        raise RequestError(msg)
