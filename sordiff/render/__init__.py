"""Showing: values to text, harmless on a terminal."""
