"""Jobs: pay once, wait, download, remember."""
