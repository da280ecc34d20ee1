"""`sordiff serve token`: who may read or decide over HTTP."""

from typing import Annotated

import typer

from sordiff.access.token import Role
from sordiff.cli.language import SpeakingCommand, find_spoken_catalogue
from sordiff.cli.options import DEFAULT_DATABASE, Config, Database

app = typer.Typer(help="The tokens of `sordiff serve`.", no_args_is_help=True)

_USUAL_DAYS = 90
_NEVER = "never"
_Name = Annotated[
    str, typer.Argument(help="Whose it is; it is stored with each decision.", metavar="NAME")
]


@app.command("add", cls=SpeakingCommand, short_help="Make a token, and show it once.")
def add_token(
    name: _Name,
    role: Annotated[
        Role, typer.Option("--role", help="read: look only; decide: also release and reject.")
    ],
    expires: Annotated[
        str | None,
        typer.Option(
            "--expires",
            help="The last day on which it is valid (UTC), or never; 90 days ahead without it.",
            metavar="DAY",
        ),
    ] = None,
    db: Database = DEFAULT_DATABASE,
    config: Config = None,
) -> None:
    """Make a token and print it: this is the only time it is shown.

    It is kept as a hash, in a file beside the changelog. A running server knows it at once.
    """
    del config  # --db and --lang have looked into it
    from sordiff.access import TokenFile, issue_token
    from sordiff.cli.changelog import lock_tokens
    from sordiff.cli.clock import read_clock
    from sordiff.cli.output import say, write_text
    from sordiff.render.commands.tokens import added_line

    now = read_clock()
    secret, token = issue_token(name, role, added_at=now, expires_at=_find_end(expires, now))
    with lock_tokens(db):
        TokenFile(db).add(token)
    write_text([secret])
    say(added_line(token, find_spoken_catalogue()))


@app.command("list", cls=SpeakingCommand, short_help="List the tokens, without their secrets.")
def list_tokens(db: Database = DEFAULT_DATABASE, config: Config = None) -> None:
    """List the tokens: name, role, and until when each is valid."""
    del config
    from sordiff.access import TokenFile
    from sordiff.cli.clock import read_clock
    from sordiff.cli.output import write_text
    from sordiff.render.commands.tokens import token_lines

    write_text(token_lines(TokenFile(db).read(), read_clock(), find_spoken_catalogue()))


@app.command("remove", cls=SpeakingCommand, short_help="Remove a token: it is refused at once.")
def remove_token(name: _Name, db: Database = DEFAULT_DATABASE, config: Config = None) -> None:
    """Remove a token. A running server refuses it at once, and ends who is signed in by it."""
    del config
    from sordiff.access import TokenFile
    from sordiff.cli.changelog import lock_tokens
    from sordiff.cli.output import say
    from sordiff.render.commands.tokens import removed_line

    with lock_tokens(db):
        TokenFile(db).remove(name)
    say(removed_line(name, find_spoken_catalogue()))


def _find_end(expires: str | None, now: str) -> str | None:
    """The moment from which it is valid no more: the midnight after its last day."""
    from datetime import date, datetime, timedelta, timezone

    if expires == _NEVER:
        return None
    today = datetime.fromisoformat(now).date()
    try:
        last = (
            today + timedelta(days=_USUAL_DAYS) if expires is None else date.fromisoformat(expires)
        )
    except ValueError:
        message = f"{expires} is no day such as 2027-03-31, nor never."
        raise typer.BadParameter(message, param_hint="--expires") from None
    if last < today:
        message = f"{expires} is over."
        raise typer.BadParameter(message, param_hint="--expires")
    end = datetime(last.year, last.month, last.day, tzinfo=timezone.utc) + timedelta(days=1)
    return end.isoformat(timespec="seconds")
