"""A PostgreSQL of a test's own, on a port of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.kafka.broker import free_ports
from tests.kafka.jars import ROOT

USER = "sor"
_PROGRAMS = ROOT / ".cache" / "postgres" / "bin"
_PATIENCE = 60
# PostgreSQL refuses to run as root, and then belongs to who owns nothing.
_NOBODY = "nobody" if os.geteuid() == 0 else None


@contextmanager
def serving_postgresql() -> Iterator[str]:
    """Gives the JDBC address of its database."""
    assert (_PROGRAMS / "postgres").exists(), "`make test-clients` fetches it"
    (port,) = free_ports(1)
    # Not in the folder of the test: the whole way to it must be open to the server.
    folder = Path(
        tempfile.mkdtemp(prefix="sordiff-postgresql-", dir="/tmp")
    )  # a short path, for a socket
    programs = folder / "programs"
    shutil.copytree(_PROGRAMS.parent, programs, symlinks=True)
    if _NOBODY:
        shutil.chown(folder, _NOBODY)
    data = folder / "data"
    log = folder / "log"
    try:
        subprocess.run(
            [programs / "bin" / "initdb", "-D", data, "-A", "trust", "-U", USER, "--no-sync"],
            check=True, capture_output=True, user=_NOBODY, cwd=folder,
        )  # fmt: skip
        call = [
            str(programs / "bin" / "postgres"),
            "-D",
            str(data),
            "-p",
            str(port),
            "-k",
            str(folder),
        ]
        with log.open("wb") as out:
            server = subprocess.Popen(call, stdout=out, stderr=out, user=_NOBODY, cwd=folder)
        try:
            end = time.monotonic() + _PATIENCE
            while "ready to accept connections" not in log.read_text("utf-8"):
                assert server.poll() is None, log.read_text("utf-8")
                assert time.monotonic() < end, log.read_text("utf-8")
                time.sleep(0.1)
            yield f"jdbc:postgresql://127.0.0.1:{port}/postgres?user={USER}"
        finally:
            server.terminate()
            server.wait()
    finally:
        shutil.rmtree(folder)
