"""Finds in the source what is written for people: every text of several words that is no SQL, no help of an option and no docstring."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sordiff

PACKAGE = Path(sordiff.__file__).parent

_HELP = {"help", "short_help", "metavar"}
_SQL = re.compile(
    r"\b(SELECT|INSERT|UPDATE|DELETE|WHERE|FROM|ORDER BY|PRAGMA|CREATE|DROP|JOIN|VALUES|INDEXED"
    r"|ATTACH|DETACH|BEGIN|COMMIT|SAVEPOINT|LIMIT|UNION|CASE|IS NULL|IS NOT NULL|IN \()"
)
# Errors that are caught within and never said.
_INSIDE = {"UnsureError", "AssertionError"}
# It is given what failed as a part of a sentence, which may be a single word.
_FAILED_WHILE = "translated"


@dataclass(frozen=True)
class Prose:
    """A text by the parts between its holes."""

    file: str
    line: int
    parts: tuple[str, ...]

    @property
    def skeleton(self) -> str:
        return "{}".join(self.parts)


def prose_in(path: Path) -> list[Prose]:
    found = _Finder(path.relative_to(PACKAGE).as_posix())
    found.visit(ast.parse(path.read_text(encoding="utf-8")))
    return found.found


def files_outside(*folders: str) -> Iterator[Path]:
    """The modules of the package but for those in these folders, or of these names."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if not path.relative_to(PACKAGE).as_posix().startswith(folders):
            yield path


class _Finder(ast.NodeVisitor):
    def __init__(self, file: str) -> None:
        self._file = file
        self.found: list[Prose] = []

    def visit_Constant(self, node: ast.Constant) -> None:  # so ast calls it
        if isinstance(node.value, str):
            # A template that is filled later has its holes in the text.
            self._take(node.lineno, tuple(re.split(r"\{\w+\}", node.value)))

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        parts = [""]
        for value in node.values:
            if isinstance(value, ast.Constant):
                parts[-1] += str(value.value)
            elif isinstance(value, ast.FormattedValue):
                parts.append("")
                self.visit(value.value)
        self._take(node.lineno, tuple(parts))

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring
            self.generic_visit(node)

    def visit_keyword(self, node: ast.keyword) -> None:
        if node.arg not in _HELP:
            self.generic_visit(node)

    def visit_Assert(self, node: ast.Assert) -> None:
        self.visit(node.test)

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name) and node.func.id in _INSIDE:
            return
        if isinstance(node.func, ast.Name) and node.func.id == _FAILED_WHILE:
            for said in node.args:
                if isinstance(said, ast.Constant) and isinstance(said.value, str):
                    self.found.append(Prose(self._file, said.lineno, (said.value,)))
        self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> None:
        """An argument's annotation is no text."""

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        for child in (*node.decorator_list, node.args, *node.body):
            self.visit(child)

    def _take(self, line: int, parts: tuple[str, ...]) -> None:
        text = "{}".join(parts)
        if " " in text.strip() and re.search(r"[A-Za-z]{2}", text) and not _SQL.search(text):
            self.found.append(Prose(self._file, line, parts))
