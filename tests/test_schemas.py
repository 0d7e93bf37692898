"""The JSON Schemas: what lies in schemas/ is what the command prints, and it fits the files and outputs."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from storyboard.cli.main import main
from storyboard.document import Document
from storyboard.schemas import SCHEMAS, diagnostics_schema, job_schema, storyboard_schema

ROOT = Path(__file__).parents[1]
SAMPLES = sorted((ROOT / "samples").glob("*.storyboard.yaml"))

LAMP: dict[str, Any] = {"shots": [{"seconds": 3, "prompt": "A lamp."}]}
BOARD = Draft202012Validator(storyboard_schema())


@pytest.mark.parametrize("name", list(SCHEMAS))
def test_files_are_what_the_command_prints(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`storyboard schema NAME > schemas/NAME.schema.json` is how they are made, and what repairs this test."""
    assert main(["schema", name]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))


def test_no_other_files() -> None:
    """Every file in schemas/ has a command that makes it."""
    assert {path.name for path in (ROOT / "schemas").iterdir()} == {f"{name}.schema.json" for name in SCHEMAS}


@pytest.mark.parametrize("name", list(SCHEMAS))
def test_schemas_are_valid_themselves(name: str) -> None:
    """Draft 2020-12, and they say so."""
    schema = SCHEMAS[name]()
    assert schema["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_samples_fit(path: Path) -> None:
    """An editor that knows the schema finds no fault in a sample, and the sample names the schema."""
    data = path.read_bytes()
    BOARD.validate(Document.parse(data).data)
    reference = data.split(b"\n", 1)[0].decode().partition("$schema=")[2]
    assert (path.parent / reference).resolve() == ROOT / "schemas" / "storyboard.schema.json"


def with_shot(**keys: Any) -> dict[str, Any]:
    """A storyboard whose first shot has other keys."""
    board = deepcopy(LAMP)
    board["shots"][0] |= keys
    return board


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"shots": []},
        {"shots": LAMP["shots"] * 7},
        {"shots": [{"seconds": 3}]},
        with_shot(seconds=0),
        with_shot(seconds=16),
        with_shot(seconds=1.5),
        with_shot(seconds="3"),
        with_shot(prompt=" "),
        with_shot(prompt=None),
        with_shot(promt="A lamp."),
        LAMP | {"titel": "Lamp"},
        LAMP | {"title": ""},
        LAMP | {"title": None},
        LAMP | {"title": "x" * 201},
        LAMP | {"model": "another"},
        LAMP | {"duration": 2},
        LAMP | {"duration": 16},
        LAMP | {"aspect_ratio": "4:3"},
        LAMP | {"resolution": "480p"},
        LAMP | {"negative_prompt": "rain"},
        LAMP | {"first_frame": "a.png", "aspect_ratio": "16:9"},
        LAMP | {"cast": {"keeper": 1}},
        LAMP | {"cast": ["keeper"]},
        LAMP | {"output": {"takes": 5}},
        LAMP | {"output": {"quality": 19}},
        LAMP | {"output": {"ttl": 59}},
        LAMP | {"output": {"format": "mp4"}},
        LAMP | {"output": {"x-note": "private keys are for the file and its shots"}},
    ],
)
def test_what_is_wrong_does_not_fit(wrong: dict[str, Any]) -> None:
    """Keys, kinds and values outside the table of the file's format are faults in an editor, too."""
    BOARD.validate(LAMP)
    with pytest.raises(ValidationError):
        BOARD.validate(wrong)


def test_private_keys_fit() -> None:
    """`x-…` at the top and in shots may hold anything."""
    BOARD.validate(with_shot(**{"x-lens": [35, None]}) | {"x-scene": {"any": ["thing"]}})


def test_every_key_has_words() -> None:
    """What an editor shows beside a key while one types."""
    schema = storyboard_schema()
    groups = [schema, schema["$defs"]["Shot"], schema["$defs"]["Output"]]
    for name, key in [item for group in groups for item in group["properties"].items()]:
        assert key.get("description") or "$ref" in key, name


def test_outputs_allow_nothing_else() -> None:
    """A key that a program could come to rely on is in the schema, or it is not printed."""
    diagnostic, job = diagnostics_schema()["items"], job_schema()
    for schema in (diagnostic, job, job["properties"]["takes"]["items"]):
        assert schema["additionalProperties"] is False
        assert schema["required"] == [name for name in schema["properties"] if name != "mark"]
