"""`sordiff publish`."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from sordiff.cli.kafka_options import Servers, Setting, kafka_settings
from sordiff.cli.language import spoken
from sordiff.cli.options import DEFAULT_DATABASE, Config, Database

if TYPE_CHECKING:
    from sordiff.kafka.settings import KafkaSettings
    from sordiff.report import PublishedRow
    from sordiff.service.publish.publish import PublishOptions


def publish(
    state: Annotated[
        bool,
        typer.Option(
            "--state",
            help="Write the whole state to the state topics: the first time, or after a loss.",
        ),
    ] = False,
    adopt: Annotated[
        bool,
        typer.Option(
            "--adopt",
            help="Accept runs in the topics that the changelog does not know; continue after them.",
        ),
    ] = False,
    follow: Annotated[
        bool,
        typer.Option(
            "--follow", help="Keep running and publish new runs; wait for a broker that is away."
        ),
    ] = False,
    servers: Servers = None,
    setting: Setting = None,
    db: Database = DEFAULT_DATABASE,
    config: Config = None,
) -> None:
    """Publish the waiting runs to Kafka, in order, each in one transaction and exactly once.

    It is safe to repeat, whatever happened to the call before.
    """
    from sordiff.service.publish.publish import publish as publish_waiting

    if follow and (state or adopt):
        raise typer.BadParameter("goes with neither --state nor --adopt.", param_hint="--follow")
    settings = kafka_settings(config, servers, setting)
    options = publish_options(adopt=adopt, whole_state=state)
    if follow:
        _follow(db, settings, options)
    tell_published(publish_waiting(db, settings, options))


def tell_published(rows: "Iterable[PublishedRow]") -> None:
    """A line for each; publishing goes on when nobody reads them."""
    from sordiff.cli.output import told_all
    from sordiff.render.commands.publish import published_line

    unheard = None
    for row in rows:
        unheard = told_all([published_line(row, spoken())]) or unheard
    if unheard is not None:
        raise unheard


def publish_options(*, adopt: bool = False, whole_state: bool = False) -> "PublishOptions":
    """Clock and names for a call."""
    import uuid

    from sordiff.cli.clock import now
    from sordiff.service.publish.publish import PublishOptions

    return PublishOptions(now=now, new_name=str(uuid.uuid4()), adopt=adopt, whole_state=whole_state)


def _follow(db: Path, settings: "KafkaSettings", options: "PublishOptions") -> NoReturn:
    from sordiff.cli.output import say_warning, write_text
    from sordiff.errors import SordiffError
    from sordiff.render.commands.publish import published_line
    from sordiff.service.publish.follow import follow

    for found in follow(db, settings, options, _pauses()):
        if isinstance(found, SordiffError):
            say_warning(f"{found.message} {found.advice}")
        else:
            write_text([published_line(found, spoken())])
    raise AssertionError("it follows without end")


def _pauses() -> "Callable[[float], None]":
    """Asked to end, it aborts what is open, so that no subscriber waits for that.

    Where a library swallows what the signal raises, the next pause ends it all the same.
    """
    import signal
    import time

    asked: list[int] = []

    def end(number: int, _frame: object) -> None:
        asked.append(number)
        raise KeyboardInterrupt

    def pause(seconds: float) -> None:
        if asked:
            raise KeyboardInterrupt
        time.sleep(seconds)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    return pause
