"""Notices by webhook and mail, and the metrics file. Nothing recorded depends on them."""
