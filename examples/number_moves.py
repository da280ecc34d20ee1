"""Whose messages go elsewhere? `python number_moves.py http://127.0.0.1:8017` (needs httpx)."""

import sys

import httpx

from sordiff.client import (
    LocationNumberAssigned,
    LocationNumberReassigned,
    LocationNumberReleased,
    read_events,
)

with httpx.Client(base_url=sys.argv[1], timeout=90) as http:
    place = (*sys.argv[2:], "/v1/events?wait=30&since=0")[0]
    while place:
        answer = http.get(place).raise_for_status()
        for event in read_events(answer.content):
            match event.data:
                case LocationNumberReassigned(before=old, after=new, heirs=heirs):
                    what = f"from {old.unit_name} to {new.unit_name}, {heirs} inherit it"
                case LocationNumberAssigned(after=new):
                    what = f"new, of {new.unit_id}"
                case LocationNumberReleased(before=old):
                    what = f"nobody's any more, was of {old.unit_id}"
                case _:
                    continue
            print(event.sequence, event.subject, what, flush=True)
        place = answer.links["next"]["url"]  # keep it: there the next run of this program begins
