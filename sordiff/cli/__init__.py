"""The command line: parse, wire, call, choose the exit code. Only here is the clock read.

Importing this does next to nothing: each command imports its service when it runs, so that help
is there at once.
"""

from sordiff.cli.main import app, main

__all__ = ["app", "main"]
