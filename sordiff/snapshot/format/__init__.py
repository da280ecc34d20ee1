"""The format of the extract: element names, texts, unknown elements, limits."""
