"""Memory that a server used once goes back to the system, also where it lies between what is in use."""

from __future__ import annotations

import platform
import re
from pathlib import Path

import pytest

from sordiff.http.process_memory import give_back_memory

SIZE, COUNT, KEPT = 700, 100_000, 100


def used_megabytes() -> float:
    status = Path("/proc/self/status").read_text("utf-8")
    return int(re.findall(r"RssAnon:\s+(\d+)", status)[0]) / 1024


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the malloc of another library")
def test_what_is_free_between_what_is_in_use_is_given_back() -> None:
    made = [bytes(SIZE) for _ in range(COUNT)]
    kept = made[::KEPT]
    made.clear()
    before = used_megabytes()
    give_back_memory()
    assert before - used_megabytes() > SIZE * COUNT / 2**20 / 2
    assert len(kept) == COUNT / KEPT
