"""Measurements beside other programs: ratios within one run, never absolute times."""
