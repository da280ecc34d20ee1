"""Coordinates of the register on a map: known places, and what is none."""

from __future__ import annotations

import pytest

from sordiff.model import PostalAddress
from sordiff.render.pages.map_link import find_place, link_map


@pytest.mark.parametrize(
    ("east", "north", "place"),
    [
        # The town hall of Copenhagen and Skagen's lighthouse, from public maps.
        ("724300.0", "6175550.0", (55.6738, 12.5672)),
        ("595475,12", "6400220,5", (57.7362, 10.6042)),
    ],
)
def test_a_place_is_found(east: str, north: str, place: tuple[float, float]) -> None:
    found = find_place(PostalAddress(coordinate_east=east, coordinate_north=north))
    assert found == pytest.approx(place, abs=0.003)


@pytest.mark.parametrize(
    ("east", "north"),
    [(None, "6175550"), ("6175550", "724300"), ("0", "0"), ("here", "there"), ("nan", "nan")],
)
def test_what_is_no_place_in_denmark_has_no_map(east: str | None, north: str) -> None:
    assert link_map(PostalAddress(coordinate_east=east, coordinate_north=north)) is None
