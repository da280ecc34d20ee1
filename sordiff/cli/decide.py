"""`sordiff release` and `sordiff reject`."""

from typing import TYPE_CHECKING, Annotated

import typer

from sordiff.cli.changelog import open_changelog
from sordiff.cli.language import find_spoken_catalogue
from sordiff.cli.options import DEFAULT_DATABASE, Config, Database

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sordiff.changelog import Changelog
    from sordiff.changelog.records import Decision
    from sordiff.event_sink import EventSink

_Run = Annotated[int, typer.Argument(help="The number of the held run.", metavar="RUN", min=1)]
_Reason = Annotated[
    str, typer.Option("--reason", help="The reason; it is stored with the run.", metavar="TEXT")
]


def release(
    run: _Run, reason: _Reason, db: Database = DEFAULT_DATABASE, config: Config = None
) -> None:
    """Accept a held run, with exactly the events that were shown.

    Its events get their sequences, and the state changes. They are published at once if a sink is
    configured.
    """
    from sordiff.cli.archive_options import note_decision
    from sordiff.cli.output import say_warnings, write_text
    from sordiff.cli.sinks import build_configured_sinks
    from sordiff.render.commands.decisions import released_line
    from sordiff.service.ingest.decide import release_run
    from sordiff.settings import load_settings

    settings, changelog = load_settings(config), open_changelog(db)
    sinks = build_configured_sinks(settings)
    released = release_run(changelog, run, build_decision(reason), settings.source)
    write_text([released_line(released, find_spoken_catalogue())])
    note_decision(changelog, settings)
    say_warnings(changelog.warnings)
    with changelog.open_to_read() as session:
        # Where nothing was ever published, nobody waits for it.
        is_published_from = bool(session.outbox.list_sinks())
    if released.publish and (sinks or is_published_from):
        publish_decided(changelog, sinks)


def reject(
    run: _Run, reason: _Reason, db: Database = DEFAULT_DATABASE, config: Config = None
) -> None:
    """Reject a held run for good.

    The next night is compared with the last accepted snapshot.
    """
    from sordiff.cli.archive_options import note_decision
    from sordiff.cli.output import write_text
    from sordiff.render.commands.decisions import rejected_line
    from sordiff.service.ingest.decide import reject_run
    from sordiff.settings import load_settings

    settings, changelog = load_settings(config), open_changelog(db)
    rejected = reject_run(changelog, run, build_decision(reason), settings.source)
    write_text([rejected_line(rejected, find_spoken_catalogue())])
    note_decision(changelog, settings)


def publish_decided(changelog: "Changelog", sinks: "Sequence[EventSink]") -> None:
    """Publish what was decided, or say that this is next; leave with the code of what failed."""
    from sordiff.cli.output import say_warning
    from sordiff.cli.sinks import build_publish_options, publish_recorded_into
    from sordiff.errors import worst

    if not sinks:
        say_warning("it waits to be published: `sordiff publish` is next")
    elif codes := publish_recorded_into(changelog, sinks, build_publish_options()):
        raise typer.Exit(int(worst(codes)))


def build_decision(reason: str) -> "Decision":
    """Who decides, when and why; without a reason nobody does."""
    from sordiff.changelog.records import Decision
    from sordiff.cli.clock import find_user, read_clock

    if not reason.strip():
        raise typer.BadParameter("say why.", param_hint="--reason")
    return Decision(user=find_user(), at=read_clock(), reason=reason)
