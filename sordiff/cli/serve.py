"""`sordiff serve`."""

import signal
from typing import TYPE_CHECKING, Annotated

import typer
from click.core import ParameterSource

from sordiff.cli import tokens
from sordiff.cli.changelog import index_register, open_changelog, serve_changelog
from sordiff.cli.options import DEFAULT_DATABASE, Config, Database
from sordiff.cli.serving_group import ServingGroup

if TYPE_CHECKING:
    from pathlib import Path

    from sordiff.settings import Settings

app = typer.Typer(
    cls=ServingGroup,
    invoke_without_command=True,
    suggest_commands=False,
)
app.add_typer(tokens.app, name="token")


@app.callback()
def serve(
    context: typer.Context,
    host: Annotated[
        str | None,
        typer.Option(
            "--host",
            help="The address to listen at; without it this machine alone can ask.",
            metavar="ADDRESS",
        ),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            "--port",
            min=0,
            max=65535,
            help="The port to listen at, 8017 without it; 0 takes a free one.",
            metavar="N",
        ),
    ] = None,
    decide: Annotated[
        bool | None,
        typer.Option(
            "--decide",
            help="Let those decide who have a token for it; see [serve] decide.",
        ),
    ] = None,
    db: Database = DEFAULT_DATABASE,
    config: Config = None,
) -> None:
    """Serve the changelog over HTTP.

    It tells pages, JSON, events and streams while others write the changelog.
    SIGTERM ends it in good order (0), Ctrl-C too (130).
    """
    if context.invoked_subcommand is not None:
        _refuse_options(context)
        return
    from sordiff.cli.clock import read_clock
    from sordiff.cli.output import say_plainly
    from sordiff.errors import SordiffError

    settings = _load(config, host, port, decide)
    with open_changelog(db).open_to_read():
        pass  # what is missing, damaged or too old is told at once
    from sordiff.cli.webhooks import lock_subscribers, send_to_subscribers
    from sordiff.webhooks.position_file import read_positions

    try:
        from sordiff.cli.deciding import build_access, build_decider
        from sordiff.http.app import build_app
        from sordiff.http.deciding.routes import build_deciding
        from sordiff.http.pages.routes import build_pages
        from sordiff.http.pages.warming import keep_front_warm
        from sordiff.http.process_memory import keep_giving_back, set_up_memory
        from sordiff.http.request_reader import RequestReader
        from sordiff.http.server import Server
    except ModuleNotFoundError as error:
        message = "`sordiff serve` needs libraries that are not installed."
        advice = "Install them with `pip install 'sordiff[serve]'`."
        raise SordiffError(message, advice=advice) from error
    set_up_memory()
    access, decider = build_access(db, settings.serve), build_decider(db, config, settings)
    with (
        lock_subscribers(open_changelog(db), settings.serve.webhooks),
        serve_changelog(db) as changelog,
        send_to_subscribers(changelog, db, settings.serve.webhooks),
        index_register(changelog) as index,
    ):
        _allow_many_connections()
        reader = RequestReader(changelog, index, read_clock, lambda: read_positions(db))
        deciding = build_deciding(reader, access, decider)
        server = Server(
            build_app(
                reader,
                [*deciding, *build_pages(reader)],
                access=access,
                beside=[
                    lambda: keep_front_warm(
                        reader, decides=settings.serve.decide, signs_in=access.is_needed
                    ),
                    lambda: keep_giving_back(reader.watch),
                ],
            ),
            settings.serve,
            on_ready=lambda address: say_plainly([f"Serving {db} at {address}"]),
            on_end=reader.watch.end,
        )
        # uvicorn closes all, and raises the signal anew, which would kill the process. One that
        # comes before uvicorn listens to signals must not be lost.
        signal.signal(signal.SIGTERM, lambda *_: setattr(server, "should_exit", True))
        server.run()


def _refuse_options(context: typer.Context) -> None:
    """Refuse what stands before the command below: it would be taken for nothing."""
    for name in context.params:
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            message = f"stands before {context.invoked_subcommand}; put it behind."
            raise typer.BadParameter(message, param_hint=f"--{name}")


def _allow_many_connections() -> None:
    """As many as the system lets us have; each is a file, and the usual limit is 1024."""
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _load(
    config: "Path | None", host: str | None, port: int | None, decide: bool | None
) -> "Settings":
    from sordiff.settings import load_settings

    flags = {
        "serve.host": host,
        "serve.port": None if port is None else str(port),
        "serve.decide": "true" if decide else None,
    }
    given = {path: value for path, value in flags.items() if value is not None}
    return load_settings(config, given)
