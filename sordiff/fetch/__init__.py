"""Fetching the extract by HTTP into a folder, whole and never twice; alone in using httpx."""
