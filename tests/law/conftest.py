"""What the tests of the law share."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner


@pytest.fixture
def ask():
    from sim.cli.law import law_app  # noqa: PLC0415  (the law alone, copied, has no command line)

    def _ask(*arguments):
        result = CliRunner().invoke(law_app, list(arguments))
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return _ask
