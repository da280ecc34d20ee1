"""Which days of a history are nights; alone here, for the command line needs it for its help."""

from enum import StrEnum


class Every(StrEnum):
    """All days are nights, or those on which something may differ."""

    DAY = "day"
    CHANGE = "change"
