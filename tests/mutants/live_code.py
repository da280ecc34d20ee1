"""A function that is loaded already becomes its mutant: its code is exchanged, and whoever imported it has the mutant."""

from __future__ import annotations

import gc
from types import CodeType, FunctionType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.mutants.mutations import Mutant


def find_codes(module: CodeType) -> dict[str, CodeType]:
    """The code of each outermost function of a module, as `Class.name`."""
    found = {}
    for code in _below(module):
        if code.co_flags & 0x02:  # CO_NEWLOCALS: a function; else the body of a class
            found[code.co_qualname] = code
        else:
            found |= {one.co_qualname: one for one in _below(code)}
    return found


def _below(code: CodeType) -> Iterator[CodeType]:
    return (const for const in code.co_consts if isinstance(const, CodeType))


class LiveModule:
    """The functions of a loaded module, by their names."""

    def __init__(self, path: str) -> None:
        self.path = path
        functions = [one for one in gc.get_objects() if isinstance(one, FunctionType)]
        self._functions: dict[str, list[FunctionType]] = {}
        for function in functions:
            if function.__code__.co_filename == path:
                self._functions.setdefault(function.__code__.co_qualname, []).append(function)

    def become(self, mutant: Mutant) -> bool:
        """Exchange the code; False where the function is not loaded, or has other free variables."""
        code = find_codes(mutant.compile(self.path)).get(mutant.function)
        live = self._functions.get(mutant.function, [])
        if code is None or not live:
            return False
        for function in live:
            if function.__code__.co_freevars != code.co_freevars:
                return False
            function.__code__ = code
        return True
