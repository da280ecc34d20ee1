"""The pages of `sordiff serve`, for people: the look of the report, nothing from elsewhere.

What runs and what styles a page comes from the server; nothing is inline but in the report, which
names it by its hash.
"""
