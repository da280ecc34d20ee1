"""How many units carry each field: counted, compared with the night before, and what to do.

A field that half of its units lose in one night is hardly a thousand changes: an element has
another name, or the sender left it out. docs/alarms.md says when that holds a night.
"""
