"""What names a run and what measures it: the lists of the two digests hold what is imported, and nothing less."""

from __future__ import annotations

import ast

import pytest

from sim.records.manifest import belongs_to

from .conftest import ROOT, modules

FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path.relative_to(ROOT / "sim").as_posix()
    for path in modules()
}


def imported(path):
    """Modules of sim that a file imports when it runs, wherever in it."""
    tree = ast.parse((ROOT / "sim" / path).read_text(encoding="utf-8"))
    typed = {
        node
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and getattr(block.test, "id", "") == "TYPE_CHECKING"
        for node in block.body
    }
    for node in ast.walk(tree):
        if node in typed:
            continue
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def reached(*roots):
    """Files of the package that are imported from modules, through any number of others; those that say nothing apart."""
    found, waiting = set(), list(roots)
    while waiting:
        name = waiting.pop()
        if name in FILES and name != "sim" and FILES[name] not in found:
            found.add(FILES[name])
            waiting += [name.rpartition(".")[0], *imported(FILES[name])]
    return {file for file in found if len(ast.parse((ROOT / "sim" / file).read_text(encoding="utf-8")).body) > 1}


def test_every_file_that_a_replication_imports_is_in_the_digest_that_names_a_run():
    found = reached("sim.simulation.run")
    assert len(found) > 80
    assert sorted(file for file in found if belongs_to(file) != "engine") == []


def test_every_file_that_measures_is_in_one_of_the_two():
    found = reached("sim.indicators.summary", "sim.experiments.measurement")
    assert {"measures", "engine"} == {belongs_to(file) for file in found}
    assert {file for file in found if file.startswith("indicators/")} >= {"indicators/waits.py", "indicators/context.py"}


def test_how_arms_share_their_past_names_a_run():
    own = reached("sim.experiments.forking") - reached("sim.simulation.run")
    others = {file for file in own if belongs_to(file) == ""}
    assert others == {"experiments/units.py"}, "units measure, save and tell; they compute nothing"


@pytest.mark.parametrize(
    "name",
    [
        "cli/report.py", "presentation/charts.py", "explorer/layout.py", "library/tables.py", "calibration/waves.py",
        "api/results.py", "experiments/compare.py", "indicators/catalogue.py", "law/rulebook/remand.py", "__main__.py",
    ],
)  # fmt: skip
def test_what_is_shown_or_asked_of_runs_names_none(name):
    assert (ROOT / "sim" / name).is_file()
    assert belongs_to(name) == ""
