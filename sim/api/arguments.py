"""What may be passed to the public functions: looked at before anything begins, in one place, by the name of the argument."""

from __future__ import annotations

import inspect
import os
from collections.abc import Iterable
from functools import cache, wraps
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

from sim.errors import RequestError, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable

_TEXT, _TEXTS, _PATH, _WHOLE, _NUMBER = "a text", "a text or a list of texts", "a path", "a whole number", "a number"
_WHAT_IS = {
    _TEXT: (str,),
    _TEXTS: (str,),
    _PATH: (str, os.PathLike),
    _WHOLE: (Integral,),
    _NUMBER: (Real,),
}
_EXPECTED = {
    **dict.fromkeys(("lever", "target", "policy", "name", "search", "query", "indicator", "applies_to"), _TEXT),
    "by": _TEXTS,
    **dict.fromkeys(("file", "output"), _PATH),
    **dict.fromkeys(("replications", "replication", "seed", "workers", "person"), _WHOLE),
    **dict.fromkeys(("fraction", "up_to", "tolerance"), _NUMBER),
}
"""What each argument takes, whatever the function; ``path`` is a text in a scenario and a path where files are."""
_LEAST = {"seed": 0, "replication": 0}
"""Least value of the whole numbers that functions take as they are."""


def checked(path: str = _PATH) -> Callable[[Any], Any]:
    """Refuse an argument of another kind than its name tells, before the function begins: a run made first would be lost.

    A whole number of NumPy is one; True is none. What is None where None is the default is left out.

    Raises
    ------
    RequestError
        When called with another kind: the argument, what was met, what is expected.
    """

    def around(function: Any) -> Any:
        expected = {**_EXPECTED, "path": path}

        @wraps(function)
        def looked_at(*given: Any, **named: Any) -> Any:
            signature = _signature(function)
            _known(function.__name__, named, signature)
            try:
                bound = signature.bind(*given, **named).arguments
            except TypeError:
                return function(*given, **named)  # which says so itself
            for name, value in bound.items():
                kind = expected.get(name)
                if kind is None or (value is None and signature.parameters[name].default is None):
                    continue
                if not _is(value, kind):
                    msg = f"{name}: met {value!r}, expected {kind}."
                    raise RequestError(msg)
                if name in _LEAST and value < _LEAST[name]:
                    msg = f"{name}: met {value!r}, expected {_LEAST[name]} or more."
                    raise RequestError(msg)
            return function(*given, **named)

        return looked_at

    return around


def _known(function: str, named: Iterable[str], signature: inspect.Signature) -> None:
    """Refuse the name of an argument that a function does not have."""
    takes = signature.parameters
    if any(each.kind is inspect.Parameter.VAR_KEYWORD for each in takes.values()):
        return
    for name in named:
        if name not in takes:
            known = [each for each in takes if each != "self"]
            msg = f"{function}: no argument '{name}'.{suggestion(name, known)} It takes {', '.join(known)}."
            if name == "where":
                msg += " Say where of each change (Scenario.change) or behaviour (Scenario.policy)."
            raise RequestError(msg)


def _is(value: Any, kind: str) -> bool:
    if kind == _TEXTS and isinstance(value, list | tuple):
        return all(isinstance(one, str) for one in value)
    return isinstance(value, _WHAT_IS[kind]) and not isinstance(value, bool)


def several(name: str, value: Any) -> list[Any]:
    """Return the members of a list, a series or an array.

    Raises
    ------
    RequestError
        If it has none, as a number, or is a text, whose letters are no members.
    """
    if isinstance(value, str) or not isinstance(value, Iterable):
        msg = f"{name}: met {value!r}, expected a list."
        raise RequestError(msg)
    return list(value)


@cache
def _signature(function: Any) -> inspect.Signature:
    return inspect.signature(function)
