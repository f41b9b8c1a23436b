"""What DuckDB refuses, in our words: each has its French; a kind that is not known here keeps DuckDB's own, named as such."""

from __future__ import annotations

import re

_QUOTED = r'"?([^"\n]*?)"?'
_KINDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), told)
    for pattern, told in (
        (rf"Referenced column {_QUOTED} not found in FROM clause!", "no column '{0}' in what is read"),
        (rf"(?:Values list|Table) {_QUOTED} does not have a column named {_QUOTED}$", "no column '{1}' in '{0}'"),
        (rf"Table with name {_QUOTED} does not exist!", "no view '{0}'"),
        (rf"(?:Scalar|Aggregate|Table) Function with name {_QUOTED} does not exist!", "no function '{0}'"),
        (rf"syntax error at or near {_QUOTED}$", "the statement cannot be read from '{0}' on"),
        (r"syntax error at end of input", "the statement stops too early"),
        (r"unterminated (?:quoted string|string literal)", "a text is opened by ' and never closed"),
        (
            r"No function matches the given name and argument types '([^']*)'",
            "nothing computes {0}: what is inside is of another kind (a text where a number is expected, for instance)",
        ),
        (
            rf"column {_QUOTED} must appear in the GROUP BY clause",
            "'{0}' is neither in group by nor inside a sum, an average …: add it to group by",
        ),
        (r"Could not convert string '([^']*)' to (\w+)", "no {1} can be made of '{0}'"),
        (r"Unimplemented type for cast \((\w+) -> (\w+)\)", "a {0} cannot be made a {1}"),
        (rf"Ambiguous reference to (?:table|column name) {_QUOTED}(?: \(|$)", "'{0}' could be two things: name each with 'as'"),
        (r"WHERE clause cannot contain aggregates", "a sum, an average … cannot stand in where: use having"),
        (r"Division by zero", "a division by nought"),
        (r"Out of Range Error: (.*)", "a number is too large ({0})"),
    )
)
_CLOSE = re.compile(r"(?:Candidate bindings|Did you mean):? ?(.*?)\??$", re.MULTILINE)
_PLACE = re.compile(r"^(LINE \d+: )(.*)\n *\^+$", re.MULTILINE)


def refusal(text: str) -> str:
    """Return a refusal of DuckDB in our words: what is wrong, what is close to it, the place in the statement."""
    first = text.splitlines()[0] if text else ""
    for pattern, told in _KINDS:
        found = pattern.search(first) or pattern.search(text)
        if found is None:
            continue
        said = told.format(*(group.removeprefix("memory.main.") for group in found.groups()))
        close = _CLOSE.search(text)
        if close is not None:
            names = close[1].replace('"', "")
            said += f". Close to it: {names}"
        place = _PLACE.search(text)
        if place is None:
            return said
        marker, words, arrows = place[1], place[2], place[0].splitlines()[1]
        return f"{said}\nHere: {words}\n{' ' * len('Here: ')}{arrows[len(marker) :]}"
    return f"DuckDB: {text}"
