"""Diagnostics as other programs and people read them: lines of text, GitHub's annotations, SARIF."""
