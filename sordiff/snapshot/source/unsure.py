"""The error by which the fast road leaves a file to the plain road."""


class UnsureError(Exception):
    """The fast road can't be sure of the file. The plain road reads it, and says what is wrong."""
