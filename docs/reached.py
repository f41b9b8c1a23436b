"""Who reads each rule of law and each parameter, found in the code: ``python docs/read_by.py`` prints it.

Nothing is listed by hand. Four facts are put together:

* the functions a run can reach, found from :func:`sim.simulation.run.simulate` by following every name of the package;
* the fields of the law's record, and of the record of parameters, that those functions read (their syntax trees);
* the entries of the scenario each field of the record of parameters depends on, found by moving them one at a time;
* the entries of the scenario read otherwise, by the first days of a small run and by what it is measured with.

``docs/generate.py`` writes the result beside the scenario layer (``sim/scenario/read_by.yaml``), which must answer without
importing the engine; a test finds it again.
"""

from __future__ import annotations

import ast
import inspect
from collections import defaultdict
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

# ---- functions a run can reach ----------------------------------------------------------------------------------------


@cache
def _nodes(file: str) -> dict[tuple[str, int], FunctionNode]:
    """Functions of a source file by name and first line (that of the first decorator, as code objects have it)."""
    found: dict[tuple[str, int], FunctionNode] = {}
    for node in ast.walk(ast.parse(Path(file).read_text(encoding="utf-8"))):
        if isinstance(node, FunctionNode):
            decorators = getattr(node, "decorator_list", [])
            name = getattr(node, "name", "<lambda>")
            found[name, min([node.lineno, *(each.lineno for each in decorators)])] = node
    return found


def _node(function: FunctionType) -> FunctionNode | None:
    code = function.__code__
    if code.co_filename.startswith("<"):  # written at import, by a dataclass or from a table
        return None
    return _nodes(code.co_filename).get((code.co_name, code.co_firstlineno))


def _is_ours(thing: Any) -> bool:
    """Whether something is of the package; what makes it fast (``sim.engine``) is handed functions, and knows no law.

    What is written at import from a table (``<generated …>``) calls functions of the package, wherever it is written.
    """
    module = str(getattr(thing, "__module__", ""))
    written = isinstance(thing, FunctionType) and thing.__code__.co_filename.startswith("<generated")
    return module.partition(".")[0] == "sim" and (written or not module.startswith("sim.engine"))


class Reach:
    """Functions and classes of the package that some roots may call, whatever the data.

    A function is reached if a function reached names it, directly or in a list; a method, if its class is named (or an
    instance of it is held by a global) and its name is read of anything. More may be found than is ever called, never less.
    """

    def __init__(self, roots: Iterable[Any]) -> None:
        self.functions: dict[FunctionType, FunctionNode] = {}
        self.classes: set[type] = set()
        self.attributes: set[str] = set()
        self._seen: set[int] = set()
        self._kept: list[Any] = []  # what was seen stays alive, so that no other thing takes its number
        for root in roots:
            self.see(root)
        while self._methods():
            pass

    def see(self, thing: Any) -> None:
        """Take note of something a function names."""
        if isinstance(thing, ModuleType | str | bytes | int | float | CodeType) or thing is None or id(thing) in self._seen:
            return
        self._seen.add(id(thing))
        self._kept.append(thing)
        if isinstance(thing, partial):
            self.see(thing.func)
        elif hasattr(thing, "__wrapped__"):  # a cache, a context manager
            self.see(thing.__wrapped__)
        elif isinstance(thing, MethodType):
            self.see(thing.__func__)
        elif isinstance(thing, tuple | list | set | frozenset | dict):
            for each in (*thing, *(thing.values() if isinstance(thing, dict) else ())):
                self.see(each)
        elif isinstance(thing, FunctionType) and _is_ours(thing):
            self._follow(thing)
        elif isinstance(thing, type):
            self.classes.update(each for each in thing.__mro__ if _is_ours(each))
        elif _is_ours(type(thing)):
            self.see(type(thing))

    def _follow(self, function: FunctionType) -> None:
        node = _node(function)
        if node is None:
            for name in function.__code__.co_names:
                self.see(function.__globals__.get(name))
            return
        self.functions[function] = node
        local = {*function.__code__.co_varnames, *function.__code__.co_cellvars}
        for part in body(node):
            if isinstance(part, ast.Attribute):
                self.attributes.add(part.attr)
                self.see(constant(part, function))
            elif isinstance(part, ast.Name) and part.id not in local:
                self.see(constant(part, function))
            elif isinstance(part, ast.ImportFrom) and str(part.module).partition(".")[0] == "sim":
                module = import_module(str(part.module))
                for alias in part.names:
                    self._imported(getattr(module, alias.name, None) or import_module(f"{part.module}.{alias.name}"))

    def _imported(self, thing: Any) -> None:
        """See what a function imports for itself: all the functions of a module, since its names are then local."""
        inside = vars(thing).values() if isinstance(thing, ModuleType) else [thing]
        for each in inside:
            if not isinstance(thing, ModuleType) or isinstance(each, FunctionType | type):
                self.see(each)

    def _methods(self) -> bool:
        """See the methods of classes reached whose names are read; tell whether there were new ones."""
        before = len(self._seen)
        for owner in tuple(self.classes):
            for name, member in vars(owner).items():
                if name in self.attributes or (name.startswith("__") and name.endswith("__")):
                    for each in (getattr(member, part, None) for part in ("fget", "fset", "__func__", "func")):
                        self.see(each)
                    if isinstance(member, FunctionType) or hasattr(member, "__wrapped__"):
                        self.see(member)
        return len(self._seen) > before


def body(node: FunctionNode) -> Iterator[ast.AST]:
    """Every part of a function but its annotations and decorators, in no order."""
    for statement in node.body if isinstance(node.body, list) else [node.body]:
        yield from ast.walk(statement)


def constant(node: ast.AST, function: FunctionType) -> Any:
    """Object that a name, or an attribute of a module or a class, stands for in a function; None if it is not known before."""
    if isinstance(node, ast.Name):
        inner = inspect.getclosurevars(function).nonlocals if function.__closure__ else {}
        return inner.get(node.id, function.__globals__.get(node.id))
    if isinstance(node, ast.Attribute):
        owner = constant(node.value, function)
        if isinstance(owner, ModuleType | type):
            return (
                inspect.getattr_static(owner, node.attr, None) if isinstance(owner, type) else getattr(owner, node.attr, None)
            )
    return None


# ---- fields of records that they read ---------------------------------------------------------------------------------

LAW, PARAMETERS, MEANS = "law", "parameters", "means"
MADE_BY = {"read_parameters": PARAMETERS, "read_means": MEANS} | dict.fromkeys(
    ("parameters_for", "parameters_in", "parameters_at_office", "parameters_of_region"), PARAMETERS
)
"""Records by the function that makes them."""
_WHOLE_RECORDS = frozenset({"vars", "as_record"})
"""What may be handed a whole record: it copies or compares what is in it, and reads no field for what it says."""


class Fields:
    """Fields of the law's record, and of the records of a day's parameters and means, that functions read.

    A *record* is followed from where it is named (``….conditional_release``, ``….parameters``, what ``read_means``
    returns) through local names and arguments to where a field of it is read. One that goes where it cannot be followed is an
    error: better no answer than a wrong one.
    """

    def __init__(self, reach: Reach, notions: Mapping[str, frozenset[str]], inner: frozenset[str]) -> None:
        self.reach = reach
        self.notions = notions
        self.inner = inner
        """Records within the record of parameters: ``parameters.files``, ``parameters.hearings.decision``."""
        self.read: dict[str, set[str]] = defaultdict(set)
        """By record, ``law.remission`` or ``parameters.files`` or ``means``: the fields read."""
        self._arguments: dict[FunctionType, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._named: dict[str, list[FunctionType]] = defaultdict(list)
        for function in reach.functions:
            self._named[function.__name__].append(function)
        size = -1
        while size != self._size():  # arguments found in one round are followed in the next
            size = self._size()
            for function, node in reach.functions.items():
                self._look(function, node)

    def _size(self) -> int:
        bound = sum(len(records) for names in self._arguments.values() for records in names.values())
        return bound + sum(len(fields) for fields in self.read.values())

    def _look(self, function: FunctionType, node: FunctionNode) -> None:
        names: dict[str, set[str]] = defaultdict(set)
        for name, records in self._arguments[function].items():
            names[name] |= records
        parts = list(body(node))
        for _ in range(2):  # a name may be used above the line, of a loop, that gives it
            for part in parts:
                if isinstance(part, ast.Assign | ast.AnnAssign | ast.NamedExpr) and part.value is not None:
                    targets = part.targets if isinstance(part, ast.Assign) else [part.target]
                    for target in targets:
                        self._assign(target, part.value, names, function)
                elif isinstance(part, ast.For | ast.comprehension) and isinstance(part.target, ast.Name):
                    names[part.target.id] |= self._records(part.iter, names, function)  # one of a list of records
        for part in parts:
            if isinstance(part, ast.Attribute | ast.Subscript):
                self._field(part, names, function)
            elif isinstance(part, ast.Call):
                self._call(part, names, function)
            elif isinstance(part, ast.Return | ast.Yield) and part.value is not None:
                self._stop(self._records(part.value, names, function), function, part)

    def _assign(self, target: ast.AST, value: ast.expr, names: dict[str, set[str]], function: FunctionType) -> None:
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
            for one, other in zip(target.elts, value.elts, strict=True):
                self._assign(one, other, names, function)
            return
        records = self._records(value, names, function)
        if isinstance(target, ast.Name):
            names[target.id] |= records
        else:
            self._stop(records, function, target)

    def _records(self, node: ast.AST, names: Mapping[str, set[str]], function: FunctionType) -> set[str]:
        """Records that an expression may be."""
        if isinstance(node, ast.Name):
            return names.get(node.id, set())
        if isinstance(node, ast.IfExp):
            return self._records(node.body, names, function) | self._records(node.orelse, names, function)
        if isinstance(node, ast.ListComp):  # a list of records, one for each set of places
            return self._records(node.elt, names, function)
        if isinstance(node, ast.Subscript) and not (isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str)):
            return self._records(node.value, names, function)
        if isinstance(node, ast.Call):
            called = constant(node.func, function)
            made = MADE_BY.get(getattr(called, "__name__", ""))
            return set() if made is None else {made}
        if isinstance(node, ast.Attribute):
            owners = self._records(node.value, names, function)
            if owners:
                return {f"{owner}.{node.attr}" for owner in owners} & self.inner
            if node.attr == PARAMETERS and not isinstance(constant(node.value, function), ModuleType):
                return {PARAMETERS}
            if node.attr in self.notions and getattr(node.value, "id", "") != "self":
                return {f"{LAW}.{node.attr}"}
        return set()

    def _field(self, node: ast.Attribute | ast.Subscript, names: Mapping[str, set[str]], function: FunctionType) -> None:
        field = node.attr if isinstance(node, ast.Attribute) else None
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
            field = node.slice.value
        for record in self._records(node.value, names, function):
            if field is not None and field in self.known(record):
                self.read[record].add(field)

    def known(self, record: str) -> frozenset[str]:
        """Fields a record of the law has; those of the others are whatever is read of them."""
        return self.notions[record.partition(".")[2]] if record.startswith(LAW) else _ANY

    def _call(self, node: ast.Call, names: Mapping[str, set[str]], function: FunctionType) -> None:
        given: list[tuple[int | str, set[str]]] = [
            (place, self._records(argument, names, function)) for place, argument in enumerate(node.args)
        ]
        given += [(str(each.arg), self._records(each.value, names, function)) for each in node.keywords]
        if not any(records for _, records in given):
            return
        called = constant(node.func, function)
        called = getattr(called, "__wrapped__", called)
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        targets = [called] if isinstance(called, FunctionType) else self._named[name] if called is None else []
        if name in _WHOLE_RECORDS:
            return
        if not targets:
            for _, records in given:
                self._stop(records, function, node)
        for target in targets:
            arguments = inspect.getfullargspec(target).args
            method = isinstance(node.func, ast.Attribute) and arguments[:1] in (["self"], ["cls"])
            for place, records in given:
                if records:
                    to = place if isinstance(place, str) else arguments[place + method]
                    self._arguments[target][to] |= records

    def _stop(self, records: set[str], function: FunctionType, node: ast.AST) -> None:
        if records:
            line = getattr(node, "lineno", function.__code__.co_firstlineno)
            msg = (
                f"{function.__module__}:{line}: {', '.join(sorted(records))} goes where docs/read_by.py cannot follow it:"
                " read its fields here, or hand it to a function of the package"
            )
            raise LookupError(msg)


class _Anything(frozenset[str]):
    def __contains__(self, _: object) -> bool:
        return True


_ANY = _Anything()
