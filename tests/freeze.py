"""The frozen world of the tests: what the baseline has learnt since is added to it, and nothing in it is ever moved.

``python tests/freeze.py`` adds to ``world_fixed.yaml`` the parameters that only the baseline has, each at the value with which
it does nothing (``neutral.yaml``) if it has one, else as it is today; a parameter that the baseline no longer has goes.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from sim.scenario import load_scenario  # noqa: E402
from sim.scenario.sourced import plain_value  # noqa: E402
from sim.scenario.writing import to_text  # noqa: E402
from tests.neutral import OFF  # noqa: E402

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.scenario.sourced import Sourced

WORLD = ROOT / "tests" / "world_fixed.yaml"
KEPT = ("value", "values", "unit", "kind", "range", "range_is", "prior", "total")
HEAD = """# A complete world that no new fit moves: the baseline of version 0.1.0, frozen. Tests of what the engine does stand
# on it (tests/worlds.py); only tests of the baseline itself, and of the scenarios that ship, read scenarios/baseline.yaml.
# Nothing here is a claim about a country: sources are those of the baseline, and are told there.
# What the baseline learns is added by: python tests/freeze.py
title: {fr: Monde fixe, en: Fixed world}
question: {fr: essai, en: test}
source: {title: scenarios/baseline.yaml}
start: 2022-01-01
measure_from: 2025-10-01
end: 2030-12-31
sampling_fraction: 1
"""


def leaf(sourced: Sourced) -> dict[str, Any]:
    """One parameter in a line: its values and their range, without the words that only readers need."""
    plain = {key: value for key, value in sourced.plain().items() if key in KEPT}
    told = "why" if plain["kind"] == "assumption" else "source"
    return {**plain, told: "frozen"}


def _inline(value: Any) -> str:
    return to_text({"x": [value]})[len("x: [") : -len("]\n")] if not isinstance(value, dict) else _table(value)


def _table(value: dict[str, Any]) -> str:
    return (
        "{"
        + ", ".join(f"{_inline(key) if not key[:1].isdigit() else key}: {_inline(item)}" for key, item in value.items())
        + "}"
    )


def lines(leaves: dict[str, dict[str, Any]]) -> list[str]:
    """Lines of YAML of parameters by path: groups indented, a parameter a line."""
    told: list[str] = []
    open_groups: list[str] = []
    for path, block in sorted(leaves.items()):
        *groups, last = path.split(".")
        shared = 0
        while shared < min(len(groups), len(open_groups)) and groups[shared] == open_groups[shared]:
            shared += 1
        told += [f"{'  ' * (depth + 1)}{groups[depth]}:" for depth in range(shared, len(groups))]
        open_groups = groups
        told.append(f"{'  ' * (len(groups) + 1)}{last}: {_inline(block)}")
    return told


def frozen(baseline: Scenario, old: Scenario | None) -> str:
    """Text of the frozen world: each parameter as it was, those it lacks added."""
    leaves = {}
    for path, sourced in baseline.world.items():
        if old is not None and path in old.world:
            leaves[path] = leaf(old.world[path])
            continue
        block = leaf(sourced)
        if old is not None and path in OFF:
            block = {"value": plain_value(OFF[path])} | {
                key: told for key, told in block.items() if key not in {"value", "values"}
            }
        leaves[path] = block
    return HEAD + "parameters:\n" + "\n".join(lines(leaves)) + "\n"


def main() -> None:
    """Write the world."""
    old = load_scenario(WORLD) if WORLD.exists() else None
    WORLD.write_text(frozen(load_scenario("baseline"), old), encoding="utf-8")


if __name__ == "__main__":
    main()
