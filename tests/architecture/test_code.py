"""Rules of the house that a linter does not know."""

from __future__ import annotations

import ast
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from sim.law.adjustments import ADJUSTMENTS

from .conftest import ROOT, modules, name_of

EVERY_MODULE = pytest.mark.parametrize("path", modules(), ids=name_of)

CHANCE = {"random", "secrets", "uuid"}
"""Modules that make numbers nobody can make again."""


def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def unnamed_luck(tree):
    """Lines that make a random number, or a number that changes from one interpreter to the next."""
    hashing = {
        id(call)
        for method in ast.walk(tree)
        if isinstance(method, ast.FunctionDef) and method.name == "__hash__"
        for call in ast.walk(method)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names) if any(alias.name.split(".")[0] in CHANCE for alias in names):
                yield node.lineno
            case ast.ImportFrom(module=str(module)) if module.split(".")[0] in CHANCE or module.endswith(".random"):
                yield node.lineno
            case ast.ImportFrom(module="numpy", names=names) if any(alias.name == "random" for alias in names):
                yield node.lineno
            case ast.Attribute(value=ast.Name(id="np" | "numpy"), attr="random"):
                yield node.lineno
            case ast.Attribute(attr="rvs" | "urandom" | "default_rng" | "resample"):
                yield node.lineno
            case ast.Call(func=ast.Name(id="hash")) if id(node) not in hashing:
                yield node.lineno


@pytest.mark.parametrize("path", [m for m in modules() if m != ROOT / "sim" / "randomness.py"], ids=name_of)
def test_luck_is_made_in_one_place(path):
    assert list(unnamed_luck(tree_of(path))) == []


@pytest.mark.parametrize(
    "text",
    [
        "import random",
        "import numpy.random, random",
        "from numpy import random",
        "from numpy.random import default_rng",
        "x = np.random.rand()",
        "x = norm.rvs(3)",
        "x = hash('name')",
        "import uuid",
        "from secrets import token_hex",
    ],
)
def test_the_search_for_luck_finds_it(text):
    assert list(unnamed_luck(ast.parse(text))) == [1]


def undocumented(tree):
    """Public names of a module without a docstring, the module itself included."""
    if not ast.get_docstring(tree):
        yield "the module"
    yield from _undocumented_in(tree, "")


def _undocumented_in(parent, prefix):
    for node in parent.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            overload = any("overload" in ast.unparse(d) for d in getattr(node, "decorator_list", []))
            if not ast.get_docstring(node) and not overload:
                yield prefix + node.name
            if isinstance(node, ast.ClassDef):
                yield from _undocumented_in(node, f"{prefix}{node.name}.")


@EVERY_MODULE
def test_every_public_name_has_a_docstring(path):
    assert list(undocumented(tree_of(path))) == []


def test_the_search_for_docstrings_finds_what_lacks_one():
    text = '"""M."""\nclass A:\n    def b(self): ...\n    def _c(self): ...\ndef d():\n    """D."""\n'
    assert list(undocumented(ast.parse(text))) == ["A", "A.b"]


@EVERY_MODULE
def test_future_annotations_everywhere(path):
    tree = tree_of(path)
    annotated = any(isinstance(node, ast.arg | ast.AnnAssign) for node in ast.walk(tree))
    future = any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in tree.body)
    assert future or not annotated


def test_no_file_needs_a_table_of_contents(files):
    long = {
        name_of(path): count
        for path in files
        if path.suffix == ".py" and (count := len(path.read_text(encoding="utf-8").splitlines())) > 450
    }
    assert long == {}


def third_party(path):
    """Top-level names a module imports that are neither ours nor the standard library's."""
    for node in ast.walk(tree_of(path)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
        yield from (name.split(".")[0] for name in names)


def test_what_is_imported_is_declared_and_the_reverse():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    core = {canonicalize_name(Requirement(line).name) for line in project["dependencies"]}
    optional = project["optional-dependencies"]
    extra = {canonicalize_name(Requirement(line).name) for line in (*optional["app"], *optional["notebooks"])}
    fitting = {canonicalize_name(Requirement(line).name) for line in project["optional-dependencies"]["calibration"]}
    distributions = packages_distributions()
    used = {"core": set(), "explorer": set(), "calibration": set()}
    needs = {"explorer": "explorer", "presentation": "explorer", "calibration": "calibration"}
    for path in modules():
        part = next((needs[part] for part in path.relative_to(ROOT).parts if part in needs), "core")
        for name in third_party(path):
            if name != "sim" and name not in sys.stdlib_module_names:
                used[part].add(canonicalize_name(distributions.get(name, [name])[0]))
    assert used["core"] == core
    assert fitting <= used["calibration"] <= core | fitting
    assert used["explorer"] <= core | extra


CODES = {code for adjustment in ADJUSTMENTS for code in (adjustment.code, *(r.code for r in adjustment.regimes))}


@pytest.mark.parametrize("path", [m for m in modules() if m.parent.name in {"records", "indicators"}], ids=name_of)
def test_tables_and_indicators_know_no_adjustment_by_name(path):
    """So that a new adjustment needs no change there (architecture: codes travel with the tables)."""
    named = [n.lineno for n in ast.walk(tree_of(path)) if isinstance(n, ast.Constant) and n.value in CODES]
    assert named == []


@pytest.mark.parametrize("path", [m for m in modules() if "law" not in m.relative_to(ROOT).parts], ids=name_of)
def test_only_the_law_imports_one_adjustment(path):
    imported = [n.module for n in ast.walk(tree_of(path)) if isinstance(n, ast.ImportFrom) and n.module]
    assert [module for module in imported if module.startswith("sim.law.adjustments.")] == []
