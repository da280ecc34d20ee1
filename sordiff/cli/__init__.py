"""The command line: parse, wire, call, choose the exit code. Only here is the clock read.

Importing this does next to nothing: a command is imported when it is called, and its service when
it runs, so that help is there at once.
"""

from sordiff.cli.main import main

__all__ = ["main"]
