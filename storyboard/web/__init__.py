"""The editor in a browser: a page, a socket, and one editor process for each open page."""
