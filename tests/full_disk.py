"""Disks that are full: as far as this process is concerned, and one of four megabytes."""

from __future__ import annotations

import resource
import shutil
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """As on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def mount_small_disk(disk: Path) -> Iterator[Path]:
    """A disk of its own in that folder; the test is skipped where it can't be mounted."""
    disk.mkdir()
    mount = shutil.which("mount")
    words = [mount or "mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)]
    if mount is None or subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("NO FULL DISK WAS TRIED: a tmpfs can't be mounted here (needs root)")
    try:
        yield disk
    finally:
        # Lazily: a test that fails may have something open there still.
        subprocess.run(["umount", "--lazy", disk], check=True)
