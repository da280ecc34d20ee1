"""The language in which a call speaks: --lang, SORDIFF_LANG, `lang` of sordiff.toml, the locale."""

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeAlias

import click
import typer
from typer.core import TyperCommand, TyperGroup

from sordiff.errors import SordiffError
from sordiff.render.language import ENGLISH, LANGUAGES, catalogue
from sordiff.settings_file import read_table

if TYPE_CHECKING:
    from sordiff.render.language import Catalogue

_VARIABLE: Final = "SORDIFF_LANG"
_DEFAULT_FILE: Final = Path("sordiff.toml")
_HELP: Final = "The language of messages and reports; see SORDIFF_LANG and lang in sordiff.toml."


class _Speech:
    """What was asked for in the call that is running."""

    flag: str | None = None
    file: Path = _DEFAULT_FILE

    @property
    def language(self) -> str:
        return (
            self.flag
            or _known(os.environ.get(_VARIABLE))
            or _configured(self.file)
            or _of_the_locale()
            or ENGLISH
        )


_speech: Final = _Speech()


def find_spoken_catalogue() -> "Catalogue":
    """The words of the language that holds for the running call."""
    return catalogue(_speech.language)


def overhear_language(words: Iterable[str]) -> None:
    """Take the language from words that may not be understood otherwise."""
    for option, value in pairwise(("", *words)):
        language = value if option == "--lang" else value.partition("--lang=")[2]
        if language in LANGUAGES:
            _speech.flag = language


def _begin(_context: typer.Context, value: str | None) -> str | None:
    """--lang before the command; what an earlier call in the same process said is forgotten."""
    _speech.flag, _speech.file = None, _DEFAULT_FILE
    variable = os.environ.get(_VARIABLE)
    if variable and variable not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        raise typer.BadParameter(f"{variable} is none of: {known}.", param_hint=_VARIABLE)
    _speech.flag = value
    return value


def _choose(context: click.Context, _option: click.Parameter, value: str | None) -> None:
    """--lang behind the command, which is over the one before it."""
    _speech.flag = value or _speech.flag
    _speech.file = Path(context.params.get("config") or _DEFAULT_FILE)


def read_setting(file: Path, name: str) -> str | None:
    """A text at the top of a settings file; None, too, where the file can't be read.

    An error is told in this language, so that reading it must not fail.
    """
    with suppress(SordiffError):
        found = read_table(file, demanded=False).get(name)
        if isinstance(found, str) and found:
            return found
    return None


def _configured(file: Path) -> str | None:
    return _known(read_setting(file, "lang"))


def _of_the_locale() -> str | None:
    """The language of messages by the locale, where it is one of ours."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable)
        if value:
            return _known(re.split(r"[_.@-]", value.lower())[0])
    return None


def _known(language: str | None) -> str | None:
    """A language, where it is one of ours."""
    return language if language in LANGUAGES else None


RootLanguage: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--lang",
        help=_HELP,
        callback=_begin,
        is_eager=True,
        click_type=click.Choice(LANGUAGES),
    ),
]


class _Speaking(click.Command):
    """What takes --lang."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.params.append(
            click.Option(
                ["--lang"],
                help=_HELP,
                type=click.Choice(LANGUAGES),
                expose_value=False,
                callback=_choose,
                is_eager=True,
            )
        )

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Overhear the language first: what is wrong with the other words is told in it, too."""
        overhear_language(args)
        return super().parse_args(ctx, args)


class SpeakingCommand(_Speaking, TyperCommand):
    """A command that takes --lang."""


class SpeakingGroup(_Speaking, TyperGroup):
    """A command that takes --lang, and has commands below it."""
