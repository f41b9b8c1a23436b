"""What every test may ask for."""

from __future__ import annotations

import gc
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from sim.cli.language import speak
from tests import kept

BROWSERS = ("chromium", "chromium-browser", "google-chrome")

# One profile everywhere: the examples are the same on every machine and every day, so a red test is red for all.
settings.register_profile(
    "sortie", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=40
)
# `make night`: more of them; `make quick`: fewer.
settings.register_profile("night", settings.get_profile("sortie"), max_examples=100)
settings.register_profile("quick", settings.get_profile("sortie"), max_examples=10)
settings.load_profile("sortie")


# Tests make millions of objects and keep most of them to the end: the search for cycles is for what the engine leaves behind.
gc.set_threshold(100_000, 20, 20)


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session", autouse=True)
def _worlds_are_read_once():
    with pytest.MonkeyPatch.context() as patch:
        kept.worlds(patch)
        yield


@pytest.fixture(autouse=True)
def _english_until_told_otherwise():
    """Each test begins as a process does: one that was told to speak French leaves it to nobody."""
    speak("en")


def pytest_collection_finish() -> None:
    """Leave what finding the tests has made (millions of objects) out of every later search for cycles."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the long ones first, so that no worker is left with one at the end; leave browser tests out without a Chromium.

    Unless they are required (``SORTIE_BROWSER``); the summary names how many are left out.
    """
    items.sort(key=lambda item: item.get_closest_marker("nightly") is None)
    if os.environ.get("SORTIE_BROWSER") == "required" or any(map(shutil.which, BROWSERS)) or os.environ.get("CHROMIUM"):
        return
    left_out = [item for item in items if item.get_closest_marker("browser")]
    if left_out:
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


def pytest_report_header() -> str:
    """Say whether the browser tests can run."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found:
        return f"browser tests: {found}"
    return "browser tests: left out, no Chromium (apt-get install chromium, or set CHROMIUM); CI requires them"
