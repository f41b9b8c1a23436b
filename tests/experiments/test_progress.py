"""What is said while replications run."""

from __future__ import annotations

import io

import pytest

from sim.experiments.progress import Bar, Lines, NullListener, progress_on


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("mode", "stream", "kind"),
    [
        ("auto", Terminal(), Bar),
        ("auto", io.StringIO(), Lines),
        ("json", Terminal(), Lines),
        ("lines", Terminal(), Lines),
        ("none", Terminal(), NullListener),
    ],
)
def test_each_mode_has_its_listener(mode, stream, kind):
    with progress_on(mode, stream) as listener:
        assert isinstance(listener, kind)


@pytest.mark.parametrize("mode", ["bar", "lines", "json", "none"])
def test_a_failure_is_said_and_the_rest_goes_on(mode):
    stream = Terminal()
    with progress_on(mode, stream) as listener:
        listener.begin(2, 12, 1)
        for month in range(12):
            listener.month("world #0", 20_000 + 30 * month)
        listener.failed("world #0", "no [sitting]")
        listener.done("world #1", 3.0)
    said = stream.getvalue()
    assert ("no [sitting]" in said) == (mode != "none")
    if mode == "bar":
        assert "2/2 replications" in said
        assert "100 %" in said


def test_the_remaining_time_follows_the_months_made(monkeypatch):
    now = [0.0]
    monkeypatch.setattr("sim.experiments.progress.time.monotonic", lambda: now[0])
    stream = io.StringIO()
    lines = Lines(stream, as_json=False)
    lines.begin(2, 10, 0)
    now[0] = 20.0
    lines.done("a", 20.0)
    assert "a: saved after 20.0 s, about 20 s remain" in stream.getvalue()
