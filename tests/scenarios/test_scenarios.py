"""Each scenario is told as it was when somebody last read it, and in all formats alike."""

import json
from pathlib import Path

import pytest

from sordiff.events import EVENT_TYPES
from sordiff.wire import find_short_name
from tests.contract.validating import validate_line
from tests.scenarios.agreeing import assert_formats_agree
from tests.scenarios.telling import folders, told


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
def test_scenario_is_told_as_before(folder: Path, tmp_path: Path) -> None:
    files = told(folder, tmp_path)
    for line in files["events.jsonl"].splitlines():
        validate_line(line)
    for name, text in files.items():
        assert text == (folder / name).read_text(encoding="utf-8"), f"{name} differs"
    assert_formats_agree(tmp_path / "sordiff.db")


def test_every_event_type_is_told_in_some_scenario() -> None:
    told_types = {
        find_short_name(json.loads(line)["type"])
        for folder in folders()
        for line in (folder / "events.jsonl").read_text(encoding="utf-8").splitlines()
    }
    assert set(EVENT_TYPES) - told_types == set()
