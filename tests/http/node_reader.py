"""The npm package eventsource in a process of Node, the one that playwright brings; the package is fetched by `make node-client`."""

from __future__ import annotations

import json
import subprocess
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

import pytest

from tests.kafka.session import demanded
from tests.scenarios.telling import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

FETCHED = ROOT / ".cache" / "node_client"
SCRIPT = ROOT / "tests" / "http" / "node_client" / "read_stream.mjs"


def by_eventsource(address: str) -> Iterator[tuple[str, str]]:
    """The id and the data of each event, without end."""
    with (
        as_file(files("playwright") / "driver" / "node") as node,
        SCRIPT.open("rb") as script,
        # From standard input, so that packages are looked for in the directory where it runs.
        subprocess.Popen(
            [node, "--input-type=module", "-", address],
            cwd=FETCHED,
            stdin=script,
            stdout=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None
        try:
            for line in process.stdout:
                event_id, data = json.loads(line)
                yield event_id, data
        finally:
            process.kill()


def is_fetched() -> bool:
    """Whether the client is here; where the build demands it, fail if it is not."""
    found = (FETCHED / "installed").exists()
    if not found and demanded():
        pytest.fail("The client for Node is demanded when CI=true: `make node-client` needs npm.")
    return found
