"""The engine's functions, compiled from the very source one reads.

The steps of a life and the rules of law are plain functions of records (``person.end_day``), of tables of records
(``system.courts[site]``) and of numbers. :func:`compiled` makes the *twin* of such a function: the same code object, whose
globals are compiled forms (*parts*) of the functions it calls, compiled by numba. There is one source; the plain form runs too
(``SORTIE_PLAIN=1``, tests), on the same tables, and writes the same bytes (decision 0010).

A function that Python and numba must say differently (a draw's integer arithmetic, a dated value) has a twin of its own,
named by :func:`compiled_as` beside it.

What Python calls is declared (:func:`entry`); its compiled form links those of what it calls (:mod:`sim.engine.linking`) and
is kept on disk, once for each meaning of the source (:mod:`sim.engine.keeping`).
"""

from __future__ import annotations

import dis
import os
import warnings
from functools import cache
from types import FunctionType
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, TypeVar
from zlib import crc32

from sim.engine import keeping
from sim.engine.generated import choice

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

    from numpy.typing import DTypeLike

    CompiledForm = Callable[..., Any]

Day = int
"""A day number, 32 bits in a record."""
Count = int
"""A whole number that fits 32 bits."""
Code = int
"""A small code or position, 16 bits."""
Luck = int
"""Half a hash, 64 bits without sign."""

F = TypeVar("F", bound="Callable[..., Any]")

PLAIN = os.environ.get("SORTIE_PLAIN", "") not in ("", "0")
"""Whether the engine runs its functions as they are, uncompiled: fifty times slower, for those who change it."""

_PACKAGE = "sim"
_OWN: dict[Callable[..., Any], Callable[[], Any]] = {}


def compiled_as(function: Callable[..., Any]) -> Callable[[F], F]:
    """Say that a function is compiled as another one, which stands for it in compiled code only.

    The decorated function takes no argument and returns the plain or compiled function to use.
    """

    def register(make: F) -> F:
        _OWN[function] = make
        return make

    return register


class _Entry(NamedTuple):
    arguments: tuple[Any, ...]
    """One of each type."""
    on_tables: bool


_ENTRIES: dict[Callable[..., Any], _Entry] = {}
"""Functions that Python calls, in the order they are declared in."""
_MADE: dict[Callable[..., Any], CompiledForm] = {}
"""Machine code of those that are not called on tables, once it was asked for."""
_PARTS: list[CompiledForm] = []
"""Compiled forms of the functions they call."""


def entry(*arguments: Any, on_tables: bool = False) -> Callable[[F], F]:
    """Declare that Python calls a function, and on what: its machine code is kept on disk, and made by ``sortie compile``.

    Parameters
    ----------
    arguments
        One of each type it is called with: ``entry(0, 0.0)``.
    on_tables
        Whether the tables of a run come before them.
    """

    def register(function: F) -> F:
        _ENTRIES[function] = _Entry(arguments, on_tables)
        return function

    return register


def compiled(function: Callable[..., Any]) -> CompiledForm:
    """Compiled form of a function; the function itself when the engine runs plain."""
    return function if PLAIN else compiled_form(function)


def entry_point(function: Callable[..., Any], *arguments: Any) -> CompiledForm:
    """Machine code of a function for the types it was declared with, which it no longer looks at: for what is called often.

    numba looks at the types of the arguments at each call: 4 µs, and up to 50 once tables have been replaced, forty thousand
    times a run, a quarter of it. Its entry takes 0.2 µs and would read anything as what it was made for.

    Parameters
    ----------
    arguments
        Those of a call, whose types are looked at now; none for a function that is not called on tables.

    Raises
    ------
    TypeError
        If the function was not declared (:func:`entry`), or with arguments of other types.
    """
    if PLAIN:
        return function
    declared = _ENTRIES.get(function)
    if declared is None:
        message = f"{function.__qualname__}: Python calls it compiled; declare on what, with @entry(...), above its definition."
        raise TypeError(message)
    if not arguments and function in _MADE:
        return _MADE[function]
    expected = (*(arguments[:1] if declared.on_tables else ()), *declared.arguments)
    if arguments:
        typeof = import_numba().typeof
        for place, (met, wanted) in enumerate(zip(map(typeof, arguments), map(typeof, expected), strict=True)):
            if met != wanted:
                message = f"{function.__qualname__}: argument {place}: met {met}, declared by @entry(...) as {wanted}."
                raise TypeError(message)
    found = _machine_code(function, *expected)
    if not arguments:
        _MADE[function] = found
    return found


def _machine_code(function: Callable[..., Any], *arguments: Any) -> CompiledForm:
    """Machine code of a function for arguments of these types: read from disk, or made now."""
    found: Any = compiled_form(function)
    signature = tuple(map(import_numba().typeof, arguments))
    if signature not in found.overloads:
        found.compile(signature)
    return found.overloads[signature].entry_point  # type: ignore[no-any-return]


@cache
def compiled_form(function: Any) -> CompiledForm:
    """Compiled form of a function, for Python to call, whether the engine runs plain or not: compiled when first called."""
    kept = function in _ENTRIES
    for external in External.known if kept else ():
        external.place()
    if function in _OWN:  # its twin is written apart: it is compiled from that
        return _linking().entry(part(function).py_func, kept=kept)  # type: ignore[attr-defined,no-any-return]
    source = _own_copy(function)
    return _linking().entry(source, lambda: _name_parts(source), kept=kept)  # type: ignore[no-any-return]


@cache
def part(function: Any) -> CompiledForm:
    """Compiled form of a function, for compiled code to call and not for Python: it has no machine code of its own."""
    if function in _OWN:
        own = _OWN[function]()
        return own if _is_compiled(own) else part(own)
    source = _own_copy(function)
    _name_parts(source)
    return jit(source)


def jit(function: Callable[..., Any]) -> CompiledForm:
    """Part made of a function written for compiled code only (:func:`compiled_as`), as it stands."""
    found: CompiledForm = _linking().part(function)
    _PARTS.append(found)
    return found


def _own_copy(function: FunctionType) -> FunctionType:
    """Return the same code with globals of its own, in which words are numbers."""
    code = function.__code__
    words = tuple(_as_number(constant) for constant in code.co_consts)
    names = dict(function.__globals__)
    found = FunctionType(code.replace(co_consts=words), names, function.__name__, function.__defaults__, function.__closure__)
    found.__qualname__ = function.__qualname__
    found.__module__ = function.__module__
    return found


def _name_parts(function: FunctionType) -> None:
    """Let a copy know the parts made of the package's functions by their names."""
    names = function.__globals__
    for name in _globals_read(function.__code__):
        if _is_ours(names.get(name), function.__module__):
            names[name] = part(names[name])


def _globals_read(code: CodeType) -> set[str]:
    return {step.argval for step in dis.get_instructions(code) if step.opname == "LOAD_GLOBAL"}


def _is_ours(value: object, module: str) -> bool:
    return isinstance(value, FunctionType) and (value.__module__ == module or value.__module__.partition(".")[0] == _PACKAGE)


def _is_compiled(function: object) -> bool:
    return hasattr(function, "py_func")


class External:
    """Function of one real number of a module written in Cython, to be compiled as: SciPy's own, with the same last digits."""

    known: ClassVar[list[External]] = []
    """All of them: machine code read from disk may call any."""

    def __init__(self, module: str, name: str) -> None:
        self.module, self.name = module, name
        # By name, and not by address, so that machine code can be kept on disk.
        self.symbol = f"sortie.{module}.{name}"
        self._is_placed = False
        External.known.append(self)

    def place(self) -> None:
        """Tell the linker where the function is."""
        if not self._is_placed:
            import_numba()
            from llvmlite import binding  # noqa: PLC0415 (numba)
            from numba.extending import get_cython_function_address  # noqa: PLC0415

            binding.add_symbol(self.symbol, get_cython_function_address(self.module, self.name))
            self._is_placed = True

    def __call__(self) -> CompiledForm:
        """Part that calls it."""
        self.place()
        from numba import types  # noqa: PLC0415

        found = types.ExternalFunction(self.symbol, types.float64(types.float64, types.int32))

        def call(number: float) -> float:
            return found(number, 0)  # type: ignore[no-any-return]  # the second says to call this one and no method

        return jit(call)


def number_of(word: str) -> int:
    """Number that stands for a word of the law (``"NOMINAL"``) in records and in compiled code, where text is slow."""
    return crc32(word.encode())


def _as_number(constant: Any) -> Any:
    """A word of the law as its number, alone or in a tuple; any other constant of a function as it is."""
    if isinstance(constant, tuple):
        return tuple(_as_number(each) for each in constant)
    is_word = isinstance(constant, str) and constant.isidentifier() and constant.isupper()
    return number_of(constant) if is_word else constant


def switch(functions: list[CompiledForm], arguments: int = 2) -> CompiledForm:
    """Part of a position and of so many arguments, that calls the part at that position."""
    return jit(choice(functions, arguments))


# ---- numba --------------------------------------------------------------------------------------------------------------


@cache
def import_numba() -> Any:
    """Import numba (a quarter of a second, and only a simulation needs it), told how to compile and where to keep it."""
    # Nothing here is a loop over arrays: the higher levels take a third longer and run no faster (measured on a national run).
    os.environ.setdefault("NUMBA_OPT", "1")
    os.environ.setdefault("NUMBA_LOOP_VECTORIZE", "0")
    os.environ.setdefault("NUMBA_SLP_VECTORIZE", "0")
    # No processor in particular: the same machine code on all of a kind, and no slower (measured on half the country).
    os.environ.setdefault("NUMBA_CPU_NAME", "generic")
    if not keeping.is_tested():
        os.environ["NUMBA_CACHE_DIR"] = str(keeping.code_folder())
    import numba  # noqa: PLC0415

    # Settings above are read again whenever they change; at once, if numba was imported before.
    numba.core.config.reload_config()

    warnings.filterwarnings("ignore", category=numba.NumbaExperimentalFeatureWarning)
    return numba


def _linking() -> Any:
    """:mod:`sim.engine.linking`, which imports numba."""
    import_numba()
    from sim.engine import linking  # noqa: PLC0415

    return linking


def is_ready() -> bool:
    """Whether nothing is left to compile: the machine code of this version is on disk, or the engine runs plain."""
    return PLAIN or keeping.mark().exists()


def compile_entries(tables: Callable[[], Any], tell: Callable[[int, int], None]) -> None:
    """Compile every function that Python calls, keep the machine code, and remember that it is done.

    Parameters
    ----------
    tables
        Makes the tables that entries declared ``on_tables`` are called on.
    tell
        Told how many functions are compiled, of how many, whenever there is one more.
    """
    linking = _linking()
    for function in _ENTRIES:
        linking.make_parts(compiled_form(function))  # and theirs: all are then known
    known = [*_PARTS, *map(compiled_form, _ENTRIES)]
    with linking.counted(known, lambda done: tell(done, len(known))):
        made = tables()
        for function, declared in _ENTRIES.items():
            _machine_code(function, *((made,) if declared.on_tables else ()), *declared.arguments)
    keeping.mark().touch()


# ---- records ------------------------------------------------------------------------------------------------------------

_WIDTHS: dict[str, DTypeLike] = {
    "Day": "i4",
    "Count": "i4",
    "Code": "i2",
    "int": "i8",
    "float": "f8",
    "bool": "?",
    "Luck": "u8",
}


def fields_of(record: type) -> list[tuple[str, Any]]:
    """Columns of a record class: one for each annotated field, as wide as its annotation says.

    ``Day`` and ``Count`` take 32 bits, ``Code`` 16, ``int``, ``float`` and ``Luck`` 64, ``bool`` 8.
    """
    from numpy import void  # noqa: PLC0415 (a tenth of a second, and only those who make records need it)

    columns: list[tuple[str, Any]] = []
    for name, annotation in record.__annotations__.items():
        assert not hasattr(void, name), f"{record.__name__}.{name} is a word of NumPy's own"
        columns.append((name, _WIDTHS[annotation]))
    return columns
