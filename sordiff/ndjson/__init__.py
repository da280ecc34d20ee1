"""Publishing into a folder: a file of JSON lines for each run, written whole or not at all."""
