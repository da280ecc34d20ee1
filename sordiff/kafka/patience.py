"""For how long something is tried again that a broker was in the way of."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_PAUSE_SECONDS: Final = 0.25


class Patience:
    """So many seconds, counted from the last step forward."""

    def __init__(self, seconds: float) -> None:
        """They run from now on."""
        self._seconds = seconds
        self.renew()

    def renew(self) -> None:
        """There was a step forward."""
        self._end = time.monotonic() + self._seconds

    @property
    def is_over(self) -> bool:
        """Whether there was no step forward for so long."""
        return time.monotonic() >= self._end

    @contextmanager
    def forgive(self) -> Iterator[None]:
        """Let the block end early, after a pause, by an error that may be another broker's to cure.

        Raises it when the patience is over, and every other error at once.
        """
        from kafka.errors import KafkaError, UnknownBrokerIdError

        try:
            yield
        except KafkaError as error:
            # A leader that has just died may be known while it is no more among the nodes.
            may_pass = error.retriable or isinstance(error, UnknownBrokerIdError)
            if not may_pass or self.is_over:
                raise
            time.sleep(_PAUSE_SECONDS)
