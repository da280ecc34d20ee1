"""The extract is fetched, and what was fetched waits for its turn."""
