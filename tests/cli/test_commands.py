"""The table of commands: the help is made of it alone, and each row leads to a command."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from click import Context, Group
from click.shell_completion import CompletionItem

from sordiff.cli.commands import ROWS
from sordiff.cli.main import build_command

from .calling import called, good
from .dumping import write_chain

if TYPE_CHECKING:
    from pathlib import Path

# What the help and Tab after `sordiff ` load of the commands.
ASKED = """
import sys
sys.argv = ["sordiff", "--help"]
from sordiff.cli.main import build_command
root = build_command()
root.main(standalone_mode=False)
root.shell_complete(root.make_context("sordiff", [], resilient_parsing=True), "re")
print(sorted(name for name in sys.modules if name.startswith("sordiff.")))
"""


def test_the_help_imports_no_command() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ASKED], capture_output=True, text=True, check=True, timeout=120
    )
    loaded = done.stdout.splitlines()[-1]
    assert "'sordiff.cli.commands'" in loaded
    modules = {row.place.partition(":")[0] for row in ROWS}
    assert [name for name in modules if f"'sordiff.cli.{name}'" in loaded] == []
    assert "'sordiff.store" not in loaded
    assert "'sordiff.events" not in loaded


def test_an_ingest_imports_nothing_for_what_hardly_ever_comes() -> None:
    asked = "import sys, sordiff.cli.ingest_output; print({'html', 'tomllib'} & {*sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout == "set()\n"


# What a command has loaded when it leaves.
AT_THE_END = """
import atexit, sys
atexit.register(lambda: print(*sys.modules, file=sys.stderr))
from sordiff.cli.process import run_process
run_process()
"""


def list_loaded(folder: Path, *words: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", AT_THE_END, *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return {*done.stderr.split()}


def test_a_command_loads_what_it_uses(tmp_path: Path) -> None:
    first, second = write_chain(tmp_path, units=60, nights=2)
    good(tmp_path, "ingest", first)
    unused = {
        *("sordiff.store.search", "sordiff.store.listed_units", "sordiff.store.report_queries"),
        *("sordiff.store.exported_rows", "sordiff.store.building", "sordiff.gaps.fill"),
        *("sordiff.render.report.change_text", "sordiff.snapshot.plain.stream_reader"),
        *("sordiff.snapshot.classifications.list_elements", "sordiff.settings.uri_reference"),
        *("sordiff.service.ingest.correction", "sordiff.notices.send"),
    }
    assert list_loaded(tmp_path, "ingest", second) & unused == set()
    of_a_night = {"sordiff.anomalies.rules", "sordiff.interpret", "sordiff.snapshot", "lxml.etree"}
    loaded = list_loaded(tmp_path, "status")
    assert "sordiff.store.session" in loaded
    assert loaded & (unused | of_a_night) == set()


def test_each_row_leads_to_its_command() -> None:
    root = build_command()
    assert isinstance(root, Group)
    context = Context(root)
    for row in ROWS:
        command = root.get_command(context, row.name)
        assert command is not None
        assert command.name == row.name
        if isinstance(command, Group):  # its own list says the same
            assert (command.help or "").startswith(row.short_help)
    assert root.get_command(context, "recieve") is None


def test_tab_offers_the_names_with_their_summaries() -> None:
    root = build_command()
    offered = root.shell_complete(Context(root), "re")
    assert isinstance(root, Group)
    assert [one.value for one in offered] == [
        "replay", "rebuild", "retract", "report", "reconcile", "release", "reject",
    ]  # fmt: skip
    assert all(isinstance(one, CompletionItem) and one.help for one in offered)


def test_a_mistyped_command_is_told_with_those_like_it(tmp_path: Path) -> None:
    assert "No such command 'inges'. Did you mean 'ingest'?" in called(tmp_path, "inges").stderr
