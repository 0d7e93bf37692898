"""The twelve traps of editing YAML at PyYAML's marks, each as it would catch a writer."""

from __future__ import annotations

import subprocess
import sys

import pytest
import yaml

from storyboard.document import Document, EditRefused
from storyboard.document.loader import CoreLoader
from storyboard.document.quoting import is_plain


def edited(before: str, path: list[str | int], value: object) -> str:
    """The text after one value was set."""
    document = Document.parse(before.encode())
    document.set(path, value)
    return document.to_bytes().decode()


def test_01_a_tab_before_a_comment_is_read_and_kept() -> None:
    """libyaml's scanner takes what the pure one refuses."""
    assert edited("a: v\t# c\nb: 1\n", ["b"], 2) == "a: v\t# c\nb: 2\n"
    assert edited("a: v\t# c\nb: 1\n", ["a"], "w") == "a: w\t# c\nb: 1\n"


def test_01_without_libyaml_the_same_edits_are_right() -> None:
    """Scanner, parser and constructor are of one kind there too; an anchor still cannot go below its alias."""
    command = [sys.executable, "-m", "tests.document.editing.on_pure_loader"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines() == [f"14_anchors_alias: move {way} None: refused" for way in ("(0, 2)", "(0, 1)")]


def test_02_a_byte_order_mark_moves_no_place() -> None:
    """libyaml would count it."""
    assert edited("\ufeffa: x\nb: y\n", ["b"], "z") == "\ufeffa: x\nb: z\n"


def test_03_places_are_code_points_and_lists_end_with_their_last_value() -> None:
    """Marks count characters, not bytes; the end mark of a list runs on to the next key."""
    before = "# 🎬\nshots:\n- p: 海 🌅\n\n# above b\nb: é\n"
    document = Document.parse(before.encode())
    document.insert_shot(1, {"p": "new"})
    assert document.text == "# 🎬\nshots:\n- p: 海 🌅\n- p: new\n\n# above b\nb: é\n"
    assert edited(before, ["b"], "ñ").endswith("b: ñ\n")


def test_04_aliases_anchors_tags_and_dashes_are_seen() -> None:
    """An edit of a value leaves its anchor and tag; an edit of an alias leaves what it repeated."""
    before = "a: &x !note old\nb: *x\nc:\n- 1\n-\n  - 2\n"
    assert edited(before, ["b"], "new") == before.replace("*x", "new")
    assert edited(before, ["a"], "new") == before.replace("old", "new")
    assert edited(before, ["c", 1, 0], 3) == before.replace("2", "3")


def test_05_blank_lines_below_a_block_are_not_its_text() -> None:
    """Unless its header keeps them."""
    assert edited("a: |\n  x\n\n\nb: 1\n", ["a"], "y\n") == "a: |\n  y\n\n\nb: 1\n"
    assert edited("a: |+\n  x\n\n\nb: 1\n", ["a"], "y\n\n\n") == "a: |+\n  y\n\n\nb: 1\n"
    assert edited("a: |+\n  x\n\n\nb: 1\n", ["a"], "y") == "a: |-\n  y\n\n\nb: 1\n"


def test_06_plain_is_one_style() -> None:
    """libyaml calls it the empty text, the pure parser None."""
    assert edited("a: old text\n", ["a"], "new text") == "a: new text\n"
    assert next(event for event in yaml.parse("x", Loader=CoreLoader) if isinstance(event, yaml.ScalarEvent)).style in (
        "",
        None,
    )


def test_07_a_comment_goes_to_the_header_of_a_block_and_back() -> None:
    """Behind the text it would become text."""
    assert edited("a: x  # note\nb: 1\n", ["a"], "x\ny\n") == "a: |  # note\n  x\n  y\nb: 1\n"
    assert edited("a: |  # note\n  x\n  y\nb: 1\n", ["a"], 5) == "a: 5  # note\nb: 1\n"


def test_08_no_emoji_is_escaped() -> None:
    """PyYAML's dumper would write \\U0001F3AC."""
    assert edited('a: "x"\n', ["a"], "🎬: 海\u2028\x85") == 'a: "🎬: 海\\u2028\\u0085"\n'


def test_09_pyyaml_analyzes_scalars_as_expected() -> None:
    """The undocumented parts that decide what needs quotes."""
    plain = {"a b", "a#b", "http://x.test/a", "x:y", "it's", "é 海 🎬", "3 cats", "-x", "a, b", "a]", "50%"}
    quotes = {
        "a: b",
        "a #b",
        "#a",
        "- a",
        "@a",
        "`a",
        "%a",
        "'a",
        '"a',
        "&a",
        "*a",
        "!a",
        "|",
        ">",
        "? a",
        "a:",
        " a",
        "a ",
    }
    misread = {"", "1", "1.5", "1e3", "0o17", "0x1F", "010", "12:30", "16:9", "1_000", "yes", "No", "on", "y", "N", "~"}
    misread |= {"true", "TRUE", ".inf", "-.INF", ".nan", "2001-01-01", "2001-12-14t21:59:43.10-05:00", "=", "<<", "0b1"}
    misread |= {"null", "---"}
    assert {text for text in plain | quotes | misread if is_plain(text, flow=False)} == plain
    assert not is_plain("a, b", flow=True)
    assert not is_plain("a]", flow=True)


def test_10_a_folded_text_keeps_the_breaks_that_still_fit() -> None:
    """One changed word changes its line."""
    before = "a: >-\n  one two three\n  four five six\n  seven eight\n"
    after = edited(before, ["a"], "one two three four FIVE six seven eight")
    assert after == before.replace("five", "FIVE")


def test_11_a_shot_takes_its_own_comments_along_and_no_others() -> None:
    """Above at the dash, and below deeper than it; its dash may stand alone."""
    before = "shots:\n  # list\n\n  # own\n  -\n    p: 1  # end\n    # deeper\n# nobody's\n  - p: 2\n  # after\nx: 1\n"
    document = Document.parse(before.encode())
    document.move_shot(0, 1)
    after = "shots:\n  # list\n\n# nobody's\n  - p: 2\n  # own\n  -\n    p: 1  # end\n    # deeper\n  # after\nx: 1\n"
    assert document.text == after
    document.delete_shot(1)
    assert document.text == "shots:\n  # list\n\n# nobody's\n  - p: 2\n  # after\nx: 1\n"


def test_12_what_aliases_repeat_follows_or_is_left_alone() -> None:
    """A scalar's aliases follow it; inside a collection that is repeated nothing is edited."""
    document = Document.parse(b"a: &x one\nb: *x\nc: &y\n  k: 1\nd: *y\n")
    document.set(["a"], "two")
    assert (document.data["a"], document.data["b"]) == ("two", "two")
    for path in (["c", "k"], ["d", "k"], ["c", "new"]):
        with pytest.raises(EditRefused, match="repeat"):
            document.set(path, 2)
    document.set(["d"], "own")
    assert document.text == "a: &x two\nb: *x\nc: &y\n  k: 1\nd: own\n"
