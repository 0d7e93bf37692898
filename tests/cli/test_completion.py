"""Tab in a real shell: what is offered, and that nothing else happens."""

from __future__ import annotations

import shlex
import shutil
from typing import TYPE_CHECKING

import pytest

from storyboard.jobs.ledger import Ledger
from storyboard.jobs.states import State
from tests.cli.desk import COMMAND
from tests.jobs.rows import a_job, an_order, uuid

if TYPE_CHECKING:
    from tests.cli.desk import Desk

_TRY = """
export PATH="$(dirname "$S"):$PATH"
eval "$(storyboard completion bash)"
COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); COMPREPLY=()
_storyboard_completion storyboard
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


def offered(desk: Desk, words: str) -> list[str]:
    """What bash would show for these words."""
    said = desk.shell(_TRY.format(words=words))
    # Outside of a real Tab, bash says that there is nothing to set options of.
    assert [line for line in said.err.splitlines() if "compopt" not in line] == []
    return said.out.split()


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("storyboard ch", ["check"]),
        ("storyboard check b", ["b.storyboard.yaml"]),
        ("storyboard check act", ["act1/c.storyboard.yml"]),
        ("storyboard check ''", ["b.storyboard.yaml", "act1/", "notes/"]),
        ("storyboard compile nothing", []),
        ("storyboard check --select SB20", [f"SB20{number}" for number in range(1, 10)]),
        ("storyboard check --ignore SB203,sb10", [f"SB203,SB10{number}" for number in range(1, 10)]),
        ("storyboard rule SB244", ["SB244"]),
        ("storyboard check --format s", ["sarif"]),
        ("storyboard export b.storyboard.yaml --to k", ["kling", "kling-turbo"]),
        ("storyboard check --st", ["--strict"]),
        ("storyboard jobs s", ["show"]),
        ("storyboard farm s", ["submit", "status"]),
        ("storyboard nonsense x", []),
    ],
)
def test_bash_offers_what_fits(desk: Desk, words: str, wanted: list[str]) -> None:
    """Commands, storyboards, folders, codes behind the last comma, values and options; no word on standard error."""
    for name in ("b.storyboard.yaml", "act1/c.storyboard.yml", "notes/x.txt", "renders/d.storyboard.yaml", "e.txt"):
        desk.write(name, "")
    assert offered(desk, words) == wanted


def test_bash_offers_jobs(desk: Desk) -> None:
    """By how their UUIDs begin; to forget or abandon only those that can be. Without a ledger none, nor is one made."""
    assert offered(desk, "storyboard resume ''") == []
    state = desk.folder.parent / "state"
    assert not state.exists()
    unsent, sent = (
        a_job(1, uuid="0" + uuid(1)[1:]),
        a_job(2, uuid="1" + uuid(2)[1:], state=State.ACCEPTED, sent_at=1.8e9),
    )
    with Ledger.open(state) as ledger:
        for job in (unsent, sent):
            ledger.add(job, None, an_order())
    both = [job.uuid[:8] for job in (sent, unsent)]
    for command in ("resume", "jobs show"):
        assert offered(desk, f"storyboard {command} ''") == both
        assert offered(desk, f"storyboard {command} {sent.uuid[:-1]}") == [sent.uuid[:-1]]
    assert offered(desk, "storyboard jobs forget ''") == both[1:]
    assert offered(desk, "storyboard jobs abandon ''") == both[:1]
    (state / "ledger.sqlite3").write_bytes(b"no database" * 500)
    assert offered(desk, "storyboard jobs forget ''") == []


def test_names_that_a_shell_would_take_apart_are_left_to_it(desk: Desk) -> None:
    """A stranger's file name is neither split nor expanded nor run."""
    desk.write("a $(touch ran) *.storyboard.yaml", "")
    assert offered(desk, "storyboard check a") == []
    assert not (desk.folder / "ran").exists()


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_ask_the_same(desk: Desk, shell: str) -> None:
    """Their scripts ask with the same variable, and their questions are answered."""
    script = desk.run("completion", shell).out
    assert f"_STORYBOARD_COMPLETE={shell}_complete" in script
    cword = "SB203" if shell == "fish" else "2"
    env = {"_STORYBOARD_COMPLETE": f"{shell}_complete", "COMP_WORDS": "storyboard rule SB203", "COMP_CWORD": cword}
    said = desk.process(env=env)
    assert said.code == 0
    assert "SB203" in said.out
    assert "refers back" in said.out


_TRY_IN = {
    "fish": """
fish_add_path --path (dirname $S)
storyboard completion fish | source
complete -C '{words}'
""",
    "zsh": """
path=(${{S:h}} $path)
compdef() {{ }}
compadd() {{ print -rl -- "${{(@P)@[-1]}}" }}
_describe() {{ print -rl -- "${{(@P)3}}" }}
eval "$(storyboard completion zsh)"
words=({words}) CURRENT=${{#words}}
_storyboard_completion
""",
}


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("storyboard farm st", [("status", "Say what the farm is doing.")]),
        ("storyboard rule SB243", [("SB243", "a first frame, and nobody is named")]),
        ("storyboard check --ignore SB203,SB243", [("SB203,SB243", "a first frame, and nobody is named")]),
        ("storyboard check act", [("act1/c.storyboard.yml", "")]),
        ("storyboard export b.storyboard.yaml --to kling-", [("kling-turbo", "")]),
    ],
)
@pytest.mark.parametrize("shell", _TRY_IN)
def test_other_shells_offer_what_fits(desk: Desk, shell: str, words: str, wanted: list[tuple[str, str]]) -> None:
    """In the shell itself, with what is said of each, commas included."""
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell} here")
    desk.write("act1/c.storyboard.yml", "")
    option, between = ("--no-config", "\t") if shell == "fish" else ("-f", ":")
    said = desk.shell(f'HOME="$PWD" exec {shell} {option} -c {shlex.quote(_TRY_IN[shell].format(words=words))}')
    assert said.err == ""
    rows = [line.partition(between) for line in said.out.splitlines()]
    assert [(value, about) for value, _, about in rows] == wanted


def test_completing_is_one_line_in_the_profile(desk: Desk) -> None:
    """The script names the command that it completes, wherever that lies."""
    assert "complete -o nosort -F _storyboard_completion storyboard" in desk.run("completion", "bash").out
    assert COMMAND.endswith("storyboard")
