"""Which rules a run reads: found in the source, from the functions of the law that the engine's packages import.

A function is reached when a package of the run imports it, when a reached function of ``sim/law`` names it, or when it is a
method of an adjustment that the compiled engine asks. A rule is asked when a reached function, or the run itself, reads an
attribute of its name, and its notion is one of those a run holds (:data:`sim.law.record.NOTIONS`).
"""

from __future__ import annotations

import ast
from pathlib import Path

import sim
from sim.law import Statutes
from sim.law.record import NOTIONS

SIM = Path(sim.__file__).parent
RUN = ("population", "institutions", "pathways", "policies", "records", "reconviction", "simulation")
METHODS = {"opens", "excluded", "barred_by_surety", "eligible_from", "court"}


def trees(folder: Path, *, without: str = ""):
    for path in sorted(folder.rglob("*.py")):
        if not without or without not in path.parts:
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def names(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def attributes(node: ast.AST) -> set[str]:
    return {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}


def followed(waiting: set[str], functions: dict[str, list[ast.FunctionDef]]) -> set[str]:
    """Attributes that some functions, and those they name, read."""
    read: set[str] = set()
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for function in functions.get(name, []):
            read |= attributes(function)
            waiting |= names(function)
    return read


def asked() -> frozenset[str]:
    """Dotted names of the rules that a run reads."""
    functions: dict[str, list[ast.FunctionDef]] = {}
    methods: list[ast.FunctionDef] = []
    for path, tree in trees(SIM / "law", without="rulebook"):
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                if node.name in METHODS and "adjustments" in path.parts:
                    methods.append(node)
                else:
                    functions.setdefault(node.name, []).append(node)
    read: set[str] = set()
    waiting: set[str] = set()
    for package in RUN:
        for _, tree in trees(SIM / package):
            read |= attributes(tree)
            for node in ast.walk(tree):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sim.law"):
                    waiting |= {alias.name for alias in node.names}
    for method in methods:
        read |= attributes(method)
        waiting |= names(method)
    read |= followed(waiting, functions)
    paths = Statutes.load().paths()
    return frozenset(path for path in paths if path.partition(".")[0] in NOTIONS and path.partition(".")[2] in read)
