"""How far an answer holds: over draws of what is uncertain, and between two people's hypotheses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.api.arguments import checked
from sim.api.running import mode_of, output_of, refuse
from sim.api.scenario import Scenario
from sim.api.words import Dated, told_in_python
from sim.experiments import answers as over_draws
from sim.experiments.batch import run_experiment
from sim.experiments.execution import Backend
from sim.experiments.experiment import read_experiment
from sim.experiments.hypotheses import explain
from sim.experiments.progress import progress_on

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from sim.api.held import Which
    from sim.api.running import Progress
    from sim.experiments.answers import Answers
    from sim.experiments.hypotheses import Hypotheses


class PolicyAnswers:
    """What policies change over draws. Made by :func:`answers`."""

    def __init__(self, found: Answers) -> None:
        self.table: pd.DataFrame = found.frame()
        """One row for each policy, figure and reading: ``median``, ``low`` and ``high`` (where 90 % of the draws lie),
        ``below_zero`` and ``above_zero`` (shares of the draws), ``central`` (of the central draw), ``draws``, ``effective``
        (draws of equal weight that would be worth as much), ``explained``; NaN where a reading has too few draws."""
        self.hangs_on: pd.DataFrame = found.parts()
        """One row for each parameter an answer hangs on: its ``share`` of the spread, ``first`` (known alone), ``total`` (lost
        if all but it were known), ``direction`` (+1 if the difference grows with it)."""
        self.tipping: pd.DataFrame = found.tips()
        """Where each answer crosses a level: ``value`` of the parameter that counts most, its interval, on which ``side`` the
        difference is below the level, in which share of the draws there (``beyond``) and elsewhere (``before``)."""
        self._experiment = found.experiment

    def __repr__(self) -> str:
        policies = ", ".join(dict.fromkeys(self.table["policy"])) or "no policy"
        return f"<PolicyAnswers {self._experiment}: {policies}>"


class SharedGap:
    """What explains that two sets of hypotheses give two answers. Made by :func:`hypotheses`."""

    def __init__(self, found: Hypotheses) -> None:
        self.gaps: pd.DataFrame = found.frame()
        """One row a figure: the two answers, their gap with its interval (chance only), what the parts leave."""
        self.parts: pd.DataFrame = found.parts()
        """One row for each figure and hypothesis: its value under each, its part in the gap with its interval and share, what
        it does alone in the first world, and last, once all the others are as the second says."""
        self.exact: bool = found.exact
        """Whether parts are Shapley values; else each is changed alone both ways, and the rest interacts."""
        self._asked = f"{found.policy} under {found.one} and {found.other}"

    def __repr__(self) -> str:
        return f"<SharedGap {self._asked}: {self.parts['hypothesis'].nunique()} hypotheses>"


@checked()
def answers(
    experiment: str | Path,
    *,
    policies: Sequence[str] | None = None,
    indicator: str | None = None,
    period: str = "measured",
    workers: int | None = None,
    output: str | Path | None = None,
    progress: Progress = True,
) -> PolicyAnswers:
    """Say over all draws of an experiment what each policy changes, what that hangs on and where it tips.

    Parameters
    ----------
    experiment
        Folder of an experiment that has draws, or its file, which is then run or gone on with.
    policies
        Names of the arms wanted; by default all.
    indicator
        ``"dry_rate_exits"``, ``"density[kind=MA]"``; by default the figures told first.
    period
        ``"measured"``, a year, or the day of a census.

    Raises
    ------
    RequestError, RunFolderError, ScenarioError
        If something asked for is not there, or a replication failed.

    Examples
    --------
    >>> found = sortie.answers("uncertain.yaml")
    >>> found.table[["policy", "indicator", "median", "low", "high", "below_zero"]]
    """
    with told_in_python(), progress_on(mode_of(progress)) as listener:
        figures = over_draws.figure_asked(indicator)
        folder = Path(experiment)
        if not folder.is_dir():
            asked = read_experiment(folder)
            means = Backend(workers)
            done = run_experiment(asked, output=output_of(output, "experiments"), means=means, listener=listener)
            refuse(done.failures)
            folder = done.folder
        return PolicyAnswers(over_draws.answers(folder, policies=policies, figures=figures, period=period))


@checked()
def hypotheses(
    one: Which,
    other: Which,
    reform: Which,
    *,
    indicator: str | None = None,
    families: bool = False,
    most: int = 8,
    replications: int = 4,
    fraction: float | None = None,
    seed: int = 1,
    start: Dated | None = None,
    measure_from: Dated | None = None,
    end: Dated | None = None,
    workers: int | None = None,
    output: str | Path | None = None,
    progress: Progress = True,
) -> SharedGap:
    """Say how far each hypothesis explains why two worlds give two answers about one policy.

    Parameters
    ----------
    one, other
        The two sets of hypotheses: scenarios, their names, or paths of their files.
    reform
        The policy they disagree about.
    indicator
        ``"dry_rate_exits"``, ``"density[kind=MA]"``; by default the figures told first.
    families
        Whether parameters of one part of the world (``practices.files``) are taken together.
    most
        Hypotheses taken apart exactly at most (2 to that power of worlds are run); beyond, one at a time.

    Other parameters are those of :func:`run`.

    Raises
    ------
    RequestError, ScenarioError
        If the two do not differ, are over other days, or cannot have the policy; if a replication failed.

    Examples
    --------
    >>> quicker = base.change("means.enforcement_courts.hearing_slots", scale=1.3, on="2026-03-01", name="more hearings")
    >>> gap = sortie.hypotheses(base, quicker, posts, replications=2, fraction=0.05)
    >>> gap.parts
    """
    with told_in_python(), progress_on(mode_of(progress)) as listener:
        frame = {"start": start, "measure_from": measure_from, "end": end}
        found = explain(
            Scenario(one).over(**frame, fraction=fraction),
            Scenario(other).over(**frame, fraction=fraction),
            Scenario(reform).loaded,
            output=output_of(output, "runs"),
            means=Backend(workers).checked(),
            listener=listener,
            seed=seed,
            replications=replications,
            families=families,
            most=most,
            figures=over_draws.figure_asked(indicator),
        )
    return SharedGap(found)
