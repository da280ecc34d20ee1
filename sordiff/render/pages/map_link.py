"""From the coordinates of the register (ETRS89, UTM zone 32) to a map that a person may open."""

from typing import Final

import utm

from sordiff.model import PostalAddress

_ZONE: Final = 32
# Denmark, Greenland left out: coordinates elsewhere are mistyped or mixed up.
_NORTH: Final = (54.0, 58.5)
_EAST: Final = (7.5, 15.6)
_MAP: Final = (
    "https://www.openstreetmap.org/?mlat={north:.5f}&mlon={east:.5f}#map=17/{north:.5f}/{east:.5f}"
)


def find_place(address: PostalAddress) -> tuple[float, float] | None:
    """Latitude and longitude, where the coordinates are those of a place in Denmark."""
    written = (address.coordinate_east, address.coordinate_north)
    if None in written:
        return None
    try:
        easting, northing = (float(str(number).replace(",", ".")) for number in written)
        north, east = utm.to_latlon(easting, northing, _ZONE, northern=True)
    except (ValueError, utm.OutOfRangeError):
        return None
    inside = _NORTH[0] <= north <= _NORTH[1] and _EAST[0] <= east <= _EAST[1]
    return (float(north), float(east)) if inside else None


def link_map(address: PostalAddress) -> str | None:
    """The address of a map with a mark at the place."""
    place = find_place(address)
    return None if place is None else _MAP.format(north=place[0], east=place[1])
