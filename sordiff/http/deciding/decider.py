"""Decisions are carried out one after another, each by a process of its own."""

import asyncio
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final, TypeVar

import msgspec

from sordiff.errors import InternalContradiction
from sordiff.http.problem import RequestRefused
from sordiff.service.ingest.decision_order import DecisionOrder, DecisionResult

_Result = TypeVar("_Result")

_MOST_WAITING: Final = 10
_LONGEST_ANSWER_BYTES: Final = 2**20


class Decider:
    """Begins the process of each decision, and waits for its answer.

    A client that goes away stops nothing. What the process does afterwards, such as publishing, is
    not waited for.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        has_archive: bool,
        publishes: bool,
    ) -> None:
        """`command` reads an order from stdin; its first line to stdout is the result.

        `has_archive`: earlier snapshots are at hand. `publishes`: events go into a sink afterwards.
        """
        self.has_archive = has_archive
        self.publishes = publishes
        self._command = tuple(command)
        self._environment = environment
        self._one = asyncio.Lock()
        self._waiting = 0
        self._running: set[asyncio.Future[Any]] = set()

    async def carry_out(self, order: DecisionOrder) -> DecisionResult:
        """What came of it; RequestRefused where the server is too busy, or the process failed."""
        if self._waiting >= _MOST_WAITING:
            message = "Too many decisions are waiting."
            advice = "Look at the run in a minute, and decide then."
            raise RequestRefused(HTTPStatus.SERVICE_UNAVAILABLE, "busy", message, advice=advice)
        return await asyncio.shield(self._keep(asyncio.ensure_future(self._wait_and_run(order))))

    async def _wait_and_run(self, order: DecisionOrder) -> DecisionResult:
        self._waiting += 1
        try:
            async with self._one:
                return await self._run(order)
        finally:
            self._waiting -= 1

    async def _run(self, order: DecisionOrder) -> DecisionResult:
        process = await asyncio.create_subprocess_exec(
            *self._command,
            env=self._environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=_LONGEST_ANSWER_BYTES,
            start_new_session=True,  # Ctrl-C ends the server, not what was decided
        )
        if process.stdin is None or process.stdout is None:
            raise InternalContradiction("A process was begun without its pipes.")
        process.stdin.write(msgspec.json.encode(order))
        process.stdin.close()
        line = await process.stdout.readline()
        self._keep(asyncio.ensure_future(process.wait()))
        try:
            return msgspec.json.decode(line, type=DecisionResult)
        except msgspec.MsgspecError as error:
            message = "It is not known what became of the decision."
            advice = "Look at the run, and at the server's log."
            raise RequestRefused(
                HTTPStatus.INTERNAL_SERVER_ERROR, "failed", message, advice=advice
            ) from error

    def _keep(self, task: "asyncio.Future[_Result]") -> "asyncio.Future[_Result]":
        """Hold on to it until it has ended: the event loop alone would let it go."""
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task
