"""Values of the environment: whoever would get one is named, and nobody gets one that was not allowed or agreed to."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.addresses import Disclosure, address_fault, disclosures
from storyboard.checks import check_bytes
from storyboard.jobs.wire import NotFilledIn, fill_in
from storyboard.submitting.errors import Kind, SubmitError
from storyboard.submitting.events import Refused
from storyboard.submitting.permission import allowed_in_words, lines, not_allowed
from tests.cli.desk import BOARD
from tests.provider.record import Record

if TYPE_CHECKING:
    from tests.provider import Provider
    from tests.submitting.editor import Editor

TOKEN = Disclosure("STUDIO_TOKEN", "hooks.example")


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORYBOARD_CONFIG", str(tmp_path / "settings.toml"))
    monkeypatch.delenv("STORYBOARD_ALLOW_ENV", raising=False)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://hooks.example/?k=${A}", "hooks.example"),
        ("http://hooks.example:8080#${A}", "hooks.example:8080"),
        ("https://user:${A}@hooks.example/", "user:${A}@hooks.example"),
        ("https://me@hooks.example/${A}", "hooks.example"),
        ("https://${A}/hook", "${A}"),
        ("https://x.${A}.evil.example/", "x.${A}.evil.example"),
        ("https://good.example${A}@evil.example/", "good.example${A}@evil.example"),
        ("https://good.example\\@evil.example/${A}", "good.example\\@evil.example"),
        ("https://${A}\\@evil.example/x", "${A}\\@evil.example"),
        ("https://evil.example?@good.example/${A}", "evil.example"),
        ("${A}/hook", "${A}/hook"),
        ("${A}//evil.example/x", "${A}//evil.example/x"),
    ],
)
def test_who_gets_it(address: str, host: str) -> None:
    """The host as it is written; where a variable may decide it, so much that nobody is hidden."""
    assert address_fault(address) is None
    assert disclosures(address) == [Disclosure("A", host)]


PARTS = st.lists(st.sampled_from(["a.example", "evil.example", "${A}", "${B}", "@", "/", "?", "#", ":", "\\", "x"]))


@given(PARTS, st.sampled_from(["b.example", "/b", "b@", "b.example/", "?", "8080"]))
def test_no_host_is_hidden(parts: list[str], value: str) -> None:
    """Whatever the variables hold, the host that is called stands in what was shown, or in their values."""
    address = "https://a" + "".join(parts)
    found = disclosures(address)
    if not found:
        return
    try:
        called = urlsplit(re.sub(r"\$\{\w+\}", value, address)).hostname or ""
    except ValueError:
        return
    assert called in re.sub(r"\$\{\w+\}", value, found[0].host).lower()


@pytest.mark.parametrize(
    ("allowed", "free"),
    [
        ("", False),
        ("STUDIO_TOKEN", True),
        ("A, STUDIO_TOKEN ,B", True),
        ("STUDIO_TOKEN@hooks.example", True),
        ("STUDIO_TOKEN@HOOKS.example", True),
        ("STUDIO_TOKEN@hooks.example:8080", False),
        ("STUDIO_TOKEN@example", False),
        ("STUDIO_TOKEN_2,studio_token,STUDIO_TOKE", False),
    ],
)
def test_what_the_user_allows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, allowed: str, free: bool) -> None:
    """By the very name, for any host or for that one, in the environment or in the user's settings."""
    monkeypatch.setenv("STORYBOARD_ALLOW_ENV", allowed)
    assert not_allowed([TOKEN]) == ([] if free else [TOKEN])
    monkeypatch.delenv("STORYBOARD_ALLOW_ENV")
    entries = [one.strip() for one in allowed.split(",") if one]
    (tmp_path / "settings.toml").write_text(f"theme = 'x'\nallow_env = {entries}\n", encoding="utf-8")
    assert not_allowed([TOKEN]) == ([] if free else [TOKEN])
    assert ("STUDIO_TOKEN" in allowed_in_words()) == ("STUDIO_TOKEN" in allowed)


@pytest.mark.parametrize(
    ("name", "free"),
    [
        ("STORYBOARD_HOOK", True),
        ("STORYBOARD_WEBHOOK_URL", True),
        ("STORYBOARD_STATE_DIR", False),
        ("STORYBOARD_FARM_DSN", False),
        ("STORYBOARD_Farm_Dsn", False),
        ("STORYBOARD_CONFIG", False),
        ("STORYBOARD_ALLOW_ENV", False),
        ("storyboard_hook", False),
        ("MY_STORYBOARD_HOOK", False),
        ("AWS_SECRET_ACCESS_KEY", False),
        ("GITHUB_TOKEN", False),
    ],
)
def test_names_that_are_meant_for_it(name: str, free: bool) -> None:
    """STORYBOARD_… is, but for this program's own settings."""
    one = Disclosure(name, "hooks.example")
    assert not_allowed([one]) == ([] if free else [one])


def test_every_own_setting_is_known() -> None:
    """No variable that this program reads is filled in without a question."""
    read = set()
    for folder, _, names in os.walk("storyboard"):
        for name in names:
            if name.endswith(".py"):
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    read |= set(re.findall(r"\"(STORYBOARD_[A-Z_]+)\"", file.read()))
    assert "STORYBOARD_STATE_DIR" in read
    told = [Disclosure(name, "hooks.example") for name in sorted(read - {"STORYBOARD_", "STORYBOARD_ERRORS"})]
    imported = {"STORYBOARD_WEBHOOK_URL", "STORYBOARD_UPLOAD_ENDPOINT"}
    assert [one for one in told if one.name not in imported] == not_allowed(told)


@pytest.mark.parametrize("text", ["A B", "A@", "@x", "1A", "A@x@y", "${A}"])
def test_settings_that_say_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str) -> None:
    """A person must mend them; they allow nothing."""
    monkeypatch.setenv("STORYBOARD_ALLOW_ENV", text)
    with pytest.raises(SubmitError, match="STORYBOARD_ALLOW_ENV must hold NAME") as refused:
        not_allowed([TOKEN])
    assert refused.value.kind is Kind.ENVIRONMENT
    monkeypatch.delenv("STORYBOARD_ALLOW_ENV")
    deep = f"{'.'.join('a' * 1000)} = 1"
    for wrong in (f"allow_env = ['{text}']", "allow_env = 'STUDIO_TOKEN'", "allow_env = [1]", "allow_env =", deep):
        (tmp_path / "settings.toml").write_text(wrong, encoding="utf-8")
        with pytest.raises(SubmitError, match=r"settings\.toml") as refused:
            not_allowed([TOKEN])
        assert refused.value.kind is Kind.ENVIRONMENT


def test_a_repository_allows_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its settings are a stranger's."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".storyboard.toml").write_text('allow_env = ["STUDIO_TOKEN"]\n', encoding="utf-8")
    (tmp_path / "editor.toml").write_text('allow_env = ["STUDIO_TOKEN"]\n', encoding="utf-8")
    assert not_allowed([TOKEN]) == [TOKEN]


def test_a_long_host_hides_nothing() -> None:
    """What no host can be as long as is shown from both ends."""
    (line,) = lines([Disclosure("A", "good.example" + "x" * 100_000 + ".evil.example")])
    assert len(line) < 400
    assert line.startswith("good.example")
    assert ".evil.example gets" in line


def test_check_names_them() -> None:
    """SB249, at the address, with each variable and its host."""
    board = BOARD + "output:\n  webhook_url: 'https://hooks.example/?a=${A}&b=${B}'\n  upload_endpoint: '${UP}/x'\n"
    found = [one for one in check_bytes(board.encode(), "film.yaml", ".").diagnostics if one.code == "SB249"]
    assert [(one.path, one.severity) for one in found] == [
        (("output", "webhook_url"), "info"),
        (("output", "upload_endpoint"), "info"),
    ]
    assert "hooks.example gets the value of ${A} and ${B}" in found[0].message
    assert "${UP}/x gets the value of ${UP}" in found[1].message


@pytest.mark.parametrize("name", ["STORYBOARD_FARM_DSN", "storyboard_farm_dsn"])
def test_no_address_can_hold_the_databases_password(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """It is refused like the key: by `check`, and on the wire."""
    address = f"https://evil.example/?k=${{{name}}}"
    assert "password" in str(address_fault(address))
    monkeypatch.setenv(name, "postgresql://u:s3cr3t@h/db")
    with pytest.raises(NotFilledIn) as stopped:
        fill_in(address)
    assert "s3cr3t" not in str(stopped.value)


def hooked(address: str) -> str:
    """A storyboard with a webhook."""
    return BOARD + f"output: {{webhook_url: '{address}'}}\n"


def test_the_editors_yes_covers_what_it_showed(
    editor: Editor, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An offer names each value and who gets it; its yes is one to these, not to what the file holds by then."""
    sent: list[Any] = []
    real = Record.sent

    def sent_too(self: Record, task: Any) -> None:
        sent.append(task)
        real(self, task)

    monkeypatch.setattr(Record, "sent", sent_too)
    monkeypatch.setenv("STUDIO_TOKEN", "s3cr3t")
    monkeypatch.setenv("STORYBOARD_HOOK", "hook")
    board = editor.write(text=hooked("https://hooks.example/${STUDIO_TOKEN}/${STORYBOARD_HOOK}"))
    offer = editor.offer(board)
    assert offer.told == (TOKEN, Disclosure("STORYBOARD_HOOK", "hooks.example"))
    assert (offer.untold, offer.words) == ((TOKEN,), None)
    editor.write(text=hooked("https://evil.example/${STUDIO_TOKEN}"))
    editor.desk.submit(offer)
    editor.finished()
    assert [task["webhookURL"] for task in sent] == ["https://hooks.example/s3cr3t/hook"]


def test_a_yes_to_one_host_is_none_to_another(
    editor: Editor, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request that would tell others than were shown is not written down, by whatever way it came there."""
    monkeypatch.setenv("STUDIO_TOKEN", "s3cr3t")
    offer = editor.offer(editor.write(text=hooked("https://evil.example/${STUDIO_TOKEN}")))
    for told in ((), (TOKEN,), (Disclosure("OTHER", "evil.example"),)):
        editor.events.clear()
        editor.desk.submit(replace(offer, told=told))
        refused = editor.wait(Refused)[0]
        assert (refused.kind, "evil.example gets ${STUDIO_TOKEN}" in refused.words) == (Kind.PERSON, True)
    assert editor.desk.jobs() == []
    assert provider.requests == []


def test_the_sandbox_is_told_nothing(editor: Editor, quick_sandbox: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """No value is filled in, none is needed, and its state has none."""
    monkeypatch.setenv("STUDIO_TOKEN", "s3cr3t")
    monkeypatch.delenv("NOT_SET", raising=False)
    text = hooked("${NOT_SET}/${STUDIO_TOKEN}").replace(
        "}'}", "}', upload_endpoint: 'http://127.0.0.1/${STUDIO_TOKEN}'}"
    )
    offer = editor.offer(editor.write(text=text), sandbox=True)
    assert (offer.told, offer.missing, offer.words) == ((), (), None)
    editor.desk.submit(offer)
    assert editor.finished()[0].job.state == "done"
    editor.desk.close()
    kept = b"".join(one.read_bytes() for one in Path(os.environ["STORYBOARD_STATE_DIR"]).rglob("*") if one.is_file())
    assert b"${STUDIO_TOKEN}" in kept
    assert b"s3cr3t" not in kept
