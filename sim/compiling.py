"""The engine's functions, compiled from the very source one reads.

The steps of a life and the rules of law are plain functions of records (``person.end_day``), of tables of records
(``system.courts[site]``) and of numbers. :func:`compiled` makes the *twin* of such a function: the same code object, whose
globals are the twins of the functions it calls, compiled by numba. There is one source; the plain form runs too
(``SORTIE_PLAIN=1``, tests), on the same tables, and writes the same bytes (decision 0010).

A function that Python and numba must say differently (a draw's integer arithmetic, a dated value) has a twin of its own,
named by :func:`twin_of` beside it.

Compiled code is kept on disk under a key that holds every source file of the package, so that it is made once for each
version of the code (about a minute), and never used with another.
"""

from __future__ import annotations

import dis
import hashlib
import os
import sys
import tempfile
import warnings
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any, TypeVar
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import DTypeLike

    Twin = Callable[..., Any]

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

_PACKAGE = __package__ or "sim"
_OWN: dict[Callable[..., Any], Callable[[], Any]] = {}
_ROOT = Path(__file__).resolve().parent


def twin_of(function: Callable[..., Any]) -> Callable[[F], F]:
    """Say that a function is compiled as another one, which stands for it in compiled code only.

    The decorated function takes no argument and returns the plain or compiled function to use.
    """

    def register(make: F) -> F:
        _OWN[function] = make
        return make

    return register


def compiled(function: Callable[..., Any], *, kept: bool = False) -> Twin:
    """Twin of a function; the function itself when the engine runs plain.

    Parameters
    ----------
    function
        A plain function of the package.
    kept
        Whether the machine code is kept on disk: for the few functions that Python itself calls.
    """
    if PLAIN:
        return function
    return _twin(function, kept)


@cache
def _twin(function: Any, kept: bool) -> Twin:
    njit = _numba().njit
    if function in _OWN:
        own = _OWN[function]()
        return own if hasattr(own, "py_func") else _twin(own, kept)
    code = function.__code__
    names = dict(function.__globals__)
    for name in _names(code):
        value = names.get(name)
        if _is_ours(value, function.__module__):
            names[name] = _twin(value, False)  # noqa: FBT003
    words = tuple(number_of(value) if _is_word(value) else value for value in code.co_consts)
    twin = FunctionType(code.replace(co_consts=words), names, function.__name__, function.__defaults__, function.__closure__)
    twin.__qualname__ = function.__qualname__
    twin.__module__ = function.__module__
    dispatcher: Twin = njit(cache=kept)(twin)
    return dispatcher


def _names(code: Any) -> set[str]:
    return {step.argval for step in dis.get_instructions(code) if step.opname == "LOAD_GLOBAL"}


def _is_ours(value: object, module: str) -> bool:
    return isinstance(value, FunctionType) and (value.__module__ == module or value.__module__.partition(".")[0] == _PACKAGE)


def jit(function: Callable[..., Any]) -> Twin:
    """Compile a function written for compiled code only (:func:`twin_of`), as it stands."""
    return _numba().njit(function)  # type: ignore[no-any-return]


def number_of(word: str) -> int:
    """Number that stands for a word of the law (``"NOMINAL"``) in records and in compiled code, where text is slow."""
    return crc32(word.encode())


def _is_word(value: object) -> bool:
    return isinstance(value, str) and value.isidentifier() and value.isupper()


def switch(functions: list[Twin]) -> Twin:
    """Compiled function of a position and of two arguments, that calls the function at that position."""
    njit = _numba().njit
    first = functions[0]
    if len(functions) == 1:

        def only(_: int, one: Any, two: Any) -> Any:
            return first(one, two)

        return njit(only)  # type: ignore[no-any-return]
    rest = switch(functions[1:])

    def choose(position: int, one: Any, two: Any) -> Any:
        if position == 0:
            return first(one, two)
        return rest(position - 1, one, two)

    return njit(choose)  # type: ignore[no-any-return]


# ---- where machine code is kept -----------------------------------------------------------------------------------------


@cache
def _numba() -> Any:
    """Import numba (a quarter of a second, and only a simulation needs it), told how to compile and where to keep it."""
    # Nothing here is a loop over arrays: the higher levels take a third longer and run no faster (measured on a national run).
    os.environ.setdefault("NUMBA_OPT", "1")
    os.environ.setdefault("NUMBA_LOOP_VECTORIZE", "0")
    os.environ.setdefault("NUMBA_SLP_VECTORIZE", "0")
    # In the environment, which numba reads again whenever it compiles: a value given to its configuration is forgotten then, and
    # the next function would be kept in __pycache__, where only a change of its own file makes it compile anew.
    os.environ["NUMBA_CACHE_DIR"] = str(cache_folder())
    import numba  # noqa: PLC0415

    numba.config.reload_config()
    warnings.filterwarnings("ignore", category=numba.NumbaExperimentalFeatureWarning)
    return numba


@cache
def cache_folder() -> Path:
    """Folder of the machine code of this version of the source; set ``SORTIE_CACHE`` to keep it elsewhere."""
    digest = hashlib.blake2b(f"{version('numba')} {sys.version}".encode(), digest_size=8)
    for path in sorted(_ROOT.rglob("*.py")):
        if path.relative_to(_ROOT).parts[0] in _COMPILED:
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
    named = os.environ.get("SORTIE_CACHE")
    base = Path(named) if named else Path.home() / ".cache" / "sortie"
    folder = base / digest.hexdigest()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:
        # Nowhere to write: the code is compiled for this machine session only.
        folder = Path(tempfile.gettempdir()) / f"sortie-{os.getuid()}" / digest.hexdigest()
        folder.mkdir(parents=True, exist_ok=True)
    return folder


_COMPILED = frozenset(
    {"compiling.py", "dates.py", "timeline.py", "randomness.py", "law", "population", "institutions", "pathways", "policies", "reconviction"}
)
"""What the machine code is made of."""


# ---- records ------------------------------------------------------------------------------------------------------------

_WIDTHS: dict[str, DTypeLike] = {"Day": "i4", "Count": "i4", "Code": "i2", "int": "i8", "float": "f8", "bool": "?", "Luck": "u8"}


def fields_of(record: type) -> list[tuple[str, Any]]:
    """Columns of a record class: one for each annotated field, as wide as its annotation says.

    ``Day`` and ``Count`` take 32 bits, ``Code`` 16, ``int`` and ``float`` 64, ``bool`` 8; an annotation that is the
    name of a length (``Code[8]``) is a row of so many.
    """
    columns: list[tuple[str, Any]] = []
    for name, annotation in record.__annotations__.items():
        assert not hasattr(np.void, name), f"{record.__name__}.{name} is a word of NumPy's own"
        columns.append((name, _WIDTHS[annotation]))
    return columns
