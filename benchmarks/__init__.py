"""Benchmarks on registers of full size, for sordiff and for other tools: `make bench`."""
