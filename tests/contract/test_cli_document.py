"""docs/cli.md names every command, every argument and every option of the command line, and no others."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pytest

from sordiff.cli.archive import ArchiveFormat
from sordiff.cli.check import CheckFormat
from sordiff.cli.config import ConfigFormat
from sordiff.cli.diff import DiffFormat
from sordiff.cli.export import ExportFormat
from sordiff.cli.lists import ShowFormat
from sordiff.cli.main import build_command
from sordiff.cli.show import LookFormat
from sordiff.cli.status import StatusFormat
from sordiff.errors import Exit
from sordiff.render.reconcile.formats import LIST_FORMAT_BY_NAME
from sordiff.render.report.formats import FORMAT_BY_NAME
from tests.contract.commands import all_commands, list_built
from tests.contract.commands_document import document
from tests.scenarios.telling import ROOT

DOCUMENT = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
# Explained once for all.
FOR_ALL = {"-h", "--help"}
FORMATS: dict[str, Iterable[str]] = {
    "sordiff archive list": ArchiveFormat,
    "sordiff check": CheckFormat,
    "sordiff config": ConfigFormat,
    "sordiff diff": DiffFormat,
    "sordiff export": ExportFormat,
    "sordiff history": LookFormat,
    "sordiff list show": ShowFormat,
    "sordiff reconcile": LIST_FORMAT_BY_NAME,
    "sordiff report": FORMAT_BY_NAME,
    "sordiff show": LookFormat,
    "sordiff status": StatusFormat,
}


COMMANDS = dict(list_built(build_command()))


def section(name: str) -> str:
    found = re.search(
        rf"^## {re.escape(name)}$(.*?)(?=^## |\Z)", DOCUMENT, re.MULTILINE | re.DOTALL
    )
    assert found is not None, f"docs/cli.md has no section '## {name}'"
    return found[1]


def options(command: Any) -> set[str]:
    return {
        option
        for parameter in command.params
        if parameter.param_type_name == "option"
        for option in (*parameter.opts, *parameter.secondary_opts)
    }


def test_there_are_no_sections_of_other_commands() -> None:
    assert set(re.findall(r"^## (sordiff .*)$", DOCUMENT, re.MULTILINE)) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_told_with_its_arguments_and_options(name: str) -> None:
    text = section(name)
    listed = set(re.findall(r"^\| `(--[a-z-]+)", text, re.MULTILINE))
    taken = options(COMMANDS[name]) - FOR_ALL
    assert listed == {option for option in taken if option.startswith("--")}
    assert all(f"`{option}`" in text for option in taken - listed)
    usage = next(line for line in text.splitlines() if line.startswith(f"`{name}"))
    assert ("[OPTIONS]" in usage) == bool(listed)
    for parameter in COMMANDS[name].params:
        if parameter.param_type_name == "argument":
            assert re.search(r"\w+", str(parameter.metavar or parameter.name))[0] in usage  # type: ignore[index]  # a name has letters


@pytest.mark.parametrize("name", COMMANDS)
def test_the_formats_are_told(name: str) -> None:
    choices = "\\|".join(FORMATS.get(name, ()))
    told = re.findall(r"^\| `--format (\S+)` \|", section(name), re.MULTILINE)
    assert told == ([choices] if choices else [])


def test_the_options_of_all_commands_are_told() -> None:
    text = DOCUMENT.partition("\n## sordiff ")[0]
    for option in options(build_command()) | FOR_ALL:
        assert f"{option}`" in text or f" {option}`" in text, option


def test_the_exit_codes_are_told() -> None:
    listed = {int(code) for code in re.findall(r"^\| (\d+) \|", DOCUMENT, re.MULTILINE)}
    assert listed == {int(code) for code in Exit}


def test_the_tables_are_those_of_the_commands() -> None:
    assert document(DOCUMENT) == DOCUMENT, "run `make docs` and read the difference"


@pytest.mark.parametrize("name", COMMANDS)
def test_each_parameter_has_a_help_text(name: str) -> None:
    for parameter in all_commands()[name].parameters:
        if parameter.names[0] not in FOR_ALL:
            assert parameter.help.endswith("."), parameter.names
        assert not parameter.default or parameter.default in parameter.value.split("|")
