"""Fetch the extract: from one address or its mirrors, again and again, until it is there and whole.

What is still being written is never taken: the file must be whole by its own form, and the server
must say the same of it a little later. What is no snapshot is put aside.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from sordiff.arrival import Arrival
from sordiff.errors import NotASnapshot, NotFetched
from sordiff.fetch.aside import put_aside
from sordiff.fetch.download import Answer, Attempt, ByteProgress, download, look_again
from sordiff.fetch.failure import AttemptFailed
from sordiff.fetch.folder import FetchFolder, hash_file
from sordiff.fetch.partial import translate_disk_errors
from sordiff.fetch.receipt import Receipt
from sordiff.fetch.second_gzip import take_off_second_gzip
from sordiff.fetch.settings import FetchSettings, identify_url, read_window, show_url
from sordiff.fetch.timing import COPENHAGEN, Timing, choose_pause, seconds_until_open
from sordiff.tls import build_tls_context

_CLOCKS_APART: Final = timedelta(hours=1)


class Fetched(Struct, frozen=True, kw_only=True):
    """What `fetch_extract` has: `is_new` is False where the file was there already.

    `url`: where it is from, as people may see it. `warnings`: sentences for the user.
    """

    path: Path
    url: str
    is_new: bool
    size: int
    resumed_from: int = 0
    warnings: tuple[str, ...] = ()


class Watch(Struct, frozen=True, kw_only=True):
    """Who wants to know how it goes: bytes as they come, and sentences about what it waits for."""

    progress: ByteProgress | None
    tell: Callable[[str], None]


class _Mirror(Struct, kw_only=True):
    """An address, and how it has behaved in this call. `unfinished`: of what came, the SHA-256."""

    url: str
    failure: AttemptFailed | None = None
    refusal: NotASnapshot | None = None
    unfinished: str = ""

    @property
    def is_left(self) -> bool:
        return self.failure is None or self.failure.retryable

    @property
    def name(self) -> str:
        return show_url(self.url)


class FetchJob(Struct, frozen=True, kw_only=True):
    """What to fetch and how. `judge`: says of a file whether it is a snapshot, and whole."""

    urls: tuple[str, ...]
    settings: FetchSettings
    timing: Timing
    judge: Callable[[Path], Arrival]
    watch: Watch


def fetch_extract(job: FetchJob, folder: FetchFolder) -> Fetched:
    """Fetch what is new, or find that nothing is; the folder must be locked.

    NotASnapshot if something else came, NotFetched if nothing did, SordiffError if it can't be
    written.
    """
    with translate_disk_errors():
        return _Fetch(job, folder).fetch()


class _Fetch:
    """One call."""

    def __init__(self, job: FetchJob, folder: FetchFolder) -> None:
        self._mirrors = [_Mirror(url=url) for url in dict.fromkeys(job.urls)]
        self._folder = folder
        self._settings = job.settings
        self._timing = job.timing
        self._judge = job.judge
        self._watch = job.watch
        self._context = build_tls_context(job.settings.tls_ca_file, "fetch")
        self._left = job.settings.whole_seconds
        self._warnings: list[str] = []

    def fetch(self) -> Fetched:
        """Ask the mirrors in turn, and pause when all have failed."""
        for earlier in range(self._settings.attempts):
            for mirror in self._mirrors:
                if mirror.is_left and self._left > 0:
                    self._wait_until_open()
                    found = self._try(mirror)
                    if found is not None:
                        return replace(found, warnings=self._tell_failures())
            waiting = [mirror for mirror in self._mirrors if mirror.is_left]
            if not waiting or self._left <= 0 or earlier + 1 == self._settings.attempts:
                break
            self._pause(earlier, waiting)
        raise self._build_error()

    def _try(self, mirror: _Mirror) -> Fetched | None:
        """One attempt, from the question to the name of the file; None where it fails."""
        began = self._timing.elapsed()
        try:
            found = self._attempt(mirror)
        except AttemptFailed as failure:
            mirror.failure = failure
            return None
        finally:
            self._left -= self._timing.elapsed() - began
        mirror.failure = None
        return found

    def _attempt(self, mirror: _Mirror) -> Fetched:
        partial = self._folder.find_partial(mirror.url)
        known = self._folder.find_known(mirror.url)
        attempt = Attempt(
            url=mirror.url,
            partial=partial,
            known=None if known is None else known.version,
            settings=self._settings,
            context=self._context,
            seconds=self._left,
            now=self._timing.now(),
            progress=self._watch.progress,
        )
        note = partial.find_note()
        if note is not None and note.is_complete:  # a call was killed before it had judged it
            answer = Answer(version=note.version, resumed_from=partial.size)
        else:
            answer = download(attempt)
        self._compare_clocks(mirror, answer.server_time)
        if answer.version is None and known is not None:
            return self._find_known(mirror, known)
        self._refuse_foreign(mirror, attempt, answer)
        return self._take_in(mirror, attempt, answer)

    def _refuse_foreign(self, mirror: _Mirror, attempt: Attempt, answer: Answer) -> None:
        """Fail if what came is no snapshot; put it aside if it will not be one by waiting."""
        partial = attempt.partial
        take_off_second_gzip(partial.path, self._settings.largest_mib)
        arrival = self._judge(partial.path)
        if arrival.kind == "snapshot":
            return
        sha256 = hash_file(partial.path)
        if arrival.kind == "unfinished" and sha256 != mirror.unfinished:
            mirror.unfinished = sha256
            partial.discard()
            raise AttemptFailed(f"the file is not whole: {arrival.reason}")
        kept = put_aside(self._folder.path, partial, answer, arrival.reason, attempt.now)
        mirror.refusal = NotASnapshot(mirror.name, arrival.reason, str(kept))
        raise AttemptFailed(mirror.refusal.problems[0].message, retryable=False)

    def _take_in(self, mirror: _Mirror, attempt: Attempt, answer: Answer) -> Fetched:
        """Look once more, for a file that is written to all the while; then it has its name."""
        partial, version = attempt.partial, answer.version
        if version is None:
            raise AttemptFailed("it answered that nothing is new, without being asked")
        self._timing.sleep(self._settings.settle_seconds)
        if version.differs(look_again(attempt)):
            partial.discard()
            raise AttemptFailed("the file changed while it was fetched")
        same = self._folder.find_same(hash_file(partial.path))
        if same is not None:
            if same.address == identify_url(mirror.url):
                self._folder.note_version(same, version)
            self._folder.forget_parts()
            return self._find_known(mirror, same)
        receipt = self._folder.take_in(partial, version, self._timing.now())
        return Fetched(
            path=self._folder.path / receipt.file,
            url=mirror.name,
            is_new=True,
            size=receipt.size,
            resumed_from=answer.resumed_from,
        )

    def _find_known(self, mirror: _Mirror, receipt: Receipt) -> Fetched:
        return Fetched(
            path=self._folder.path / receipt.file, url=mirror.name, is_new=False, size=receipt.size
        )

    def _wait_until_open(self) -> None:
        now = self._timing.now()
        seconds = seconds_until_open(now, read_window(self._settings.closed))
        if seconds > 0:
            opens = (now + timedelta(seconds=seconds)).astimezone(COPENHAGEN)
            self._watch.tell(f"the site is closed until {opens:%H:%M}; waiting")
            self._timing.sleep(seconds)

    def _pause(self, earlier: int, waiting: list[_Mirror]) -> None:
        failures = [mirror.failure for mirror in waiting if mirror.failure is not None]
        asked = min((failure.retry_after for failure in failures), default=0.0)
        seconds = choose_pause(earlier, asked, self._timing.chance())
        for mirror in waiting:
            if mirror.failure is not None:
                said = f"fetching from {mirror.name} failed: {mirror.failure.reason}"
                self._watch.tell(f"{said}; the next attempt is in {seconds:.0f} s")
        self._timing.sleep(seconds)

    def _compare_clocks(self, mirror: _Mirror, server: datetime | None) -> None:
        if server is not None and abs(server - self._timing.now()) > _CLOCKS_APART:
            host = urlsplit(mirror.url).hostname
            self._warnings.append(
                f"the clock of {host} says {server:%Y-%m-%d %H:%M} UTC, and that of this machine "
                f"{self._timing.now():%Y-%m-%d %H:%M}: see to the one that is wrong"
            )

    def _tell_failures(self) -> tuple[str, ...]:
        """What went wrong at other addresses than the one that served."""
        failed = [mirror for mirror in self._mirrors if mirror.failure is not None]
        said = [
            f"fetching from {one.name} failed: {one.failure.reason}"
            for one in failed
            if one.failure
        ]
        return (*dict.fromkeys(self._warnings), *said)

    def _build_error(self) -> NotASnapshot | NotFetched:
        for mirror in self._mirrors:
            if mirror.refusal is not None:
                return mirror.refusal
        failed = [(mirror.name, mirror.failure) for mirror in self._mirrors if mirror.failure]
        said = [f"Nothing could be fetched from {name}: {why.reason}." for name, why in failed]
        first = self._mirrors[0].name
        return NotFetched(" ".join(said), url=first, advice="Call again later; that is safe.")
