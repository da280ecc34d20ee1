"""What a snapshot can't say by itself, and how the state of the night before answers it."""
