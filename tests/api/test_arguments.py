"""What strangers pass to the public functions: refused in words, at the name of the argument, before anything begins."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import sortie
from sim.errors import RequestError, SimError

POSTS = "means.probation_service.posts"


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("replications", "3"),
        ("replications", 1.5),
        ("replications", True),
        ("fraction", "5 %"),
        ("seed", "a"),
        ("seed", 1.5),
        ("seed", -1),
        ("workers", "two"),
        ("output", 3),
    ],
)
def test_a_run_asked_with_another_kind_of_value_never_begins(engine, option, value):
    with pytest.raises(sortie.RequestError, match=f"^{option}: met "):
        sortie.run(["baseline"], **{option: value})
    assert not engine


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: sortie.run(["baseline"], where="Lille"), "run: no argument 'where'.*Say where of each change"),
        (lambda: sortie.run(["baseline"], replication=2), "no argument 'replication'. Did you mean 'replications'.*It takes "),
    ],
)
def test_an_argument_that_a_function_does_not_have_is_told(engine, call, said):
    with pytest.raises(sortie.RequestError, match=said):
        call()
    assert not engine


@pytest.mark.parametrize("scenarios", [None, 3, []])
def test_a_run_is_asked_of_scenarios(engine, scenarios):
    with pytest.raises(sortie.RequestError, match="met "):
        sortie.run(scenarios)
    assert not engine


@pytest.mark.parametrize("settings", [[], 3, "700", np.array([])])
def test_a_sweep_without_settings_never_begins(engine, base, settings):
    with pytest.raises(sortie.RequestError, match="expected a"):
        sortie.sweep(base, POSTS, add=settings)
    assert not engine


@pytest.mark.parametrize("value", [pd.NA, pd.NaT, 2 + 1j, np.array([3]), object, np.nan, True])
def test_what_is_no_number_is_refused_as_such(base, value):
    with pytest.raises(SimError, match="expected a number"):
        base.change(POSTS, add=value, on="2026-07-01")


@pytest.mark.parametrize("name", [3, ["a"], "baseline", "Baseline"])
def test_names_are_texts_and_that_of_the_baseline_is_taken(base, name):
    with pytest.raises(sortie.RequestError, match=r"^name: met "):
        base.change(POSTS, add=1, on="2026-07-01", name=name)


@pytest.mark.parametrize("call", ["change", "parameters", "policy"])
def test_paths_and_searches_are_texts(base, call):
    with pytest.raises(sortie.RequestError, match="expected a text"):
        getattr(base, call)(3)


@pytest.mark.parametrize("day", [np.datetime64("2026-07-01"), "01/07/2026"])
def test_a_day_of_numpy_or_as_the_french_write_it_is_a_day(base, day):
    asked = base.change(POSTS, add=1, on=day)
    assert asked.loaded.digest() == base.change(POSTS, add=1, on="2026-07-01").loaded.digest()


@pytest.mark.parametrize(
    "ask",
    [
        lambda found: found.levels(3),
        lambda found: found.levels(["dry_rate_exits"]),
        lambda found: found.levels(None),
        lambda found: found.levels("dry_rate_exits", by=3),
        lambda found: found.plot("dry_rate_exits", by=3),
        lambda found: found.sql(3),
        lambda found: found.save(3),
        lambda found: found.table(3),
        lambda found: found.life("a"),
    ],
)
def test_questions_to_results_are_refused_in_words(results, ask):
    with pytest.raises(sortie.RequestError, match=r"met .*, expected "):
        ask(results)


@pytest.mark.parametrize("folder", [None, 3, []])
def test_what_is_opened_is_a_path(folder):
    with pytest.raises(sortie.RequestError, match=r"^path: met .*, expected a path"):
        sortie.open(folder)


@pytest.mark.parametrize("quantum", [12, 12.5, None, True, float("nan")])
def test_a_quantum_is_a_text(quantum):
    with pytest.raises(RequestError, match=r"quantum: met .*expected a text such as '12 months'"):
        sortie.Law(at="2025-03-01").sentence(quantum)


@pytest.mark.parametrize(
    "given", [{"remand": "5"}, {"excluded": "non"}, {"terrorism": "no"}, {"felony": 1}, {"removal": "oui"}]
)
def test_facts_of_another_kind_are_refused(given):
    with pytest.raises(RequestError, match=f"{next(iter(given))}: met .*expected"):
        sortie.Law(at="2025-03-01").sentence("12 months", **given)
