"""What `sordiff serve` needs so that somebody can sign in and decide."""

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

# The package may lie in a zip file, which a new process finds only where it is told.
_BEGIN = """
import sys
sys.path.insert(0, sys.argv.pop(1))
from sordiff.cli.decide_aside import main
main(*sys.argv[1:])
"""


def build_access(db: Path, settings: "ServeSettings") -> Access:
    """The tokens beside the changelog, and the log; SordiffError where the tokens can't be read."""
    tokens = TokenFile(db)
    access = Access(
        settings, tokens, AuditLog(lambda line: say_plainly([line]), read_clock), read_clock
    )
    if access.is_needed:
        tokens.read()
    return access


def build_decider(db: Path, config: Path | None, settings: "Settings") -> Decider:
    """The process that carries out decisions on this changelog, with these settings."""
    home = str(Path(sordiff.__file__).resolve().parents[1])
    command = (sys.executable, "-c", _BEGIN, home, str(db), "" if config is None else str(config))
    return Decider(
        command,
        has_archive=settings.archive.dir is not None,
        publishes=bool(settings.publish.to) or settings.kafka.configured,
    )
