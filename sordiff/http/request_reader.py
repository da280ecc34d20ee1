"""Reading for requests: in a bounded number of threads, a session for each request."""

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from http import HTTPStatus
from typing import Any, Final, Protocol, TypeVar

import anyio.to_thread
from anyio import CapacityLimiter

from sordiff.changelog import ServedChangelog
from sordiff.changelog.register_index import RegisterIndex
from sordiff.errors import ChangelogFailed
from sordiff.http.change_watch import ChangeWatch
from sordiff.http.problem import RequestRefused
from sordiff.report import WebhookPosition

_Result = TypeVar("_Result")


class _HasBody(Protocol):
    """What is sent: an answer, or a block of events."""

    @property
    def body(self) -> bytes: ...


_Body = TypeVar("_Body", bound=_HasBody)

_THREADS: Final = 8
_MOST_WAITING: Final = 500
# Answers that are kept until something is written; larger ones are made anew each time.
_MOST_KEPT_BYTES: Final = 16 * 2**20
_LARGEST_KEPT_BYTES: Final = 2**20


class RequestReader:
    """What operations and pages share: the changelog, its index, the threads, the clock."""

    def __init__(
        self,
        changelog: ServedChangelog,
        index: RegisterIndex,
        clock: Callable[[], str],
        read_positions: Callable[[], tuple[WebhookPosition, ...]] = tuple,
    ) -> None:
        """`clock` gives the present moment in UTC, ISO 8601.

        `read_positions` tells how far the subscribers of webhooks are.
        """
        self.clock = clock
        self.read_positions = read_positions
        self.changelog = changelog
        self.index = index
        self._threads = CapacityLimiter(_THREADS)
        self.watch = ChangeWatch(changelog)
        self._answers = _AnswerCache()
        self._running: dict[Hashable, asyncio.Future[Any]] = {}
        self._found: dict[Hashable, tuple[Hashable, Any]] = {}
        self._finding = threading.Lock()

    async def read(
        self, work: Callable[[ServedChangelog], _Result], *, patiently: bool = False
    ) -> _Result:
        """The result of `work`, which opens the sessions that it needs, and closes them.

        Who comes when too many wait for a thread is sent away at once, unless `patiently`.
        """
        if not patiently and self._threads.statistics().tasks_waiting >= _MOST_WAITING:
            message = "Too many requests are waiting."
            advice = "Ask again in a few seconds."
            raise RequestRefused(HTTPStatus.SERVICE_UNAVAILABLE, "busy", message, advice=advice)
        return await anyio.to_thread.run_sync(work, self.changelog, limiter=self._threads)

    async def read_at_once(self, work: Callable[[ServedChangelog], _Result]) -> _Result:
        """The same of a look-up that takes less than the change to a thread.

        Where it would have to wait for anybody, it is done in a thread.
        """
        try:
            with self.changelog.reading_at_once():
                return work(self.changelog)
        except ChangelogFailed:
            return await self.read(work)

    async def read_once(
        self,
        key: Hashable,
        work: Callable[[ServedChangelog], _Body],
        *,
        patiently: bool = False,
    ) -> _Body:
        """The same of what depends on `key` and on what is recorded, and on nothing else.

        It is kept until something is recorded, and read once for all who ask at the same time.
        """
        # Asked before: what is written meanwhile makes the answer too new, never too old.
        mark = self.changelog.read_mark()
        kept: _Body | None = self._answers.find(mark, key)
        if kept is not None:
            return kept
        running: asyncio.Future[_Body] | None = self._running.get((mark, key))
        if running is None:
            running = asyncio.ensure_future(self.read(work, patiently=patiently))
            self._running[mark, key] = running
            running.add_done_callback(lambda _: self._running.pop((mark, key)))
        answer = await asyncio.shield(running)
        self._answers.keep(mark, key, answer)
        return answer

    def find_once(self, key: Hashable, mark: Hashable, find: Callable[[], _Result]) -> _Result:
        """What many requests need, found once for each state of the changelog.

        Within a session, whose state is the `mark`: see `identify_state`. Nothing is found where
        nobody may wait, but ChangelogFailed raised: see `read_at_once`.
        """
        known: tuple[Hashable, _Result] | None = self._found.get(key)
        if known is not None and known[0] == mark:
            return known[1]
        if _is_event_loop():
            message = f"The {key} is not known yet."
            raise ChangelogFailed(message)
        with self._finding:
            known = self._found.get(key)
            if known is None or known[0] != mark:
                known = (mark, find())
                self._found[key] = known
        return known[1]


def _is_event_loop() -> bool:
    """Whether this is the thread that all requests go through."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


class _AnswerCache:
    """The answers asked for last, of one state of the changelog."""

    def __init__(self) -> None:
        self._mark: Hashable = None
        self._answers: OrderedDict[Hashable, Any] = OrderedDict()
        self._bytes = 0

    def find(self, mark: Hashable, key: Hashable) -> Any:
        if mark is None or mark != self._mark:
            self._answers.clear()
            self._mark, self._bytes = mark, 0
            return None
        answer = self._answers.get(key)
        if answer is not None:
            self._answers.move_to_end(key)
        return answer

    def keep(self, mark: Hashable, key: Hashable, answer: _HasBody) -> None:
        if mark is None or mark != self._mark or len(answer.body) > _LARGEST_KEPT_BYTES:
            return
        earlier = self._answers.pop(key, None)
        self._answers[key] = answer
        self._bytes += len(answer.body) - (len(earlier.body) if earlier else 0)
        while self._bytes > _MOST_KEPT_BYTES:
            _, oldest = self._answers.popitem(last=False)
            self._bytes -= len(oldest.body)
