"""How the explorer stands many people, and a first visit, in a real Chromium."""

from __future__ import annotations

import psutil
import pytest

from .conftest import serve
from .visiting import WIDE, Visitor, figures_are_there, seconds_to_figures

pytestmark = [pytest.mark.browser, pytest.mark.nightly]


@pytest.mark.benchmark
def test_first_figures_of_a_server_that_has_just_started_come_within_eight_seconds(chromium, root, tmp_path_factory):
    def visit():
        process, served = serve(root, tmp_path_factory.mktemp("runs"))
        me = Visitor(chromium, served, WIDE)
        seconds = seconds_to_figures(me)
        me.context.close()
        process.terminate()
        process.wait(300)
        return seconds

    assert min(visit() for _ in range(2)) < 8


@pytest.mark.slow
def test_twenty_sessions_fit_in_memory(visitor):
    everybody = [visitor() for _ in range(20)]
    for each in everybody:  # all stay connected
        each.page.goto(each.server.url, wait_until="commit")
        figures_are_there(each)
    assert psutil.Process(everybody[0].server.pid).memory_info().rss < 600e6


@pytest.mark.benchmark
def test_first_figures_stay_quick_with_twenty_sessions(visitor):
    for each in [visitor() for _ in range(20)]:
        each.page.goto(each.server.url, wait_until="commit")
        figures_are_there(each)
    assert min(seconds_to_figures(visitor()) for _ in range(3)) < 5
