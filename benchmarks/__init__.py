"""Measurements beside other programs: ratios within one run, never absolute times."""

import os

# What is installed has its bytecode; where none may be written, each start would compile our source, and ours alone.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
