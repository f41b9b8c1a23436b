"""From a mistake found by a model to the one message a person can act on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from sim.errors import suggestion
from sim.scenario.document import shown
from sim.scenario.values import EntryError

if TYPE_CHECKING:
    from sim.scenario.document import Document, Place

Block = TypeVar("Block", bound=BaseModel)

_EXPECTED = {
    "model_type": "'key: value' lines",
    "dict_type": "'key: value' lines",
    "list_type": "a list ('- …' lines)",
    "string_type": "a text",
}


def validated(block: type[Block], raw: object, document: Document, place: Place) -> Block:
    """Check a part of a file against its model.

    Raises
    ------
    ScenarioError
        For the first mistake in the order of the file, with its place, its line, the value met and a way out.
    """
    if isinstance(raw, dict):
        # Dates used as keys stay dates inside values; at the top of a block every key is a word.
        raw = {str(key): value for key, value in raw.items()}
    try:
        return block.model_validate(raw)
    except ValidationError as problem:
        places = [(_place(error), error) for error in problem.errors(include_url=False)]
        # A key that is missing comes last: more often than not it is there, misspelt, and the misspelling is told.
        loc, first = min(places, key=lambda pair: (pair[1]["type"] == "missing", document.line((*place, *pair[0]))))
        raise document.error((*place, *loc), _message(block, first, loc, document)) from problem


_PLACES = frozenset({"interregion", "departement", "establishment", "site", "court"})
_SAY_WHERE = "no such key: places are named under 'where', as in where: {interregion: Lyon}"


def _place(error: Any) -> Place:
    loc = tuple(part if isinstance(part, int) else str(part) for part in error["loc"] if part != "[key]")
    cause = error.get("ctx", {}).get("error")
    return loc + cause.place if isinstance(cause, EntryError) else loc


_OTHER_FILES = {
    "scenarios": "this is an experiment, with several scenarios. Look at it with: sortie plan {file}; "
    "run it with: sortie batch {file}",
    "extends": "this is a scenario. Look at it with: sortie check {file}; run it with: sortie run {file}",
    "changes": "this is a scenario. Look at it with: sortie check {file}; run it with: sortie run {file}",
}
"""Keys that one sort of file has and the other has not."""


def _message(block: type[BaseModel], error: Any, loc: Place, document: Document) -> str:
    cause = error.get("ctx", {}).get("error")
    if cause is not None:
        return str(cause)
    met, sort = error["input"], error["type"]
    if sort == "extra_forbidden":
        known = _keys_at(block, loc[:-1])
        key = str(loc[-1])
        if key in _PLACES:
            return _SAY_WHERE
        other = _OTHER_FILES.get(key) if len(loc) == 1 and block.__name__ in {"FileBlock", "ExperimentBlock"} else None
        if other is not None:
            return f"no such key: {other.format(file=document.label)}"
        return f"no such key.{suggestion(str(loc[-1]), known)} Keys here: {', '.join(sorted(known))}"
    if sort == "missing":
        return "missing: this key is needed here"
    if sort == "literal_error":
        expected = error["ctx"]["expected"].replace("'", "").replace(" or ", ", ")
        close = suggestion(str(met), expected.split(", "))
        return f"expected one of {expected}; met {shown(met)}{'.' + close if close else ''}"
    expected = _EXPECTED.get(sort)
    return f"expected {expected}, met {shown(met)}" if expected else f"{error['msg']}, met {shown(met)}"


def _keys_at(block: type[BaseModel], loc: Place) -> list[str]:
    """Keys of the model found by following a place down the fields, lists looked through."""
    for part in loc:
        if isinstance(part, int):
            continue
        inner = _model_in(block.model_fields[part].annotation) if part in block.model_fields else None
        if inner is None:
            break
        block = inner
    return [field.alias or name for name, field in block.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in getattr(annotation, "__args__", ()):
        found = _model_in(part)
        if found is not None:
            return found
    return None
