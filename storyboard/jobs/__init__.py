"""Pay once, wait, download, remember."""
