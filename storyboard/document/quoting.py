"""Values on one line: plain where every reader takes them for what they are, else in quotes."""

from __future__ import annotations

import io
import json
import math
import re
from typing import Any

import yaml

from storyboard.document.loader import STR, plain_tag
from storyboard.unseen import STRAY, UNSEEN

UNPRINTABLE = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""What YAML allows only as an escape, and line breaks that some readers know and others do not."""

# Flags are written with tags: those are part of a picture, as joiners are.
_UNSEEN = re.compile(f"[{UNSEEN}](?<![\U000e0020-\U000e007f])|{STRAY}")
_YAML_1_1 = yaml.resolver.Resolver.yaml_implicit_resolvers
# What readers of other dialects take for numbers and times.
_NUMBER_LIKE = re.compile(r"[-+]?[.0-9][0-9_.,:eExXoObBaAcCdDfF+-]*\Z|[0-9]{4}-[0-9].*\Z")
_LETTERS_LIKE = re.compile(r"(?:y|n|yes|no|on|off|true|false|null|[-+]?\.(?:inf|nan))\Z", re.IGNORECASE)


def is_plain(text: str, *, flow: bool) -> bool:
    """Whether a text can stand without quotes and every reader takes it for this text."""
    if not text or plain_tag(text) != STR or _NUMBER_LIKE.match(text) or _LETTERS_LIKE.match(text):
        return False
    if UNPRINTABLE.search(text) or any(pattern.match(text) for _, pattern in _YAML_1_1.get(text[0], ())):
        return False
    analysis = yaml.emitter.Emitter(io.StringIO(), allow_unicode=True).analyze_scalar(text)
    return bool(analysis.allow_flow_plain if flow else analysis.allow_block_plain) and not analysis.multiline


def single_quoted(text: str) -> str:
    """A text of one line in single quotes."""
    return "'" + text.replace("'", "''") + "'"


def quoted(text: str) -> str:
    """Any text on one line in double quotes; JSON, but for characters that need `\\U`."""
    plain = UNPRINTABLE.sub(lambda match: _escape(match[0]), json.dumps(text, ensure_ascii=False))
    return plain if plain.isascii() and plain.isprintable() else _UNSEEN.sub(lambda match: _escape(match[0]), plain)


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def flow_text(value: Any, *, json_like: bool = False) -> str:
    """Any value on one line, as YAML's flow style; with `json_like` all texts in double quotes."""

    def inner(one: Any) -> str:
        return flow_text(one, json_like=json_like)

    if isinstance(value, str):
        return value if not json_like and is_plain(value, flow=True) else quoted(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{inner(key)}: {inner(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(inner, value)) + "]"
    return _number(value) if isinstance(value, float) else json.dumps(value)


def _number(value: float) -> str:
    if not math.isfinite(value):
        return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"
    mantissa, e, exponent = repr(value).partition("e")
    # YAML 1.1 reads 1e+22 as text: it wants the point, and a sign before the exponent.
    if not e:
        return mantissa
    return f"{mantissa if '.' in mantissa else mantissa + '.0'}e{exponent if exponent[0] in '+-' else '+' + exponent}"
