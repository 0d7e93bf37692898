"""The terminal editor: shows a session and sends it edits; holds no rule and no state of the document."""
