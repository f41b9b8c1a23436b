"""Parts of the machine code, linked and optimised once, in the function that Python calls (decision 0012).

numba makes a library of each function it compiles: it links in the libraries of the functions called, which hold *their*
callees, optimises the whole and emits machine code, although nobody calls it from there. In a program of 330 functions that
call each other ten deep, two thirds of the compilation are spent on that. Here a function that only compiled code calls is a
:class:`Part`: lowered, and kept as LLVM's intermediate representation. An *entry*, which Python calls, links every part it
reaches, each once, optimises and emits.

This replaces methods of numba's own, which no promise of compatibility covers: ``keeping.TESTED`` names the versions it was
tested with, and any other compiles as numba does of itself: slower, the same results.

Imported only when something is compiled.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from llvmlite import binding
from numba import njit
from numba.core import compiler, event, types
from numba.core.caching import CompileResultCacheImpl, FunctionCache
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler_machinery import LoweringPass, register_pass
from numba.core.registry import CPUDispatcher
from numba.core.runtime import rtsys
from numba.core.typed_passes import IRLegalization

from sim.engine.keeping import code_folder, is_tested

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import FunctionType


def part(function: FunctionType) -> Any:
    """Compiled form of a function that only compiled code calls."""
    return Part(function) if is_tested() else njit(function)


def entry(function: FunctionType, name_parts: Callable[[], None] | None = None, *, kept: bool) -> Any:
    """Compiled form of a function that Python calls; ``kept`` on disk or not.

    ``name_parts`` lets it know the parts of what it calls: asked for before it is compiled, and never where its machine code
    is on disk (a third of a second for 180 parts).
    """
    if name_parts is not None:
        _TO_NAME[function] = name_parts
    if not is_tested():
        _make_parts(function)
        return njit(cache=kept)(function)
    found = njit(no_cfunc_wrapper=True, pipeline_class=_LinkedOnce)(function)
    if kept:
        found._cache = _Kept(function)  # noqa: SLF001 (numba gives no other way to say where)
    return found


_TO_NAME: dict[FunctionType, Callable[[], None]] = {}
"""Entries whose parts are not made yet."""


def make_parts(entry: Any) -> None:
    """Make the parts of an entry, if they are not made yet."""
    _make_parts(entry.py_func)


def _make_parts(function: FunctionType) -> None:
    name_parts = _TO_NAME.pop(function, None)
    if name_parts is not None:
        name_parts()


class Counting(event.Listener):  # type: ignore[misc]
    """Told by numba of each function compiled: counts those given, each once."""

    def __init__(self, wanted: Iterable[Any], tell: Callable[[int], None]) -> None:
        self._left = set(wanted)
        self._done = 0
        self._tell = tell

    def on_start(self, event: Any) -> None:
        """Do nothing."""

    def on_end(self, event: Any) -> None:
        """Count the function."""
        function = event.data["dispatcher"]
        if function in self._left:
            self._left.remove(function)
            self._done += 1
            self._tell(self._done)


@contextmanager
def counted(wanted: Iterable[Any], tell: Callable[[int], None]) -> Iterator[None]:
    """Tell how many of these functions have been compiled within the context, whenever there is one more."""
    with event.install_listener("numba:compile", Counting(wanted, tell)):
        yield


# ---- functions that compiled code calls ------------------------------------------------------------------------------------


class Part(CPUDispatcher):  # type: ignore[misc]
    """A function called by compiled code only: one version of it for all whole numbers it is given.

    numba would compile it for each constant (``Literal[int](37)``) and each width (a field of 16 bits, one of 32) that it
    is called with. A whole number of Python has no width, and 64 bits hold what those fields hold. A member of an
    enumeration is the number it stands for, whether the source names it or a record holds it. Numbers without sign (luck,
    keys), whose arithmetic differs, and booleans stay what they are.
    """

    def __init__(self, function: FunctionType) -> None:
        options = {"nopython": True, "boundscheck": None, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
        super().__init__(function, locals={}, targetoptions=options)

    def get_call_template(self, args: tuple[Any, ...], kws: dict[str, Any]) -> Any:
        """Type of a call: numba's own, for wider arguments."""
        return super().get_call_template(tuple(map(_widened, args)), {name: _widened(kind) for name, kind in kws.items()})

    def add_overload(self, cres: Any) -> None:
        """Remember what was compiled, but not among what Python may call: there is no machine code yet."""
        self.overloads[tuple(cres.signature.args)] = cres

    def _compile_for_args(self, *_: Any, **__: Any) -> Any:
        message = (
            f"{self.py_func.__qualname__}: called from Python, and compiled for compiled code only; call its compiled_form()."
        )
        raise TypeError(message)


def _widened(kind: Any) -> Any:
    kind = types.unliteral(kind)  # type: ignore[attr-defined]
    if isinstance(kind, types.IntEnumMember):
        return types.int64
    signed = isinstance(kind, types.Integer) and kind.signed  # type: ignore[attr-defined]
    return types.int64 if signed else kind


class _PartLibrary(JITCodeLibrary):  # type: ignore[misc]
    """The code of a part, neither optimised nor emitted."""

    _own: Any = None
    _shared_module: Any

    @property
    def codegen(self) -> Any:
        """Numba's, which asks a part for no address."""
        return _WithoutEnvironment(self._codegen)

    def finalize(self) -> None:
        """End it: nothing is to be made of it here."""
        self._raise_if_finalized()
        for library in self._linking_libraries:
            self._reload_init.update(library._reload_init)  # noqa: SLF001
        self._finalize_dynamic_globals()
        for library in self._linking_libraries:
            known = self._dynamic_globals
            known.extend(name for name in library._dynamic_globals if name not in known)  # noqa: SLF001
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:  # noqa: ARG002 (numba's signature)
        """Say that there is no machine code."""
        self._ensure_finalized()
        return 0

    def own_module(self) -> Any:
        """Module of this function alone, fit to be linked with others that were linked with it too."""
        if self._own is None:
            for function in self._final_module.functions:
                if not function.is_declaration and function.linkage == binding.Linkage.external:
                    function.linkage = "linkonce_odr"
            self._own = self._final_module
        return self._own

    def _get_module_for_linking(self) -> Any:
        """Module with everything it calls, for a library that knows nothing of parts."""
        self._ensure_finalized()
        if self._shared_module is None:
            module = self.own_module().clone()
            for library in _reached(self._linking_libraries):
                module.link_in(_module_of(library), preserve=True)
            self._shared_module = module
        return self._shared_module


class _WithoutEnvironment:
    """Numba's code generator, but for the environment of a function: code that calls no Python has no use for it.

    Setting it looks the symbol up in machine code, of which a part has none. (Code loaded from disk has none either.)
    """

    def __init__(self, codegen: Any) -> None:
        self._codegen = codegen

    def set_env(self, name: str, environment: Any) -> None:
        """Do nothing."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._codegen, name)


# ---- functions that Python calls ---------------------------------------------------------------------------------------------


class _EntryLibrary(JITCodeLibrary):  # type: ignore[misc]
    """The code of an entry and of all it reaches, optimised and emitted once."""

    def finalize(self) -> None:
        """Link, optimise, emit."""
        self._raise_if_finalized()
        for library in _reached(self._linking_libraries):
            self._reload_init.update(library._reload_init)  # noqa: SLF001
            self._final_module.link_in(_module_of(library), preserve=True)
        for function in self._final_module.functions:
            if not function.is_declaration and function.linkage == binding.Linkage.linkonce_odr:
                function.linkage = "internal"  # nobody else calls it: LLVM may inline it everywhere, then drop it
        self._optimize_final_module()
        self._final_module.verify()
        self._finalize_final_module()


def _module_of(library: Any) -> Any:
    return library.own_module() if isinstance(library, _PartLibrary) else library._get_module_for_linking()  # noqa: SLF001


def _reached(libraries: list[Any]) -> list[Any]:
    """Libraries, and those their parts link in turn, each once, nearest first."""
    found: dict[Any, None] = {}
    ahead = list(libraries)
    for library in ahead:  # grows as it goes
        if library not in found:
            found[library] = None
            if isinstance(library, _PartLibrary):
                ahead.extend(library._linking_libraries)  # noqa: SLF001
    return list(found)


@contextmanager
def _parts(codegen: Any) -> Iterator[None]:
    """While an entry is compiled, whatever numba compiles on the way is a part of it."""
    before = vars(codegen).get("create_library")
    codegen.create_library = lambda name, **settings: _PartLibrary(codegen, name, **settings)
    try:
        yield
    finally:
        if before is None:
            del codegen.create_library
        else:
            codegen.create_library = before


@register_pass(mutates_CFG=False, analysis_only=False)
class _ChooseLibrary(LoweringPass):  # type: ignore[misc]
    """Give an entry its library, where numba's own lowering would make one."""

    _name = "sortie_choose_library"

    def __init__(self) -> None:
        LoweringPass.__init__(self)

    def run_pass(self, state: Any) -> bool:
        """Make it."""
        state.library = _EntryLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()
        return False


class _LinkedOnce(compiler.Compiler):  # type: ignore[misc]
    """Pipeline of an entry."""

    def compile_extra(self, func: Any) -> Any:
        """Compile, all other functions being parts."""
        context = self.state.targetctx
        # Makes numba's run-time library if it is not made, and that one must have machine code.
        context.refresh()
        _make_parts(func)
        # Here, and not around the dispatcher: libraries read from disk are made by the same method.
        with _parts(context.codegen()):
            return super().compile_extra(func)

    def define_pipelines(self) -> list[Any]:
        """Numba's own pipeline and one pass."""
        passes = compiler.DefaultPassBuilder.define_nopython_pipeline(self.state)
        passes.add_pass_after(_ChooseLibrary, IRLegalization)
        passes.finalize()
        return [passes]


# ---- on disk -----------------------------------------------------------------------------------------------------------------


class _Place:
    """Where numba keeps an entry: in the folder of this version of the code, wherever the source lies."""

    def __init__(self, function: FunctionType) -> None:
        self._module = function.__module__

    @classmethod
    def from_function(cls, function: FunctionType, _file: str) -> _Place:
        """Place of a function."""
        return cls(function)

    def get_cache_path(self) -> str:
        """Folder."""
        return str(code_folder())

    def ensure_cache_path(self) -> None:
        """Make it: it may have been deleted since."""
        code_folder().mkdir(parents=True, exist_ok=True)

    def get_source_stamp(self) -> str:
        """Nothing more: the name of the folder says which source."""
        return ""

    def get_disambiguator(self) -> str:
        """Tell functions of one name apart."""
        return self._module


class _KeptThere(CompileResultCacheImpl):  # type: ignore[misc]
    _locator_classes = (_Place,)


class _Kept(FunctionCache):  # type: ignore[misc]
    """Numba's own cache, but for what it gets ready before it looks at the disk.

    It would import every implementation of every function of Python and NumPy it knows (0.2 s), which only compiling asks for
    and fetches of itself; machine code asks for the run-time library alone.
    """

    _impl_class = _KeptThere

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Machine code of an entry for arguments of these types, or None if there is none on disk."""
        rtsys.initialize(target_context)
        with self._guard_against_spurious_io_errors():
            return self._load_overload(sig, target_context)
