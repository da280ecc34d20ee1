"""A changelog, and the topics, proved against themselves."""
