"""What tests/marks.py names is there: a place that was renamed would silently be marked no more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.marks import list_places

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("place", sorted(list_places()))
def test_a_place_is_there(place: str) -> None:
    path, _, test = place.partition("::")
    assert (ROOT / path).exists()
    name = test.partition("[")[0]
    assert not name or re.search(rf"^def {name}", (ROOT / path).read_text("utf-8"), re.MULTILINE)
