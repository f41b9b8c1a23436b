"""Plain functions written from a table, where a list kept by hand would have to stay in step with it.

They are ordinary functions of the package: Python runs them, and they are compiled as those in files are.
"""

from __future__ import annotations

import linecache
from inspect import signature
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


def function(name: str, parameters: str, lines: Sequence[str], known: Mapping[str, Any] | None = None) -> Callable[..., Any]:
    """Make a function of its source.

    Parameters
    ----------
    name, parameters, lines
        ``def name(parameters):`` and the lines of its body.
    known
        What its names outside it stand for.
    """
    text = f"def {name}({parameters}):\n" + "".join(f"    {line}\n" for line in lines)
    place = f"<generated {name}>"
    # A traceback shows these lines as it does those of a file.
    linecache.cache[place] = (len(text), None, text.splitlines(keepends=True), place)
    names = {"__name__": __name__, **(known or {})}
    exec(compile(text, place, "exec"), names)  # noqa: S102 (the text is made above, from the program's own tables)
    found: Callable[..., Any] = names[name]
    return found


def choice(functions: Sequence[Callable[..., Any]], arguments: int) -> Callable[..., Any]:
    """Make a function of a number and so many arguments, that calls the function at that place in a list.

    Each is given as many of the arguments, from the first, as it takes. A number beyond the list calls the last one.
    """
    given = [f"argument_{place}" for place in range(arguments)]
    lines = []
    for place, each in enumerate(functions):
        taken = len(signature(getattr(each, "py_func", each)).parameters)
        call = f"return function_{place}({', '.join(given[:taken])})"
        lines.append(f"if number == {place}: {call}" if place < len(functions) - 1 else call)
    known = {f"function_{place}": each for place, each in enumerate(functions)}
    return function("choose", ", ".join(["number", *given]), lines, known)
