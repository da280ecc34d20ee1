"""`python -m sordiff`."""

from sordiff.cli.process import run_process

run_process()
