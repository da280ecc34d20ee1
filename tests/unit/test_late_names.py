"""What the package of the readers loads late is what it names, whoever loaded its module before."""

from __future__ import annotations

import subprocess
import sys

import pytest

import sordiff.snapshot as package

_LOOK = (
    "import sordiff.snapshot as package; found = package.{name}; assert found.__name__ == '{name}'"
)


@pytest.mark.parametrize("name", sorted(package._LATE))
@pytest.mark.parametrize("before", [False, True])
def test_a_late_name_is_no_module(name: str, before: bool) -> None:
    load = f"import {package._LATE[name]}; " if before else ""
    # Twice: loading a module gives the package an attribute of its name.
    code = load + "; ".join([_LOOK.format(name=name)] * 2)
    subprocess.run((sys.executable, "-c", code), check=True)


def test_an_unknown_name_is_none_of_it() -> None:
    with pytest.raises(AttributeError, match="read_nothing"):
        _ = package.read_nothing
