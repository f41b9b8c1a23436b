"""The law as statutes and as records."""

from __future__ import annotations

import pytest

from sim.law.statutes import Statutes


@pytest.fixture(scope="session")
def statutes() -> Statutes:
    return Statutes.load()
