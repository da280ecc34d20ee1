"""Registers of full size, what sordiff costs on them, and what others cost: `make bench`."""
