"""Each limit at one below, at, and one above."""

from __future__ import annotations

import pytest

from tests.checks.boards import GOOD, check, codes, shots

LOOK = "look: grain\n"
URL = "first_frame: https://example.com/a.png\n"
# Four full shots and a fifth: the template itself takes 64 characters.
FULL = ["x" * 512] * 4


@pytest.mark.parametrize(("length", "said"), [(511, []), (512, []), (513, ["SB105"])])
def test_a_shot_has_512_characters(length: int, said: list[str]) -> None:
    """SB105 counts code points of the compiled text: astral characters count as one, and white space is folded."""
    assert codes(shots("x" * length)) == said
    assert codes(shots("🎬" * length)) == said
    assert codes(shots("  x\\n\\n " + "y " * 200 + "z" * (length - 402))) == said


@pytest.mark.parametrize(("length", "said"), [(511, []), (512, []), (513, ["SB105"])])
def test_cast_and_look_count(length: int, said: list[str]) -> None:
    """The cast's text and the look, with what joins it, count toward the shot's 512."""
    assert codes(LOOK + shots("x" * (length - len(". grain")))) == said
    assert codes(LOOK + shots("x" * (length - len(". grain")) + ".")) == said
    assert codes("cast: {fox: a red fox}\n" + shots("x" * (length - len(" a red fox")) + " @fox")) == said
    assert codes("cast: {fox: a red fox}\nlook: '@fox'\n" + shots("x" * (length - len(". a red fox")))) == said
    assert codes("cast: {grain: grain}\n" + shots("x" * (length - len(" grain")) + " @grain")) == said


@pytest.mark.parametrize(("total", "said"), [(3071, ["SB201"]), (3072, ["SB201"]), (3073, ["SB106"])])
def test_the_whole_prompt_has_3072(total: int, said: list[str]) -> None:
    """SB106 counts the template too; from 2501 on SB201 warns, but not on top of SB106."""
    text = shots(*["x" * 499] * 5, "x" * (499 + total - 3071), seconds=1)
    assert codes(text) == said
    assert check(text).has_errors == (total > 3072)


@pytest.mark.parametrize(("total", "said"), [(2499, []), (2500, []), (2501, ["SB106"])])
def test_the_whole_prompt_has_2500_with_a_frame(total: int, said: list[str]) -> None:
    """With a first frame 2500 is the limit, and nothing is left to recommend."""
    assert codes(URL + shots(*["x" * 487] * 4, "x" * (487 + total - 2499), seconds=1)) == said


@pytest.mark.parametrize(("total", "said"), [(2499, []), (2500, []), (2501, ["SB201"])])
def test_2500_is_recommended_without_a_frame(total: int, said: list[str]) -> None:
    """Without a first frame more than 2500 is a warning."""
    report = check(shots(*["x" * 487] * 4, "x" * (487 + total - 2499), seconds=1))
    assert [found.code for found in report.diagnostics] == said
    assert not report.has_errors


def test_seconds_of_two_digits_count_in_the_whole_prompt() -> None:
    """A shot of ten seconds takes one character more of the whole than one of nine."""
    texts = ["x" * 487] * 4 + ["x" * 488]
    nine = "".join(f"- {{seconds: 1, prompt: {text}}}\n" for text in texts)
    ten = nine.replace("seconds: 1,", "seconds: 10,", 1)
    assert codes(URL + "shots:\n" + nine) == []
    assert codes(URL + "shots:\n" + ten) == ["SB106"]


@pytest.mark.parametrize(
    ("seconds", "said"), [(1, ["SB101"]), (2, ["SB101"]), (3, []), (4, []), (14, []), (15, []), (16, ["SB101"])]
)
def test_a_film_lasts_3_to_15_seconds(seconds: int, said: list[str]) -> None:
    """SB101 on the sum of the shots, whether one shot makes it or two; told once where `duration` repeats it."""
    assert codes(shots("x", seconds=seconds)) == said
    assert codes(f"duration: {seconds}\n" + shots("x", seconds=seconds)) == said
    if seconds > 1:
        assert codes(f"shots: [{{seconds: 1, prompt: x}}, {{seconds: {seconds - 1}, prompt: x}}]") == said


def test_a_promise_and_a_sum_can_both_be_wrong() -> None:
    """Where `duration` and the sum differ and both are out of range, all three facts are told."""
    assert codes("duration: 2\n" + shots("x", seconds=16)) == ["SB101", "SB102", "SB101"]


def test_seconds_of_any_size_are_told_in_a_line() -> None:
    """Numbers of hundreds of digits end in a readable message, not in a crash."""
    report = check("shots:\n" + f"- {{seconds: {'9' * 1000}, prompt: x}}\n" * 2 + f"duration: {'1' * 1000}\n")
    assert {found.code for found in report.diagnostics} == {"SB101", "SB102"}
    assert all(len(found.message) < 300 for found in report.diagnostics)
    assert "the shots make 19999999999999999999… (1001 digits) s" in report.diagnostics[0].message


@pytest.mark.parametrize(("number", "said"), [(0, ["SB103"]), (1, []), (5, []), (6, []), (7, ["SB103"])])
def test_one_to_six_shots(number: int, said: list[str]) -> None:
    """SB103 below one and above six."""
    text = shots(*["x"] * number, seconds=2 if number < 7 else 1) if number else "shots: []\n"
    assert codes(text.replace("seconds: 2", "seconds: 3", 1)) == said


@pytest.mark.parametrize(("length", "said"), [(0, ["SB003"]), (1, []), (199, []), (200, []), (201, ["SB003"])])
def test_titles(length: int, said: list[str]) -> None:
    """A title has 1 to 200 characters."""
    assert codes(f"title: '{'🎬' * length}'\n" + GOOD) == said


@pytest.mark.parametrize(("key", "least", "most"), [("quality", 20, 99), ("takes", 1, 4), ("ttl", 60, None)])
def test_output_numbers(key: str, least: int, most: int | None) -> None:
    """Quality 20 to 99, takes 1 to 4, ttl from 60 on: at the bounds, and one outside."""

    def said(value: object) -> list[str]:
        return codes(GOOD + f"output: {{{key}: {value}}}\n")

    assert said(least - 1) == ["SB003"]
    assert said(least) == said(least + 1) == []
    if most is None:
        assert said(10**9) == []
    else:
        assert said(most) == []
        assert said(most + 1) == ["SB003"]
    assert said("true") == said(f"{least}.0") == said(f"'{least}'") == said("null") == ["SB003"]


@pytest.mark.parametrize("number", [20_000, 20_001, 25_000, 100_000])
def test_a_long_cast_text_is_counted_however_long(number: int) -> None:
    """A cast's text of any length is part of the shot: no size slips past SB105."""
    (whole, shot) = check(f"cast: {{a: {'x' * number}}}\n" + shots("@a")).diagnostics
    assert (whole.code, shot.code) == ("SB106", "SB105")
    assert f"has {number} characters, {number - 512} too many (at most 512); @a takes {number}" in shot.message


def test_a_text_used_ten_thousand_times_is_counted_without_being_written_out() -> None:
    """Length and cost are those of the whole text, though nobody has made it."""
    (_, shot) = check(f"cast: {{a: {'x' * 30_000}}}\n" + shots("@a " * 9_999 + "@a")).diagnostics
    assert "shot 1 has 300009999 characters" in shot.message
    assert "@a takes 300000000" in shot.message


def test_the_costs_of_many_names_stay_readable() -> None:
    """The five names that take most are told, the rest in sum."""
    cast = "cast: {" + ", ".join(f"n{number}x: {'y' * (100 + number)}" for number in range(9)) + "}\n"
    (shot,) = check(cast + shots(" ".join(f"@n{number}x" for number in range(9)))).diagnostics
    assert shot.message.endswith(
        "; @n8x takes 108, @n7x takes 107, @n6x takes 106, @n5x takes 105, @n4x takes 104, 4 more names take 406"
    )


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("titles", "title"),
        ("modell", "model"),
        ("Duration", "duration"),
        ("aspect-ratio", "aspect_ratio"),
        ("aspectRatio", "aspect_ratio"),
        ("firstframe", "first_frame"),
        ("negativePrompt", "negative_prompt"),
        ("casts", "cast"),
        ("shot", "shots"),
        ("ouput", "output"),
    ],
)
def test_near_misses_of_keys(key: str, hint: str) -> None:
    """A key that is nearly right is told the right one."""
    (found,) = check(f"{key}: 1\n" + GOOD).diagnostics
    assert found.message == f"unknown key `{key}`: did you mean `{hint}`?"
