"""What hundreds of tests make again and again, made once in each process, and by content: another content is made anew.

Only what is a function of its input is kept, and only for inputs that many tests share: complete worlds (:func:`worlds`),
figures of tables made by a few lines of chance (:func:`figures`), the tree of commands (:func:`commands`).
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    import pytest

WORLD_CHARACTERS = 30_000
"""A text that long is that of a complete world."""
MOST_WORLDS = 8
"""The baseline, the frozen world, and a few that a test made of them."""

_figures: dict[bytes, pd.DataFrame] = {}
_commands: dict[str, tuple[Any, Any]] = {}


def worlds(patch: pytest.MonkeyPatch) -> None:
    """Read the text of a complete world once, and check its values once.

    A file that extends it, or the same world with a word changed, is read as always.
    """
    from sim.scenario import document, loading  # noqa: PLC0415 (only who runs a test needs it)

    read, values_of = document._Builder.document, loading._leaves
    kept: dict[tuple[str, str], Any] = {}
    values: dict[int, tuple[Any, ...]] = {}

    def document_once(builder: Any, text: str) -> Any:
        if len(text) < WORLD_CHARACTERS:
            return read(builder, text)
        key = (builder.label, text)
        if key not in kept:
            made = read(builder, text)
            if len(kept) == MOST_WORLDS:
                values.pop(id(kept.pop(next(iter(kept)))), None)
            kept[key] = made
        return kept[key]

    def values_once(of: Any) -> Iterator[Any]:
        if not any(of is known for known in kept.values()):
            return values_of(of)
        if id(of) not in values:
            values[id(of)] = tuple(values_of(of))
        return iter(values[id(of)])

    patch.setattr(document._Builder, "document", document_once)
    patch.setattr(loading, "_leaves", values_once)


def figures(patch: pytest.MonkeyPatch) -> None:
    """Measure the tables of ``fabricated.py`` once for each content of them, context, and list of indicators.

    Tables of the engine, and tables read from a disk, are measured as always.
    """
    from sim.indicators import summary  # noqa: PLC0415 (only a fabricated engine needs it)
    from tests.fabricated import CODEBOOK  # noqa: PLC0415 (the same)

    measure = summary.measure

    def measure_once(tables: Any, context: Any) -> pd.DataFrame:
        if not isinstance(tables, summary.TablesInMemory) or tables.codebook is not CODEBOOK:
            return measure(tables, context)
        said = hashlib.sha256(repr((context, summary.INDICATORS)).encode())
        for name, table in sorted(tables._records.tables.items()):
            said.update(name.encode() + bytes(table.rows))
        key = said.digest()
        if key not in _figures:
            _figures[key] = measure(tables, context)
        return _figures[key].copy()

    patch.setattr(summary, "measure", measure_once)


def commands(patch: pytest.MonkeyPatch) -> None:
    """Build the tree of commands once for each language."""
    from sim.cli import command_tree  # noqa: PLC0415 (only who gives a command needs it)
    from sim.cli.language import spoken  # noqa: PLC0415 (the same)

    build = command_tree.built

    def built_once(app: Any) -> Any:
        known, tree = _commands.get(spoken(), (None, None))
        if known is not app:
            tree = build(app)
            _commands[spoken()] = (app, tree)
        return tree

    patch.setattr(command_tree, "built", built_once)
