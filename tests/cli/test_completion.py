"""Shell completion, asked for as the shells do it: by pressing Tab in a real bash, zsh and fish."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

# Sets the words as bash does before it calls the function that `complete -F` names.
BASH = """
source ./completion
COMP_WORDS=({words})
COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
$(complete -p sordiff | sed -E 's/.*-F ([^ ]+).*/\\1/') sordiff
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
# Sets the words as zsh does, and shows what the script hands to zsh's own list of choices.
ZSH = """
compdef() {{}}
_arguments() {{ print -r -- "$@" }}
words=({words}) CURRENT=$#words
source ./completion
_sordiff_completion
"""
# fish completes a line itself; empty words are the space at its end.
FISH = """
source ./completion
complete --do-complete (string replace "''" "" {line})
"""
# The shell, its options, what it is told, and where in its answer the choices are.
SHELLS = {
    "bash": (["bash", "--norc"], BASH, r"^(\S+)$"),
    "zsh": (["zsh", "-f"], ZSH, r'[( ]"([^"]+)"(?=[:)])'),
    "fish": (["fish", "--no-config"], FISH, r"^([^\t\n]+)"),
}


@pytest.fixture
def environment() -> dict[str, str]:
    return with_sordiff_first()


def with_sordiff_first() -> dict[str, str]:
    """With the installed `sordiff` first on the path."""
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}


@cache
def script(shell: str) -> str:
    done = subprocess.run(
        ["sordiff"],
        env={**with_sordiff_first(), "_SORDIFF_COMPLETE": f"source_{shell}"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("words", "found"),
    [
        (
            "sordiff re",
            {"replay", "rebuild", "retract", "report", "reconcile", "release", "reject"},
        ),
        ("sordiff topics ''", {"create", "check"}),
        ("sordiff ingest --no", {"--no-publish", "--no-fast"}),
        ("sordiff report --format mar", {"markdown"}),
    ],
)
def test_a_shell_completes(
    shell: str, words: str, found: set[str], tmp_path: Path, environment: dict[str, str]
) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    (tmp_path / "completion").write_text(script(shell), encoding="utf-8")
    program, told, choice = SHELLS[shell]
    done = subprocess.run(
        [*program, "-c", told.format(words=words, line=f'"{words}"')],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stderr == "", "Tab says nothing but the choices"
    assert set(re.findall(choice, done.stdout, re.MULTILINE)) == found
