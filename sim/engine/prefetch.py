"""Memory, which hands over lines of 64 bytes: tables laid out in whole lines, and records asked for before they are read.

People are read in an order that has nothing to do with where they lie, and the processor waits some 0.1 µs for each line it
does not expect. Whoever knows which records come next says so with :func:`fetch`, and nothing waits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.compile import compiled_as, import_numba, jit

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray

LINE = 64
"""Bytes that memory hands over at a time."""


def in_lines(number: int, row: DTypeLike) -> NDArray[Any]:
    """Make room for rows, unset, that begin where a line begins: shape ``(number,)``."""
    size = np.dtype(row).itemsize
    memory = np.empty(number * size + LINE, dtype=np.uint8)
    skipped = -memory.ctypes.data % LINE
    return memory[skipped : skipped + number * size].view(row)


def prefetch(record: Any) -> None:
    """Ask for a record that will soon be read or written: the answers are the same, sooner."""


@compiled_as(prefetch)
def _fetch() -> Any:
    import_numba()
    from llvmlite import ir  # noqa: PLC0415 (numba)
    from numba.core import types  # noqa: PLC0415
    from numba.extending import intrinsic  # noqa: PLC0415

    @intrinsic  # type: ignore[untyped-decorator]
    def ask(_context: Any, record: Any) -> Any:
        def lower(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            byte, word = ir.IntType(8).as_pointer(), ir.IntType(32)
            kind = ir.FunctionType(ir.VoidType(), [byte, word, word, word])
            prefetch = builder.module.declare_intrinsic("llvm.prefetch", [byte], kind)
            start = builder.bitcast(arguments[0], byte)
            for place in range(0, record.size, LINE):
                # To be read, wanted in every cache, data.
                settings = [ir.Constant(word, setting) for setting in (0, 3, 1)]
                builder.call(prefetch, [builder.gep(start, [ir.Constant(word, place)]), *settings])
            return context.get_dummy_value()

        return types.void(record), lower

    def fetched(record: Any) -> None:
        ask(record)

    return jit(fetched)
