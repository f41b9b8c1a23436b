"""The small world of these tests, and scenarios made of a few lines on top of it."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from sim.scenario import load_scenario, readers

WORLD = Path(__file__).parent / "world.yaml"


@pytest.fixture(scope="module", autouse=True)
def made_up():
    """What the small world makes up is read, as far as these tests go: the engine knows none of it.

    For each module: tests of other folders that come after, in the same process, ask the real readers.
    """
    paths, real = set(load_scenario(WORLD).world), readers.parameter_readers()
    known = {**real, **dict.fromkeys(paths, "engine")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readers, "parameter_readers", lambda: known)
        yield paths - set(real)


@pytest.fixture(scope="session")
def world():
    return load_scenario(WORLD)


@pytest.fixture
def extended(tmp_path):
    """A function that loads a scenario extending the small world, from its lines after the title."""
    made = []

    def load(lines="", **options):
        path = tmp_path / f"policy{len(made)}.yaml"
        made.append(path)
        path.write_text(f"extends: {WORLD}\ntitle: {{fr: Essai, en: Trial}}\n{dedent(lines)}", encoding="utf-8")
        return load_scenario(path, **options)

    return load
