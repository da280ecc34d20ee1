"""Webhooks: events are posted to subscribers, and each subscriber's position is kept in a file."""
