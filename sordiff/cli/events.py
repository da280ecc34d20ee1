"""`sordiff events`."""

from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer

from sordiff.cli.changelog import open_changelog
from sordiff.cli.options import DEFAULT_DATABASE, Database, OwnList

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sordiff.changelog import QueryableChangelog
    from sordiff.wire import CloudEvent

# What SQLite holds; no sequence will ever be larger.
_LARGEST = 2**63 - 1


def _within_sqlite(digits: str) -> int:
    significant = digits.lstrip("0") or "0"
    return min(int(significant), _LARGEST) if len(significant) <= len(str(_LARGEST)) else _LARGEST


def parse_sequence(text: str) -> int:
    """The sequence that an option gives, padded or not."""
    if not (text.isascii() and text.isdigit()):
        raise typer.BadParameter("a sequence is decimal digits.", param_hint="--since")
    return _within_sqlite(text)


def _demand_given(since: int, last: int, *, strict: bool) -> None:
    """Say where a sequence was never given; a subscriber who has it knows another changelog."""
    from sordiff.cli.output import say_warning
    from sordiff.errors import SordiffError

    if since <= last:
        return
    message = (
        f"The last sequence is {last}, and --since is beyond it:"
        " the changelog may have been restored."
    )
    advice = "See docs/operations.md, and read the state anew."
    if strict:
        raise SordiffError(message, advice=advice)
    say_warning(f"{message} {advice}")


def events(
    since: Annotated[
        str,
        typer.Option(
            "--since", help="Only events after this sequence, padded or not.", metavar="SEQUENCE"
        ),
    ] = "0",
    run: Annotated[
        int | None,
        typer.Option(
            "--run",
            min=1,
            max=_LARGEST,
            help="Only events of this run, also of a held one.",
            metavar="N",
        ),
    ] = None,
    event_type: Annotated[
        str | None,
        typer.Option(
            "--type",
            help="Only events of this type: unit.closed, or in full sordiff.unit.closed.v1.",
            metavar="NAME",
        ),
    ] = None,
    subject: Annotated[
        str | None,
        typer.Option(
            "--subject", help="Only events of this SOR id, GLN or list/code.", metavar="ID"
        ),
    ] = None,
    own_list: OwnList = None,
    limit: Annotated[
        int | None,
        typer.Option("--limit", min=0, max=_LARGEST, help="At most N events.", metavar="N"),
    ] = None,
    strict: Annotated[
        bool,
        typer.Option("--strict", help="Exit with 2 if --since is beyond the last sequence."),
    ] = False,
    db: Database = DEFAULT_DATABASE,
) -> None:
    """Print the events of accepted runs in order, one CloudEvent a line."""
    from sordiff.changelog.records import EventQuery
    from sordiff.cli.output import write_lines
    from sordiff.errors import SordiffError
    from sordiff.events import EVENT_TYPES
    from sordiff.wire import encode_canonically, find_short_name

    after = parse_sequence(since)
    name = event_type and find_short_name(event_type)
    if name is not None and name not in EVENT_TYPES:
        known = ", ".join(EVENT_TYPES)
        raise typer.BadParameter(f"{event_type} is none of: {known}.", param_hint="--type")
    with open_changelog(db).open_to_read() as session:
        if run is not None and not session.runs.exists(run):
            message = f"There is no run {run} in {db}."
            raise SordiffError(message, advice="`sordiff runs` lists them.")
        if run is None:
            _demand_given(after, session.sequences.next() - 1, strict=strict)
        most = None if own_list is not None else limit
        wanted = EventQuery(since=after, run=run, event_type=name, subject=subject, limit=most)
        found = session.events.select(wanted)
        if own_list is not None:
            found = islice(_concerning(found, open_changelog(db), own_list), limit)
        write_lines(encode_canonically(event) for event in found)


def _concerning(
    found: "Iterator[CloudEvent]", changelog: "QueryableChangelog", own_list: str
) -> "Iterator[CloudEvent]":
    """Those of the events that concern a list of one's own."""
    from sordiff.cli.own_lists import wanted_list
    from sordiff.service.reconcile.keep import members_of
    from sordiff.wire import decode

    members = members_of(changelog, wanted_list(changelog, own_list))
    return (
        event
        for event in found
        if members.concerns(decode(event.type, event.subject, bytes(event.data)))
    )
