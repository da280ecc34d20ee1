"""What `sordiff serve` needs so that somebody can sign in and decide."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import sordiff
from sordiff.access import TokenFile
from sordiff.cli.clock import read_clock
from sordiff.cli.output import say_plainly
from sordiff.http.deciding.decider import Decider
from sordiff.http.sign_in.access import Access
from sordiff.http.sign_in.audit import AuditLog

if TYPE_CHECKING:
    from sordiff.settings import Settings
    from sordiff.settings.serve import ServeSettings

_MODULE = "sordiff.cli.decide_aside"
# So often half a second is waited for another sordiff: an ordinary night takes some seconds.
_WAITS = 20


def build_access(db: Path, settings: "ServeSettings") -> Access:
    """The tokens beside the changelog, and the log; SordiffError where the tokens can't be read."""
    tokens = TokenFile(db)
    access = Access(
        settings, tokens, AuditLog(lambda line: say_plainly([line]), read_clock), read_clock
    )
    if access.is_needed:
        tokens.read()
    return access


def build_decider(
    db: Path, config: Path | None, settings: "Settings", waits: int = _WAITS
) -> Decider:
    """The process that carries out decisions on this changelog, with these settings."""
    # The package may lie in a zip file, which a new process finds only where it is told.
    home = str(Path(sordiff.__file__).resolve().parents[1])
    path = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))
    named = "" if config is None else str(config)
    command = (sys.executable, "-P", "-m", _MODULE, str(db), named, str(waits))
    return Decider(
        command,
        {**os.environ, "PYTHONPATH": path},
        has_archive=settings.archive.dir is not None,
        publishes=bool(settings.publish.to) or settings.kafka.configured,
    )
