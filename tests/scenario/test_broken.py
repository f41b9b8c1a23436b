"""Each file of ``broken/`` holds one mistake; its first line says which words the message must contain.

``# HERE`` marks the line that the message must name.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario import load_scenario

BROKEN = sorted((Path(__file__).parent / "broken").glob("*.yaml"))
POLICIES = frozenset({"population_cap", "collective_remission"})


def _expectations(path: Path) -> tuple[list[str], int | None]:
    raw = path.read_bytes()
    text = raw.decode("utf-16") if raw[:2] in {b"\xff\xfe", b"\xfe\xff"} else raw.decode("utf-8", errors="replace")
    lines = text.splitlines()
    assert lines[0].startswith("# expects: "), path.name
    marked = [number for number, line in enumerate(lines, 1) if line.endswith("# HERE")]
    assert len(marked) <= 1, path.name
    return lines[0].removeprefix("# expects: ").split(" | "), marked[0] if marked else None


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_mistake_is_told_where_it_stands(path):
    words, line = _expectations(path)
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path, known_policies=POLICIES)
    message = str(caught.value)
    assert path.name in message
    assert "\n" not in message
    for word in words:
        assert word in message
    if line is not None:
        assert f"{path.name}:{line}: " in message


def test_there_are_many_mistakes():
    assert len(BROKEN) >= 100
