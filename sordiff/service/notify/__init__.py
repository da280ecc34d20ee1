"""What waits to be told to people is sent."""
