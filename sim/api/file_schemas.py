"""JSON Schemas of the files people write, scenarios and experiments, for editors: made from the models that read them.

A schema says less than the reader: it knows keys, kinds of values, behaviours and the paths there are; not units, bounds,
dates of a run or who reads a value (``sortie check``). What it refuses, the reader refuses.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import GenerateJsonSchema

from sim.api.scenario_page import KEYS
from sim.experiments.experiment import ExperimentBlock
from sim.law.readers import engine_rules
from sim.policies import POLICIES
from sim.scenario import load_scenario
from sim.scenario.schema import FileBlock, ParameterBlock
from sim.scenario.values import entries_of
from sim.scenario.where import WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel

DRAFT = "https://json-schema.org/draft/2020-12/schema"
FILES = {"scenario": "scenario.schema.json", "experiment": "experiment.schema.json"}
"""Names of the schemas, under docs/schemas."""

Schema = dict[str, Any]

TEXT: Schema = {"type": "string", "pattern": r"\S"}
DAY: Schema = {"type": "string", "pattern": r"^(\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{4})$"}
NUMBER: Schema = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^\s*[-+−]?\d[\d\s.,/]*$"}]}
VALUE: Schema = {
    "anyOf": [
        {"type": "boolean"},
        *NUMBER["anyOf"],
        {"type": "object", "additionalProperties": NUMBER, "minProperties": 1},
        {"type": "array", "items": NUMBER, "minItems": 1},
    ]
}
RANGE: Schema = {"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 2}
_ANY: Schema = {}
READ_BY: Mapping[str, Schema] = {
    "_text": TEXT,
    "_link": {"type": "string", "pattern": r"^https?://[^ ]+$"},
    "date_of_file": DAY,
    "value_of": VALUE,
    "_new_value": {"anyOf": [*VALUE["anyOf"], {"type": ["string", "null"]}]},
    "_ranges": {"anyOf": [RANGE, {"type": "object", "additionalProperties": RANGE}]},
    "country_share": NUMBER,
    "_dated_numbers": {"type": "object", "additionalProperties": NUMBER, "minProperties": 1},
    "_places": {
        "type": "object",
        "propertyNames": {"enum": list(WORDS)},
        "additionalProperties": {"anyOf": [TEXT, {"type": "integer"}, {"type": "array", "items": TEXT, "minItems": 1}]},
        "minProperties": 1,
    },
    "_settings": {"type": "object", "additionalProperties": {"anyOf": [*VALUE["anyOf"], {"type": "string"}]}},
    "listed": _ANY,
    "number_of": NUMBER,
    "_vintage": {"type": ["string", "integer"]},
    "_numbers_of": {"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 2},
    "_ends": RANGE,
    "_extended": {"anyOf": [TEXT, {"type": "array", "items": TEXT, "minItems": 1, "uniqueItems": True}]},
}
"""What a function of the reader takes, whatever it makes of it."""
BESIDES: Mapping[str, Schema] = {
    "in_both": {"type": "string"},
    "_reference": {"type": "string"},
    "_rule": {"type": "integer", "minimum": 1},
    "_draws": {"type": "string"},
    "_as_tuple": {},
    "<lambda>": {},
}
"""What a function of the reader takes besides what it makes: a text for both languages, a number of replications for a rule."""


class _OfFiles(GenerateJsonSchema):
    """What a file holds, before the functions of the reader have made anything of it."""

    def function_plain_schema(self, schema: Any) -> Schema:
        return dict(READ_BY[_name(schema)])

    def function_before_schema(self, schema: Any) -> Schema:
        name = _name(schema)
        if name in READ_BY:
            return dict(READ_BY[name])
        inner = self.generate_inner(schema["schema"])
        return {"anyOf": [dict(BESIDES[name]), inner]} if BESIDES[name] else inner


def _name(schema: Any) -> str:
    name: str = schema["function"]["function"].__name__
    return name


def scenario_file_schema() -> Schema:
    """Return the JSON Schema of a scenario file."""
    made = _of(FileBlock, "A scenario of sortie", FILES["scenario"])
    parameter = _of(ParameterBlock, "", "")
    known = made["$defs"] = {**parameter.pop("$defs", {}), **made["$defs"]}
    for key in ("$schema", "$id", "title"):
        parameter.pop(key, None)
    known["ParameterBlock"] = parameter
    parameter["oneOf"] = [{"required": [word]} for word in ("value", "values")]
    parameter |= {
        "if": {"properties": {"kind": {"const": "assumption"}}},
        "then": {"required": ["why"]},
        "else": {"required": ["source"]},
    }
    known["Group"] = {
        "description": "a group of values: a block with 'kind' is a value, any other a group",
        "type": "object",
        "additionalProperties": {
            "if": {"type": "object", "required": ["kind"]},
            "then": {"$ref": "#/$defs/ParameterBlock"},
            "else": {"$ref": "#/$defs/Group"},
        },
    }
    made["properties"]["parameters"] = {"$ref": "#/$defs/Group", "description": KEYS["parameters"]}
    made["if"] = {"required": ["extends"]}
    made["then"] = {"properties": {"parameters": False}}
    made["else"] = {"required": ["start", "measure_from", "end", "parameters"]}
    made["dependentRequired"] = {"asked_by": ["source"]}
    known["EstablishmentBlock"]["oneOf"] = [{"required": [word]} for word in ("open", "close", "resize")]
    known["ChangeBlock"]["oneOf"] = [_one(word) for word in ("set", "scale", "add")]
    _with_paths(known["ChangeBlock"])
    known["ChangeBlock"]["if"] = {"properties": {"set": {"pattern": r"^law\."}}, "required": ["set"]}
    known["ChangeBlock"]["then"] = {"required": ["applies_to"]}
    known["PolicyBlock"]["properties"]["name"] = {"enum": sorted(POLICIES), "description": KEYS["name"]}
    known["PolicyBlock"]["allOf"] = [
        {
            "if": {"properties": {"name": {"const": name}}},
            "then": {"properties": {"with": {"propertyNames": {"enum": sorted(policy.defaults)}}}},
        }
        for name, policy in sorted(POLICIES.items())
    ]
    return made


def experiment_file_schema() -> Schema:
    """Return the JSON Schema of an experiment file."""
    made = _of(ExperimentBlock, "An experiment of sortie", FILES["experiment"])
    made["properties"]["scenarios"] = {
        "description": "names or files; the first is the base of every comparison",
        "anyOf": [TEXT, {"type": "array", "items": TEXT, "minItems": 1}],
    }
    lever = made["$defs"]["LeverBlock"]
    lever["oneOf"] = [{"required": [word]} for word in ("set", "scale", "add")]
    _with_paths(lever)
    return made


def text_of(schema: Schema) -> str:
    """Return the text of a schema, as docs/schemas has it."""
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def _one(word: str) -> Schema:
    """One operation of a change: with its number or value, without those of the others."""
    wanted, other = ("to", "by") if word == "set" else ("by", "to")
    others = {name: False for name in ("set", "scale", "add") if name != word}
    return {"required": [word, wanted], "properties": {**others, other: False}}


def _with_paths(block: Schema) -> None:
    """Offer the paths there are; a scenario may extend a world of one's own, which has others."""
    paths = _paths()
    for word in ("set", "scale", "add"):
        known = paths if word == "set" else [path for path in paths if not path.startswith("law.")]
        block["properties"][word] = {"anyOf": [{"enum": known}, TEXT], "description": KEYS[word]}


def _paths() -> list[str]:
    """Every value of the baseline and every entry of its tables, then every rule of law that a run reads."""
    world = load_scenario("baseline").world
    found = []
    for path, leaf in sorted(world.items()):
        found.append(path)
        if leaf.shape[0] == "table":
            found += [f"{path}.{entry}" for entry in entries_of(leaf.timeline.values[0])]
    return [*found, *(f"law.{rule}" for rule in sorted(engine_rules()))]


def _of(model: type[BaseModel], title: str, name: str) -> Schema:
    made = model.model_json_schema(by_alias=True, schema_generator=_OfFiles)
    _tidy(made)
    made.pop("description", None)
    return {"$schema": DRAFT, "$id": name, "title": title, **made}


def _tidy(schema: Any) -> None:
    """Take out the titles and defaults that Pydantic makes of names, and say what each key is."""
    if isinstance(schema, list):
        for item in schema:
            _tidy(item)
    if not isinstance(schema, dict):
        return
    for key, of_key in schema.get("properties", {}).items():
        if isinstance(of_key, dict):
            of_key.pop("title", None)
            of_key.pop("default", None)
            if key in KEYS:
                of_key["description"] = KEYS[key]
    if isinstance(schema.get("title"), str):
        del schema["title"]
    for value in schema.values():
        _tidy(value)
