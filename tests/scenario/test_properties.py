"""What always holds, whatever the numbers, dates and bytes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.dates import day_of
from sim.errors import ScenarioError
from sim.scenario import Scenario, load_scenario, read_scenario
from sim.scenario.document import read_bytes
from sim.scenario.writing import to_text

WORLD_FILE = Path(__file__).parent / "world.yaml"
WORLD = load_scenario(WORLD_FILE)
HEADER = f"extends: {WORLD_FILE}\ntitle: {{fr: Essai, en: Trial}}\n"

NUMBERS = (
    "means.probation_service.posts",
    "means.courts.sittings",
    "flows.committals",
    "means.probation_service.hours",
    "means.probation_service.hours.SL",
)
days = st.dates(date(2022, 1, 1), date(2030, 12, 31))
numbers = st.floats(0, 1.5, allow_nan=False).map(lambda x: round(x, 6))
"""What six changes in a row may add, or multiply by, and leave every value possible (:mod:`sim.scenario.bounds`)."""
words = st.text(min_size=1, max_size=30).filter(lambda text: text.strip() != "")


def _line(on, operation, path, number):
    return f"  - {{on: {on}, {operation}: {path}, {'to' if operation == 'set' else 'by'}: {number!r}}}\n"


@st.composite
def policies(draw):
    """Lines of a policy: up to six changes, on days of their own."""
    chosen = draw(st.lists(days, unique=True, max_size=6))
    lines = []
    for on in chosen:
        operation = draw(st.sampled_from(["scale", "add"]))
        lines.append(_line(on, operation, draw(st.sampled_from(NUMBERS)), draw(numbers)))
    return HEADER + ("changes:\n" + "".join(lines) if lines else "")


def _load(text):
    return read_scenario(text, name="trial")


@settings(max_examples=60, deadline=None)
@given(policies())
def test_a_scenario_saved_and_reloaded_is_equal(text):
    scenario = _load(text)
    saved = scenario.to_yaml()
    again = read_scenario(saved, name="other")
    assert again == scenario
    assert again.digest() == scenario.digest()
    assert again.resolved() == scenario.resolved()
    assert again.to_yaml() == saved


@settings(max_examples=60, deadline=None)
@given(policies())
def test_before_its_first_change_a_scenario_is_the_world(text):
    scenario = _load(text)
    first = min((change.on_day for change in scenario.changes), default=WORLD.end_day + 1)
    for path, leaf in WORLD.leaves.items():
        assert scenario.leaves[path].at(first - 1) == leaf.at(first - 1)
        if not scenario.changes:
            assert scenario.leaves[path] == leaf


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(NUMBERS), days, st.sampled_from([("scale", 1), ("add", 0)]))
def test_scaling_by_one_and_adding_nothing_change_nothing(path, on, neutral):
    operation, number = neutral
    scenario = _load(HEADER + "changes:\n" + _line(on, operation, path, number))
    assert scenario.leaves == WORLD.leaves
    assert scenario.digest() == WORLD.digest()


@settings(max_examples=40, deadline=None)
@given(
    st.permutations(range(4)),
    st.lists(days, min_size=4, max_size=4, unique=True),
    st.lists(numbers, min_size=4, max_size=4),
)
def test_the_order_of_writing_does_not_count(order, on, by):
    lines = [_line(on[i], "add", "means.courts.sittings", by[i]) for i in range(4)]
    written = _load(HEADER + "changes:\n" + "".join(lines))
    shuffled = _load(HEADER + "changes:\n" + "".join(lines[i] for i in order))
    assert written == shuffled


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["means.courts.sittings", "flows.committals"]), days, numbers, days)
def test_a_value_set_holds_from_its_day_and_not_before(path, on, number, asked):
    scenario = _load(HEADER + "changes:\n" + _line(on, "set", path, number))
    expected = number if asked >= on else WORLD.number(path)
    assert scenario.number(path, day_of(asked)) == expected


@settings(max_examples=40, deadline=None)
@given(words, words, words)
def test_any_text_survives_saving(title, question, asker):
    plain = {
        "title": {"fr": title, "en": title},
        "question": {"fr": question, "en": asker},
        "note": "2025-10-01",
        "n": "1e5",
    }
    assert read_bytes(to_text(plain).encode(), "x").data == plain


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_scenario_or_a_scenario_error(raw):
    with pytest.raises(ScenarioError, match="x"):
        read_scenario(raw, name="x")


LINES = WORLD_FILE.read_text(encoding="utf-8").splitlines()


@settings(max_examples=200, deadline=None)
@given(
    st.integers(0, len(LINES) - 1),
    st.integers(0, 60),
    st.sampled_from(
        [
            "",
            ":",
            "- ",
            "  ",
            "\t",
            "'",
            "{",
            "}",
            "[",
            "&a ",
            "*a",
            "!!int ",
            "? ",
            "|",
            "#",
            "\0",
            "é",
            "- - ",
            "~",
            ", ",
        ]
    ),
)
def test_a_slip_of_the_hand_never_ends_in_a_traceback(row, column, slip):
    damaged = [*LINES]
    damaged[row] = damaged[row][:column] + slip + damaged[row][column + 1 :]
    try:
        scenario = read_scenario("\n".join(damaged), name="slip")
    except ScenarioError as problem:
        assert str(problem).startswith("slip:")  # noqa: PT017  (either outcome is right)
    else:
        assert isinstance(scenario, Scenario)
