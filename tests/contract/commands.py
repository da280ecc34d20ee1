"""The command line as it describes itself: every command with its arguments and options."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from sordiff.cli.main import build_command
from tests.scenarios.telling import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT_COMMAND = build_command()


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """An argument or an option."""

    names: tuple[str, ...]
    """The long name first; of an argument its name in the usage line."""
    value: str
    """What follows the name: `FILE`, `text|json`; empty for a flag."""
    help: str
    required: bool
    default: str
    """The choice that holds unless another is named; else empty."""

    @property
    def is_option(self) -> bool:
        return self.names[0].startswith("-")


@dataclass(frozen=True, kw_only=True)
class Command:
    """One command that does something."""

    name: str
    """In full: `sordiff topics create`."""
    summary: str
    """The first sentence of its help, without the full stop."""
    paragraphs: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    """Arguments, then options, in the order of the help."""

    @property
    def arguments(self) -> str:
        """What the usage line says after the options."""
        found = [parameter for parameter in self.parameters if not parameter.is_option]
        return " ".join(parameter.names[0] for parameter in found)

    @property
    def usage(self) -> str:
        options = " [OPTIONS]" if any(p.is_option for p in self.parameters) else ""
        return f"{self.name}{options} {self.arguments}".rstrip()


def all_commands() -> dict[str, Command]:
    """Every command by its full name, in the order of the page docs/cli.md."""
    found = {name: _command(built, name) for name, built in list_built(ROOT_COMMAND)}
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    told = re.findall(r"^## (sordiff .*)$", page, re.MULTILINE)
    order = {name: place for place, name in enumerate(told)}
    return dict(sorted(found.items(), key=lambda item: order.get(item[0], len(order))))


def exit_codes() -> dict[str, str]:
    """What each exit code means, as the table of docs/cli.md says; a test holds it to the code."""
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| (.+) \|$", page, re.MULTILINE)
    return {code: text.replace("`", "") for code, text in rows}


def root_options() -> tuple[Parameter, ...]:
    """The options of `sordiff` itself, before any command."""
    return _parameters(ROOT_COMMAND)


def list_built(
    command: click.Command, name: str = "sordiff"
) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by its full name, as click runs it."""
    if not isinstance(command, click.Group):
        yield name, command
        return
    if command.invoke_without_command:  # more than the name of those below it, as `serve` is
        yield name, command
    context = click.Context(command)
    for word in command.list_commands(context):
        below = command.get_command(context, word)
        assert below is not None
        yield from list_built(below, f"{name} {word}")


def _command(command: Any, name: str) -> Command:
    paragraphs = tuple(" ".join(part.split()) for part in command.help.strip().split("\n\n"))
    return Command(
        name=name,
        summary=re.split(r"\.(?:\s|$)", paragraphs[0], maxsplit=1)[0],
        paragraphs=paragraphs,
        parameters=_parameters(command),
    )


def _parameters(command: Any) -> tuple[Parameter, ...]:
    read = [_parameter(parameter) for parameter in command.params]
    return tuple(sorted(read, key=lambda parameter: parameter.is_option))


def _parameter(parameter: Any) -> Parameter:
    choices = getattr(parameter.type, "choices", None)
    option = parameter.param_type_name == "option"
    names = sorted(parameter.opts, key=len, reverse=True)
    metavar = (parameter.metavar or parameter.name.upper()).replace("...", "…")
    flag = getattr(parameter, "is_flag", False)
    return Parameter(
        names=tuple(names) if option else (metavar,),
        value="" if flag or not option else "|".join(choices) if choices else metavar,
        help=parameter.help or "",
        required=parameter.required,
        default=str(parameter.default) if choices and parameter.default in choices else "",
    )
