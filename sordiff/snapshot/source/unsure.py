"""What the fast road raises where the plain one must read the file."""


class UnsureError(Exception):
    """The fast road can't be sure of this file: the plain one reads it, and says what is wrong."""
