"""Keys, passwords and tokens: an import never carries them into a storyboard, which is a file meant for git.

What is secret is told by its name (`apiKey`, `Authorization`), by its form (`sk-…`, a JWT, a private key), by its place
in an address, or because it is the environment's own key. Names alone are not enough where they are words of prose:
`token: a ring` stays, `token: 9f8e7d6c5b4a` does not.
"""

from __future__ import annotations

import json
import os
import re
from base64 import b64decode
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from storyboard.addresses import KEY_NAME
from storyboard.bounded import read_json
from storyboard.dialects.secret_signs import (
    FORMS,
    MASK,
    is_code,
    is_header,
    is_made_of_words,
    is_placeholder,
    is_random,
    is_secret,
    is_secret_parameter,
    is_secret_setting,
    is_strong,
    is_token,
    is_weak,
    may_hold_secret,
    names_secret,
    plain,
)
from storyboard.own_key import ESCAPED, can_be_told, unescaped, without_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from storyboard.dialects.film import FoundFilm

    Hidden = Callable[[str], str]

_NAMES = ("name", "key", "header", "field", "label", "id", "variable", "setting", "title", "parameter", "property")
_VALUES = ("value", "val", "default", "content", "text", "data")
"""Keys of `{"name": "Authorization", "value": "…"}`."""
_ASIDE = {
    "around the JSON": "around the JSON",
    "around the table": "around the table",
    "preamble": "before the first shot",
}
"""What is kept of the words around the shots, and what remarks call its place."""
_DEPTH = 12

_PATH_TOKENS = re.compile(
    r"(https?://(?:hooks\.slack\.com/(?:services|workflows|triggers)/"
    r"|(?:\w{1,20}\.)?discord(?:app)?\.com/api/(?:v\d{1,3}/)?webhooks/\d{1,30}/"
    r"|api\.telegram\.org/bot|(?:[\w-]{1,60}\.){0,3}webhook\.office\.com/webhookb2/|outlook\.office(?:365)?\.com/webhook/"
    r"|hooks\.zapier\.com/hooks/|hook\.(?:\w{1,9}\.)?(?:make|integromat)\.com/|maker\.ifttt\.com/|webhook\.site/"
    r"|open\.(?:feishu\.cn|larksuite\.com)/open-apis/bot/v\d/hook/|(?=[\w-]{1,60}\.m\.pipedream\.net)))([^\s\"'<>?#]{6,})",
    re.IGNORECASE,
)
"""Addresses whose path is the secret."""
_USERINFO = re.compile(r"(?<![A-Za-z0-9:/])((?:[A-Za-z][A-Za-z0-9+.-]{0,20}:)?//)([^\s/?#@\"'<>\\]{1,600})@")
_ODD_USERINFO = re.compile(
    r"(?<![A-Za-z0-9+.-])([A-Za-z][A-Za-z0-9+.-]{1,20}://)([^\s/?#@:\"'<>\\]{0,60}:(?!\d{1,5}[/?#])[^\s@\"'<>\\]{1,200})@(?=\w)"
)
"""The same with `/`, `?` or `#` in the password, which browsers refuse and people write."""
_BARE_USERINFO = re.compile(
    r"(?<![\w./@:-])(?!(?:mailto|xmpp|sips?|acct|e?-?mail|contact|from|to|cc):)([\w.-]{1,60}:)([^\s/@:\"'<>]{1,100})(?=@[\w-]{1,60}(?:\.\w|:\d))"
)
_PARAMETER = re.compile(r"([?&#])([A-Za-z0-9_.~%\[\]-]{1,60})=([^&#\s\"'<>\\;]{1,4000})")
_SCHEME = re.compile(r"\b(Bearer|Basic|Digest)([ \t]{1,4}|%20|\+)([A-Za-z0-9._~+/=%-]{8,})", re.IGNORECASE)
_SPOKEN = re.compile(
    r"(\b(?:api|access|secret|auth|private|runware|fal|openai)[ _-]?(?:key|token)s?"
    r"(?:[ \t]{1,3}(?:is|was))?[ \t]{1,3}[\"'`]?)([A-Za-z0-9._~+/=-]{8,})",
    re.IGNORECASE,
)
"""`my API key is …`."""
_ELEMENT = re.compile(r"(<([A-Za-z][\w:.-]{0,60})(?:\s[^<>]{0,200})?>)([^<>]{1,4000})(?=</)")
_USER_OPTION = re.compile(
    r"((?:^|\s)(?:-u|-U|--user|--proxy-user)(?:[ =]|(?=[\w\"']))[\"']?)([^\s:\"']{0,200}:[^\s\"']{1,400})", re.MULTILINE
)
_CURL = re.compile(r"\b(?:curl|wget|https?|xh)(?:\.exe)?\s{1,4}(?:-{1,2}[A-Za-z]|https?://|[\"']|(?:GET|POST|PUT)\s)")
"""A command whose options may hold a user or a cookie; `curl` alone is a word."""
_COOKIE_OPTION = re.compile(r"((?:^|\s)-b[ =]?[\"']?)([\w.-]{1,80}=[^\s\"']{1,4000})", re.MULTILINE)
_OPTIONS = (
    re.compile(r"((?:^|\s)--?([A-Za-z][\w-]{1,60})(?:[ \t]{1,4}|=)[\"']?)([^\s\"'-][^\s\"']{0,4000})", re.MULTILINE),
    re.compile(
        r"(\b(?:setx|setenv|set[ \t]{1,4}-\w{1,4})[ \t]{1,4}([A-Za-z_]\w{1,80})[ \t]{1,4}[\"']?)([^\s\"']{1,4000})"
    ),
    re.compile(r"(\blogin[ \t]{1,4}\S{1,100}[ \t]{1,4}(password)[ \t]{1,4})(\S{1,400})"),
)
"""Options of commands, variables of shells, and ~/.netrc: beginning, name, value."""
_NAMED = re.compile(
    r"(?<![\w.-])-{0,2}_{0,3}([^\W\d_][\w.-]{0,60}(?:[ ][^\W\d_][\w.-]{0,30}){0,2})"
    r"([*_`\"'\]\\]{0,5}[ \t]{0,4}(?:=>|:=|==?|[:：|,\t])[*_`]{0,3}([ \t]{0,8}(?:\n[ \t]{0,8})?)[*_`]{0,3})"
)
"""A name and what parts it from its value."""
_QUOTED = re.compile(r"\\{0,3}[\"']")
_BARE = re.compile(r"[^\s,;\"'`<>(){}\[\]|\\]{1,8000}")
_LINE = re.compile(r"[^\n\"'`|\\]{1,8000}")
_LONG = re.compile(r"(?<![\w.~+/=%-])[\w.~+/=%-]{12,4000}")
"""What could be a token, wherever it stands in a line."""
_CODED = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{24,}")
_PROSE_BEHIND = re.compile(r"[,;.]?[ \t]{1,8}(?![\w-]{1,40}\s?[:=])[^\s#]")
"""What follows a value that is one word of a sentence."""


class _Places:
    """Where secrets stood, by name and never by value."""

    def __init__(self) -> None:
        self._found: dict[str, None] = {}

    def note(self, place: str) -> None:
        self._found[place[:80]] = None

    def remarks(self) -> list[str]:
        """Lines that say so."""
        found = list(self._found)
        lines = [f"left out: a key, password or token ({place})" for place in found[:8]]
        return lines + ([f"left out: {len(found) - 8} more keys, passwords or tokens"] if len(found) > 8 else [])


def _own_keys() -> list[str]:
    """The environment's key, as it is and without quotes or `Bearer` around it.

    A key that is short or a word is none that could be told from other words.
    """
    return _key_and_core(os.environ.get(KEY_NAME, "").strip())


@lru_cache(4)
def _key_and_core(key: str) -> list[str]:
    inner = re.sub(r"\A(?:(?:Authorization:\s*)?Bearer|Token|Key)\s+", "", key.strip("\"'`“”‘’ "), flags=re.IGNORECASE)
    return [one for one in dict.fromkeys((key, inner.strip("\"'` "))) if can_be_told(one)]


def without_own_key(text: str) -> tuple[str, bool]:
    """A text without the environment's key, in any form that a notation gives it, and whether it was there."""
    clean = text
    for key in _own_keys():
        clean = without_key(clean, key, MASK)
    return clean, clean != text


def leave_out(film: FoundFilm) -> None:
    """Takes all secrets out of a film, in place, and adds remarks that say where they stood."""
    places = _Places()
    _addresses(film, places)
    for key in ("title", "look", "negative_prompt"):
        if isinstance(film.keys.get(key), str):
            film.keys[key] = _text(film.keys[key], key, places, is_prose=True)
    for name, where in _ASIDE.items():
        if isinstance(film.others.get(name), str):
            film.others[name] = _aside(film.others[name], name, places)
            if not film.others[name]:
                del film.others[name]
                film.remarks = [one for one in film.remarks if not one.startswith(f"what stands {where} is kept")]
    film.others = _mapping(film.others, "", places, 0)
    for number, shot in enumerate(film.shots, start=1):
        shot.prompt = _text(shot.prompt, f"shot {number}", places, is_prose=True)
        shot.note = _text(shot.note, f"note of shot {number}", places, is_prose=True)
        shot.others = _mapping(shot.others, f"shot {number}", places, 0)
    film.remarks = [_text(one, "", _Places(), is_prose=True) for one in film.remarks] + places.remarks()


def _addresses(film: FoundFilm, places: _Places) -> None:
    """Addresses with secrets: those that may hold ${NAME} become one, the first frame is left out."""
    output = film.keys.get("output", {})
    for key in ("upload_endpoint", "webhook_url"):
        if isinstance(output.get(key), str) and (_is_secret_address(output[key]) or _is_secret_path(output[key])):
            name = f"STORYBOARD_{key.upper()}"
            output[key] = f"${{{name}}}"
            film.remarks.append(f"{key} holds a password or token: it became ${{{name}}}; set {name} to the address")
    frame = film.keys.get("first_frame")
    if isinstance(frame, str) and _is_secret_address(frame):
        del film.keys["first_frame"]
        film.remarks.append("the first frame's address holds a password or token: save the picture and set first_frame")
        places.note("first_frame")


def _is_secret_address(address: str) -> bool:
    return _text(address, "", _Places(), is_prose=False) != address


def _is_secret_path(address: str) -> bool:
    """Whether a part of an address that receives something could be what gives the right to send there."""
    host, _, path = address.partition("://")[2].partition("/")
    parts = [*re.split(r"[/@;]", unquote(path.partition("?")[0])), *host.split(".")[:1]]
    return any(is_token(part, 6) and not is_made_of_words(part) for part in parts)


def _aside(text: str, place: str, places: _Places) -> str:
    """Words around the shots: passages that could hold a secret are left out whole, of code all of it."""
    clean = _text(text, place, _Places(), is_prose=False)
    passages = re.split(r"\n[ \t]*\n", clean)
    kept = [one for one in passages if not may_hold_secret(one) and one.count(MASK) == 0]
    if len(kept) == len(passages):
        return text
    places.note(f"a passage of {place} that could hold one")
    return "" if is_code(text) else "\n\n".join(kept)


def _mapping(value: dict[str, Any], place: str, places: _Places, depth: int) -> dict[str, Any]:
    """An object without the values of secrets, and without what is empty then."""
    clean: dict[str, Any] = {}
    label = next((value[key] for key in _NAMES if isinstance(value.get(key), str)), "")
    if plain(str(value.get("taskType", ""))) == "authentication":
        places.note(f"apiKey of {place}" if place else "apiKey")
        return clean
    for key, inner in value.items():
        name = shown = own = _text(str(key), "", _Places(), is_prose=False)
        if str(key).lower() in _VALUES and (is_strong(label) or is_weak(label)):
            name = shown = _text(label, "", _Places(), is_prose=False)
        where = f"{shown} of {place}" if place else shown
        is_short_word = (
            str(key).lower() in ("text", "content", "data") and not is_strong(name) and not is_token(str(inner))
        )
        if is_secret(name, inner) and not is_short_word:
            places.note(where)
            continue
        kept = _value(inner, where, places, depth + 1)
        if kept not in ({}, []) or inner in ({}, []):
            clean[key if own == key else _text(str(key), where, places, is_prose=False)] = kept
    return clean


def _value(value: Any, place: str, places: _Places, depth: int) -> Any:
    if isinstance(value, str):
        return _string(value, place, places, depth)
    if not isinstance(value, dict | list):
        return value
    if depth > _DEPTH:
        return _text(json.dumps(value, ensure_ascii=False), place, places, is_prose=False)
    return _mapping(value, place, places, depth) if isinstance(value, dict) else _list(value, place, places, depth)


def _list(value: list[Any], place: str, places: _Places, depth: int) -> list[Any]:
    """A list; what follows a secret's name in it, as in `["--api-key", "…"]`, is one."""
    kept = []
    for before, inner in zip([None, *value], value, strict=False):
        if isinstance(before, str) and isinstance(inner, str) and is_secret(before.strip("-: "), inner):
            places.note(f"{before.strip('-: ')} of {place}")
            continue
        clean = _value(inner, place, places, depth + 1)
        if clean not in ({}, []) or inner in ({}, []):
            kept.append(clean)
    return kept


def _string(value: str, place: str, places: _Places, depth: int) -> str:
    """A text of an object; JSON in it is cleaned as such."""
    if value.lstrip().startswith(("{", "[")) and depth <= _DEPTH:
        try:
            inner = read_json(value)
            clean = _value(inner, place, places, depth + 1)
        except ValueError:
            pass
        else:
            return value if clean == inner else json.dumps(clean, ensure_ascii=False)
    return _text(value, place, places, is_prose=False)


def _text(text: str, place: str, places: _Places, *, is_prose: bool) -> str:
    """A text with a mask in place of each secret; `is_prose` for what a film says, where words mean themselves."""
    text, has_own_key = without_own_key(text)
    if has_own_key:
        places.note(f"the key of {KEY_NAME}")
    if not text or text.startswith("data:"):
        return text
    of_place = f" in {place}" if place else ""

    def hidden(what: str) -> str:
        places.note(f"{what}{of_place}")
        return MASK

    text = FORMS.sub(lambda _: hidden("a token"), text)
    text = _in_addresses(text, hidden, is_prose=is_prose)
    text = _named(text, hidden, is_prose=is_prose)
    text = _SCHEME.sub(lambda m: m[1] + m[2] + hidden(m[1]) if _is_credential(m) else m[0], text)
    text = _SPOKEN.sub(lambda m: m[1] + hidden(m[1].strip(" \t\"'`")) if is_token(m[2]) else m[0], text)
    text = _in_commands(text, hidden)
    return _in_lines(_coded(text, hidden), hidden)


def _is_credential(match: re.Match[str]) -> bool:
    value = match[3].rstrip(".")
    if match[1].lower() != "bearer":
        return is_random(value) or (len(value) >= 12 and value.endswith("="))
    return (len(value) >= 16 or is_token(value)) and not is_made_of_words(value)


def _in_lines(text: str, hidden: Hidden) -> str:
    """Without what looks drawn by lot in a line that names a secret, and in the one below it: code and settings."""
    if not names_secret(text):
        return text
    lines = text.split("\n")
    named = [names_secret(line) for line in lines]
    for place, line in enumerate(lines):
        if named[place] or (place and named[place - 1]):
            lines[place] = _LONG.sub(lambda m: hidden("a token") if is_random(m[0]) else m[0], line)
    return "\n".join(lines)


def _coded(text: str, hidden: Hidden) -> str:
    """Without JSON that is coded as a whole and holds a secret."""
    if "%22" in text:
        text = re.sub(r"\S+", lambda m: _without_coded(m[0], hidden), text)
    if "\\u00" in text:
        text = "\n".join(_without_coded(line, hidden) for line in text.split("\n"))
    return _CODED.sub(lambda m: hidden("coded JSON") if _holds_secret(_decoded(m[0])) else m[0], text)


def _without_coded(piece: str, hidden: Hidden) -> str:
    if "%22" not in piece and "\\u00" not in piece:
        return piece
    plainly = ESCAPED.sub(unescaped, piece)
    return hidden("coded JSON") if not _holds_secret(piece) and _holds_secret(plainly) else piece


def _decoded(word: str) -> str:
    if not word.startswith(("eyJ", "eyI", "W3s", "ewo", "ewog", "eyAi", "Wwog")):
        return ""
    try:
        return b64decode(word.replace("-", "+").replace("_", "/") + "=" * (-len(word) % 4)).decode(errors="replace")
    except ValueError:
        return ""


def _holds_secret(text: str) -> bool:
    return bool(text) and _named(text, lambda _: MASK, is_prose=False) != text


def _in_addresses(text: str, hidden: Hidden, *, is_prose: bool) -> str:
    if "//" in text:
        text = _PATH_TOKENS.sub(lambda match: match[1] + hidden("an address"), text)
    if "@" in text:
        text = _USERINFO.sub(lambda match: _without_userinfo(match, hidden), text)
        text = _ODD_USERINFO.sub(lambda match: _without_userinfo(match, hidden), text)
        if not is_prose:
            text = _BARE_USERINFO.sub(lambda match: match[1] + hidden("an address"), text)
    return _PARAMETER.sub(lambda match: _without_parameter(match, hidden), text)


def _without_userinfo(match: re.Match[str], hidden: Hidden) -> str:
    user, colon, password = match[2].partition(":")
    is_hidden = (password and not is_placeholder(password)) if colon else is_token(user)
    return f"{match[1]}{hidden('an address')}@" if is_hidden else match[0]


def _without_parameter(match: re.Match[str], hidden: Hidden) -> str:
    name, value = unquote(match[2]), unquote(match[3]) if "%" in match[3] else ""
    if value and "//" in value and _in_addresses(value, lambda _: MASK, is_prose=False) != value:
        return f"{match[1]}{match[2]}={hidden('an address')}"
    return f"{match[1]}{match[2]}={hidden(name)}" if is_secret_parameter(name, match[3]) else match[0]


def _in_commands(text: str, hidden: Hidden) -> str:
    if _CURL.search(text):
        text = _USER_OPTION.sub(lambda match: match[1] + hidden("a user"), text)
        text = _COOKIE_OPTION.sub(lambda match: match[1] + hidden("a cookie"), text)
    for pattern in (*_OPTIONS, _ELEMENT) if "</" in text else _OPTIONS:
        text = pattern.sub(lambda match: _without_option(match, hidden), text)
    return text


def _without_option(match: re.Match[str], hidden: Hidden) -> str:
    name, value = match[2], match[3]
    if match[1].startswith("login") and not is_token(value, 6):
        return match[0]
    return match[1] + hidden(name) if value != MASK and is_secret(name, value) else match[0]


def _named(text: str, hidden: Hidden, *, is_prose: bool) -> str:
    """Without what stands behind names of secrets: headers, settings, variables, JSON that is not whole."""
    pieces, done = [], 0
    ends: dict[re.Pattern[str], int] = {}
    for match in _NAMED.finditer(text):
        if match.start() < done or not (is_strong(match[1]) or is_weak(match[1])):
            continue
        begin, end = _span(text, match, ends)
        if text[begin : min(end, begin + 200)].strip() not in ("", MASK) and _is_hidden(
            match, text, begin, end, is_prose=is_prose
        ):
            words = match[1].split(" ")
            tails = [" ".join(words[place:]) for place in range(len(words) - 1, -1, -1)]
            pieces += [text[done:begin], hidden(next(one for one in tails if is_strong(one) or is_weak(one)))]
            done = end
    return "".join(pieces) + text[done:]


def _span(text: str, match: re.Match[str], ends: dict[re.Pattern[str], int]) -> tuple[int, int]:
    """Where a value begins and ends: in quotes, to the end of a header's line, or a single word."""
    place = match.end()
    if quoted := _QUOTED.match(text, place):
        begin, most = quoted.end(), quoted.end() + 8000
        found_ends = (text.find(quoted[0], begin, most), text.find("\n", begin, most), min(len(text), most))
        return begin, min(end for end in found_ends if end >= 0)
    pattern = _LINE if is_header(match[1]) else _BARE
    if place >= ends.get(pattern, 0):  # names inside of a value end where it ends: no letter is looked at twice
        found = pattern.match(text, place)
        ends[pattern] = found.end() if found else place
    return place, ends[pattern]


def _is_hidden(match: re.Match[str], text: str, begin: int, end: int, *, is_prose: bool) -> bool:
    between = match[2]
    is_in_line = "\n" not in match[3]
    decided = is_secret_setting(
        match[1],
        between.strip(" \t\n*_`\"'\\]") if is_in_line else "",
        text[begin : min(end, begin + 200)].strip(),
        is_prose=is_prose,
        is_quoted=begin > match.end(),
        is_near=between == "=",
    )
    return decided if decided is not None else _PROSE_BEHIND.match(text, end) is None
