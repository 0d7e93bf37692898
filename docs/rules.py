"""Writes docs/rules.md from the rules themselves and from what they say about the boards of the tests.

.venv/bin/python docs/rules.py
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from storyboard.checks import check_bytes
from storyboard.checks.catalogue import Explanation, explanations
from storyboard.checks.diagnostic import SEVERITY_WORDS

HERE = Path(__file__).parent
BOARDS = sorted((HERE.parent / "tests" / "document" / "boards").glob("*.yaml"))
HEAD = """\
# Rules

Every code that `storyboard check` and the editor know. This page is made by `docs/rules.py` from the rules themselves; `storyboard rule CODE` says the same in the terminal.

Errors (SB0, SB1) forbid compiling and cannot be ignored. Warnings and hints (SB2) are advice on prompts; most of it comes from guides, which are opinions: they never stop anything, unless `--strict` makes warnings count.

Leave advice out for a line, a call or a project:

```yaml
    prompt: Then the light goes out.  # storyboard: ignore SB203
```

A comment of its own is about the next line; without codes it hides every warning and hint there. `--select` and `--ignore` take codes or their beginnings and say what is shown; errors count all the same. In `.storyboard.toml`, or under `[tool.storyboard]` in `pyproject.toml`, in the storyboard's folder or above it up to the work tree:

```toml
ignore = ["SB207", "SB224"]
strict = true
```

An option on the command line takes the place of the key of its name. Settings are about advice: errors in `ignore`, and codes that do not exist, are wrong usage.
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD, *_figures()]
    parts += ["## Codes\n", *(_section(one) for one in explanations().values())]
    return "\n".join(parts)


def _figures() -> list[str]:
    said = {path.name.split(".")[0]: check_bytes(path.read_bytes(), path.name, "/").diagnostics for path in BOARDS}
    found = [one for diagnostics in said.values() for one in diagnostics]
    kinds = Counter(one.severity for one in found)
    codes = Counter(one.code for one in found if one.severity != "error")
    known = explanations()
    rows = [
        f"| {code} | {SEVERITY_WORDS[known[code].severity]} | {known[code].title} | {count} |"
        for code, count in codes.most_common()
    ]
    boards = [
        f"| {name} | {sum(one.severity == 'warning' for one in diagnostics)} | {sum(one.severity == 'info' for one in diagnostics)} |"
        for name, diagnostics in said.items()
    ]
    return [
        "## Measured\n",
        f"On the {len(said)} boards that the tests keep: {kinds['error']} errors, {kinds['warning']} warnings, {kinds['info']} hints. Each was read, and rules that said what a reader would not agree with were changed. The project's own samples have none but one SB201, on purpose.\n",
        "| code | | what | times |\n|---|---|---|---|\n" + "\n".join(rows) + "\n",
        "| board | warnings | hints |\n|---|---|---|\n" + "\n".join(boards) + "\n",
    ]


def _section(one: Explanation) -> str:
    wrong, right = (text if len(text) < 700 else text[:300].rstrip() + " …\n" for text in (one.wrong, one.right))
    return (
        f"### {one.code}: {one.title}\n\n*{SEVERITY_WORDS[one.severity]}* · {one.reason}\n\nSource: {one.source}.\n\n"
        f"Wrong:\n\n```yaml\n{wrong}```\n\nRight:\n\n```yaml\n{right}```\n"
    )


if __name__ == "__main__":
    (HERE / "rules.md").write_text(page(), encoding="utf-8")
