"""The command line as a process of its own, which leaves without taking its modules apart."""

import atexit
import os
import sys
import threading
from contextlib import suppress
from typing import NoReturn

from sordiff.cli.main import main
from sordiff.collection import leave_soon
from sordiff.errors import Exit


def run_process() -> NoReturn:
    """Run the command line, and leave with its exit code.

    What is done is written, closed and flushed when a command has returned. To take apart all
    modules and values behind that is a fifth of a short command. A command that failed leaves in
    the ordinary way, and so does one beside whose thread others run.
    """
    leave_soon()
    try:
        main()
    except SystemExit as left:
        code = left.code
    if code == Exit.DONE and threading.active_count() == 1:
        _leave_at_once()
    sys.exit(code)


def _leave_at_once() -> NoReturn:
    atexit._run_exitfuncs()  # noqa: SLF001  # what libraries want done at the end
    with suppress(OSError, ValueError):
        sys.stderr.flush()
    os._exit(Exit.DONE)
