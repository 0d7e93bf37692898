"""What is wrong or weak in a storyboard, and where in the file."""

from storyboard.checks.check import Report, check_bytes, check_document, check_file
from storyboard.checks.diagnostic import Diagnostic

__all__ = ["Diagnostic", "Report", "check_bytes", "check_document", "check_file"]
