"""Deciding over HTTP: release, reject and correct, where the server is told to allow it."""
