"""Rules of the house that a linter does not know."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from sim.law.adjustments import ADJUSTMENTS

from .conftest import ROOT, modules, name_of

CHANCE = {"random", "secrets", "uuid"}
"""Modules that make numbers nobody can make again."""


@cache
def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes_of(tree):
    return tuple(ast.walk(tree))


def offenders(rule, paths=None):
    """What breaks a rule, file by file: a rule is one test, whatever the number of files."""
    looked_at = modules() if paths is None else paths
    assert looked_at, "no file is looked at: the rule would hold of nothing"
    return {name_of(path): found for path in looked_at if (found := list(rule(tree_of(path))))}


def unnamed_luck(tree):
    """Lines that make a random number, or a number that changes from one interpreter to the next."""
    hashing = {
        id(call)
        for method in nodes_of(tree)
        if isinstance(method, ast.FunctionDef) and method.name == "__hash__"
        for call in ast.walk(method)
    }
    for node in nodes_of(tree):
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


def test_luck_is_made_in_one_place():
    assert offenders(unnamed_luck) == {}


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


def test_every_public_name_has_a_docstring():
    assert offenders(undocumented) == {}


def test_the_search_for_docstrings_finds_what_lacks_one():
    text = '"""M."""\nclass A:\n    def b(self): ...\n    def _c(self): ...\ndef d():\n    """D."""\n'
    assert list(undocumented(ast.parse(text))) == ["A", "A.b"]


def annotated_at_once(tree):
    """First line of a module whose annotations are evaluated as it is imported."""
    annotations = [node.lineno for node in nodes_of(tree) if isinstance(node, ast.arg | ast.AnnAssign)]
    future = any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in tree.body)
    return [] if future else annotations[:1]


def test_future_annotations_everywhere():
    assert offenders(annotated_at_once) == {}


def test_the_search_for_annotations_finds_those_that_are_evaluated():
    assert annotated_at_once(ast.parse("def f(a): ...")) == [1]
    assert annotated_at_once(ast.parse("from __future__ import annotations\ndef f(a): ...")) == []


def test_no_file_needs_a_table_of_contents(files):
    long = {
        name_of(path): count
        for path in files
        if path.suffix == ".py" and (count := len(path.read_text(encoding="utf-8").splitlines())) > 450
    }
    assert long == {}


def third_party(path):
    """Top-level names a module imports that are neither ours nor the standard library's."""
    for node in nodes_of(tree_of(path)):
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
    used = {"core": set(), "shown": set(), "calibration": set()}
    rooms = {"explorer": "shown", "presentation": "shown", "calibration": "calibration"}
    for path in modules():
        part = rooms.get(path.relative_to(ROOT).parts[1], "core")
        for name in third_party(path):
            if name != "sim" and name not in sys.stdlib_module_names:
                used[part].add(canonicalize_name(distributions.get(name, [name])[0]))
    assert used["core"] <= core <= used["core"] | used["shown"]
    assert fitting <= used["calibration"] <= core | fitting
    assert used["shown"] <= core | extra


CODES = {code for adjustment in ADJUSTMENTS for code in (adjustment.code, *(r.code for r in adjustment.regimes))}


def named(tree):
    """Lines with the code of an adjustment or of a regime."""
    return [node.lineno for node in nodes_of(tree) if isinstance(node, ast.Constant) and node.value in CODES]


def test_tables_and_indicators_know_no_adjustment_by_name():
    """So that a new adjustment needs no change there (architecture: codes travel with the tables)."""
    assert offenders(named, [m for m in modules() if m.parent.name in {"records", "indicators"}]) == {}


def imported_one_by_one(tree):
    """Modules of one adjustment that a module imports."""
    imported = [node.module for node in nodes_of(tree) if isinstance(node, ast.ImportFrom) and node.module]
    return [module for module in imported if module.startswith("sim.law.adjustments.")]


def test_only_the_law_imports_one_adjustment():
    assert offenders(imported_one_by_one, [m for m in modules() if "law" not in m.relative_to(ROOT).parts]) == {}


def test_the_searches_for_adjustments_find_them():
    assert named(ast.parse('x = "DDSE"\ny = "other"')) == [1]
    found = ["sim.law.adjustments.semi_liberty"]
    assert imported_one_by_one(ast.parse("from sim.law.adjustments.semi_liberty import SEMI_LIBERTY")) == found


ENGINE = ("compiling", "institutions", "pathways", "policies", "population", "properties", "verification")
"""Folders whose tests say what the engine does, whatever the country."""
OF_THE_BASELINE = {
    "tests/institutions/test_working_week.py",
    "tests/pathways/test_first_day.py",
    "tests/population/test_joint.py",
    "tests/population/test_marginals.py",
    "tests/verification/test_cohort_of_2016.py",
    "tests/verification/test_monotone.py",
    "tests/verification/test_permissions_of_2019.py",
    "tests/verification/test_ten_questions.py",
}
"""Those that say whether the baseline holds together, or that its levers have the right sign: a new fit may well move them."""


def test_tests_of_the_engine_stand_on_the_frozen_world():
    """So that fitting the baseline again breaks no test of a mechanism."""
    reading = {
        name_of(path)
        for folder in ENGINE
        for path in (ROOT / "tests" / folder).glob("*.py")
        if re.search(r"\bBASELINE\b|[\"']baseline(\.yaml)?[\"']", path.read_text(encoding="utf-8"))
    }
    assert reading == OF_THE_BASELINE
