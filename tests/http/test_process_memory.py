"""Memory that a server used once goes back to the system, also where it lies between what is in use."""

from __future__ import annotations

import platform

import pytest

from sordiff.malloc import give_back_memory
from tests.looking.memory import count_megabytes

SIZE, COUNT, KEPT = 700, 100_000, 100


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the malloc of another library")
def test_what_is_free_between_what_is_in_use_is_given_back() -> None:
    made = [bytes(SIZE) for _ in range(COUNT)]
    kept = made[::KEPT]
    made.clear()
    before = count_megabytes()
    give_back_memory()
    assert before - count_megabytes() > SIZE * COUNT / 2**20 / 2
    assert len(kept) == COUNT / KEPT
