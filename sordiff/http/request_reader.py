"""Reading for requests: in a bounded number of threads, a session for each request."""

from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar

import anyio.to_thread
from anyio import CapacityLimiter

from sordiff.changelog import ServedChangelog
from sordiff.http.problem import RequestRefused

_Result = TypeVar("_Result")


class RequestReader:
    """What the operations share: the changelog, the threads that read it, and the clock."""

    def __init__(
        self,
        changelog: ServedChangelog,
        clock: Callable[[], str],
        *,
        threads: int = 8,
        waiting: int = 500,
    ) -> None:
        """`clock` gives the present moment in UTC, ISO 8601. `waiting`: so many requests wait."""
        self.clock = clock
        self._changelog = changelog
        self._threads = CapacityLimiter(threads)
        self._waiting = waiting

    async def read(self, work: Callable[[ServedChangelog], _Result]) -> _Result:
        """The result of `work`, which opens the sessions that it needs, and closes them.

        Who comes when too many wait for a thread is sent away at once.
        """
        if self._threads.statistics().tasks_waiting >= self._waiting:
            message = "Too many requests are waiting."
            advice = "Ask again in a few seconds."
            raise RequestRefused(HTTPStatus.SERVICE_UNAVAILABLE, "busy", message, advice=advice)
        return await anyio.to_thread.run_sync(work, self._changelog, limiter=self._threads)
