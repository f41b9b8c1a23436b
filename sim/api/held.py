"""What results hold: runs by the name of their scenario, the base first, and their figures, read once."""

from __future__ import annotations

import warnings
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sim.api.figures import by_name
from sim.api.scenario import Scenario
from sim.api.words import shortened, told_in_python, told_path
from sim.dates import iso
from sim.errors import RequestError, suggestion
from sim.experiments.compare import compare
from sim.experiments.interaction import put_together
from sim.experiments.querying import open_results
from sim.experiments.remeasure import OLDER
from sim.experiments.results_tree import Placed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from sim.experiments.compare import Comparison
    from sim.experiments.querying import Results as Asked
    from sim.records.run_folder import RunFolder

Which = str | Path | Scenario
"""A scenario of the results: itself, its name, or the path of its file."""


class OlderMeasures(UserWarning):
    """Figures were measured by another version of the indicators; :meth:`Results.remeasure` brings them up to date."""


class Held:
    """Runs that go together; :class:`~sim.api.results.Results` says what they give."""

    def __init__(
        self,
        runs: Sequence[RunFolder],
        *,
        lever: str = "",
        settings: Mapping[str, float] | None = None,
        experiment: Path | None = None,
    ) -> None:
        self._runs = by_name(runs)
        self._lever = lever
        self._settings = dict(settings or {})
        self._experiment = experiment
        self._frames: dict[str, pd.DataFrame] = {}
        self._asked: Asked | None = None

    # ------------------------------------------------------------------ what is there

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Names of the scenarios, the base first."""
        return tuple(self._runs)

    @property
    def runs(self) -> tuple[RunFolder, ...]:
        """The run folders, the base first (:class:`sim.records.run_folder.RunFolder`)."""
        return tuple(self._runs.values())

    @property
    def paths(self) -> dict[str, Path]:
        """Folder of each run, by the name of its scenario."""
        return {name: run.path for name, run in self._runs.items()}

    def __repr__(self) -> str:
        manifest = self._base.manifest
        counts = sorted({len(run.replications) for run in self._runs.values()})
        many = f"{counts[0]}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
        older = any(run.older_measures for run in self._runs.values())
        return (
            f"<Results {shortened(', '.join(self._runs), 100)}: {many} replication{'' if counts[-1] == 1 else 's'}, "
            f"fraction {manifest.sampling_fraction:g}, seed {manifest.seed}, "
            f"measured {iso(manifest.measure_from_day)} to {iso(manifest.end_day)}{', ' + OLDER if older else ''}>"
        )

    @cached_property
    def _base(self) -> RunFolder:
        return next(iter(self._runs.values()))

    def _run(self, which: Which | None, *, policy: bool = False) -> RunFolder:
        """Return the run that is meant; without one, the base, or the only policy there is."""
        if which is None:
            if not policy:
                return self._base
            if len(self._runs) != 2:
                msg = f"say which scenario is compared with {self._base.scenario}: {', '.join(list(self._runs)[1:]) or 'none'}."
                raise RequestError(msg)
            return list(self._runs.values())[1]
        name = which.name if isinstance(which, Scenario) else str(which)
        for known in (name, Path(name).stem):
            if known in self._runs:
                return self._runs[known]
        msg = f"no scenario '{name}' in these results.{suggestion(name, self._runs)} There are: {', '.join(self._runs)}."
        raise RequestError(msg)

    def _put_together(self, which: Which | None) -> tuple[str, tuple[str, ...]]:
        """Return the run of ``a+b`` that is meant, and its parts."""
        found = dict(put_together(list(self._runs)[1:]))
        if which is None and len(found) == 1:
            return next(iter(found.items()))
        name = "" if which is None else self._run(which).scenario
        if name in found:
            return name, found[name]
        several = ", ".join(found) or "none"
        msg = (
            f"no scenario '{name}' that puts others of these results together (as 'a+b', with 'a' and 'b' run too). "
            f"There are: {several}."
        )
        raise RequestError(msg)

    def _answers(self) -> Asked:
        """Return these runs open for questions in SQL, opened once; DuckDB holds no file open between two of them."""
        if self._asked is None:
            name = self._base.scenario
            with told_in_python():
                self._asked = open_results(self._base.path, [Placed(run, base=name) for run in self._runs.values()])
        return self._asked

    def _comparison(self, run: RunFolder) -> Comparison:
        self._say_older(run)
        with told_in_python():
            return compare(self._base, run)

    def _figures(self, run: RunFolder) -> pd.DataFrame:
        """Return the figures of a run, read once."""
        self._say_older(run)
        if run.scenario not in self._frames:
            with told_in_python():
                self._frames[run.scenario] = run.indicators()
        return self._frames[run.scenario]

    def _say_older(self, run: RunFolder) -> None:
        if run.older_measures:
            message = f"{told_path(run.path)}: {OLDER}; Results.remeasure() brings it up to date"
            warnings.warn(message, OlderMeasures, stacklevel=4)
