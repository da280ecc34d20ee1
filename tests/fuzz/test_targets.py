"""Without atheris: sound inputs, what once made a reader stumble, and some hundred that are spoiled by lot."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from tests.fuzz.seeds import list_kept, make_seeds
from tests.fuzz.targets import TARGETS

if TYPE_CHECKING:
    from collections.abc import Callable

SPOILED = 300


def cut(lot: random.Random, content: bytearray) -> None:
    del content[lot.randrange(len(content)) :]


def flip(lot: random.Random, content: bytearray) -> None:
    content[lot.randrange(len(content))] = lot.randrange(256)


def double(lot: random.Random, content: bytearray) -> None:
    start = lot.randrange(len(content))
    part = content[start : start + lot.randrange(1, 80)]
    place = lot.randrange(len(content))
    content[place:place] = part


def leave_out(lot: random.Random, content: bytearray) -> None:
    start = lot.randrange(len(content))
    del content[start : start + lot.randrange(1, 80)]


WAYS: tuple[Callable[[random.Random, bytearray], None], ...] = (cut, flip, flip, double, leave_out)


@pytest.mark.parametrize("target", TARGETS)
def test_whatever_comes_is_read_or_refused(target: str) -> None:
    read, seeds, lot = TARGETS[target], make_seeds(target), random.Random(target)
    for content in (b"", *seeds, *list_kept(target)):
        read(content)
    for _ in range(SPOILED):
        spoiled = bytearray(lot.choice(seeds))
        for _ in range(lot.choice((1, 1, 2, 5))):
            if spoiled:
                lot.choice(WAYS)(lot, spoiled)
        read(bytes(spoiled))
