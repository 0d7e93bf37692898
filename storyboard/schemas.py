"""JSON Schemas (draft 2020-12) of the file and of the JSON that commands print, made from models and profiles."""

from __future__ import annotations

from typing import Any

from storyboard.jobs.states import State
from storyboard.model import Storyboard
from storyboard.profiles import KLING_3_TURBO, PROFILES

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PRIVATE = {"^x-": {"description": "A key of your own: kept, never read."}}


def storyboard_schema() -> dict[str, Any]:
    """The schema of a storyboard file; what it cannot say (sums, lengths once compiled) `storyboard check` says."""
    schema = Storyboard.model_json_schema()
    _drop_titles(schema)
    properties, shot = schema["properties"], schema["$defs"]["Shot"]
    limits = KLING_3_TURBO
    properties["model"]["enum"] = list(PROFILES)
    for name, property_ in properties.items():
        _drop_null(property_)
        if name == "duration":
            property_ |= {"minimum": limits.total_seconds.least, "maximum": limits.total_seconds.most}
    for property_ in (*shot["properties"].values(), *schema["$defs"]["Output"]["properties"].values()):
        _drop_null(property_)
    shot["properties"]["seconds"]["maximum"] = limits.total_seconds.most
    shot["patternProperties"] = _PRIVATE
    properties["output"].pop("default", None)
    return {
        "$schema": _DIALECT,
        "title": "Storyboard",
        "description": schema["description"],
        "type": "object",
        "properties": properties,
        "patternProperties": _PRIVATE,
        "required": schema["required"],
        "additionalProperties": False,
        "allOf": [
            {"if": {"required": ["negative_prompt"]}, "then": {"required": ["first_frame"]}},
            {"if": {"required": ["first_frame"]}, "then": {"not": {"required": ["aspect_ratio"]}}},
        ],
        "$defs": schema["$defs"],
    }


def diagnostics_schema() -> dict[str, Any]:
    """The schema of `check --format json`."""
    position = {"type": "integer", "minimum": 1}
    diagnostic = {
        "file": {"type": "string"},
        "line": position,
        "column": position,
        "end_line": position,
        "end_column": position,
        "code": {"type": "string", "pattern": "^SB[0-9]{3}$"},
        "severity": {"enum": ["error", "warning", "info"]},
        "message": {"type": "string"},
        "path": {"type": "array", "items": {"type": ["string", "integer"]}},
        "fix": {"anyOf": [{"type": "null"}, _object({"title": {"type": "string"}})]},
    }
    return {"$schema": _DIALECT, "title": "Diagnostics", "type": "array", "items": _object(diagnostic)}


def job_schema() -> dict[str, Any]:
    """The schema of each line of `submit --json` and `resume --json`, and of the items of `jobs --json`.

    Only the latter have marks.
    """
    dollars = {"type": "number", "minimum": 0}
    take = {
        "take": {"type": ["integer", "null"], "minimum": 1},
        "path": {"type": ["string", "null"]},
        "video": {"type": "string"},
        "url": {"type": ["string", "null"]},
        "seed": {"type": ["integer", "null"]},
        "cost": {"type": ["number", "null"], "minimum": 0},
        "sha256": {"type": ["string", "null"], "pattern": "^[0-9a-f]{64}$"},
    }
    mark = {"verdict": {"enum": ["keep", "reject"]}, "why": {"type": ["string", "null"]}, "at": {"type": "string"}}
    marked = {"mark": {"anyOf": [{"type": "null"}, _object(mark)]}}
    job = {
        "file": {"type": "string"},
        "job": {"type": "string", "format": "uuid"},
        "state": {"enum": [state.value for state in State]},
        "provider": {"enum": ["runware", "sandbox"]},
        "reused": {"type": "boolean"},
        "estimated_cost": dollars,
        "cost": {"type": ["number", "null"], "minimum": 0},
        "takes": {"type": "array", "items": _object(take, marked)},
        "error": {
            "anyOf": [{"type": "null"}, _object({"code": {"type": "string"}, "message": {"type": "string"}})],
        },
    }
    return {"$schema": _DIALECT, "title": "Job", **_object(job)}


SCHEMAS = {"storyboard": storyboard_schema, "diagnostics": diagnostics_schema, "job": job_schema}


def _object(properties: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties | (optional or {}),
        "required": list(properties),
        "additionalProperties": False,
    }


def _drop_titles(node: Any) -> None:
    """Takes out the titles that pydantic derives from names; keys called `title` stay."""
    if isinstance(node, dict):
        if isinstance(node.get("title"), str):
            del node["title"]
        for value in node.values():
            _drop_titles(value)
    elif isinstance(node, list):
        for value in node:
            _drop_titles(value)


def _drop_null(node: dict[str, Any]) -> None:
    """An optional key is left out, not given as null."""
    if node.get("default", 0) is None:
        del node["default"]
    choices = [choice for choice in node.get("anyOf", []) if choice != {"type": "null"}]
    if len(choices) == 1:
        del node["anyOf"]
        node |= choices[0]
    elif choices:
        node["anyOf"] = choices
