"""The use cases, a module each: check one snapshot, compare two, record the next, report, publish.

Nothing is imported here, so that a report does not wait for the parser of snapshots.
"""
