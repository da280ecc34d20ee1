"""What a call does whose file is cut short while it is read: it begins anew, and maps no file."""

import sys


def restart_when_truncated() -> None:
    """Let the process of this call begin anew then, with --no-fast, which the command must know.

    The steps that were done are done; the file is refused in the usual way, and `run` tells it. A
    process that was not begun for this call, such as a program that calls the command line, stays
    as it is.
    """
    from sordiff.snapshot import begin_anew_when_truncated

    begin_anew_when_truncated(_words_without_a_map())


def _words_without_a_map() -> list[str]:
    given, began = sys.argv[1:], sys.orig_argv[1:]
    if not sys.executable or not given or began[-len(given) :] != given:
        return []
    place = given.index("--") if "--" in given else len(given)
    ahead = began[: len(began) - len(given)]
    return [sys.executable, *ahead, *given[:place], "--no-fast", *given[place:]]
