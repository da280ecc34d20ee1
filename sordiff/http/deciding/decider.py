"""Decisions are carried out one after another, each by a process of its own."""

import asyncio
import subprocess
import threading
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Final

import msgspec

from sordiff.errors import InternalContradiction
from sordiff.http.problem import RequestRefused
from sordiff.service.ingest.decision_order import DecisionOrder, DecisionResult

_MOST_WAITING: Final = 10


class Decider:
    """Begins the process of each decision, and waits for its answer.

    A client that goes away stops nothing, and a server that stops waits for the answer. What the
    process does afterwards, such as publishing, is not waited for.
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
        self._one = threading.Lock()
        self._waiting = 0

    async def carry_out(self, order: DecisionOrder) -> DecisionResult:
        """What came of it; RequestRefused where the server is too busy, or the process failed."""
        if self._waiting >= _MOST_WAITING:
            message = "Too many decisions are waiting."
            advice = "Look at the run in a minute, and decide then."
            raise RequestRefused(HTTPStatus.SERVICE_UNAVAILABLE, "busy", message, advice=advice)
        self._waiting += 1
        working = asyncio.ensure_future(asyncio.to_thread(self._run, order))
        working.add_done_callback(self._end_waiting)
        return await asyncio.shield(working)

    def _end_waiting(self, _working: "asyncio.Future[DecisionResult]") -> None:
        self._waiting -= 1

    def _run(self, order: DecisionOrder) -> DecisionResult:
        with self._one:
            line = self._ask(msgspec.json.encode(order))
        try:
            return msgspec.json.decode(line, type=DecisionResult)
        except msgspec.MsgspecError as error:
            message = "It is not known what became of the decision."
            advice = "Look at the run, and at the server's log."
            raise RequestRefused(
                HTTPStatus.INTERNAL_SERVER_ERROR, "failed", message, advice=advice
            ) from error

    def _ask(self, order: bytes) -> bytes:
        process = subprocess.Popen(  # noqa: S603  # sordiff itself; the order comes by stdin
            self._command,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C ends the server, not what was decided
        )
        if process.stdin is None or process.stdout is None:
            raise InternalContradiction("A process was begun without its pipes.")
        with process.stdin, process.stdout:
            try:
                process.stdin.write(order)
                process.stdin.close()
            except BrokenPipeError:
                pass  # it has ended already, and said why on stderr
            line = process.stdout.readline()
        # Its end is noticed by somebody, so that it leaves no dead entry in the list of processes.
        threading.Thread(target=process.wait, daemon=True).start()
        return line
