"""`python -m sordiff`."""

from sordiff.cli import main

main()
