"""The man pages from the commands: `python -m tests.contract.man_pages` writes man/*.1 anew."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from tests.contract.commands import Command, Parameter, all_commands, exit_codes, root_options
from tests.scenarios.telling import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FOLDER = ROOT / "man"
# A man page needs a date. The clock would change every page every day, so this one is set at a release.
DATE = "2026-11-28"
SUMMARY = "compare nightly snapshots of the Danish register of health-care organisations (SOR)"
DESCRIPTION = (
    (
        "sordiff compares a nightly snapshot of SOR with the last accepted one, and records what changed as typed events "
        "in a changelog, a SQLite file. It publishes the events to Kafka, reports them to people, and holds an unusually "
        "large night for a decision."
    ),
    "SNAPSHOT is Sor.xml or Sor.zip, or either as .gz. Data goes to stdout, messages and progress to stderr.",
)
ENVIRONMENT = (
    ("SORDIFF_DB", "The changelog. The option --db overrides it."),
    ("SORDIFF_…", "Any setting that has one value: the tables and the key in capitals, joined by underscores."),
    ("COLUMNS", "The width of text."),
    ("NO_COLOR", "Turns colours off."),
)  # fmt: skip
FILES = (
    ("sordiff.toml", "The settings. Precedence: flag, environment, file."),
    ("sordiff.db", "The changelog, unless another file is configured."),
)


def pages() -> dict[str, str]:
    """Every man page by the name of its file."""
    commands = all_commands()
    found = {f"{_dashed(name)}.1": _page(command) for name, command in commands.items()}
    return {"sordiff.1": _overview(commands), **found}


def _overview(commands: dict[str, Command]) -> str:
    listed = ((f"{_dashed(name)}(1)", f"{one.summary}.") for name, one in commands.items())
    return "\n".join(
        [
            *_head("sordiff", SUMMARY),
            *_section("SYNOPSIS", [r"\fBsordiff\fR [OPTIONS] COMMAND [ARGUMENTS]"]),
            *_section("DESCRIPTION", _paragraphs(DESCRIPTION)),
            *_section("COMMANDS", _listed(listed)),
            *_section("OPTIONS", _parameters(root_options())),
            *_section("EXIT STATUS", _exit_status()),
            *_section("ENVIRONMENT", _listed(ENVIRONMENT)),
            *_section("FILES", _listed(FILES)),
            "",
        ]
    )


def _page(command: Command) -> str:
    usage = escaped(command.usage.removeprefix(command.name))
    return "\n".join(
        [
            *_head(_dashed(command.name), command.summary[0].lower() + command.summary[1:]),
            *_section("SYNOPSIS", [rf"\fB{escaped(command.name)}\fR{usage}"]),
            *_section("DESCRIPTION", _paragraphs(command.paragraphs)),
            *_section("OPTIONS", _parameters(command.parameters)),
            *_section("EXIT STATUS", _exit_status()),
            *_section("SEE ALSO", [r"\fBsordiff\fR(1)"]),
            "",
        ]
    )


def _head(name: str, summary: str) -> list[str]:
    return [
        r".\" Written by `make docs` from the commands.",
        f'.TH {name.upper()} 1 {DATE} "sordiff" "sordiff manual"',
        *_section("NAME", [rf"{escaped(name)} \- {escaped(summary)}"]),
    ]


def _section(title: str, lines: list[str]) -> list[str]:
    return [f".SH {title}", *lines]


def _paragraphs(texts: tuple[str, ...]) -> list[str]:
    first, *others = texts
    return [escaped(first), *chain.from_iterable((".PP", escaped(text)) for text in others)]


def _listed(entries: Iterable[tuple[str, str]]) -> list[str]:
    lines: list[str] = []
    for term, text in entries:
        lines += [".TP", rf"\fB{escaped(term)}\fR", escaped(text)]
    return lines


def _parameters(parameters: tuple[Parameter, ...]) -> list[str]:
    lines: list[str] = []
    for one in parameters:
        names = ", ".join(rf"\fB{escaped(name)}\fR" for name in reversed(one.names))
        value = rf" \fI{escaped(one.value)}\fR" if one.value else ""
        default = f" Default: {one.default}." if one.default else ""
        required = " Required." if one.is_option and one.required else ""
        lines += [".TP", names + value, escaped(one.help + default + required)]
    return lines


def _exit_status() -> list[str]:
    return _listed(exit_codes().items())


def _dashed(name: str) -> str:
    return name.replace(" ", "-")


def escaped(text: str) -> str:
    """Text that roff prints as it stands: no escape, no request, no hyphen in place of a minus."""
    text = text.replace("\\", r"\e").replace("-", r"\-").replace("…", "...")
    return rf"\&{text}" if text.startswith((".", "'")) else text


def write(folder: Path) -> None:
    """All pages, and none that has no command any more."""
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.1"):
        old.unlink()
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(FOLDER)
