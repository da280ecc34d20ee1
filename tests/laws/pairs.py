"""Random nights as the product reads them: written as XML and read back, as a user's files are."""

import tempfile
from pathlib import Path
from typing import Literal

from hypothesis import strategies as st

from sordiff.service.ingest.compare import Comparison, compare_nights
from sordiff.service.ingest.read_snapshot import build_register
from sordiff.service.ingest.registers import NightPair
from sordiff.settings import Settings
from sordiff.snapshot import Snapshot, read_snapshot
from tests.contract.validating import validate
from tests.making.plain import PlainRegister
from tests.making.xml import Layout, write_data_types, write_snapshot, write_zip

Version = Literal[1, 2, 3]
VERSIONS: st.SearchStrategy[Version] = st.sampled_from([1, 2, 2, 2, 3])
SETTINGS = Settings()


def read_bytes(xml: bytes, data_types: bytes | None = None) -> Snapshot:
    """A snapshot from bytes, by way of a real zip file."""
    with tempfile.TemporaryDirectory() as folder:
        return read_snapshot(write_zip(Path(folder) / "Sor.zip", xml, data_types))


def files(
    register: PlainRegister, version: Version, layout: Layout | None = None
) -> tuple[bytes, bytes | None]:
    """The two files of a night."""
    data_types = write_data_types(register.lists) if register.lists else None
    return write_snapshot(register, version=version, layout=layout), data_types


def read(register: PlainRegister, version: Version = 2, layout: Layout | None = None) -> Snapshot:
    """A plain register, written and read."""
    return read_bytes(*files(register, version, layout))


def between(old: Snapshot, new: Snapshot) -> Comparison:
    """Two snapshots compared, as `sordiff diff` does, and every event held against its schema."""
    comparison = compare_nights(
        NightPair(old=build_register(old), tonight=build_register(new)), new, SETTINGS
    )
    for event in comparison.events:
        validate(event)
    return comparison
