"""What was recorded goes out: the outbox, the state, replays and retractions."""
