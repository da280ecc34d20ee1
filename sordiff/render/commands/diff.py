"""The events of a night as text for people: counts first, then group by group."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sordiff.events import (
    EVENT_TYPES,
    Event,
    UnitCvrChanged,
    UnitPNumberChanged,
    UnitProviderNumberChanged,
    UnitShakChanged,
    UnitTypeChanged,
    name_of,
)
from sordiff.render.commands.diff_events import about, details
from sordiff.render.event_style import mark_of
from sordiff.render.text.colour import Paint
from sordiff.render.text.values import Words

# Where the event's name alone would not be how it is said.
_TITLES: Final = {
    name_of(UnitTypeChanged): "unit type (enhedstype) changed",
    name_of(UnitProviderNumberChanged): "provider number (ydernummer) changed",
    name_of(UnitShakChanged): "SHAK changed",
    name_of(UnitCvrChanged): "CVR changed",
    name_of(UnitPNumberChanged): "P number changed",
}


def counts_by_name(events: Sequence[Event]) -> dict[str, int]:
    """How many events of each name."""
    return dict(Counter(event.name for event in events))


def title(name: str) -> str:
    """`unit.closure_scheduled` -> `closure scheduled`; other kinds keep their kind."""
    kind, _, said = name.partition(".")
    words = said.replace("_", " ")
    return _TITLES.get(name, words if kind == "unit" else f"{kind.replace('_', ' ')} {words}")


def counts_lines(counts: Mapping[str, int], paint: Paint, indent: str = "") -> Iterator[str]:
    """`+2 created · →1 moved · …` in the order of the contract, or that nothing changed."""
    parts = []
    for name in EVENT_TYPES:
        if counts.get(name):
            style = mark_of(name)
            parts.append((f"{style.sign}{counts[name]:,} {title(name)}", style.colour))
    yield from paint.joined(parts, indent) if parts else (f"{indent}no changes",)


def diff_lines(events: Sequence[Event], words: Words, paint: Paint) -> Iterator[str]:
    """The counts, then each group with its events."""
    counts = counts_by_name(events)
    yield from counts_lines(counts, paint)
    for name in (name for name in EVENT_TYPES if name in counts):
        of_name = [event for event in events if event.name == name]
        style = mark_of(name)
        heading = f"{title(name)[0].upper()}{title(name)[1:]} ({len(of_name):,})"
        yield ""
        yield paint(heading, "bold", style.colour)
        for event in of_name:
            yield f"  {paint(style.sign, style.colour)} {about(event)}"
            for line in details(event, words):
                yield f"      {line}"
