"""What the extract looks like: its names, its text, its code lists, and what nobody knows."""
