"""The tables of docs/cli.md from the commands: `python -m tests.contract.commands_document` rewrites them.

The words between the tables are written by hand. A new command gets a heading `## sordiff NAME`
there, and this module does the rest.
"""

from __future__ import annotations

import re

from tests.contract.commands import Command, Parameter, all_commands
from tests.scenarios.telling import ROOT

DOCUMENT = ROOT / "docs" / "cli.md"
OVERVIEW = re.compile(r"^\| command \| what it does \|\n(?:\|.*\n)+", re.MULTILINE)
TABLE = re.compile(r"^\| argument or option \| meaning \|\n(?:\|.*\n)+", re.MULTILINE)
# What is code in a help text: an option, a setting, a variable, a file.
CODE = re.compile(
    r"(?<![\w-])(--[a-z][a-z-]*|\[[a-z]+\]|[a-z_.]+=[^\s;,.]+|[A-Z]+_[A-Z_]+|\w+\.(?:toml|xml|zip))"
)


def document(text: str) -> str:
    """The page with each table and each usage line as the commands say today."""
    commands = all_commands()
    text = OVERVIEW.sub(lambda _: _overview(commands), text, count=1)
    for name, command in commands.items():
        text = re.sub(
            rf"^(## {re.escape(name)}\n)(.*?)(?=^## |\Z)",
            lambda found, command=command: found[1] + _section(found[2], command),  # type: ignore[misc]  # a default binds it
            text,
            flags=re.MULTILINE | re.DOTALL,
        )
    return text


def _overview(commands: dict[str, Command]) -> str:
    rows = [
        f"| [`{command.name} {cell(command.arguments)}`](#{name.replace(' ', '-')}) | {command.summary} |\n".replace(
            " `]", "`]"
        )
        for name, command in commands.items()
    ]
    return "| command | what it does |\n|---|---|\n" + "".join(rows)


def _section(body: str, command: Command) -> str:
    """The section with its usage line and its table; both are made where they are missing."""
    body = re.sub(r"^`sordiff .*`\n", "", body.lstrip("\n"), count=1).lstrip("\n")
    table = _table(command)
    if TABLE.search(body):
        body = TABLE.sub(lambda _: table, body, count=1)
    else:
        body = body.rstrip("\n") + f"\n\n{table}\n"
    return f"\n`{command.usage}`\n\n{body}"


def _table(command: Command) -> str:
    rows = [f"| {_names(one)} | {meaning(one)} |\n" for one in command.parameters]
    return "| argument or option | meaning |\n|---|---|\n" + "".join(rows)


def _names(parameter: Parameter) -> str:
    first, *others = parameter.names
    shown = f"`{cell(first)} {cell(parameter.value)}".rstrip() + "`"
    return ", ".join([shown, *(f"`{other}`" for other in others)])


def meaning(parameter: Parameter) -> str:
    """The help of a parameter as Markdown, with its default, and whether it is required."""
    text = CODE.sub(r"`\1`", cell(parameter.help))
    if parameter.default:
        text += f" Default: `{parameter.default}`."
    return text + " Required." if parameter.is_option and parameter.required else text


def cell(text: str) -> str:
    """Text that a cell of a table can hold."""
    return text.replace("|", "\\|")


if __name__ == "__main__":
    DOCUMENT.write_text(document(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
