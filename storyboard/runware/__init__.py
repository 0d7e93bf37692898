"""Runware's API on the wire: the only room that knows HTTP."""
