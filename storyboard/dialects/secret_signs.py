"""By what a key, a password or a token is told: names, forms and values, as data and the questions asked of them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

MASK = "***"
"""What stands where a secret stood inside a text."""

_STRONG = (
    "apikey", "apitoken", "apisecret", "accesskey", "accesskeyid", "accesstoken", "refreshtoken",
    "idtoken", "authtoken", "authkey", "bearertoken", "sessiontoken", "securitytoken", "csrftoken",
    "clientsecret", "appsecret", "secretkey", "secretaccesskey", "privatekey", "signingkey",
    "encryptionkey", "signingsecret", "webhooksecret", "sharedsecret", "usertoken", "password",
    "passwd", "passphrase", "authorization", "setcookie", "runwarekey", "falkey", "openaikey",
    "klingkey", "replicatekey", "jwt", "jsessionid", "phpsessid", "accountkey", "sharedaccesskey",
    "subscriptionkey", "sharedaccesssignature", "密钥", "密鑰", "秘钥", "令牌", "密码", "密碼", "口令", "apiキー",
    "パスワード", "비밀번호", "пароль", "токен", "contraseña", "passwort", "kennwort", "motdepasse",
)  # fmt: skip
"""How names of secrets end, in small letters without anything else: what they hold is left out whatever it is."""
_ANYWHERE = (
    "apikey", "apitoken", "apisecret", "accesstoken", "authtoken", "authkey", "authheader", "secretkey", "clientsecret",
    "secretaccesskey", "privatekey", "appsecret", "passwordfor", "zugangsschlüssel", "cléapi", "clédapi",
)  # fmt: skip
"""Names of secrets also with more behind them, as in `api_key_comfy_org`, where they hold a single word."""
_OF_STORIES = (
    "password", "passwd", "passphrase", "authorization", "jwt", "密码", "密碼", "口令", "令牌", "パスワード",
    "비밀번호", "пароль", "токен", "contraseña", "passwort", "kennwort", "motdepasse",
)  # fmt: skip
"""Those of them that a story may say too."""
_WEAK = (
    "token", "secret", "pwd", "pass", "cookie", "session", "sessionid", "sid", "signature", "sig", "credential",
    "credentials", "bearer", "auth", "key", "hmac", "csrf", "code", "api", "access", "login", "pin", "clé", "clave",
    "chave", "chiave", "schlüssel", "ключ", "鍵", "钥匙",
)  # fmt: skip
"""Names that are words as well: only what looks like a token is left out."""
_SURE = ("token", "secret", "pwd", "credential", "credentials", "bearer")
"""Names of which any single word is left out in an object, and a short one with a digit in a text."""
_GROUPS = ("credentials", "auth", "authentication", "passwords", "apikeys")
"""Names of objects and lists that are left out whole."""
_DOUBTFUL_GROUPS = ("cookie", "cookies", "secrets", "tokens", "keys")
"""Names of objects and lists that are left out where anything in them looks like a token."""
_IN_ADDRESSES = (
    "xamzsignature", "xamzcredential", "xamzsecuritytoken", "xgoogsignature", "xgoogcredential", "awsaccesskeyid",
    "googleaccessid", "keypairid", "hdnts", "hdnea", "token", "secret", "pwd", "pass", "auth", "sig", "signature",
    "hmac", "credential", "credentials", "bearer",
)  # fmt: skip
"""Parameters of addresses that hold secrets, whatever those look like."""
_VARIABLE = re.compile(
    r"(?<![A-Z0-9_])[0-9_]*[A-Z][A-Z0-9_]*_(?:KEY|TOKEN|SECRET|PASS|PWD|PASSWORD|AUTH|CREDENTIALS?|DSN)\Z"
)
"""How variables with secrets are called."""
_PLACEHOLDER = re.compile(
    r"(?-i:\$[A-Z_][A-Z0-9_]*)|\$\{.*\}|\{\{.*\}\}|(?-i:\{[A-Z_]+\})|<.*>|%\w+%|[*.…xX•_-]+|\[.*\]"
    r"|(?:process\.|os\.|env\.|import\.|secrets\.).*|None|null|true|false|undefined"
    r"|(?:your|insert|enter|paste|replace)[-_ ].{0,30}",
    re.IGNORECASE,
)
"""What stands for a secret without being one."""
_ALPHABET = r"[A-Za-z0-9_\-]"
_HAS_DIGIT = rf"(?={_ALPHABET}{{0,60}}\d)"
FORMS = re.compile(
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----.*?(?:-----END [A-Z0-9 ]{0,50}-----|\Z)"
    r"|PuTTY-User-Key-File-\d.*?(?:Private-MAC:[^\n]{0,200}|\Z)"
    r"|(?<![A-Za-z0-9+_-])(?:"
    rf"sk[-_](?={_ALPHABET}{{0,60}}[A-Z]){_HAS_DIGIT}{_ALPHABET}{{8,}}|sk[-_]{_HAS_DIGIT}{_ALPHABET}{{24,}}"
    rf"|sk-(?:ant|proj|or|svcacct|admin)-{_ALPHABET}{{8,}}|sk[-_][A-Za-z]{{40,}}"
    rf"|[rs]k_(?:live|test)_{_ALPHABET}{{8,}}|pk_(?:live|test)_{_ALPHABET}{{8,}}"
    r"|(?:AKIA|ASIA|AROA|AIDA)[0-9A-Z]{16}(?:[^A-Za-z0-9+/]{1,10}[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/]))?"
    r"|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}"
    rf"|glpat-{_ALPHABET}{{16,}}|xox[abeoprs]-{_ALPHABET}{{10,}}|xapp-{_ALPHABET}{{10,}}"
    rf"|hf_[A-Za-z0-9]{{20,}}|r8_[A-Za-z0-9]{{20,}}|AIza{_ALPHABET}{{30,}}|ya29\.[\w.-]{{20,}}|npm_[A-Za-z0-9]{{20,}}"
    rf"|pypi-{_ALPHABET}{{20,}}|SG\.{_ALPHABET}{{16,}}\.{_ALPHABET}{{16,}}|key[_-][0-9a-f]{{32,}}"
    rf"|(?:whsec_|GOCSPX-|gsk_|xai-|pplx-|tgp_v1_|lin_api_|figd_|dckr_pat_|nvapi-|csk-|ATATT|ABSK){_ALPHABET}{{16,}}"
    rf"|(?:fw_|ntn_|secret_){_HAS_DIGIT}[A-Za-z0-9]{{20,}}|luma-[0-9a-f-]{{24,}}|vercel_blob_rw_\w{{8,}}"
    rf"|(?:do[opr]_v1_|shp(?:at|ca|pa|ss)_|sbp_|dapi)[0-9a-f]{{32,}}|hv[sb]\.{_ALPHABET}{{20,}}"
    rf"|dp\.(?:pt|st|ct|sa)\.{_ALPHABET}{{20,}}|S[KC][0-9a-f]{{32}}(?![0-9A-Za-z])|sntry[su]_{_ALPHABET}{{8,}}"
    rf"|(?:AKLT|LTAI|AKID){_HAS_DIGIT}[A-Za-z0-9]{{12,}}|PMAK-{_ALPHABET}{{24,}}|NRAK-[A-Z0-9]{{20,}}"
    rf"|1//0{_ALPHABET}{{20,}}|AGE-SECRET-KEY-1[0-9A-Z]{{8,}}|pat[A-Za-z0-9]{{14}}\.[0-9a-f]{{32,}}"
    rf"|\d{{8,10}}:AA{_ALPHABET}{{30,}}"
    r"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}:[0-9a-f]{32}"
    rf"|eyJ{_ALPHABET}{{8,}}\.{_ALPHABET}{{8,}}(?:\.{_ALPHABET}*)?"
    r")",
    re.DOTALL,
)
"""Tokens that are known by their form: private keys, and keys of services that give them a beginning of their own."""
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}(?:[T_ ]?\d{1,2}[:.h-]\d{2}.{0,16})?")
_PIECE = re.compile(r"[^\W\d_]+|\d{1,4}|\d{0,4}[^\W\d_]{1,2}\d{0,2}")
_TURNS = re.compile(r"(?<=[a-z])(?=[A-Z0-9])|(?<=[0-9])(?=[A-Za-z])|(?<=[A-Z])(?=[0-9])")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_HINT = re.compile(
    r"(?:api|access|secret|auth|private|signing|encryption|account|runware|fal|openai|license)[\W_]{0,3}(?:key|token)"
    r"|client[\W_]{0,3}secret|passw(?:or)?[dt]|passphrase|authorization|credential|bearer\b|_?authtoken|key[\W_]{0,3}id\b"
    r"|密钥|密鑰|秘钥|令牌|密码|密碼|口令|apiキー|パスワード|비밀번호|пароль|токен|contraseña|kennwort|mot[\W_]de[\W_]passe",
    re.IGNORECASE,
)
"""What a passage around the shots says where it may hold a secret."""
_WEAK_HINT = re.compile(
    r"(?:token|secret|key|pass|pwd|auth|cookie|schlüssel|clave|chave|\b(?:session|login|code|pin|clé))s?[\"'`\])]*"
    r"\s*(?:[=:>,|(\[]|<[^<>]*>|\\|\t|\|\|)",
    re.IGNORECASE,
)
_COMMAND = re.compile(
    r"(?:^|[|;&]|\$\s)\s{0,8}(?:[$>#%]\s{0,8})?(?:sudo\s{1,8})?(?:curl|wget|https?|xh|mysql\w*|psql|sshpass|docker|podman|gh|ssh|scp|"
    r"redis-cli|mongo\w*|aws|az|gcloud|kubectl|vault|npm|pip|git|echo|printf|export|setx?|setenv|machine|env|arg)\s",
    re.IGNORECASE | re.MULTILINE,
)
_PGPASS = re.compile(r"^[^\s:]{1,99}:(?:\d{1,5}|\*):[^\s:]{0,99}:[^\s:]{0,99}:\S", re.MULTILINE)
_CODE = re.compile(r"[{};\\$]|=\s?[\"'`\w]|</?\w|\w\([\"'`]")
_WORD = re.compile(r"[^\s\"'`<>(){}\[\],;|=]{8,}")


@lru_cache(1024)
def plain(name: str) -> str:
    """A name without its spelling: `X-API-Key` and `xApiKey` are `xapikey`."""
    return re.sub(r"[\W_]+", "", name).lower()


@lru_cache(1024)
def is_strong(name: str) -> bool:
    """Whether whatever a name holds is a secret."""
    return plain(name).endswith(_STRONG) or _VARIABLE.search(name.strip("$ \"'")) is not None


def is_strong_within(name: str, word: str) -> bool:
    """Whether a name has that of a secret in it and holds a single word."""
    return bool(word) and not re.search(r"\s", word) and any(one in plain(name) for one in _ANYWHERE)


@lru_cache(1024)
def is_weak(name: str) -> bool:
    """Whether a name is a word that also names secrets."""
    words = re.split(r"[\W_]+|(?<=[a-z])(?=[A-Z])", name.strip(" -"))
    return plain(words[-1]) in _WEAK or plain(name) in _WEAK


def is_header(name: str) -> bool:
    """Whether a name is that of a header whose value is a whole line."""
    return plain(name).endswith(("authorization", "cookie"))


@lru_cache(1024)
def is_placeholder(value: str) -> bool:
    """Whether a value only says where a secret would stand."""
    return _PLACEHOLDER.fullmatch(value) is not None


@lru_cache(1024)
def is_token(value: str, least: int = 8) -> bool:
    """Whether a text looks made by a machine: no blank in it, letters and digits, or longer than words are."""
    value = value.strip()
    if len(value) < least or re.search(r"\s", value) or is_placeholder(value):
        return False
    if _DATE.fullmatch(value):
        return False
    if re.match(r"(?:\.{0,2}/|https?://|[A-Za-z]:\\)", value) or re.search(r"\.[a-z]{3,4}\d?\Z", value):
        return False  # a path or an address, judged by its own parts
    has_letter, has_digit = any(map(str.isalpha, value)), any(map(str.isdigit, value))
    return (has_letter and has_digit) or len(value) >= 20 or re.search(r"[a-z][A-Z].*[a-z][A-Z]", value) is not None


@lru_cache(1024)
def is_random(value: str, least: int = 12) -> bool:
    """Whether a text looks drawn by lot: letters and digits that take turns, as no word does."""
    value = value.strip()[:100]
    if not is_token(value, least) or is_made_of_words(value):
        return False
    return _UUID.search(value) is not None or len(_TURNS.findall(value)) >= 3


def is_made_of_words(value: str) -> bool:
    """Whether a text is words and short numbers, joined by hyphens and the like: `TANGO-7-ECHO`."""
    pieces = re.split(r"[-_.:/]", value)
    return len(pieces) > 1 and all(map(_PIECE.fullmatch, pieces))


def may_hold_secret(passage: str) -> bool:
    """Whether a passage that is not of the film could hold a secret: it is left out then, being worth little."""
    return (
        any(pattern.search(passage) for pattern in (_HINT, _WEAK_HINT, _PGPASS, FORMS))
        or _COMMAND.search(passage) is not None
        or any(_is_unlike_words(one[0][:400]) for one in _WORD.finditer(passage))
    )


def _is_unlike_words(word: str) -> bool:
    return is_token(word) and any(map(str.isdigit, word)) and not is_made_of_words(word)


def is_code(text: str) -> bool:
    """Whether a text looks like a program, a file of settings or a command."""
    return _CODE.search(text) is not None or _COMMAND.search(text) is not None


def names_secret(line: str) -> bool:
    """Whether a line says the name of a secret."""
    return _HINT.search(line) is not None


def is_secret(name: str, value: Any) -> bool:
    """Whether what a name holds in an object is a secret."""
    if value is None or isinstance(value, bool) or value in ("", [], {}):
        return False
    word = value.strip() if isinstance(value, str) else ""
    if is_placeholder(word) and word != MASK:
        return False
    if is_strong(name) or is_strong_within(name, word):
        return True
    if isinstance(value, dict | list):
        return plain(name) in _GROUPS or (plain(name) in _DOUBTFUL_GROUPS and _has_token(value))
    return is_weak(name) and _is_weak_secret(name, word)


def _is_weak_secret(name: str, word: str) -> bool:
    """Whether a text is a secret where its name is a word as well."""
    if plain(name) in _SURE:
        # A script's column `Secret` holds sentences, pairs and addresses: a single word there is taken for a key.
        return re.fullmatch(r"[\w.+/~-]+" if plain(name) == "secret" else r"\S+", word) is not None or is_token(word)
    return (
        (is_token(word, _least(name)) and not is_made_of_words(word))
        or word == MASK
        or (plain(name) == "cookie" and "=" in word)
    )


def is_secret_parameter(name: str, value: str) -> bool:
    """Whether a parameter of an address holds a secret."""
    if is_placeholder(value):
        return False
    is_key = plain(name) == "key" and re.fullmatch(r"[\w%~=-]{6,}", value) is not None and not is_made_of_words(value)
    is_long = len(value) >= 4 or plain(name).endswith(("token", "secret", "pwd"))
    of_address = (plain(name).endswith(_IN_ADDRESSES) and is_long) or is_strong(name)
    return is_key or of_address or (is_weak(name) and is_token(value, _least(name)))


@lru_cache(1024)
def is_secret_setting(  # noqa: C901, PLR0911 - one sign after another, the surest first
    name: str, mark: str, value: str, *, is_prose: bool, is_quoted: bool, is_near: bool
) -> bool | None:
    """Whether `name mark value` in a text is a secret and not what a story says; None where what follows decides.

    `mark` is `:`, `=` or a cell's border, `is_near` where it touches both and stands in their line.
    """
    if is_placeholder(re.sub(r"\A(?:Bearer|Basic|Token)\s+", "", value, flags=re.IGNORECASE)):
        return False
    if name.isupper() and mark == "=" and is_near and (is_strong(name) or not is_prose or is_token(value)):
        return True  # TOKEN=…, as a shell or a file of variables has it
    if plain(name) == "cookie" and mark == ":" and "=" in value:
        return not is_prose or ";" in value
    is_cell = mark in ("|", ",", "")
    if is_cell or not is_strong(name):
        least = _least(name, is_prose=is_prose)
        if is_cell:
            return not is_prose and is_token(value, least)
        if is_random(value, least):
            return True
        is_doubtful = plain(name).endswith(_SURE) and not is_prose and is_token(value, least)
        return None if is_doubtful and not is_made_of_words(value) else False
    if is_header(name):
        scheme = re.match(r"(?:Bearer|Basic|Digest|Token|Key|Api-?Key)\s+\S", value, re.IGNORECASE)
        return scheme is not None or "=" in value or is_token(value)
    is_of_stories = plain(name).endswith(_OF_STORIES) and not _VARIABLE.search(name)
    if is_prose and mark in (":", "：", "="):
        if is_of_stories and mark != "=":
            return is_random(value)
        return (is_near and mark == "=") or is_token(value)
    if mark in (":", "：") and (" " in name or not (name + value).isascii()) and not is_quoted:
        return is_token(value)
    return True if is_quoted or is_near or is_token(value) else None


def _least(name: str, *, is_prose: bool = False) -> int:
    """From how many characters on something that looks like a token is one, behind a name that is a word as well."""
    if plain(name).endswith(("key", "code")):
        return 16
    return 12 if is_prose else 4 if plain(name).endswith(_SURE) else 8


def _has_token(value: Any) -> bool:
    """Whether anything in an object or list looks like a token; what is nested deeply is not looked at."""
    inner = value.values() if isinstance(value, dict) else value
    texts = [one for one in inner if isinstance(one, str)]
    texts += [text for one in inner if isinstance(one, dict) for text in one.values() if isinstance(text, str)]
    return any(is_token(one) or one == MASK or re.match(r"[\w-]+=\S", one) for one in texts)
