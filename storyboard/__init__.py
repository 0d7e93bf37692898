"""Storyboards for multi-shot AI films: check, compile, pay once, bring the video home."""

__version__ = "0.1.0"
