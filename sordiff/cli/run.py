"""`sordiff run`: what cron calls every night."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from click.exceptions import ClickException

from sordiff.cli.changelog import open_changelog
from sordiff.cli.message_log import LogFormat
from sordiff.cli.options import (
    DEFAULT_DATABASE,
    SNAPSHOT_HELP,
    AsGiven,
    Config,
    Database,
    DataTypes,
    NoFast,
    SnapshotDate,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from sordiff.cli.message_log import MessageLog
    from sordiff.errors import Exit
    from sordiff.service.ingest.candidate import IngestOptions
    from sordiff.settings import Settings


def run(
    snapshots: Annotated[
        list[Path] | None,
        typer.Argument(
            help=f"{SNAPSHOT_HELP} Without one it is fetched, as [fetch] says.",
            metavar="[SNAPSHOT...]",
        ),
    ] = None,
    db: Database = DEFAULT_DATABASE,
    data_types: DataTypes = None,
    snapshot_date: SnapshotDate = None,
    as_given: AsGiven = False,
    accept: Annotated[
        bool,
        typer.Option(
            "--accept", help="Accept an announced import without holding it; needs --reason."
        ),
    ] = False,
    reason: Annotated[
        str | None,
        typer.Option("--reason", help="The reason; it is stored with the run.", metavar="TEXT"),
    ] = None,
    log_format: Annotated[
        LogFormat | None,
        typer.Option(
            "--log-format",
            help="Write a log to stderr, one line for each step and message, and nothing to "
            "stdout.",
        ),
    ] = None,
    no_fast: NoFast = False,
    config: Config = None,
) -> None:
    """Fetch or take a file, ingest it, publish to Kafka and folders if configured, send notices.

    Without a sink in sordiff.toml nothing is published, and that is no failure. The exit code is
    the worst of all steps; 4: recorded, but not all published, and safe to call again.
    """
    from sordiff.cli.clock import find_user, read_clock
    from sordiff.cli.message_log import MessageLog
    from sordiff.cli.options import parse_day_option
    from sordiff.cli.output import messages_logged
    from sordiff.service.ingest.candidate import IngestOptions
    from sordiff.settings import load_settings

    settings = load_settings(config)
    options = IngestOptions(
        recorded_at=read_clock(),
        user=find_user(),
        database=db.absolute(),
        accept=accept,
        reason=reason,
        data_types=data_types,
        snapshot_date=parse_day_option(snapshot_date),
        as_given=as_given,
        plain=no_fast,
        sends_notices=True,
    )
    log = None if log_format is None else MessageLog(log_format)
    with messages_logged(log):
        code = _Night(db, settings, options, log, config).run(snapshots)
    raise typer.Exit(int(code))


class _Night:
    """One call: its steps, each of which may fail without keeping the next one back."""

    def __init__(
        self,
        db: Path,
        settings: "Settings",
        options: "IngestOptions",
        log: "MessageLog | None",
        config: Path | None,
    ) -> None:
        self._db = db
        self._settings = settings
        self._options = options
        self._log = log
        self._config = config
        self._said: set[str] = set()

    def run(self, snapshots: list[Path] | None) -> "Exit":
        """All steps; the worst of their codes."""
        import time

        from sordiff.errors import worst

        began = time.monotonic()
        if self._db.is_file():
            self._remember_published()
        # What was recorded before a refusal or a fault is published and told all the same.
        codes = self._do("ingest", partial(self._take, snapshots)) if snapshots else self._fetch()
        self._warn_where_nobody_is_told(codes)
        if self._db.is_file():
            codes += self._do("publish", self._publish)
            took = time.monotonic() - began
            codes += self._do("notices", lambda: self._tell(took))
        code = worst(codes)
        if self._log is not None:
            self._log.note_done(outcome=code.name.lower(), exit=int(code))
        return code

    def _do(self, name: str, step: "Callable[[], list[Exit]]") -> "list[Exit]":
        """The codes of a step; what stops it is said, and stops no step after it."""
        from contextlib import nullcontext

        from sordiff.cli.output import say_crash, say_error
        from sordiff.errors import Exit, SordiffError

        with nullcontext() if self._log is None else self._log.step(name):
            try:
                return step()
            except SordiffError as error:
                if error.message not in self._said:  # what stops two steps is said once
                    say_error(error)
                self._said.add(error.message)
                return [error.exit_code]
            except (ClickException, typer.Abort, typer.Exit):
                raise
            except Exception as error:  # noqa: BLE001  # a fault of ours must not keep notices back
                say_crash(error)
                return [Exit.FAILED]

    def _fetch(self) -> "list[Exit]":
        """Fetch, and take what waits: tonight's file, and any that an earlier call left."""
        from sordiff.cli.fetch_output import choose_options
        from sordiff.errors import Exit
        from sordiff.service.fetch.waiting import list_waiting, note_taken

        fetch, fetched = self._settings.fetch, list[Path]()
        codes = self._do("fetch", lambda: self._bring(fetched))
        newest = fetched[0] if fetched else None
        for file in list_waiting(fetch, newest):
            options = choose_options(self._options, fetch, file, is_meant=file == newest)
            taken = self._do("ingest", partial(self._take, [file], options))
            codes += taken
            if not {Exit.DONE, Exit.HELD, Exit.REFUSED}.issuperset(taken):
                break
            note_taken(fetch, file, self._options.recorded_at)
        return codes

    def _bring(self, fetched: list[Path]) -> "list[Exit]":
        from sordiff.cli.fetch_output import bring
        from sordiff.service.ingest.snapshot_problems import note_problem

        settings = self._settings.fetch
        with note_problem(Path(settings.dir), open_changelog(self._db), self._options):
            found = bring(settings, settings.urls, self._log)
        fetched.append(found.path)
        return []

    def _take(self, files: list[Path], options: "IngestOptions | None" = None) -> "list[Exit]":
        """Ingest."""
        from sordiff.cli.ingest_output import ingest_and_say

        how = (self._db, self._settings, options or self._options)
        return [ingest_and_say(files, *how, config=self._config, log=self._log)]

    def _warn_where_nobody_is_told(self, codes: "list[Exit]") -> None:
        """Notices are kept in the changelog; the first snapshot makes it."""
        from sordiff.cli.output import say_warning
        from sordiff.errors import Exit, worst

        notices = self._settings.notices
        configured = notices.has_webhook or notices.has_mail
        if worst(codes) is not Exit.DONE and configured and not self._db.is_file():
            where = self._db
            say_warning(
                f"no notice is sent of this: there is no changelog at {where} to keep it in"
            )

    def _remember_published(self) -> None:
        """Ask the sinks whether the changelog is a restored backup, before anything is recorded.

        What stands in the way of that is said when it is published: recording waits for no sink.
        """
        from contextlib import suppress

        from sordiff.cli.sinks import build_configured_sinks
        from sordiff.errors import SordiffError
        from sordiff.service.publish.published_before import remember_published

        with suppress(SordiffError):
            for sink in build_configured_sinks(self._settings):
                remember_published(open_changelog(self._db), sink, self._settings.source)

    def _publish(self) -> "list[Exit]":
        """Publish what waits, where it is configured; the codes of what stood in the way."""
        from sordiff.cli.sinks import (
            build_configured_sinks,
            build_publish_options,
            publish_recorded_into,
        )

        sinks = build_configured_sinks(self._settings)
        changelog = open_changelog(self._db)
        return publish_recorded_into(changelog, sinks, build_publish_options(), self._log)

    def _tell(self, took: float) -> "list[Exit]":
        """Send what waits and write the metrics; what fails is a warning, the next call tries."""
        from sordiff.cli.clock import read_clock
        from sordiff.cli.output import say_warning
        from sordiff.service.notify.list_notices import queue_list_notices
        from sordiff.service.notify.send import send_notices

        queued = queue_list_notices(
            open_changelog(self._db),
            self._settings.notices,
            now=read_clock(),
            database=self._db.absolute(),
        )
        sent = send_notices(
            open_changelog(self._db), self._settings, now=read_clock(), duration_seconds=took
        )
        failures = [*queued, *sent]
        for failure in failures:
            say_warning(failure)
        if self._log is not None:
            outcome = "failed" if failures else "sent"
            self._log.note_done(outcome=outcome, failures=len(failures))
        return []
