"""The pages for people: routes beside the operations for programs, read-only."""
