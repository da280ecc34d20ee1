"""Is this night like the others? Pure rules over the figures of a run and of those before it.

`judge_run` gives the alerts of a run; a critical one holds it. What may be configured is in
`Limits`, the table [alarms] of sordiff.toml; docs/alarms.md explains each.
"""
