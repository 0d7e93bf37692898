"""The command line: what each command prints where, and with which exit code it ends."""
