"""What docstrings refer to exists: a name that has moved is followed."""

from __future__ import annotations

import importlib
import re

from .conftest import ROOT

_REFERENCE = re.compile(r":(?:mod|func|class|data|meth|attr):`~?(sim\.[\w.]+)`")


def known(reference: str) -> bool:
    """Whether a dotted name is a module, or something in one."""
    parts = reference.split(".")
    for size in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:size]))
        except ModuleNotFoundError:
            continue
        for name in parts[size:]:
            if not hasattr(found, name) and name not in getattr(found, "__annotations__", {}):
                return False
            found = getattr(found, name, None)
        return True
    return False


def test_every_reference_of_a_docstring_exists():
    found = {}
    for path in sorted((ROOT / "sim").rglob("*.py")):
        for reference in _REFERENCE.findall(path.read_text(encoding="utf-8")):
            found.setdefault(reference, path.name)

    assert len(found) > 20
    assert {reference: name for reference, name in found.items() if not known(reference)} == {}


def test_the_search_for_references_finds_what_is_not_there():
    assert known("sim.scenario.ranges")
    assert known("sim.experiments.execution.Backend.workers")
    assert not known("sim.scenario.leaning")
    assert not known("sim.experiments.execution.Means")
