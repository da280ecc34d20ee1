"""The events of a night as text for people: counts first, then group by group."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sordiff.events import EVENT_TYPES, Event
from sordiff.render.commands.diff_events import about, details
from sordiff.render.text.colour import Paint
from sordiff.render.text.values import Words

# Group title, mark and colour by event name; the order is that of the contract.
_MARKS: Final = {
    "unit.created": ("+", "green"),
    "unit.restored": ("+", "green"),
    "unit.opened": ("+", "green"),
    "unit.reopened": ("+", "green"),
    "unit.moved": ("→", "blue"),
    "unit.renamed": ("~", "yellow"),
    "unit.closed": ("−", "red"),
    "unit.removed": ("−", "red"),
    "unit.closure_scheduled": ("…", "magenta"),
    "unit.closure_cancelled": ("…", "magenta"),
}
# Where the event's name alone would not be how it is said.
_TITLES: Final = {
    "unit.type_changed": "unit type (enhedstype) changed",
    "unit.provider_number_changed": "provider number (ydernummer) changed",
    "unit.shak_changed": "SHAK changed",
    "unit.cvr_changed": "CVR changed",
    "unit.p_number_changed": "P number changed",
}
_KINDS: Final = {"location_number": ("⇄", "cyan"), "classification": ("✎", "magenta")}


def counts_by_name(events: Sequence[Event]) -> dict[str, int]:
    """How many events of each name."""
    return dict(Counter(event.name for event in events))


def title(name: str) -> str:
    """`unit.closure_scheduled` -> `closure scheduled`; other kinds keep their kind."""
    kind, _, said = name.partition(".")
    words = said.replace("_", " ")
    return _TITLES.get(name, words if kind == "unit" else f"{kind.replace('_', ' ')} {words}")


def mark(name: str) -> tuple[str, str]:
    """The sign and the colour of a group."""
    return _MARKS.get(name) or _KINDS.get(name.partition(".")[0]) or ("~", "yellow")


def counts_lines(counts: Mapping[str, int], paint: Paint, indent: str = "") -> Iterator[str]:
    """`+2 created · →1 moved · …` in the order of the contract, or that nothing changed."""
    parts = []
    for name in EVENT_TYPES:
        if counts.get(name):
            sign, colour = mark(name)
            parts.append((f"{sign}{counts[name]:,} {title(name)}", colour))
    yield from paint.joined(parts, indent) if parts else (f"{indent}no changes",)


def diff_lines(events: Sequence[Event], words: Words, paint: Paint) -> Iterator[str]:
    """The counts, then each group with its events."""
    counts = counts_by_name(events)
    yield from counts_lines(counts, paint)
    for name in (name for name in EVENT_TYPES if name in counts):
        of_name = [event for event in events if event.name == name]
        sign, colour = mark(name)
        yield ""
        yield paint(f"{title(name)[0].upper()}{title(name)[1:]} ({len(of_name):,})", "bold", colour)
        for event in of_name:
            yield f"  {paint(sign, colour)} {about(event)}"
            for line in details(event, words):
                yield f"      {line}"
