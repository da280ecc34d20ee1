"""The nights of a rebuild in memory: the next one is restored while one is being recorded."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from sordiff.archive import Archive, KeptNight, RestoredNight


@contextmanager
def restore_ahead(
    archive: Archive, nights: Sequence[KeptNight]
) -> Iterator[Iterator[RestoredNight]]:
    """The nights with their bytes, in order; they raise ArchiveFailed where one is damaged."""
    each = archive.restore_each(nights)

    def take_each() -> Iterator[RestoredNight]:
        waiting = pool.submit(next, each, None)
        while (night := waiting.result()) is not None:
            waiting = pool.submit(next, each, None)
            yield night

    with ThreadPoolExecutor(1) as pool:
        yield take_each()
