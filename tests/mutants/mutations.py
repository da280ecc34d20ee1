"""The small wrong changes of a function: one at a time, each in a copy of its module's tree."""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType

_COMPARED: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_COMPUTED: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.BitXor: ast.BitOr,
}
_DEFS: Final = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """function: the outermost that is changed, as `Class.name`. tree: the module with the change."""

    function: str
    line: int
    change: str
    tree: ast.Module

    def compile(self, path: str) -> CodeType:
        return compile(ast.fix_missing_locations(self.tree), path, "exec")


def list_mutants(source: str) -> Iterator[Mutant]:
    """All mutants of a module's functions; what runs only when it is imported is left as it is."""
    tree = ast.parse(source)
    for name, place in _list_functions(tree):
        count = sum(1 for _ in _list_changes(_at(tree, place)))
        for number in range(count):
            changed = copy.deepcopy(tree)
            for turn, (line, change, apply) in enumerate(_list_changes(_at(changed, place))):
                if turn == number:
                    apply()
                    yield Mutant(function=name, line=line, change=change, tree=changed)
                    break


def _list_functions(tree: ast.Module) -> Iterator[tuple[str, tuple[int, ...]]]:
    for number, node in enumerate(tree.body):
        if isinstance(node, _DEFS):
            yield node.name, (number,)
        elif isinstance(node, ast.ClassDef):
            for below, method in enumerate(node.body):
                if isinstance(method, _DEFS):
                    yield f"{node.name}.{method.name}", (number, below)


def _at(tree: ast.Module, place: tuple[int, ...]) -> ast.AST:
    node: ast.AST = tree
    for number in place:
        node = node.body[number]  # type: ignore[attr-defined]  # those that were listed have one
    return node


class _Change:
    """Sets a field of a node, or takes an element out of one."""

    def __init__(self, node: ast.AST, field: str, value: object, number: int | None = None) -> None:
        self._node, self._field, self._value, self._number = node, field, value, number

    def __call__(self) -> None:
        if self._number is None:
            setattr(self._node, self._field, self._value)
        else:
            getattr(self._node, self._field)[self._number] = self._value


def _list_changes(function: ast.AST) -> Iterator[tuple[int, str, _Change]]:
    for parent, field, number, node in _walk(function):
        for told, other in _alternatives(node):
            yield node.lineno, f"{_show(node)} → {told}", _Change(parent, field, other, number)  # type: ignore[attr-defined]  # statements and expressions have one


def _walk(function: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Every statement and expression of its body; no annotation, decorator or docstring."""
    waiting: list[tuple[ast.AST, str, int | None, ast.AST]] = []
    body = function.body  # type: ignore[attr-defined]  # it is a function
    waiting.extend((function, "body", at, body[at]) for at in reversed(range(len(body))))
    while waiting:
        parent, field, number, node = waiting.pop()
        if _is_docstring(node) or isinstance(node, ast.Raise | ast.Assert):
            continue
        if isinstance(node, ast.expr | ast.stmt):
            yield parent, field, number, node
        below: list[tuple[ast.AST, str, int | None, ast.AST]] = []
        for name, value in ast.iter_fields(node):
            if name in {"annotation", "decorator_list", "returns", "args"} and not isinstance(
                node, ast.Call
            ):
                continue
            if isinstance(value, ast.AST):
                below.append((node, name, None, value))
            elif isinstance(value, list):
                below += [
                    (node, name, at, one)
                    for at, one in enumerate(value)
                    if isinstance(one, ast.AST)
                ]
        waiting += below[::-1]


def _is_docstring(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _alternatives(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:  # one case a kind of node
    match node:
        case ast.Compare(ops=[op], left=left, comparators=compared) if type(op) in _COMPARED:
            other: ast.AST = ast.Compare(
                left=left, ops=[_COMPARED[type(op)]()], comparators=compared
            )
            yield _show(other), other
        case ast.BoolOp(op=op, values=values):
            other = ast.BoolOp(op=ast.Or() if isinstance(op, ast.And) else ast.And(), values=values)
            yield _show(other), other
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield _show(operand), operand
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _COMPUTED:
            other = ast.BinOp(left=left, op=_COMPUTED[type(op)](), right=right)
            yield _show(other), other
        case ast.Constant(value=bool() as value):
            yield str(not value), ast.Constant(value=not value)
        case ast.Constant(value=int() as value):
            yield str(value + 1), ast.Constant(value=value + 1)
        case ast.Constant(value=str() as value):
            yield repr(f"{value}X"), ast.Constant(value=f"{value}X")
        case ast.IfExp(test=test, body=body, orelse=orelse):
            other = ast.IfExp(test=test, body=orelse, orelse=body)
            yield _show(other), other
        case ast.If(test=test, body=body, orelse=orelse):
            negated = ast.UnaryOp(op=ast.Not(), operand=test)
            yield "the other branch", ast.If(test=negated, body=body, orelse=orelse)
        case ast.Return(value=value) if value is not None and not _is_none(value):
            yield "return None", ast.Return(value=ast.Constant(value=None))
        case ast.Expr() | ast.AugAssign():
            yield "nothing", ast.Pass()
        case ast.Continue():
            yield "break", ast.Break()
        case ast.Break():
            yield "continue", ast.Continue()
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            for number, generator in enumerate(node.generators):
                if generator.ifs:
                    unfiltered = copy.deepcopy(node)
                    unfiltered.generators[number].ifs = []
                    yield "without its condition", unfiltered
        case _:
            pass


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _show(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) < 90 else f"{text[:89]}…"
