"""The contract of a reader, kept by the XML of each version on all roads."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from sordiff.snapshot import ReadOptions, read_snapshot
from tests.making.xml import write_snapshot
from tests.ports.reader_suite import *  # noqa: F403  # its tests
from tests.ports.reader_suite import KindOfFile
from tests.roads.roads import ROADS, taking

if TYPE_CHECKING:
    from pathlib import Path

    from sordiff.snapshot import Snapshot
    from tests.making.elements import Version
    from tests.roads.roads import Road

_VERSIONS: dict[str, Version] = {"1.0.0": 1, "2.0.0": 2, "3.0.0": 3}


def _read(path: Path, *, road: Road) -> Snapshot:
    with taking(road):
        return read_snapshot(path, ReadOptions(plain=road != "fast"))


def _says(version: str, _: str, path: str) -> bool:
    return path != "cvr" or version != "1.0.0"


@pytest.fixture(params=[(v, road) for v in _VERSIONS for road in ROADS], ids=str)
def kind(request: pytest.FixtureRequest) -> KindOfFile:
    version, road = request.param
    return KindOfFile(
        name=f"XML {version}",
        version=version,
        write=partial(write_snapshot, version=_VERSIONS[version]),
        read=partial(_read, road=road),
        says=partial(_says, version),
    )
