"""Shell completion, asked for as the shells do it: by pressing Tab in a real bash, and by the scripts for zsh and fish."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

# Sets the words as bash does before it calls the function that `complete -F` names.
PRESS_TAB = """
source ./completion.bash
COMP_WORDS=({words})
COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
$(complete -p sordiff | sed -E 's/.*-F ([^ ]+).*/\\1/') sordiff
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.fixture
def environment() -> dict[str, str]:
    """With the installed `sordiff` first on the path."""
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}


def script(shell: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        ["sordiff"],
        env={**environment, "_SORDIFF_COMPLETE": f"source_{shell}"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout


def completed(words: str, folder: Path, environment: dict[str, str]) -> list[str]:
    (folder / "completion.bash").write_text(script("bash", environment), encoding="utf-8")
    done = subprocess.run(
        ["bash", "--norc", "-c", PRESS_TAB.format(words=words)],
        cwd=folder, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.split()


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        (
            "sordiff re",
            ["replay", "rebuild", "retract", "report", "reconcile", "release", "reject"],
        ),
        ("sordiff topics ''", ["create", "check"]),
        ("sordiff ingest --no", ["--no-publish", "--no-fast"]),
        ("sordiff report --format ma", ["markdown"]),
    ],
)
def test_bash_completes(
    words: str, found: list[str], tmp_path: Path, environment: dict[str, str]
) -> None:
    assert completed(words, tmp_path, environment) == found


@pytest.mark.parametrize(
    ("shell", "line"), [("zsh", "#compdef sordiff"), ("fish", "complete --command sordiff")]
)
def test_other_shells_get_their_script(shell: str, line: str, environment: dict[str, str]) -> None:
    assert line in script(shell, environment)
