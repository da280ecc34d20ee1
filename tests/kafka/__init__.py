"""Publishing to a real broker."""
