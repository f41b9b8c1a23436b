"""Numba's type of the state of a run: one address.

A tuple of forty tables would be three hundred arguments of every compiled function. Compiled code receives one number
instead: the address of a list that says, for each field of :class:`~sim.institutions.state.State` in order, where its
numbers are and how many there are. ``state.people`` is then a table without an owner (Python keeps it alive).

Nothing here is about prisons: it teaches numba one type. Imported only when something is compiled.
"""

from __future__ import annotations

from typing import Any
from zlib import crc32

import numpy as np
from llvmlite import ir
from numba import typeof
from numba.core import cgutils, types
from numba.core.datamodel import models
from numba.core.typing.templates import AttributeTemplate
from numba.extending import NativeValue, infer_getattr, lower_getattr_generic, register_model, typeof_impl, unbox
from numba.np.arrayobj import make_array, populate_array

from sim.institutions.state import State

_WORDS = 3
"""Address and two lengths for each field."""
_ADDRESS = "handle"


class StateType(types.Type):
    """Type of a system: the types of its fields, in order."""

    def __init__(self, fields: tuple[tuple[str, Any], ...]) -> None:
        self.fields = fields
        self.place = {name: (position, kind) for position, (name, kind) in enumerate(fields)}
        super().__init__(name=f"System({', '.join(f'{name}: {kind}' for name, kind in fields)})")

    @property
    def key(self) -> Any:
        """What makes two of them the same."""
        return self.fields

    @property
    def mangling_args(self) -> tuple[str, tuple[int]]:
        """Name in machine code: a digest, the name itself being as long as a page."""
        return "System", (crc32(self.name.encode()),)


_KNOWN: dict[Any, StateType] = {}


@typeof_impl.register(State)
def _typeof_system(state: State, _context: Any) -> StateType:
    """Type of a system by the types of its tables: remembered by their NumPy types, which is all it depends on."""
    tables: tuple[Any, ...] = state[:-2]
    shape = tuple((table.dtype, table.ndim) for table in tables)
    found = _KNOWN.get(shape)
    if found is None:
        kinds = []
        for name, table in zip(State._fields, tables, strict=False):
            kind = typeof(table)
            kinds.append((name, kind if isinstance(kind, types.Record) else kind.copy(layout="C", readonly=False)))
        found = _KNOWN[shape] = StateType(tuple(kinds))
    return found


@register_model(StateType)
class _SystemModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: StateType) -> None:
        super().__init__(manager, kind, ir.IntType(64))


@unbox(StateType)
def _unbox_system(_kind: StateType, state: Any, c: Any) -> NativeValue:
    handle = c.pyapi.object_getattr_string(state, _ADDRESS)
    address = c.pyapi.long_as_longlong(handle)
    c.pyapi.decref(handle)
    return NativeValue(address, is_error=cgutils.is_not_null(c.builder, c.pyapi.err_occurred()))


@infer_getattr
class _SystemAttributes(AttributeTemplate):
    key = StateType

    def generic_resolve(self, kind: StateType, name: str) -> Any:
        return kind.place[name][1] if name in kind.place else None


@lower_getattr_generic(StateType)
def _get_field(context: Any, builder: Any, kind: StateType, address: Any, name: str) -> Any:
    position, field = kind.place[name]
    words = builder.inttoptr(address, ir.IntType(64).as_pointer())

    def word(number: int) -> Any:
        loaded = builder.load(builder.gep(words, [ir.Constant(ir.IntType(64), _WORDS * position + number)]))
        # The list does not change while compiled code runs: one reading will do.
        loaded.set_metadata("invariant.load", builder.module.add_metadata([]))
        return loaded

    if isinstance(field, types.Record):
        return builder.inttoptr(word(0), context.get_value_type(field))
    array = make_array(field)(context, builder)
    size = context.get_abi_sizeof(context.get_data_type(field.dtype))
    item = ir.Constant(ir.IntType(64), size)
    lengths = [word(1 + axis) for axis in range(field.ndim)]
    strides = [item] if field.ndim == 1 else [builder.mul(lengths[1], item), item]
    data = builder.inttoptr(word(0), context.get_data_type(field.dtype).as_pointer())
    populate_array(array, data=data, shape=lengths, strides=strides, itemsize=item, meminfo=None)
    return array._getvalue()  # noqa: SLF001 (numba's own way to take a structure's value)


def addresses(state: State) -> np.ndarray[Any, Any]:
    """List of where each table is, and its lengths: int64, shape ``(3 × n_fields,)``."""
    words = np.zeros(_WORDS * len(state), dtype=np.int64)
    for position, table in enumerate(state[:-2]):
        # An array tells its address by `ctypes`; its interface lists the columns of a record too, ten times slower.
        words[_WORDS * position] = table.ctypes.data if table.ndim else table.__array_interface__["data"][0]
        words[_WORDS * position + 1 : _WORDS * position + 1 + table.ndim] = table.shape
    return words
