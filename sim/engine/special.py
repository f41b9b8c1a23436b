"""SciPy's special functions without the rest of SciPy.

``import scipy.special`` takes 0.17 s, 0.15 of them to make every function fit for arrays of PyTorch and JAX, for which it
imports parts of NumPy that nothing here uses (its Fortran compiler, its test tools). The functions themselves are in modules
of machine code, which import in 20 ms when the package is told apart from its ``__init__`` (decision 0014).
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

_PACKAGE = "scipy.special"
_MODULES = ("_ufuncs", "cython_special")
"""The functions of arrays, and those that compiled code calls."""


def _imported() -> ModuleType:
    """Import the modules, and return that of the functions of arrays; a later ``import scipy.special`` finds them."""
    if _PACKAGE not in sys.modules:
        try:
            _import_bare()
        except Exception:  # noqa: BLE001 (a SciPy laid out otherwise: as anybody imports it)
            for name in _MODULES:
                sys.modules.pop(f"{_PACKAGE}.{name}", None)
    if f"{_PACKAGE}._ufuncs" not in sys.modules:
        return import_module(_PACKAGE)
    return sys.modules[f"{_PACKAGE}._ufuncs"]


def _import_bare() -> None:
    scipy = import_module("scipy")
    spec = find_spec("scipy")
    if spec is None or spec.submodule_search_locations is None:
        raise ImportError(_PACKAGE)
    bare = ModuleType(_PACKAGE)
    bare.__path__ = [str(Path(each) / "special") for each in spec.submodule_search_locations]
    sys.modules[_PACKAGE] = bare
    try:
        for name in _MODULES:
            import_module(f"{_PACKAGE}.{name}")
    finally:
        del sys.modules[_PACKAGE]  # whoever imports the package gets all of it
        vars(scipy).pop("special", None)


_functions = _imported()
ndtr, ndtri, pdtrik = _functions.ndtr, _functions.ndtri, _functions.pdtrik
"""Normal distribution and its quantile; number of events that a Poisson law passes with a probability."""
stdtr, stdtrit = _functions.stdtr, _functions.stdtrit
"""Student's law and its quantile."""
betaincinv, betaincc = _functions.betaincinv, _functions.betaincc
"""Quantile of a beta law, and what it leaves above a number."""
