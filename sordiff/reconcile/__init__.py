"""Is my own list still true? Its lines judged by the register: values only, no files, no database.

A list is a table as people keep it. Its columns are recognised by their values, each line gets a
verdict, and of a unit that is gone its likely successor is told with a score.
"""
