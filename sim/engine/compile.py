"""The engine's functions, compiled from the very source one reads.

The steps of a life and the rules of law are plain functions of records (``person.end_day``), of tables of records
(``system.courts[site]``) and of numbers. :func:`compiled` makes the *twin* of such a function: the same code object, whose
globals are the twins of the functions it calls, compiled by numba. There is one source; the plain form runs too
(``SORTIE_PLAIN=1``, tests), on the same tables, and writes the same bytes (decision 0010).

A function that Python and numba must say differently (a draw's integer arithmetic, a dated value) has a twin of its own,
named by :func:`twin_of` beside it.

Compiled code is kept on disk under a key that holds every source file it may be made of, so that it is made once for each
version of the code (about a minute), and never used with another.
"""

from __future__ import annotations

import atexit
import dis
import hashlib
import os
import shutil
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

from sim.engine import cache_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

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

_PACKAGE = "sim"
_OWN: dict[Callable[..., Any], Callable[[], Any]] = {}
_ROOT = Path(__file__).resolve().parents[1]


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
    return _kept_twin(function) if kept else twin(function)


def entry_of(function: Callable[..., Any], *arguments: Any) -> Twin:
    """Machine code of a function for arguments of these types, which it no longer looks at: for what is called often.

    numba looks at the types of the arguments at each call: 4 µs, and up to 50 once tables have been replaced, forty thousand
    times a run, a quarter of it. Its entry takes 0.2 µs and would read anything as what it was made for.
    """
    found: Any = compiled(function, kept=True)
    if PLAIN:
        return function
    typeof = import_numba().typeof
    signature = tuple(typeof(argument) for argument in arguments)
    if signature not in found.overloads:
        found.compile(signature)
    return found.overloads[signature].entry_point  # type: ignore[no-any-return]


@cache
def twin(function: Any) -> Twin:
    """Twin of a function, whether the engine runs plain or not: made once in a process, compiled when first called."""
    if function in _OWN:
        own = _OWN[function]()
        return own if _is_compiled(own) else twin(own)
    return import_numba().njit(_with_twins(function))  # type: ignore[no-any-return]


@cache
def _kept_twin(function: Any) -> Twin:
    return import_numba().njit(cache=True)(_with_twins(function))  # type: ignore[no-any-return]


def _with_twins(function: FunctionType) -> FunctionType:
    """Return the same code, which knows the twins of the package's functions under their names, and words as numbers."""
    code = function.__code__
    names = dict(function.__globals__)
    for name in _globals_read(code):
        value = names.get(name)
        if _is_ours(value, function.__module__):
            names[name] = twin(value)
    words = tuple(_as_number(constant) for constant in code.co_consts)
    found = FunctionType(code.replace(co_consts=words), names, function.__name__, function.__defaults__, function.__closure__)
    found.__qualname__ = function.__qualname__
    found.__module__ = function.__module__
    return found


def _globals_read(code: CodeType) -> set[str]:
    return {step.argval for step in dis.get_instructions(code) if step.opname == "LOAD_GLOBAL"}


def _is_ours(value: object, module: str) -> bool:
    return isinstance(value, FunctionType) and (value.__module__ == module or value.__module__.partition(".")[0] == _PACKAGE)


def _is_compiled(function: object) -> bool:
    return hasattr(function, "py_func")


def jit(function: Callable[..., Any]) -> Twin:
    """Compile a function written for compiled code only (:func:`twin_of`), as it stands."""
    return import_numba().njit(function)  # type: ignore[no-any-return]


def external(module: str, name: str) -> Callable[[float], float]:
    """Function of one real number of a module written in Cython, for :func:`jit`: SciPy's own, with the same last digits."""
    import_numba()
    from llvmlite import binding  # noqa: PLC0415 (numba)
    from numba import types  # noqa: PLC0415
    from numba.extending import get_cython_function_address  # noqa: PLC0415

    # By name, and not by address, so that machine code can be kept on disk.
    symbol = f"sortie.{module}.{name}"
    binding.add_symbol(symbol, get_cython_function_address(module, name))
    found = types.ExternalFunction(symbol, types.float64(types.float64, types.int32))

    def call(number: float) -> float:
        return found(number, 0)  # type: ignore[no-any-return]  # the second says to call this one and no method

    return call


def number_of(word: str) -> int:
    """Number that stands for a word of the law (``"NOMINAL"``) in records and in compiled code, where text is slow."""
    return crc32(word.encode())


def _as_number(constant: Any) -> Any:
    """A word of the law as its number, alone or in a tuple; any other constant of a function as it is."""
    if isinstance(constant, tuple):
        return tuple(_as_number(each) for each in constant)
    is_word = isinstance(constant, str) and constant.isidentifier() and constant.isupper()
    return number_of(constant) if is_word else constant


def switch(functions: list[Twin]) -> Twin:
    """Compiled function of a position and of two arguments, that calls the function at that position."""
    njit = import_numba().njit
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
def import_numba() -> Any:
    """Import numba (a quarter of a second, and only a simulation needs it), told how to compile and where to keep it."""
    # Nothing here is a loop over arrays: the higher levels take a third longer and run no faster (measured on a national run).
    os.environ.setdefault("NUMBA_OPT", "1")
    os.environ.setdefault("NUMBA_LOOP_VECTORIZE", "0")
    os.environ.setdefault("NUMBA_SLP_VECTORIZE", "0")
    # In the environment, where numba reads its settings again whenever they change; and at once, if it was imported before.
    os.environ["NUMBA_CACHE_DIR"] = str(code_folder())
    import numba  # noqa: PLC0415

    numba.core.config.reload_config()

    warnings.filterwarnings("ignore", category=numba.NumbaExperimentalFeatureWarning)
    return numba


_APART = frozenset({"calibration", "cli", "experiments", "explorer", "indicators", "library", "presentation", "scenario"})
"""Packages no compiled function nor any constant it reads comes from: they may change without a new compilation."""
_KEPT_VERSIONS = 8
"""How many versions of the machine code stay on disk, some ten megabytes each; those used longest ago go first."""


def sources() -> list[Path]:
    """Files the machine code may be made of."""
    return [path for path in sorted(_ROOT.rglob("*.py")) if path.relative_to(_ROOT).parts[0] not in _APART]


@cache
def code_folder() -> Path:
    """Folder of the machine code of this version of the source, made and fit to be written to.

    Several processes may compile at once: numba replaces its files whole, and what it replaces is the same.
    """
    digest = hashlib.blake2b(f"{version('numba')} {sys.version}".encode(), digest_size=8)
    for path in sources():
        digest.update(path.relative_to(_ROOT).as_posix().encode())
        digest.update(path.read_bytes())
    name = f"code-{digest.hexdigest()}"
    found = cache_folder.folder() / name
    try:
        found.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=found):
            pass
        found.touch()
    except OSError:
        # Nowhere to write: the code is made anew for each command, in a folder only this user can write to (what is kept
        # is executed), handed on to the processes it starts.
        base = Path(tempfile.mkdtemp(prefix="sortie-"))
        os.environ[cache_folder.VARIABLE] = str(base)
        atexit.register(_forget, base, os.getpid())
        found = base / name
        found.mkdir()
    _prune(found)
    return found


def _forget(folder: Path, maker: int) -> None:
    if os.getpid() == maker:
        shutil.rmtree(folder, ignore_errors=True)


def _prune(current: Path) -> None:
    """Delete the machine code of versions used longest ago: whoever still runs one has it in memory."""

    def used(folder: Path) -> float:
        try:
            return folder.stat().st_mtime
        except OSError:  # another process has just deleted it
            return 0.0

    others = sorted((folder for folder in current.parent.glob("code-*") if folder != current), key=used, reverse=True)
    for folder in others[_KEPT_VERSIONS - 1 :]:
        shutil.rmtree(folder, ignore_errors=True)


def _mark() -> Path:
    """File that says that everything is compiled: for this checkout, whose files numba knows by place and time."""
    digest = hashlib.blake2b(str(_ROOT).encode(), digest_size=8)
    for path in sources():
        digest.update(str(path.stat().st_mtime_ns).encode())
    return code_folder() / f"ready-{digest.hexdigest()}"


def is_ready() -> bool:
    """Whether nothing is left to compile: the machine code of this version is on disk, or the engine runs plain."""
    return PLAIN or _mark().exists()


def say_ready() -> None:
    """Remember that every function Python calls has been compiled and kept."""
    _mark().touch()


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
    columns: list[tuple[str, Any]] = []
    for name, annotation in record.__annotations__.items():
        assert not hasattr(np.void, name), f"{record.__name__}.{name} is a word of NumPy's own"
        columns.append((name, _WIDTHS[annotation]))
    return columns
