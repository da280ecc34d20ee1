"""What fetch noted for itself, damaged: it fetches as if nothing had been noted."""

from __future__ import annotations

from pathlib import Path

import pytest

from sordiff.fetch.folder import FetchFolder
from sordiff.fetch.partial import Partial

URL = "https://example.dk/sor.zip"
DAMAGED = (b"", b"{}", b'{"boot":"\xff","file":"\xff"}', b'{"later":' + b"[" * 50_000)


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_note_is_none(tmp_path: Path, content: bytes) -> None:
    part = Partial(tmp_path, URL)
    part.path.write_bytes(b"PK")
    part.path.with_suffix(".json").write_bytes(content)
    assert part.find_note() is None


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_receipt_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "sor.zip.receipt.json").write_bytes(content)
    assert FetchFolder(tmp_path).list_receipts() == []
