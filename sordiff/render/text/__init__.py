"""Text on a terminal: colour, width, Markdown, values in words."""
