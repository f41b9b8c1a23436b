"""Results of runs, as frames: levels, differences, tables, causes, routes, lives; charts, notes and SQL."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.api.arguments import checked
from sim.api.figures import (
    category,
    compared,
    dated,
    dimensions,
    groups_of,
    in_period,
    indicator_frame,
    ledger,
    levels_of,
    wanted_dimensions,
)
from sim.api.held import Held, OlderMeasures
from sim.api.saved import save_runs
from sim.api.scenario import language
from sim.api.words import told_in_python, told_path
from sim.errors import RequestError
from sim.experiments.compare import people_who_change, route_changes
from sim.experiments.interaction import interaction
from sim.experiments.policy_differences import differences
from sim.experiments.remeasure import remeasure
from sim.records.atomic import write_atomically
from sim.records.named import dates_of, named_table
from sim.records.run_folder import open_run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.api.held import Which


class Results(Held):
    """What runs led to. Made by :func:`run`, :func:`open`, :func:`sweep` and :func:`experiment`.

    The first scenario is the base of every comparison. All runs share their luck, person by person, so that a difference is
    the policy's doing. Intervals are 90 % and hold chance only.

    Examples
    --------
    >>> results = sortie.run([base, posts, half], replications=4, fraction=0.05, seed=1)
    >>> results
    """

    def indicators(self) -> pd.DataFrame:
        """List the indicators: ``indicator, label, unit, by`` (what :meth:`levels` can break each down by).

        Examples
        --------
        >>> results.indicators()
        """
        return indicator_frame(self._figures(self._base))

    # ------------------------------------------------------------------ figures

    @checked()
    def levels(self, indicator: str, by: str | Sequence[str] | None = None, *, period: str | None = "measured") -> pd.DataFrame:
        """Give an indicator under every scenario, with its 90 % interval.

        Parameters
        ----------
        indicator
            Name; :meth:`indicators` lists them, docs/indicators.md says how each is counted.
        by
            Dimension, or dimensions, it is broken down by; by default the whole country.
        period
            ``"measured"`` (all of the measured window), ``"years"``, ``"months"`` (monthly censuses), one year (``"2027"``), or
            None for all.

        Returns
        -------
            ``scenario, period``, the dimensions, ``mean, low, high, n`` (replications); ``setting`` of the lever of a sweep.

        Raises
        ------
        RequestError
            If there is no such indicator, breakdown or period: those there are, are told.

        Examples
        --------
        >>> results.levels("dry_rate_exits", by="band")
        >>> results.levels("stock", by="status", period="months")
        """
        names = wanted_dimensions(by)
        parts = [levels_of(run, self._figures(run), indicator, names, period) for run in self._runs.values()]
        frame = dated(pd.concat(parts, ignore_index=True), period)
        for name in ("scenario", *names):
            frame[name] = category(frame[name])
        if self._settings:
            frame.insert(1, "setting", [self._settings[name] for name in frame["scenario"]])
        return frame

    @checked()
    def compare(self, scenario: Which | None = None, *, period: str = "measured", sites: bool = False) -> pd.DataFrame:
        """Say what a scenario changes against the base, replication by replication.

        Parameters
        ----------
        scenario
            By default the second, if there are two.
        period
            ``"measured"``, a year, or the date of a monthly census.
        sites
            Whether the figures of each establishment are given too.

        Returns
        -------
            ``indicator, group, unit, baseline, policy, difference, low, high, verdict, below_zero, n``. ``verdict`` is
            ``lower`` or ``higher`` where the interval leaves 0 out, ``unclear`` where it holds it, ``nothing`` where there is
            exactly no difference, ``unknown`` where there is no interval (``low`` and ``high`` NaN: one replication, or all of
            them gave the same difference). ``below_zero``: chance that the mean difference is.
            What the intervals hold stands in ``.attrs["interval"]``, what must not be claimed of reconviction in
            ``.attrs["must_not_claim"]``.

        Examples
        --------
        >>> results.compare(posts).query("indicator == 'dry_rate_exits'")
        """
        comparison = self._comparison(self._run(scenario, policy=True))
        figures = in_period(comparison.figures, period)
        if not sites:
            figures = figures[~figures["group"].str.startswith("site=")]
        frame = compared(figures)
        frame.attrs |= {"interval": comparison.interval, "must_not_claim": list(comparison.caveats)}
        return frame

    @checked()
    def interaction(self, scenario: Which | None = None, *, period: str = "measured") -> pd.DataFrame:
        """Say what policies are worth together beside the sum of what each is worth alone.

        Parameters
        ----------
        scenario
            The one that puts others together (``a+b``), whose parts are in these results too. By default the only one.
        period
            ``"measured"``, a year, or the date of a monthly census.

        Returns
        -------
            ``indicator, group, base, sum_of_parts, together, interaction, low, high, below_zero, n``: ``interaction`` is
            ``together`` less ``sum_of_parts``, over replications paired one by one.

        Raises
        ------
        RequestError
            If no scenario of these results puts others of them together, or several do and none is named.

        Examples
        --------
        >>> one, other = "hearings_within_four_months", "population_cap_130"
        >>> sortie.run(["baseline", one, other, f"{one}+{other}"], replications=2, fraction=0.05).interaction()
        """
        whole, parts = self._put_together(scenario)
        with told_in_python():
            found = interaction(self._base, [self._runs[part] for part in parts], self._runs[whole])
        rows = in_period(found.figures, period).drop(columns="period").reset_index(drop=True)
        rows["low"], rows["high"] = rows["interaction"] - rows["half_width"], rows["interaction"] + rows["half_width"]
        frame: pd.DataFrame = rows[[*list(rows.columns[:6]), "low", "high", "below_zero", "n"]]
        frame.attrs["interval"] = found.interval
        return frame

    def cost_per(self, scenario: Which | None = None, *, period: str = "measured") -> pd.DataFrame:
        """Say what a lever costs for a dry release avoided and for a place freed, over replications paired one by one.

        Parameters
        ----------
        scenario
            By default the second, if there are two.
        period
            ``"measured"``, or a year.

        Returns
        -------
            ``cost, per, value, low, high, n``: euros at the low, central and high price (``cost``) for one ``per``. What the
            lever displaces is not taken off (``cost_marginal`` and ``cost`` of :meth:`compare`). ``low`` and ``high`` are NaN
            where what is moved may be nothing by chance, or with one replication. A lever that saves money, or that moves
            people the wrong way, has no price and no row.

        Examples
        --------
        >>> results.cost_per(posts)
        """
        ratios = self._comparison(self._run(scenario, policy=True)).ratios
        rows: pd.DataFrame = ratios[ratios["period"] == period].drop(columns="period").reset_index(drop=True)
        return rows

    def causes(self, scenario: Which | None = None) -> pd.DataFrame:
        """Give the ledger of causes: dry releases a year by the one binding cause of each.

        Parameters
        ----------
        scenario
            A scenario to compare with the base; by default the second if there are two, else the base by itself.

        Returns
        -------
            ``cause, baseline, policy, difference, low, high, verdict``, in the order of the race with the end of the
            sentence; for the base by itself ``cause, mean, low, high``.

        Examples
        --------
        >>> results.causes(posts)
        """
        alone = scenario is None and len(self._runs) != 2
        if alone or (scenario is not None and self._run(scenario) is self._base):
            frame = self.levels("dry_cause", by="cause")
            return ledger(frame[frame["scenario"] == self._base.scenario][["cause", "mean", "low", "high"]])
        figures = self._comparison(self._run(scenario, policy=True)).figures
        rows = compared(in_period(groups_of(figures, "dry_cause", ("cause",)), "measured"))
        frame = rows.assign(cause=[dict(dimensions(group))["cause"] for group in rows["group"].astype(str)])
        return ledger(frame[["cause", "baseline", "policy", "difference", "low", "high", "verdict"]])

    def routes_changed(self, scenario: Which | None = None, *, by_person: bool = False) -> pd.DataFrame:
        """Count who leaves by another route than under the base: the same persons, one by one.

        Parameters
        ----------
        by_person
            Whether to name them instead: who leaves by another route or on another day.

        Returns
        -------
            ``baseline, policy, people_per_year``, the largest change first, people whose route is the same last; or
            ``replication, person, stay, baseline, policy, baseline_day, policy_day, days_earlier``.

        Examples
        --------
        >>> results.routes_changed(half)
        """
        comparison = self._comparison(self._run(scenario, policy=True))
        with told_in_python():
            frame = people_who_change(comparison) if by_person else route_changes(comparison)
        frame = frame.rename(columns={"base": "baseline", "base_day": "baseline_day"})
        for name in ("baseline", "policy"):
            frame[name] = frame[name].astype("category")
            if by_person:
                frame[f"{name}_day"] = dates_of(frame[f"{name}_day"].to_numpy())
        return frame

    def differences(self) -> pd.DataFrame:
        """Give the differences of an experiment with its draws: intervals for chance, for the uncertain values, for both.

        Returns
        -------
            ``scenario, period, indicator, group, baseline, policy, difference, chance_low, chance_high, parameters_low,
            parameters_high, both_low, both_high, share_parameters, draws, replications``.

        Raises
        ------
        RequestError
            If these are not the results of an experiment.
        """
        if self._experiment is None:
            msg = "differences over draws are those of an experiment (sortie.experiment); compare gives those of these runs."
            raise RequestError(msg)
        with told_in_python():
            frame = differences(self._experiment).rename(columns={"base": "baseline"})
        return frame.astype(dict.fromkeys(("scenario", "period", "indicator", "group"), "category"))

    # ------------------------------------------------------------------ tables and lives

    @checked()
    def table(self, name: str, scenario: Which | None = None, *, replication: int | None = None) -> pd.DataFrame:
        """Read a table of a run with names and dates: ``exits``, one row a release; docs/data.md lists them.

        Parameters
        ----------
        name
            Of the table.
        scenario
            By default the base.
        replication
            By default all of them, one below the other.

        Returns
        -------
            ``replication`` and the columns of docs/data.md: categories for codes, ``datetime64`` for days, ``NA`` for none.
            At a fraction of the country each row stands for ``1 / fraction`` people.

        Examples
        --------
        >>> results.table("exits", posts)["regime"].value_counts()
        """
        run = self._run(scenario)
        numbers = run.replications if replication is None else (replication,)
        with told_in_python():
            parts = [named_table(name, run.table(name, number), run.codebook) for number in numbers]
        return pd.concat(parts, keys=list(numbers), names=["replication"]).reset_index(level=0).reset_index(drop=True)

    @checked()
    def life(
        self,
        person: int | None = None,
        scenario: Which | None = None,
        *,
        kind: str | None = None,
        replication: int | None = None,
        lang: str = "en",
    ) -> pd.DataFrame:
        """Tell one simulated life: what happened, and the dates that the law sets. It is nobody's own.

        Parameters
        ----------
        person
            Number: the same person has the same one under every scenario.
        kind
            Find one instead: ``"dry"``, ``"adjusted"``, ``"withdrawn"`` or ``"removal"``.
        replication
            By default the first that kept its events.

        Returns
        -------
            ``date, text, legal`` (whether it is a date that the law sets); who it is stands in ``.attrs["portrait"]``.

        Raises
        ------
        RequestError, RunFolderError
            If there is nobody of that number or kind, or no events were kept.

        Examples
        --------
        >>> results.life(kind="dry")
        """
        from sim.api.lives import life_frame  # noqa: PLC0415 (texts: only this asks for them)

        with told_in_python():
            return life_frame(self._run(scenario), person, kind, replication, language(lang))

    @checked()
    def sql(self, query: str) -> pd.DataFrame:
        """Ask these runs in SQL (DuckDB): figures, differences, causes, waits, the tables …; ``show views`` lists them all.

        Parameters
        ----------
        query
            One question that reads. What would add together runs or figures that must not be is refused, with the way out.

        Raises
        ------
        RequestError
            If it cannot be answered.

        Examples
        --------
        >>> results.sql("select scenario, route, people_per_year from releases where period = 'measured' and procedure is null")
        """
        with told_in_python():
            return self._answers().sql(query)

    # ------------------------------------------------------------------ for readers

    @checked()
    def plot(self, indicator: str, by: str | Sequence[str] | None = None, *, period: str = "measured", lang: str = "en") -> Any:
        """Draw an indicator under every scenario, with its 90 % intervals: an Altair chart (``.save("dry.html")``).

        Parameters
        ----------
        indicator, by, period
            As for :meth:`levels`; ``period="years"`` or ``"months"`` draws lines over time. The levels of a sweep are drawn
            against its lever.

        Examples
        --------
        >>> results.plot("dry_rate_exits", by="band").save("dry.html")
        """
        from sim.api.chart_files import told  # noqa: PLC0415
        from sim.api.drawing import drawn  # noqa: PLC0415 (Altair: only this needs it)

        titles = {name: run.manifest.title for name, run in self._runs.items()}
        levels = self.levels(indicator, by, period=period)
        return told(drawn(levels, indicator, wanted_dimensions(by), titles, self._lever, language(lang)))

    @checked()
    def brief(self, scenario: Which | None = None, path: str | Path | None = None, *, lang: str = "en") -> Path:
        """Write the one-page note of a scenario: figures with intervals, what they lean on, limits. HTML that prints on A4.

        Parameters
        ----------
        path
            File to write; by default ``note-SCENARIO.html``.

        Returns
        -------
            The file.

        Examples
        --------
        >>> results.brief(posts, "note.html")
        """
        from sim.api.drawing import brief_html  # noqa: PLC0415

        run = self._run(scenario, policy=True)
        with told_in_python():
            self._comparison(run)
            text = brief_html(self._base, run, language(lang))
        file = Path(f"note-{run.scenario}.html" if path is None else path)
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file, text.encode())
        return file

    @checked()
    def save(self, path: str | Path) -> Path:
        """Copy the runs into a folder, from which :func:`open` gives these results again.

        Raises
        ------
        RunFolderError
            If it cannot be written.

        Examples
        --------
        >>> results.save("results/mine")
        >>> sortie.open("results/mine")
        """
        content = {"lever": self._lever, "settings": self._settings}
        return save_runs(list(self._runs.values()), Path(path), content)

    def remeasure(self) -> Results:
        """Bring figures up to date with the indicators of this version, on the tables that were kept; nothing is simulated.

        Raises
        ------
        RunFolderError
            If the tables are of another version.

        Examples
        --------
        >>> results = results.remeasure()
        """
        with told_in_python():
            done = [remeasure(run) for run in self._runs.values()]
        for each in done:
            if each.left:
                warnings.warn(
                    f"{told_path(each.run.path)}: kept no tables to measure: run it again", OlderMeasures, stacklevel=2
                )
        runs = [open_run(run.path) for run in self._runs.values()]
        return Results(runs, lever=self._lever, settings=self._settings, experiment=self._experiment)
