"""What is read off a shot's text: its size, and who speaks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.preview.reading import parts_of, shot_size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("Wide shot of a pier.", "Wide shot"),
        ("Extreme wide shot of a pier.", "Extreme wide shot"),
        ("A medium close-up in the rain", "Medium close-up"),
        ("extreme close up of an eye", "Extreme close-up"),
        ("Medium two-shot at the hatch", "Two-shot"),
        ("CU: her hand", "Close-up"),
        ("cu: her hand", ""),
        ("A wide street. Close-up of a lamp, behind it a wide shot in a frame", "Close-up"),
        ("Over-the-shoulder shot of a map", "Over the shoulder"),
        ("Primer plano de la guitarra", "Close-up"),
        ("特写，宇航员", "Close-up"),
        ("大特写，眼睛", "Extreme close-up"),
        ("A pier at dawn", ""),
        ("A pier at dawn. " * 20 + "Close-up.", ""),
        ("", ""),
    ],
)
def test_the_size_is_the_first_that_is_named(text: str, size: str) -> None:
    """In words or short forms, in several languages; what is said late is talk of something else."""
    assert shot_size(text) == size


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ('She turns. [Ana, low]: "Go home now." He nods.', ['[Ana, low]: "Go home now."']),
        ("He says: “Not tonight,” and leaves.", ["He says: “Not tonight,”"]),
        ("Keeper: «Il est tard.»", ["Keeper: «Il est tard.»"]),
        ("彼女は言う。「行かないでください。」", ["「行かないでください。」"]),
        ('A sign reads "NO ENTRY HERE" above the door.', []),
        ('A bar called "The Blue Door" at night.', []),
        ('The word "love" in neon.', []),
        ("It's the keeper's lamp, isn't it.", []),
        ('An open quote "that never ends', []),
    ],
)
def test_speech_is_what_somebody_says(text: str, spoken: list[str]) -> None:
    """Quoted sentences with their speaker; signs, names and single words are part of the picture."""
    assert [part.text for part in parts_of(text) if part.spoken] == spoken


@given(st.text(alphabet='ab :.,;"“”«»「」[]!?\n', max_size=80))
def test_no_word_is_lost(text: str) -> None:
    """The parts hold every character but white space, in order."""
    assert "".join("".join(part.text for part in parts_of(text)).split()) == "".join(text.split())
