"""Judging a list: what the changelog knows of its numbers is asked for all lines at once."""
