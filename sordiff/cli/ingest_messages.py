"""What `ingest` and `run` say of a snapshot taken, beside its lines on stdout."""

import shlex
from pathlib import Path

from sordiff.cli.language import find_spoken_catalogue
from sordiff.cli.options import DEFAULT_DATABASE
from sordiff.cli.output import say_held, say_plainly, say_warning
from sordiff.render.commands.ingest import held_paragraph
from sordiff.render.commands.mapping import mapping_lines
from sordiff.report import IngestReport, Outcome
from sordiff.service.ingest.notices import list_deciding_commands

HELD_OUTCOMES = frozenset({Outcome.HELD, Outcome.KNOWN_HELD, Outcome.WOULD_HOLD})


def say_outcome(
    result: IngestReport, database: Path, config: Path | None, said: set[str] | None = None
) -> None:
    """Warnings one by one; of a held run the paragraph with the commands to decide.

    `said`: the warnings of one file that were said for a night of it before; they are not again.
    """
    said = set() if said is None else said
    for warning in result.warnings:
        if warning not in said:
            say_warning(warning)
    said.update(result.warnings)
    held = result.outcome in HELD_OUTCOMES
    for alert in result.alerts:
        if not held or alert.severity == "warning":
            say_warning(alert.message)
    if held:
        elsewhere = None if database == DEFAULT_DATABASE else database
        # The report needs no configuration; a decision must have the source of the changelog.
        named = "" if config is None else " --config " + shlex.quote(str(config))
        look, *decide = list_deciding_commands(result.run_id, elsewhere)
        commands = [look, *(f"{command}{named}" for command in decide)]
        say_held(held_paragraph(result, commands, find_spoken_catalogue()))
    say_plainly(mapping_lines(result.alerts))
