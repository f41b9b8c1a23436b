"""What lies below a folder of results: every run, and the experiment, draw, base and levers it belongs to."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING, Any

from sim.errors import RunFolderError, reason
from sim.records.json_text import read
from sim.records.run_folder import open_run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sim.records.run_folder import RunFolder

INDEX = "experiment.json"


@dataclass(frozen=True)
class Placed:
    """A run, and what it is in its experiment; a run that is in none is compared with ``baseline``."""

    run: RunFolder
    experiment: str = ""
    draw: int = 0
    base: str = "baseline"
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """Values drawn, by path."""
    levers: Mapping[str, Any] = field(default_factory=dict)
    """Setting of each lever, by ``operation path``."""


def runs_below(path: Path) -> Iterator[Placed]:
    """Give every run below a folder: one run, one experiment, or a tree of both.

    Raises
    ------
    RunFolderError
        If the folder is missing, or a run or an index in it cannot be read.
    """
    if (path / "manifest.json").exists():
        yield Placed(open_run(path))
        return
    if not path.is_dir():
        msg = f"{path}: no such folder. Results are under results/; make some with `sortie run` or `sortie batch`."
        raise RunFolderError(msg)
    taken: set[Path] = set()
    for index in sorted([*path.glob(INDEX), *path.glob(f"*/{INDEX}")]):
        content = read_index(index)
        levers = {arm["name"]: arm["levers"] for arm in content["arms"]}
        for row in content["runs"]:
            folder = index.parent / row["arm"] / row["run"]
            if _is_run(folder):
                drawn = content["draws"][row["draw"]]
                yield Placed(open_run(folder), content["name"], row["draw"], content["base"], drawn, levers[row["arm"]])
        taken.add(index.parent)
    if path in taken:
        return
    for folder in sorted({*path.glob("*"), *path.glob("*/*")}):
        if _is_run(folder):
            yield Placed(open_run(folder))


def _is_run(folder: Path) -> bool:
    """Say whether a folder is a run: one that has lost its manifest, and not its replications, is one that is damaged."""
    return (folder / "manifest.json").exists() or any((folder / "replications").glob("[0-9]*"))


def read_index(index: Path) -> dict[str, Any]:
    """Read the ``experiment.json`` of an experiment's folder.

    Raises
    ------
    RunFolderError
        If it is not there, or is not one.
    """
    try:
        content: dict[str, Any] = read(index)
        _must_be_an_index(content)
    except (OSError, ValueError, KeyError, TypeError) as problem:
        why = f"no '{problem.args[0]}'" if isinstance(problem, KeyError) else reason(problem)
        msg = f"{index}: not the index of an experiment ({why}). Run `sortie batch` again."
        raise RunFolderError(msg) from problem
    return content


def _must_be_an_index(content: Mapping[str, Any]) -> None:
    """Refuse an index whose parts are not what is written there, or that leads out of its folder."""
    for key, kind in {"name": str, "base": str, "runs": list, "draws": list, "arms": list}.items():
        if not isinstance(content[key], kind):
            msg = f"{key}: expected a {kind.__name__}"
            raise TypeError(msg)
    names = {arm["name"] for arm in content["arms"] if isinstance(arm["levers"], dict)}
    for row in content["runs"]:
        if row["arm"] not in names:
            msg = f"runs: no arm '{str(row['arm'])[:40]}'"
            raise ValueError(msg)
        if not isinstance(row["draw"], int) or not 0 <= row["draw"] < len(content["draws"]):
            msg = f"runs: no draw {str(row['draw'])[:40]}"
            raise ValueError(msg)
        for word in (row["arm"], row["run"]):
            if not isinstance(word, str) or word in {"", ".", ".."} or any(letter in word for letter in "/\\\0"):
                msg = f"runs: met '{str(word)[:40]}', expected the name of a folder"
                raise ValueError(msg)
    for draw in content["draws"]:
        if not isinstance(draw, dict):
            msg = "draws: expected 'path: value' lines"
            raise TypeError(msg)
    weights = content.get("weights", [1.0] * len(content["draws"]))  # an index of before draws had any
    if len(weights) != len(content["draws"]) or not all(isinstance(w, int | float) and 0 <= w < inf for w in weights):
        msg = "weights: expected a number for each draw"
        raise ValueError(msg)
    if content["base"] not in names:
        msg = f"base: no arm '{content['base'][:40]}'"
        raise ValueError(msg)
