"""Each command that works on a changelog, called so that nothing but the changelog can be wrong. `night` is a snapshot that is not recorded."""

from __future__ import annotations

from typing import Final

from sordiff.cli.main import build_command
from tests.contract.commands import list_built

_WHY: Final = ("--reason", "x")
READING: Final = (
    ("events",),
    ("runs",),
    ("status",),
    ("report",),
    ("show", "1"),
    ("history", "1"),
    ("alarms", "test"),
    ("verify",),
    ("backup", "copy.db"),
    ("export", "out", "--format", "csv"),
    ("list", "show"),
    ("serve",),
    ("reconcile", "list.csv"),
    ("list", "add", "wards", "--type", "309939001"),  # reads the register first
)
WRITING: Final = (
    ("ingest", "night"),
    ("ingest", "--dry-run", "night"),
    ("run", "night"),
    ("release", "1", *_WHY),
    ("reject", "1", *_WHY),
    ("retract", "1", *_WHY),
    ("list", "remove", "wards"),
    ("publish", "--to", "ndjson:out"),
    ("replay", "--same-topics", "--bootstrap-servers", "127.0.0.1:9", "--set", "timeout_seconds=1"),
)


def commands(night: str) -> list[list[str]]:
    """All of them, with the name of that snapshot."""
    return [[night if word == "night" else word for word in words] for words in READING + WRITING]


def names_with_a_changelog() -> set[str]:
    """The commands that have --db, by the command line itself; `rebuild` makes a new file there."""
    found = {
        name.removeprefix("sordiff ")
        for name, command in list_built(build_command())
        if any("--db" in parameter.opts for parameter in command.params)
    }
    # Those of tokens work on a file beside the changelog, and never look into it.
    return {name for name in found if not name.startswith("serve token")} - {"rebuild"}
