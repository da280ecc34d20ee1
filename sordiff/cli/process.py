"""The command line as a process of its own, which leaves without taking its modules apart."""

import atexit
import os
import signal
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final, NoReturn

from sordiff.cli.main import main
from sordiff.collection import leave_soon
from sordiff.errors import Exit

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

_SOON_SECONDS: Final = 0.01


def run_process() -> NoReturn:
    """Run the command line, and leave with its exit code.

    What is done is written, closed and flushed when a command has returned. To take apart all
    modules and values behind that is a fifth of a short command. A command that failed leaves in
    the ordinary way, and so does one beside whose thread others run.
    """
    leave_soon()
    keep_interrupts()
    try:
        main()
    except SystemExit as left:
        code = left.code
    if code == Exit.INTERRUPTED:
        # Another one would end the process by the signal, while Python leaves.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    if code == Exit.DONE and threading.active_count() == 1:
        _leave_at_once()
    sys.exit(code)


def keep_interrupts() -> None:
    """Let an interruption come again that Python drops, since it met a callback.

    While a module is imported, say: what a callback of a weak reference raises is shown, and lost.
    """
    show = sys.unraisablehook

    def hear(dropped: "UnraisableHookArgs") -> None:
        if dropped.exc_type is not KeyboardInterrupt:
            show(dropped)
            return
        # Not here, where it would be dropped once more; and as a signal, which wakes who sleeps.
        again = threading.Timer(_SOON_SECONDS, os.kill, (os.getpid(), signal.SIGINT))
        again.daemon = True
        again.start()

    sys.unraisablehook = hear


def _leave_at_once() -> NoReturn:
    atexit._run_exitfuncs()  # noqa: SLF001  # what libraries want done at the end
    with suppress(OSError, ValueError):
        sys.stderr.flush()
    os._exit(Exit.DONE)
