"""Lines against lists: whoever joins is last, whoever leaves is in none, and the order is never disturbed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.compile import compiled_form
from sim.institutions.queues import QueueKind, enqueue, leave_queue, slots_in_queue
from tests.worlds import bare_system

PEOPLE = 8
LINES = (0, 1, 2)
SYSTEM, ROWS = bare_system(PEOPLE)

moves = st.lists(
    st.tuples(
        st.sampled_from([QueueKind.COUNSELLOR, QueueKind.PLACE]), st.integers(0, PEOPLE - 1), st.sampled_from([None, *LINES])
    ),
    max_size=80,
)


def order_of(kind, line):
    """Slots of a line, followed from person to person."""
    slots, slot = [], SYSTEM.queues[line].first
    while slot >= 0:
        slots.append(int(slot))
        slot = SYSTEM.links[slot, kind].after
    return slots


@pytest.mark.parametrize("form", [lambda function: function, compiled_form], ids=["plain", "compiled"])
@given(moves)
def test_lines_are_lists(form, moves):
    # A line belongs to one kind: those of the second kind are numbered apart.
    SYSTEM.queues.first = SYSTEM.queues.last = -1
    SYSTEM.queues.length = 0
    SYSTEM.links.queue = -1
    queues = {(kind, line): [] for kind in (QueueKind.COUNSELLOR, QueueKind.PLACE) for line in LINES}
    for kind, slot, line in moves:
        for (of_kind, _), queue in queues.items():
            if of_kind == kind and slot in queue:
                queue.remove(slot)
        if line is None:
            form(leave_queue)(SYSTEM, kind, ROWS[slot])
        else:
            queues[kind, line].append(slot)
            form(enqueue)(SYSTEM, kind, line + 10 * kind, ROWS[slot])
        for (of_kind, number), queue in queues.items():
            row = number + 10 * of_kind
            assert order_of(of_kind, row) == queue
            assert form(slots_in_queue)(SYSTEM, int(of_kind), row).tolist() == queue
            assert SYSTEM.queues[row].length == len(queue)
            assert SYSTEM.queues[row].first == (queue[0] if queue else -1)
            assert SYSTEM.queues[row].last == (queue[-1] if queue else -1)
