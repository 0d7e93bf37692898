"""No import writes a key, a password or a token into a storyboard; what is none stays, to the letter."""

from __future__ import annotations

import base64
import json
from time import process_time
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.checks import check_bytes
from storyboard.dialects.film import NotRead
from storyboard.dialects.importing import import_text
from tests.dialects.rows import SAME

KEY = "S3cretKey1234567890abcdef"
"""What must not come through; it is found by its name or place alone."""
PROMPTS = [{"prompt": "Wide shot of a ferry.", "duration": 3}, {"prompt": "Close-up of a rope.", "duration": 4}]
LABELS = "Shot 1 (3s): Wide shot of a ferry.\nShot 2 (4s): Close-up of a rope.\n"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA75x\nS3cretKey1234567890abcdef\n-----END RSA PRIVATE KEY-----"


def _json(**more: Any) -> str:
    return json.dumps({"multi_prompt": PROMPTS} | more)


def _task(**more: Any) -> str:
    task = {"taskType": "videoInference", "positivePrompt": "shot 1, 3, A ferry leaves;", "duration": 3}
    return json.dumps([task | more])


STRUCTURED = [
    json.dumps([{"taskType": "authentication", "apiKey": KEY}, json.loads(_task())[0]]),
    json.dumps([json.loads(_task())[0], {"taskType": "authentication", "apiKey": KEY, "connectionSessionUUID": KEY}]),
    *(
        _json(**{name: KEY})
        for name in (
            "apiKey",
            "api_key",
            "api-key",
            "API Key",
            "APIKEY",
            "X-API-Key",
            "x-api-key",
            "Authorization",
            "authorization",
            "token",
            "access_token",
            "accessToken",
            "refresh_token",
            "id_token",
            "secret",
            "client_secret",
            "clientSecret",
            "password",
            "passwd",
            "pwd",
            "PASS",
            "cookie",
            "set-cookie",
            "Set-Cookie",
            "session",
            "sessionId",
            "credentials",
            "private_key",
            "privateKey",
            "signature",
            "RUNWARE_API_KEY",
            "runware_key",
            "FAL_KEY",
            "user_password",
            "jwt",
            "aws_secret_access_key",
            "bearer",
            "auth",
            "xi-api-key",
            "Ocp-Apim-Subscription-Api-Key",
            "db.password",
        )
    ),
    _json(headers={"Authorization": f"Bearer {KEY}"}),
    _json(headers={"authorization": f"Key {KEY}"}),
    _json(headers={"Authorization": "Bearer x1"}).replace("x1", KEY),
    _json(headers=[{"name": "Authorization", "value": f"Bearer {KEY}"}]),
    _json(headers=[{"key": "x-api-key", "value": KEY}, {"key": "Accept", "value": "*/*"}]),
    _json(headers=[["X-API-Key", KEY]]),
    _json(headers=f"Accept: */*\nX-API-Key: {KEY}\n"),
    _json(command=["curl", "--api-key", KEY]),
    _json(command=f"curl -u me:{KEY} https://api.example"),
    _json(command=f"curl https://api.example --header 'Authorization: Bearer {KEY}'"),
    _json(auth={"user": "me", "pass": KEY}),
    _json(credentials=[KEY]),
    _json(cookies={"sid": KEY}),
    _json(cookies=[{"name": "sid", "value": KEY}]),
    _json(cookie=f"a=1; sid={KEY}"),
    _json(password=1234567890123),
    _json(callback_url=f"https://me:{KEY}@hooks.example/x"),
    _json(callback_url=f"https://hooks.example/x?token={KEY}"),
    _json(callback_url=f"https://hooks.example/x?a=1&X-Amz-Signature={KEY}&b=2"),
    _json(callback_url=f"https://hooks.example/x#access_token={KEY}"),
    _json(callback_url=f"https://hooks.slack.com/services/T00000000/B00000000/{KEY}"),
    _json(callback_url=f"redis://:{KEY}@cache:6379/0"),
    _json(webhookURL=f"https://hooks.example/x?token={KEY}"),
    _json(webhookURL=f"https://me:{KEY}@hooks.example/x"),
    _json(uploadEndpoint=f"https://bucket.s3.amazonaws.com/v.mp4?X-Amz-Credential=AK&X-Amz-Signature={KEY}"),
    _json(uploadEndpoint=f"https://acc.blob.core.windows.net/c/v.mp4?sv=2024&sig={KEY}"),
    _json(image_url=f"https://me:{KEY}@pictures.example/a.png"),
    _json(image_url=f"https://pictures.example/a.png?token={KEY}&x=1"),
    _task(inputs={"frameImages": [f"https://pictures.example/a.png?sig={KEY}"]}),
    _json(elements=[{"media": f"https://cdn.example/a.png?Signature={KEY}&Key-Pair-Id=K1"}]),
    _json(raw=json.dumps({"headers": {"Authorization": f"Bearer {KEY}"}})),
    _json(raw=json.dumps({"inner": json.dumps({"apiKey": KEY})})),
    _json(raw=json.dumps({"apiKey": KEY})[:-1]),
    _json(raw=json.dumps(json.dumps({"apiKey": KEY}))[1:-1]),
    _json(deep={"a": {"b": [{"c": {"apiKey": KEY}}]}}),
    _json(env=f"RUNWARE_API_KEY={KEY}"),
    _json(env=f"export FAL_KEY='{KEY}'\nA=1"),
    _json(env={"OPENAI_API_KEY": KEY}),
    _json(code=f'client = Runware(api_key="{KEY}")'),
    _json(code=f"os.environ['RUNWARE_API_KEY'] = '{KEY}'"),
    _json(code=f'headers = {{"Authorization": f"Bearer {KEY}"}}'),
    json.dumps({"multi_prompt": [PROMPTS[0] | {"apiKey": KEY}, PROMPTS[1] | {"meta": {"token": KEY}}]}),
    json.dumps({"multi_prompt": [PROMPTS[0] | {"notes": f"api key: {KEY}"}, PROMPTS[1]]}),
    json.dumps({"apiKey": KEY, "request": {"multi_prompt": PROMPTS}}),
    json.dumps({"settings": {"api_key": KEY}, "multi_prompt": PROMPTS}),
    json.dumps({"storyboard_1_prompt": "A ferry.", "storyboard_1_duration": 3, "api_key": KEY}),
]

TEXTS = [
    f"curl https://api.runware.ai/v1 -H \"Authorization: Bearer {KEY}\" -d '\n```json\n{_json()}\n```\n'",
    f"curl -X POST -H 'X-API-Key: {KEY}' \\\n```json\n{_json()}\n```",
    f"curl --user me:{KEY} https://api.example\n```json\n{_json()}\n```",
    f"curl -u 'me:{KEY}' https://api.example\n```json\n{_json()}\n```",
    f"RUNWARE_API_KEY={KEY}\n{LABELS}",
    f"export RUNWARE_API_KEY={KEY}\n\n{LABELS}",
    f'$env:RUNWARE_API_KEY = "{KEY}"\n\n{LABELS}',
    f"setx RUNWARE_API_KEY {KEY}\n\n{LABELS}",
    f"set -x FAL_KEY {KEY}\n\n{LABELS}",
    f"API key: {KEY}\n\n{LABELS}",
    f"**API key:** {KEY}\n\n{LABELS}",
    f"- `api_key`: `{KEY}`\n\n{LABELS}",
    f"apiKey\n: {KEY}\n\n{LABELS}".replace("\n: ", ": "),
    f"password: {KEY}\n\n{LABELS}",
    f"Cookie: a=b; session={KEY}\n\n{LABELS}",
    f"Authorization: Basic {base64.b64encode(KEY.encode()).decode()}\n\n{LABELS}",
    f"{LABELS}\nRUNWARE_API_KEY={KEY}\n",
    f"{LABELS}\nhttps://me:{KEY}@hooks.example/x\n",
    f"{LABELS}\ncurl -H 'Authorization: Bearer {KEY}' https://api.runware.ai/v1\n",
    f"Shot,Seconds,Prompt,API key\n1,3,A ferry,{KEY}\n2,4,A rope,{KEY}\n",
    f"Shot,Seconds,Prompt,token\n1,3,A ferry,{KEY}\n2,4,A rope,\n",
    f"Shot,Seconds,Prompt,Notes\n1,3,A ferry,api_key={KEY}\n2,4,A rope,\n",
    f"| Shot | Duration | Description | Password |\n|---|---|---|---|\n| 1 | 3s | A ferry | {KEY} |\n",
    f"API key | {KEY}\n\n| Shot | Duration | Description |\n|---|---|---|\n| 1 | 3s | A ferry |\n| 2 | 4s | A rope |\n",
    f"Title: Ferry\nContact: https://me:{KEY}@mail.example\n\nINT. CABIN - DAY\n\nHe lights a lamp.\n",
    f"Title: Ferry\nSource: api_key={KEY}\n\nINT. CABIN - DAY\n\nHe lights a lamp. [[token: {KEY}]]\n",
    f"1\n00:00:00,000 --> 00:00:03,000\nA ferry. api_key={KEY}\n\n2\n00:00:03,000 --> 00:00:07,000\nA rope.\n",
    f"intro api_key={KEY} | 3 | A ferry\nrope | 4 | A rope\n",
    f"shot 1, 3, A ferry. Bearer {KEY}; shot 2, 4, A rope;",
    f"Begin with a ferry, password={KEY}. Cut to a rope.",
]

SHORT = [
    _json(token="sk-1"),
    _json(pwd="hunter"),
    _json(credentials="me:pw"),
    _json(headers={"Authorization": "Bearer sk-1"}),
    _json(cookie="sid=abc"),
    f"token: sk-1\n\n{LABELS}",
    f"TOKEN=abc\n\n{LABELS}",
    f"SECRET=abc\n\n{LABELS}",
    f"KEY=abcdefgh\n\n{LABELS}",
    f"password: hunter\n\n{LABELS}",
    f"{LABELS}\nTOKEN=abc123def\n",
    f"curl -b sid=abc http://x\n\n{LABELS}",
    f"machine api.example login me password hunter2\n\n{LABELS}",
    f"Bearer abcdefghijklmnop\n\n{LABELS}",
    _json(x="--token=abc"),
    f"curl -H 'Cookie: a=b' x\n\n{LABELS}",
    _json(url="//me:pw@host/x"),
    _json(url="me:pw@host.example"),
    _json(x="--token abc"),
    _json(webhookURL="https://h.example/x?key=abcdef"),
    _json(x="<apiKey>abc</apiKey>"),
    _json(x="my api key is abc123def456"),
    _json(接口密钥="abc"),
    f"密码：abc123def\n\n{LABELS}",
    _json(x="AccountKey=abc==;EndpointSuffix=x"),
    _json(x="Server=h;Password=pw;"),
    _json(url="https://tok123456@h.example/x"),
    _json(x="{'apiKey': 'abc'}"),
    _json(x='{"apiKey": "open sesame", '),
    json.dumps({"multi_prompt": [PROMPTS[0] | {"prompt": "A ferry. password=hunter"}]}),
    "Shot 1 (3s): A ferry. API_KEY=abc\nShot 2 (4s): A rope.\n",
    f"my key is sk-abc1234567\n\n{LABELS}",
]

FORMS = [
    "sk-SECRET-1234",
    "sk-proj-abcDEF0123456789abcDEF",
    "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
    "AKIAIOSFODNN7EXAMPLE",
    "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "github_pat_11ABCDEFG0123456789_abcdefghijk",
    "glpat-abcdefghij0123456789",
    "xoxb-123456789012-abcdefghij",
    "hf_abcdefghijklmnopqrstuvwxyz",
    "r8_abcdefghijklmnopqrstuvwxyz0123",
    "AIzaSyA-abcdefghijklmnopqrstuvwxyz01234",
    JWT,
    PEM,
    PEM.replace("\n", "\\n"),
    "key_" + "0123456789abcdef" * 4,
    "11111111-2222-3333-4444-555555555555:0123456789abcdef0123456789abcdef",
    "SG.abcdefghijklmnop12.qrstuvwxyzABCDEFGHIJ34",
    "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
    "hvs.CAESIabcdefghijklmnopqrstuvwxyz012345",
    "dp.pt.abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    "1//0gabcdefghijklmnopqrstuvwxyz0123456789",
    "AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "PuTTY-User-Key-File-2: ssh-rsa\nPrivate-Lines: 1\nAAAAgQDabc\nPrivate-MAC: 0123456789abcdef",
    "sk-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUV",
    *(
        f"{beginning}0123456789abcdef0123456789abcdef"
        for beginning in (
            *("whsec_", "GOCSPX-", "gsk_", "xai-", "pplx-", "tgp_v1_", "fw_", "luma-", "dop_v1_", "shpat_", "lin_api_"),
            *("ntn_", "secret_", "figd_", "dckr_pat_", "SK", "AKLT", "LTAI", "AKID", "sntrys_", "dapi", "ATATT"),
            *("PMAK-", "sbp_", "vercel_blob_rw_", "nvapi-", "csk-", "ABSK", "key-"),
        )
    ),
    "NRAK-ABCDEFGHIJKLMNOPQRSTUVWXYZ0",
    "AGE-SECRET-KEY-1QQPQYZ3ABCDEFGHJKLMN",
]


def _fenced(text: str) -> str:
    return f"{text}\n```json\n{_json()}\n```\n"


AROUND = [
    f'api_key = f"{KEY}"',
    f'api_key = b"{KEY}"',
    f'api_key = """{KEY}"""',
    f'api_key: str = "{KEY}"',
    f'let apiKey: String = "{KEY}"',
    f'const API_KEY: &str = "{KEY}";',
    f"const apiKey = process.env.RUNWARE_API_KEY || '{KEY}';",
    f"const token = process.env.TOKEN ?? '{KEY}';",
    f'headers = {{"Authorization": "Bearer " + "{KEY}"}}',
    f'client = Runware("{KEY}")',
    f'requests.get(u, auth=("me", "{KEY}"))',
    f"api_key: >-\n  {KEY}",
    f"ENV RUNWARE_API_KEY {KEY}",
    f"gh secret set RUNWARE_API_KEY --body {KEY}",
    f"echo {KEY} | docker login -u me --password-stdin",
    f"mysql -u root -p{KEY}",
    f"sshpass -p {KEY} ssh h",
    f"http -a me:{KEY} GET x",
    f"curl -H Authorization:Bearer\\ {KEY} https://x",
    f"machine h\n  login me\n  password {KEY}",
    f"localhost:5432:db:me:{KEY}",
    f"//registry.npmjs.org/:_authToken={KEY}",
    f'<add key="RunwareApiKey" value="{KEY}"/>',
    f"<key>apiKey</key>\n<string>{KEY}</string>",
    f"Access key ID,Secret access key\nAKIAIOSFODNN7EXAMPLE,{KEY}",
    f"postgresql://me:Pw7/{KEY}@h/db",
    f"https://me:Pw7#{KEY}@h.example/db",
]
"""Code, commands and files: in a passage around the shots, and as a text in JSON where that is told by a name."""

IN_JSON = [
    _json(params=[{"id": "api_key", "val": KEY}]),
    _json(fields=[{"label": "API key", "value": KEY}]),
    _json(inputs_=[{"name": "api_key", "default": KEY}]),
    _json(vars=[{"variable": "API_KEY", "content": KEY}]),
    _json(vars=[{"title": "Token", "text": KEY}]),
    _json(keys=[KEY]),
    _json(extra_data={"api_key_comfy_org": KEY, "auth_token_comfy_org": KEY}),
    _json(a=quote(json.dumps({"apiKey": KEY}))),
    _json(a=base64.b64encode(json.dumps({"apiKey": KEY}).encode()).decode()),
    _json(a="".join(['{"api\\u004bey": "', KEY, '"'])),
    _json(x="https://h/go?next=" + quote(f"https://x/?token={KEY}", safe="")),
    *(
        f"Shot,Seconds,Prompt,{name}\n1,3,A ferry,{KEY}\n2,4,A rope,\n"
        for name in ("api key (prod)", "Auth header", "API", "Access", "Login", "PIN", "clé API", "chave")
    ),
    f"Shot,Seconds,Prompt,Zugangsschlüssel\n1,3,A ferry,{KEY}\n2,4,A rope,\n",
]

HOOKS = [
    "https://hooks.slack.com/triggers/T0/123/abcdeSecret123456",
    "https://discord.com/api/v10/webhooks/123456/dTok_enABC-123",
    "https://outlook.office.com/webhook/7c1f2e90-3b7a-4d5e-9a61-0d2e4f6a8b9c@x/IncomingWebhook/9f3c1e7ab54d40268c/x",
    "https://hooks.zapier.com/hooks/catch/1234567/abc12de/",
    "https://hook.eu1.make.com/k3jx8q2mznv5w7y1p4r6t9s0uabcdefg",
    "https://maker.ifttt.com/trigger/x/with/key/dVh9QxKpLmNoPqRsTuVwXy",
    "https://open.feishu.cn/open-apis/bot/v2/hook/7c1f2e90-3b7a-4d5e-9a61-0d2e4f6a8b9c",
    "https://n8n.example/webhook/7c1f2e90-3b7a-4d5e-9a61-0d2e4f6a8b9c",
    "https://mm.example/hooks/x1y2z3a4b5c6d7e8f9g0h1i2j3",
    "https://webhook.site/7c1f2e90-3b7a-4d5e-9a61-0d2e4f6a8b9c",
]


def _is_free_of(secret: str, text: str) -> Any:
    imported = import_text(text)
    written = imported.data.decode()
    assert secret not in written, written
    assert secret not in "\n".join(imported.remarks)
    assert [one for one in check_bytes(imported.data, "a", "/").diagnostics if one.severity == "error"] == []
    return imported


@pytest.mark.parametrize("text", [*STRUCTURED, *TEXTS, *IN_JSON, *map(_fenced, AROUND)], ids=lambda text: text[:60])
def test_a_secret_is_left_out_and_said(text: str) -> None:
    """By its name or place, in every notation; the shots stay, the remark says where it stood."""
    secret = "1234567890123" if "1234567890123" in text else KEY
    imported = _is_free_of(secret, text)
    assert any("left out" in one or "it became ${" in one for one in imported.remarks)
    assert base64.b64encode(KEY.encode()).decode() not in imported.data.decode()


@pytest.mark.parametrize("text", SHORT, ids=lambda text: text[:60])
def test_short_secrets(text: str) -> None:
    """What is short is left out where its name or its place leaves no doubt."""
    imported = import_text(text)
    assert "left out" in "\n".join(imported.remarks) or "it became ${" in "\n".join(imported.remarks)
    for secret in ("sk-1", "hunter", "abc", "pw@", "=pw", "tok123", "sesame"):
        assert secret not in imported.data.decode()


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form[:20])
def test_tokens_with_a_form_of_their_own(form: str) -> None:
    """They are left out wherever they stand, in prompts and titles too."""
    for text in (
        _json(other=f"see {form} there"),
        _json(title=f"Ferry {form}"),
        json.dumps({"multi_prompt": [PROMPTS[0] | {"prompt": f"A ferry named {form} leaves."}, PROMPTS[1]]}),
        f"{form}\n\n{LABELS}" if "\n" not in form else _json(other=[form]),
    ):
        _is_free_of(form, text)
        assert form.replace("\n", "") not in import_text(text).data.decode().replace("\n", "").replace(" ", "")


@pytest.mark.parametrize("address", HOOKS)
def test_an_address_that_gives_the_right_to_send(address: str) -> None:
    """A webhook whose path holds a token becomes a variable."""
    text = import_text(_json(webhookURL=address)).data.decode()
    assert "webhook_url: ${STORYBOARD_WEBHOOK_URL}" in text
    assert address.rpartition("://")[2] not in text


def test_a_secret_as_a_name_is_in_no_remark() -> None:
    """A remark names the place without the secret that the name is."""
    _is_free_of("sk-abcDEF0123456789", _json(**{"sk-abcDEF0123456789": {"apiKey": KEY}}))
    _is_free_of("sk-abcDEF0123456789", _json(image="frames/sk-abcDEF0123456789.png"))


def test_of_a_passage_that_is_left_out_no_remark_says_that_it_is_kept() -> None:
    """Code around the shots goes whole; a passage of words stays where another one goes."""
    imported = import_text(_fenced(f'client = Runware("{KEY}")'))
    assert "x-imported" not in imported.data.decode()
    assert [one for one in imported.remarks if "is kept" in one] == []
    assert "left out: a key, password or token (a passage of around the JSON that could hold one)" in imported.remarks
    imported = import_text(f"Six shots at sea.\n\nAPI key: {KEY}\n\n{LABELS}")
    assert "Six shots at sea." in imported.data.decode()
    assert KEY not in imported.data.decode()


HARMLESS = [
    "a token of love",
    "the secret garden",
    "Password written on a wall",
    "the password: swordfish, says the sign",
    "She whispers the secret: he is alive",
    "Token: the ring of the keeper",
    "Key: high, fill: low",
    "Key moment: he turns",
    "Secret: unknown",
    "A sign reads Authorization required",
    "Bearer of the flame walks on",
    "The bearer token is a coin",
    "a basic understanding of light",
    "sk-8 skateboard",
    "the ski-lift",
    "cast: token",
    "signature move: spin",
    "pass: the ball",
    "Session: 2024-01-01",
    "12:30, the clock",
    "Cookie: chocolate chip",
    "http://example.com/film?page=2",
    "mail me@example.com",
    "@keeper and me@home",
    "https://example.com/@me",
    "ratio 16:9; 4:3",
    "C# minor, key: C-sharp",
    "a key in a lock, a key light, keyframe: 12",
    "he types password, presses return",
    "Who has the key? token=coin",
    "secret = love",
    "key=high",
    "a pass-key",
    "Pass 2: close-up",
    "code: red",
    "sid: vicious",
    "auth: none",
    "Session: 2024-06-12T09:30",
    "Camera key: ARRI-ALEXA-35-4K",
    "Code: TANGO-7-ECHO-19-WHISKEY",
    "Pass: B-roll-2-handheld",
    "Cookie: gingerbread2000",
    "Ring Bearer: Elanor-Gamgee-the-fair",
    "secret key: brass",
    "password = open sesame",
    "login Anna password scene",
    "curl of smoke, -b a=1",
    "a curling match -u turn:left",
    "A sk-ateboarder2024ramp leaps",
    "https://example.com/a?key=C-minor",
    "https://example.com/a?pass=1",
    "mailto:anna@example.com",
    "Пароль: черепаха",
    "密码：芝麻开门",
    "Basic understanding123 of light",
]


@pytest.mark.parametrize("name", ["secret", "token", "password", "apiKey", "credential"])
def test_a_single_word_under_a_secrets_name_is_left_out(name: str) -> None:
    """However short and plain the word is."""
    imported = import_text(_json(**{name: "shh"}))
    assert "shh" not in imported.data.decode()
    assert f"({name})" in "\n".join(imported.remarks)


@pytest.mark.parametrize("words", HARMLESS)
def test_harmless_words_stay(words: str) -> None:
    """In prompts, titles, notes, other keys and columns, to the letter; nothing is said of them."""
    quoted = words.replace('"', '""')
    for text in (
        json.dumps({"multi_prompt": [PROMPTS[0] | {"prompt": words}], "title": words, "look": words, "mood": words}),
        json.dumps({"multi_prompt": [PROMPTS[0] | {"notes": words, "mood": {"is": words}}]}),
        f'Shot,Seconds,Prompt,Key moment\n1,3,A ferry,"{quoted}"\n2,4,A rope,\n',
        f'Shot,Seconds,Prompt,Secret\n1,3,A ferry,"{quoted}"\n2,4,A rope,\n',
    ):
        imported = import_text(text)
        assert "left out" not in "\n".join(imported.remarks)
        assert "***" not in imported.data.decode()


@pytest.mark.parametrize(
    "more",
    [
        {"max_tokens": 4096},
        {"tokens": 300},
        {"token_count": "12"},
        {"key_frame": "12"},
        {"keyframes": [1, 2]},
        {"has_password": True},
        {"apiKey": None},
        {"api_key": ""},
        {"apiKey": "$RUNWARE_API_KEY"},
        {"token": "<your token>"},
        {"api_key": "${KEY}"},
        {"api_key": "{{api_key}}"},
        {"secret": "He is the murderer."},
        {"key": "C minor"},
        {"headers": {"Accept": "application/json"}},
        {"tokens": {"prompt": 100}},
        {"secrets": ["he is alive"]},
        {"callback_url": "https://hooks.example/x?job=12&token=${TOKEN}"},
        {"cookies": ["chocolate chip"]},
        {"seed": 1234567890},
        {"id": "9f8e7d6c5b4a39281706"},
        {"taskUUID": "11111111-1111-4111-8111-111111111111"},
        {"first_frame": "frames/token-secret.png"},
        {"image_url": "https://pictures.example/secret/token.png?size=2"},
        {"image_url": "data:image/png;base64,iVBORw0KGgoAKIAIOSFODNN7EXAMPLE"},
        {"signature": "frames/sig-01.png"},
    ],
    ids=str,
)
def test_harmless_keys_stay(more: dict[str, Any]) -> None:
    """Numbers, placeholders, paths and prose are no secrets, whatever they are called."""
    imported = import_text(_json(**more))
    assert "left out" not in "\n".join(imported.remarks)
    assert "***" not in imported.data.decode()


def test_what_becomes_of_addresses() -> None:
    """Those that may hold ${NAME} become one, with its name said; a first frame is left out, with what to do."""
    imported = import_text(
        _json(
            webhookURL=f"https://h.example/?token={KEY}",
            uploadEndpoint=f"https://me:{KEY}@h.example/",
            image_url="a.png",
        )
    )
    text = imported.data.decode()
    assert "webhook_url: ${STORYBOARD_WEBHOOK_URL}" in text
    assert "upload_endpoint: ${STORYBOARD_UPLOAD_ENDPOINT}" in text
    assert "first_frame: a.png" in text
    assert "set STORYBOARD_WEBHOOK_URL to the address" in "\n".join(imported.remarks)
    text = import_text(_json(webhookURL="https://h.example/done?job=1")).data.decode()
    assert "webhook_url: https://h.example/done?job=1" in text
    gone = import_text(_json(image_url=f"https://h.example/a.png?sig={KEY}", negative_prompt="blur"))
    assert "first_frame:" not in gone.data.decode()
    assert "save the picture" in "\n".join(gone.remarks)


def test_the_remark_names_the_place() -> None:
    """The key's name and the item, as the service documents it; and no word of several items with shots."""
    remarks = "\n".join(import_text(STRUCTURED[0]).remarks)
    assert "left out: a key, password or token (apiKey of item 1)" in remarks
    assert "several items" not in remarks
    assert "x-imported" not in import_text(STRUCTURED[0]).data.decode()
    two = json.dumps([json.loads(_task())[0], json.loads(_task())[0]])
    assert "only the first of several items with shots" in "\n".join(import_text(two).remarks)


def test_many_places_are_counted() -> None:
    """A list of a hundred is not said line by line."""
    remarks = [
        one for one in import_text(_json(**{f"k{n}_api_key": KEY for n in range(50)})).remarks if "left out" in one
    ]
    assert len(remarks) == 9
    assert "42 more" in remarks[-1]


@pytest.mark.parametrize("own", ["kkkkkkkkkkkkkkkkkkkkkkkk", "rw/0+1=23456789&abc", 'k"e\\y;1@2*3_4', "a1b2c3"])
@pytest.mark.parametrize("name", [*SAME])
def test_the_environments_key_stays_out(monkeypatch: pytest.MonkeyPatch, name: str, own: str) -> None:
    """Wherever in a notation it stands, plain, escaped or percent-encoded: in no file and no remark, and it is said."""
    monkeypatch.setenv("RUNWARE_API_KEY", own)
    text = SAME[name]
    forms = {own, json.dumps(own)[1:-1], quote(own, safe=""), base64.b64encode(own.encode()).decode()}
    places = [*[place for place, letter in enumerate(text) if letter == " "][::6], len(text)]
    read = 0
    for form in forms:
        for place in places:
            try:
                imported = import_text(f"{text[:place]} {form} {text[place:]}")
            except NotRead:
                continue
            read += 1
            found = imported.data.decode() + "\n".join(imported.remarks)
            assert form not in found
            assert own not in found
            assert "left out: the key of RUNWARE_API_KEY" in imported.remarks
    assert read


OWN = "RwKy7Lm2Qp9Zt4Xv8Nb3"
SPELLED = {
    "upper": OWN.upper(),
    "hex": OWN.encode().hex(),
    "inside base64": base64.b64encode(f"m:{OWN}".encode()).decode().rstrip("=")[4:-4],
    "urlsafe": base64.urlsafe_b64encode(OWN.encode()).decode().rstrip("="),
    "zero-width": OWN[:10] + "\u200b" + OWN[10:],
    "line break": OWN[:10] + "\n" + OWN[10:],
    "pieces": f"'{OWN[:10]}' + '{OWN[10:]}'",
    "full-width": "".join(chr(ord(one) + 0xFEE0) for one in OWN),
    "percent": "".join(f"%{ord(one):02X}" for one in OWN),
    "twice percent": "".join(f"%25{ord(one):02X}" for one in OWN),
    "entities": "".join(f"&#{ord(one)};" for one in OWN),
    "escapes": "".join(f"\\u{ord(one):04x}" for one in OWN),
}


@pytest.mark.parametrize("setting", [OWN, f'"{OWN}"', f"Bearer {OWN}", f" {OWN}\n"])
@pytest.mark.parametrize("how", SPELLED)
def test_the_environments_key_in_other_spellings(monkeypatch: pytest.MonkeyPatch, how: str, setting: str) -> None:
    """In a prompt, a note, a name and texts that are kept: the key is found however it is written, and it is said."""
    monkeypatch.setenv("RUNWARE_API_KEY", setting)
    form = SPELLED[how]
    text = f"the {form} end" if how != "inside base64" else base64.b64encode(f"m:{OWN}".encode()).decode()
    for source in (
        json.dumps({"multi_prompt": [PROMPTS[0] | {"prompt": text, "notes": text}, PROMPTS[1]]}),
        _json(other=text, **{text: 1}),
        _json(other=json.dumps({"inner": text})),
        f"{LABELS}\n{text}\n",
    ):
        imported = import_text(source)
        found = imported.data.decode() + "\n".join(imported.remarks)
        assert form not in found
        assert form[2:-2] not in found
        assert OWN not in found
        assert "the key of RUNWARE_API_KEY" in found


def test_the_environments_key_in_escaped_json(monkeypatch: pytest.MonkeyPatch) -> None:
    """JSON is decoded when it is read; what it was before hides no key, nor do two texts with a half each."""
    monkeypatch.setenv("RUNWARE_API_KEY", OWN)
    source = _json(a="PLACE").replace("PLACE", "".join(f"\\u{ord(one):04x}" for one in OWN))
    assert OWN not in import_text(source).data.decode()
    written = import_text(_json(a=[OWN[:10], OWN[10:]])).data.decode()
    assert OWN[10:] not in written
    monkeypatch.setenv("RUNWARE_API_KEY", 'ab"cd12345')
    text = import_text('Shot,Seconds,Prompt,n\n1,3,A ferry,"ab""cd12345"\n2,4,r,\n').data.decode()
    assert "cd12345" not in text


def test_without_a_key_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key, or one that is a word, changes nothing."""
    for own in ("", " ", "key", "ferry", "Wide"):
        monkeypatch.setenv("RUNWARE_API_KEY", own)
        assert "Wide shot of a ferry." in import_text(LABELS).data.decode()


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text before the shots makes an error of any other kind, and no text changes when it is read again."""
    try:
        import_text(f"{text}\n\n{LABELS}")
        import_text(_json(other=text, **{text[:20] or "k": text}))
    except NotRead:
        pass


@given(
    st.sampled_from(["apiKey", "password", "Authorization", "client_secret", "X-Api-Key"]),
    st.text(alphabet="abcdefghjkmnpqrstuvwxyz0123456789", min_size=12, max_size=40).map(lambda text: f"Z9{text}"),
    st.recursive(
        st.none(), lambda inner: st.dictionaries(st.sampled_from("abc"), inner, min_size=1, max_size=2), max_leaves=6
    ),
    st.sampled_from(["dict", "list", "json", "text", "curl"]),
)
def test_a_secret_at_any_depth(name: str, value: str, shape: Any, kind: str) -> None:
    """However objects, lists and JSON in texts are nested around it."""
    inner: Any = {name: value}
    if kind == "text":
        inner = f"{name}: {value}"
    elif kind == "curl":
        inner = f"curl -H '{name}: {value}' https://api.example"
    elif kind == "json":
        inner = json.dumps(inner)
    elif kind == "list":
        inner = [inner]

    def put(tree: Any) -> Any:
        return {key: put(below) for key, below in tree.items()} if isinstance(tree, dict) else inner

    assert value not in import_text(_json(other=put(shape))).data.decode()


@pytest.mark.parametrize(
    "piece",
    [
        "password ",
        "api key:",
        "a://",
        "https://a:",
        "?token",
        "&x=",
        "eyJaaaaaaaaa-",
        "sk-",
        "-----BEGIN PRIVATE KEY-----",
        '"',
        "Bearer ",
        "-u ",
        "--key ",
        "a.b-c ",
        "token=",
        '\\"apiKey',
        "{",
        "SG.",
        "ya29.",
        "x",
        "key: \n",
    ],
)
def test_time_grows_with_the_text(piece: str) -> None:
    """Four times the text takes about four times as long, whatever is repeated in it."""

    def seconds(size: int) -> float:
        text = _json(other=piece * (size // len(piece)))
        begin = process_time()
        import_text(text)
        return process_time() - begin

    seconds(1000)
    short, long = seconds(30_000), seconds(120_000)
    assert long < 0.2 + 12 * short
