"""A computation that a worker process does while this one goes on, or this one where none can."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

from sordiff.worker_process import SendPart, can_run_worker, run_in_worker

Made = TypeVar("Made")
Result = TypeVar("Result")

# With it, who works beside two others on two cores has a third of what each of them has.
_GIVING_WAY: Final = 5


@contextmanager
def compute_beside(
    compute: Callable[[], Made],
    encode: Callable[[Made], Iterable[bytes]],
    decode: Callable[[Iterator[bytes]], Result],
    *,
    gives_way: bool = False,
) -> Iterator[Callable[[], Made | Result]]:
    """Compute something while the block runs, once; what is given waits for the result.

    `gives_way`: it is wanted later than what others work at, who have the cores before it.
    It comes in the parts of which `encode` makes it on its way. Where no worker can run it is
    computed when it is asked for; so it is where the worker fails, for whatever ended the worker,
    this process says it better.
    """
    if not can_run_worker():
        yield compute
        return

    def work(send_part: SendPart) -> None:
        if gives_way:
            os.nice(_GIVING_WAY)
        for part in encode(compute()):
            send_part(part)

    with run_in_worker(work) as worker:

        def wait() -> Made | Result:
            return decode(worker.read_parts()) if worker.wait_for_success() else compute()

        yield wait
