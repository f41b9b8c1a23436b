"""What a complete world must say of every adjustment and form of measure."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from sim.errors import ScenarioError
from sim.law.adjustments import ADJUSTMENTS
from sim.scenario import load_scenario
from sim.scenario.complete import FREE, NEEDED, check_complete, named
from sim.scenario.document import Document
from sim.timeline import Timeline

FORMS = {regime.code for adjustment in ADJUSTMENTS for regime in adjustment.regimes}
NOWHERE = Document("a world", {})


@pytest.fixture(scope="module")
def baseline():
    return load_scenario("baseline").world


def without(world, path, code):
    """The world, in which a table or a group has lost an entry."""
    if path not in world:
        return {name: leaf for name, leaf in world.items() if name != f"{path}.{code}"}
    table = {name: value for name, value in world[path].timeline.values[0].items() if name != code}
    return {**world, path: replace(world[path], timeline=Timeline([(0, table)]))}


def test_every_table_by_form_says_whether_it_must_name_them_all(baseline):
    groups = {*baseline, *(path.rpartition(".")[0] for path in baseline)}
    by_form = {path for path in groups if len(named(baseline, path) & FORMS) > 1}

    assert by_form == {*NEEDED, *FREE}
    assert not set(NEEDED) & set(FREE)


@pytest.mark.parametrize("path", NEEDED)
def test_one_without_an_entry_is_refused(baseline, path):
    for code in dict(NEEDED[path](ADJUSTMENTS)):
        with pytest.raises(ScenarioError, match=rf"parameters\.{re.escape(path)}: no entry '{code}'"):
            check_complete(without(baseline, path, code), NOWHERE)


def test_the_baseline_is_complete_and_a_world_of_other_tables_is_asked_nothing(baseline, world):
    check_complete(baseline, NOWHERE)
    check_complete(world.world, NOWHERE)
