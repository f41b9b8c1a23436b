"""SciPy's functions are imported without the rest of it, and are the same (:mod:`sim.engine.special`)."""

from __future__ import annotations

import subprocess
import sys

import pytest

NAMES = ("ndtr", "ndtri", "pdtrik", "stdtr", "stdtrit", "betaincinv", "betaincc")


def answer(root, code):
    return subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True).stdout.split("\n")


def test_they_come_without_what_makes_them_slow_to_import(root):
    code = (
        "import sys\nimport sim.engine.special, sim.simulation.run\n"
        "print(*(name for name in ('scipy.special', 'numpy.f2py', 'scipy._lib._array_api') if name in sys.modules))"
    )
    assert answer(root, code)[0] == ""


@pytest.mark.parametrize("first", ["", "import scipy.special\n"])
def test_they_are_those_of_scipy_whoever_comes_first(root, first):
    code = (
        f"{first}from sim.engine import special\nimport scipy.special, scipy.stats\n"
        "print(all(getattr(special, name)(0.3, 2.0, 0.4)[()] == getattr(scipy.special, name)(0.3, 2.0, 0.4)\n"
        f"          if name.startswith('beta') else True for name in {NAMES}))\n"
        "print(special.ndtri is scipy.special._ufuncs.ndtri, float(scipy.special.ndtri(0.975)),\n"
        "      hasattr(scipy.special, 'logsumexp'))"
    )
    same, told, *_ = answer(root, code)
    assert same == "True"
    assert told == "True 1.959963984540054 True"


def test_a_scipy_laid_out_otherwise_is_imported_as_anybody_does(root):
    code = (
        "import importlib.util, sys\nfind = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, *rest: None if name == 'scipy' else find(name, *rest)\n"
        "from sim.engine import special\nprint(float(special.ndtri(0.975)), 'scipy.special' in sys.modules)"
    )
    assert answer(root, code)[0] == "1.959963984540054 True"


def test_machine_code_is_loaded_without_all_that_compiling_needs(root):
    code = (
        "import sys\nimport numpy as np\nfrom sim.randomness import Draws\nDraws(1, 0).luck(np.arange(3))\n"
        "print(*(name for name in ('numba', 'numba.np.linalg', 'numba.typed.typeddict') if name in sys.modules))"
    )
    answer(root, code)  # compiled if it was not
    assert "numba.np.linalg" not in answer(root, code)[0].split()
