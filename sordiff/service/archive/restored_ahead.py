"""The nights of a rebuild in memory: the next one is restored while one is being recorded.

Large nights are restored by a process of their own. A thread would keep the interpreter from the
one that records with each copy of a night that it makes.
"""

import os
import signal
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from mmap import ACCESS_READ, mmap
from multiprocessing import get_context, reduction
from multiprocessing.connection import Connection
from typing import Final

from msgspec.structs import replace

from sordiff.archive import Archive, KeptNight, RestoredNight
from sordiff.errors import ArchiveFailed

# From so many bytes on a process saves more than it costs.
LARGE: Final = 16 * 1024**2


@contextmanager
def restore_ahead(
    archive: Archive, nights: Sequence[KeptNight], *, large: int = LARGE
) -> Iterator[Iterator[RestoredNight]]:
    """The nights with their bytes, in order; they raise ArchiveFailed where one is damaged."""
    largest = max(night.size for night in archive.list_nights())
    restore = _restore_in_process if largest >= large else _restore_in_thread
    with restore(archive, nights) as restored:
        yield restored


@contextmanager
def _restore_in_thread(
    archive: Archive, nights: Sequence[KeptNight]
) -> Iterator[Iterator[RestoredNight]]:
    each = archive.restore_each(nights)

    def take_each() -> Iterator[RestoredNight]:
        waiting = pool.submit(next, each, None)
        while (night := waiting.result()) is not None:
            waiting = pool.submit(next, each, None)
            yield night

    with ThreadPoolExecutor(1) as pool:
        yield take_each()


@contextmanager
def _restore_in_process(
    archive: Archive, nights: Sequence[KeptNight]
) -> Iterator[Iterator[RestoredNight]]:
    context = get_context("fork")
    here, there = context.Pipe()
    process = context.Process(target=_send_each, args=(archive, nights, here, there), daemon=True)
    process.start()
    there.close()
    with closing(here):
        try:
            yield (_take(here, night) for night in nights)
        finally:
            process.kill()
            process.join()


def _take(here: Connection, night: KeptNight) -> RestoredNight:
    """The next night; then the one behind it may be restored."""
    try:
        told: RestoredNight | tuple[str, str] = here.recv()
        if isinstance(told, tuple):
            message, advice = told
            raise ArchiveFailed(message, advice=advice)
        number = reduction.recv_handle(here)
        here.send(None)
    except (EOFError, OSError) as error:
        message = f"The night {night.day} can't be restored: the process for it was ended."
        advice = "It needs memory for six unpacked nights. Call again when there is some."
        raise ArchiveFailed(message, advice=advice) from error
    with os.fdopen(number, "rb") as file:
        return replace(told, content=mmap(file.fileno(), 0, access=ACCESS_READ))


def _send_each(
    archive: Archive, nights: Sequence[KeptNight], unused: Connection, to: Connection
) -> None:
    """Restore each night when the one before was taken; ends where nobody takes any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that takes them ends this one
    unused.close()
    with suppress(EOFError, OSError):
        try:
            for night in archive.restore_each(nights):
                number = _write(night.content)
                to.send(replace(night, content=None))
                reduction.send_handle(to, number, os.getppid())
                os.close(number)
                to.recv()
        except ArchiveFailed as error:
            to.send((error.message, error.advice))


def _write(content: mmap) -> int:
    """A file without a name, in memory where the system has such files."""
    if hasattr(os, "memfd_create"):
        number = os.memfd_create("sordiff-night")
    else:
        with tempfile.TemporaryFile() as file:
            number = os.dup(file.fileno())
    with os.fdopen(number, "wb", closefd=False) as file:
        file.write(content)
    return number
