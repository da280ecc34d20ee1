"""The independent oracle: the contract once more, in the plainest code, for the tests to compare with.

It shares no line with the product, reads with the standard library only, and prefers being
obvious to being fast. ``reading`` makes a nested dict of a snapshot, ``oracle`` says which events
two of them must give.
"""

from .oracle import expected_events
from .reading import read

__all__ = ["expected_events", "read"]
