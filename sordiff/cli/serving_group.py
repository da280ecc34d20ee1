"""A command that serves: SIGTERM is its usual end, from its first moment on."""

import signal
import sys
import threading

import click

from sordiff.cli.language import SpeakingGroup


class ServingGroup(SpeakingGroup):
    """A command that SIGTERM ends well, also while its settings are still read.

    Commands below it end by a signal as all others do.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Listen to the signal before all else."""
        serves = not any(word in self.commands for word in args)
        if serves and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        return super().parse_args(ctx, args)
