"""The report in its forms: text, Markdown, page, JSON and CSV."""
