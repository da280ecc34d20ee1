"""sordiff: what changed tonight in SOR, as typed events."""
