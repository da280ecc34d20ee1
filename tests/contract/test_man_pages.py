"""Every command has a man page that says what its help says, and that the tools for man pages accept."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from tests.contract.commands import all_commands
from tests.contract.man_pages import FOLDER, escaped, pages

NAMES = sorted(path.name for path in FOLDER.glob("*.1"))


def test_the_pages_are_those_of_the_commands() -> None:
    shipped = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.1")}
    assert shipped == pages(), "run `make docs` and read the difference"


def test_each_command_has_a_page() -> None:
    assert set(NAMES) == {"sordiff.1", *(f"{n.replace(' ', '-')}.1" for n in all_commands())}


def test_text_is_printed_as_it_stands() -> None:
    assert escaped(".db --x \\ …") == r"\&.db \-\-x \e ..."


@pytest.mark.skipif(
    not (shutil.which("mandoc") or os.environ.get("CI")), reason="mandoc is not installed"
)
def test_mandoc_has_no_complaint() -> None:
    lint = ["mandoc", "-T", "lint", "-W", "warning", *(str(FOLDER / name) for name in NAMES)]
    done = subprocess.run(lint, capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("", 0)


@pytest.mark.skipif(not shutil.which("groff"), reason="groff is not installed")
def test_groff_has_no_complaint_and_shows_the_options() -> None:
    page = str(FOLDER / "sordiff-ingest.1")
    done = subprocess.run(
        ["groff", "-man", "-K", "utf8", "-T", "utf8", "-ww", "-P", "-cbou", page],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    for option in ("--no-publish", "--reason", "SNAPSHOT"):
        assert option in done.stdout
