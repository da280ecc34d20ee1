"""Where words go: data to stdout, messages and progress to stderr, colours only to a terminal."""

import os
import shutil
import sys
import threading
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING, Any, Final

from sordiff.cli.language import find_spoken_catalogue
from sordiff.cli.streams import abandon, write_message
from sordiff.errors import SnapshotRefused, SordiffError
from sordiff.render.text.colour import Paint
from sordiff.visible import visible

if TYPE_CHECKING:
    from sordiff.cli.message_log import Level, MessageLog

_MOST_PROBLEMS: Final = 20
_USUAL_WIDTH: Final = 100
_NARROWEST: Final = 40
_QUIET_SECONDS: Final = 1.0


def choose_paint(stream: IO[Any]) -> Paint:
    """Colours for a terminal that wants them (NO_COLOR, TERM=dumb)."""
    wanted = stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Paint(wanted, choose_width(stream))


def choose_width(stream: IO[Any] | None) -> int:
    """As wide as COLUMNS says, else as the terminal; a file has 100 columns. None is a file."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isascii() and columns.isdigit() and int(columns[:6]) > 0:
        return max(_NARROWEST, int(columns[:6]))
    if stream is None or not stream.isatty():
        return _USUAL_WIDTH
    return max(_NARROWEST, shutil.get_terminal_size((_USUAL_WIDTH, 24)).columns)


class ReaderGoneError(Exception):
    """Whoever read our output has had enough; click would leave with 1, which means differences."""


def write_lines(lines: Iterable[bytes]) -> None:
    """Machine-readable lines to stdout, always UTF-8."""
    write_chunks(line + b"\n" for line in lines)


def write_chunks(chunks: Iterable[bytes]) -> None:
    """Bytes to stdout as they are."""
    try:
        for chunk in chunks:
            sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()
    except BrokenPipeError as error:
        raise ReaderGoneError from error
    except OSError as error:
        abandon(sys.stdout)
        raise build_output_error(error) from error


def build_output_error(error: OSError) -> SordiffError:
    """The failure of a command whose output could not be written."""
    message = f"The output could not be written: {error.strerror}."
    return SordiffError(message, advice="Make room, and call again.")


def write_text(lines: Iterable[str]) -> None:
    """Text for people to stdout."""
    write_lines(encode_lines(lines))


def encode_lines(lines: Iterable[str]) -> Iterator[bytes]:
    """Text for people as it is written, in UTF-8 whatever the locale."""
    return (line.encode("utf-8", errors="replace") for line in lines)


def try_to_write_text(lines: Iterable[str]) -> SordiffError | None:
    """Text for people; where it can't be written, why, and silence from then on."""
    try:
        write_text(lines)
    except ReaderGoneError:
        abandon(sys.stdout)
    except SordiffError as error:
        return error
    return None


class _Messages:
    """Where messages go, if not to people: the log of the call that is running."""

    log: "MessageLog | None" = None


_messages: Final = _Messages()


@contextmanager
def messages_logged(log: "MessageLog | None") -> Iterator[None]:
    """While the block runs, messages are lines of this log; None changes nothing."""
    before, _messages.log = _messages.log, log
    try:
        yield
    finally:
        _messages.log = before


def say(message: str, level: "Level" = "info", lead: str = "") -> None:
    """A message to stderr, behind a lead where people read it."""
    if _messages.log is not None:
        _messages.log.note_message(level, message)
        return
    write_message(f"sordiff: {lead}: {message}\n" if lead else f"sordiff: {message}\n")


def say_plainly(lines: Iterable[str]) -> None:
    """Lines to stderr as they are, but for what could harm a terminal: usage errors echo words."""
    write_message("".join(f"{visible(line)}\n" for line in lines))


def say_crash(error: Exception) -> None:
    """A fault of our own: one sentence; with SORDIFF_DEBUG=1 its place, too."""
    if os.environ.get("SORDIFF_DEBUG"):
        write_message("".join(traceback.format_exception(error)))
    say_failure(
        f"an unexpected {type(error).__name__}: {error}. "
        "Please report it; with SORDIFF_DEBUG=1 it shows where."
    )


def say_failure(message: str) -> None:
    """A failure that has no error of its own."""
    say(visible(find_spoken_catalogue().sentence(message)), "error")


def say_interrupted() -> None:
    """What a command did not bring to its end, as somebody asked."""
    say_failure("interrupted; nothing of the running step was recorded. Call again.")


def say_note(message: str) -> None:
    """Something that is good to know while one waits."""
    say(visible(find_spoken_catalogue().sentence(message)))


def say_warning(message: str) -> None:
    """Something that people must hear of, though all went well."""
    words = find_spoken_catalogue()
    lead = choose_paint(sys.stderr)(words.text("said.warning"), "bold", "yellow")
    say(visible(words.sentence(message)), "warning", lead)


def say_warnings(messages: Iterable[str]) -> None:
    """Warnings, each of them once."""
    for message in dict.fromkeys(messages):
        say_warning(message)


def say_held(paragraph: str) -> None:
    """That a run waits for a decision; several reasons stand in lines of their own."""
    lead = choose_paint(sys.stderr)(find_spoken_catalogue().text("said.held"), "bold", "red")
    say("\n".join(map(visible, paragraph.split("\n"))), "warning", lead)


def say_error(error: SordiffError) -> None:
    """The sentence, for a refusal the first problems, and what to do next."""
    words = find_spoken_catalogue()
    head = choose_paint(sys.stderr)(words.text("said.error"), "bold", "red")
    message, advice = words.sentence(error.message), words.sentence(error.advice)
    if not isinstance(error, SnapshotRefused):
        say(visible(f"{message} {advice}".strip()), "error", head)
        return
    problems = [
        problem._replace(message=words.sentence(problem.message))
        for problem in error.problems[:_MOST_PROBLEMS]
    ]
    if len(problems) == 1:
        refused = words.text("said.refused")
        say(f"{refused}: {visible(f'{problems[0]}. {advice}')}", "error", head)
        return
    say(f"{visible(message)}. {visible(advice)}", "error", head)
    for problem in problems:
        say(f"  {visible(str(problem))}", "error")
    more = len(error.problems) - _MOST_PROBLEMS
    if more > 0:
        say(f"  {words.say('said.more', count=str(more))}")


@contextmanager
def show_progress(doing: str = "said.reading") -> "Iterator[_Progress | None]":
    """A spinner with the bytes, on a terminal alone and only when it takes over a second.

    `doing` is the key of the text beside it. A bar is drawn where the number of bytes is known.
    """
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield None
        return
    progress = _Progress(doing)
    try:
        yield progress
    finally:
        progress.end()


class _Progress:
    """Begins to draw when a second has passed, whatever is being done by then."""

    def __init__(self, doing: str) -> None:
        self._doing = doing
        self._bar: Any = None
        self._tasks: dict[str, Any] = {}
        self._read: dict[str, tuple[int, int | None]] = {}
        self._timer = threading.Timer(_QUIET_SECONDS, self._begin)
        self._timer.daemon = True
        self._timer.start()

    def __call__(self, name: str, size: int, of: int | None = None) -> None:
        self._read[name] = (size, of)
        if self._bar is not None:
            self._show()

    def _begin(self) -> None:
        bar = _bar(has_end=any(of for _, of in self._read.values()))
        bar.start()
        self._bar = bar
        self._show()

    def _show(self) -> None:
        for name, (size, of) in list(self._read.items()):
            if name not in self._tasks:
                self._tasks[name] = self._bar.add_task(
                    visible(find_spoken_catalogue().say(self._doing, name=name)), total=of
                )
            self._bar.update(self._tasks[name], completed=size, total=of)

    def end(self) -> None:
        self._timer.cancel()
        self._timer.join()
        if self._bar is not None:
            with suppress(OSError):  # the terminal may have gone
                self._bar.stop()


def _bar(*, has_end: bool) -> Any:
    from rich import progress
    from rich.console import Console

    to_the_end = [progress.BarColumn(), progress.TimeRemainingColumn()] if has_end else []
    return progress.Progress(
        progress.SpinnerColumn(),
        progress.TextColumn("{task.description}", markup=False),
        progress.DownloadColumn(),
        *to_the_end,
        console=Console(stderr=True),
        transient=True,
    )
