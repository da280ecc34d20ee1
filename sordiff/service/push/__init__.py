"""Events are sent to subscribers as they come."""
