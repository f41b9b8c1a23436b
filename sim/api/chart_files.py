"""Saving a chart: what goes wrong is told as everything else is, with a way out."""

from __future__ import annotations

import io
import os
from functools import cache
from pathlib import Path
from typing import Any

from sim.errors import RequestError, reason

FORMS = ("html", "json", "svg", "png", "pdf")
"""Forms a chart is saved in, by the ending of the file; the last three need a package that draws (vl-convert-python)."""


def told(chart: Any) -> Any:
    """Return the same chart, whose ``save`` refuses in our words: an ending, a folder that is not there, a package."""
    # A subclass, so that what is made of the chart afterwards (``.properties(…)``) saves alike.
    kind: Any = type(chart)
    object.__setattr__(chart, "__class__", _saving(kind))  # (a chart takes an attribute for a channel of its own)
    return chart


@cache
def _saving(base: Any) -> Any:
    def save(self: Any, fp: Any, format: str | None = None, **options: Any) -> None:  # noqa: A002 (Altair's own name)
        """Save the chart in a file.

        Raises
        ------
        RequestError
            If the file cannot be written, its ending is none of those charts are saved in, or a package is missing.
        """
        if isinstance(fp, str | os.PathLike):
            path = Path(fp)
            form = format or path.suffix.removeprefix(".").lower()
            if form not in FORMS:
                msg = f"{path}: no chart can be saved as {form or 'a file without an ending'!r}: expected {', '.join(FORMS)}."
                raise RequestError(msg)
            if not path.parent.is_dir():
                msg = f"{path}: no such folder as {path.parent}. Make it first, or save elsewhere."
                raise RequestError(msg)
            try:
                base.save(self, path, format=form, **options)
            except OSError as problem:
                msg = f"{path}: cannot be written ({reason(problem)}). Save it elsewhere."
                raise RequestError(msg) from None
            except (ImportError, ValueError) as problem:
                if form in {"html", "json"}:
                    raise
                package = "a package that is missing here (vl-convert-python)"
                msg = f"{path}: a chart is saved as {form} by {package}; or save it as html."
                raise RequestError(msg) from problem
            return
        if not isinstance(fp, io.IOBase) and not hasattr(fp, "write"):
            msg = f"save: met {fp!r}, expected the path of a file."
            raise RequestError(msg)
        base.save(self, fp, format=format, **options)

    return type(base.__name__, (base,), {"save": save, "__module__": base.__module__, "__doc__": base.__doc__})
