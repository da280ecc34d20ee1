"""Every event of every story concerns the units that it names as its own."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sordiff.replay import list_concerned
from sordiff.wire import decode_line
from tests.scenarios.telling import folders


def told_in(line: dict[str, Any]) -> set[str]:
    name, data = line["type"], line["data"]
    if name.startswith("sordiff.unit."):
        return {line["subject"]}
    if name.startswith("sordiff.classification."):
        return set()
    sides = [data, data.get("before") or {}, data.get("after") or {}]
    return {side["unit_id"] for side in sides if "unit_id" in side}


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
def test_an_event_concerns_whom_it_tells_of(folder: Any) -> None:
    for line in (folder / "events.jsonl").read_text(encoding="utf-8").splitlines():
        _, event = decode_line(line)
        assert list_concerned(event) == told_in(json.loads(line))
