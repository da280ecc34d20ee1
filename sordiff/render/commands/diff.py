"""The events of a night as text for people: counts first, then group by group."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sordiff.events import EVENT_TYPES, Event, SectionName
from sordiff.model import Day
from sordiff.render.event_style import find_mark
from sordiff.render.language import Catalogue
from sordiff.render.report.change_text import ChangeText
from sordiff.render.text.colour import Paint
from sordiff.render.text.rich_text import Line, Piece, code, plain_text
from sordiff.report import Change
from sordiff.report.change_from_event import RecordedEvent, change_from_event
from sordiff.visible import visible

# A stateless comparison has no run.
_NO_RUN: Final = 0
_NOTHING: Final = "–"


def counts_by_name(events: Sequence[Event]) -> dict[str, int]:
    """How many events of each name."""
    return dict(Counter(event.name for event in events))


def counts_lines(
    counts: Mapping[str, int], texts: Catalogue, paint: Paint, indent: str = ""
) -> Iterator[str]:
    """`+2 created · →1 moved · …` in the order of the contract, or that nothing changed."""
    parts = []
    for name in EVENT_TYPES:
        if counts.get(name):
            style = find_mark(name)
            said = f"{texts.number(counts[name])} {_counted(name, counts[name], texts)}"
            parts.append((f"{style.sign}{said}", style.colour))
    nothing = f"{indent}{texts.text('diff.no_changes')}"
    yield from paint.joined(parts, indent) if parts else (nothing,)


def _counted(name: str, count: int, texts: Catalogue) -> str:
    """What stands behind a count; a title that is no noun has no plural."""
    many = None if count == 1 else texts.known(f"many.{name}")
    return many or _inside(texts.title(name))


class IdentifiedText(ChangeText):
    """Tells changes as a report does, but names no unit without its id: two may have one name."""

    def unit(self, sor_id: str | None) -> Line:
        """A unit by its name, with its id behind."""
        named = super().unit(sor_id)
        if sor_id is None or plain_text(named) == sor_id:
            return named
        return (*named, Piece(" ("), *code(sor_id), Piece(")"))

    def identified(self, sor_id: str | None) -> Line:
        """The same."""
        return self.unit(sor_id)


def diff_lines(
    events: Sequence[Event], day: Day, text: IdentifiedText, paint: Paint
) -> Iterator[str]:
    """The counts, then each group with its events; `day` is that of the later snapshot."""
    texts = text.language
    counts = counts_by_name(events)
    yield from counts_lines(counts, texts, paint)
    for name in (name for name in EVENT_TYPES if name in counts):
        style = find_mark(name)
        yield ""
        heading = f"{texts.title(name)} ({texts.number(counts[name])})"
        yield paint(heading, "bold", style.colour)
        for event in events:
            if event.name == name:
                change = change_from_event(RecordedEvent(run=_NO_RUN, day=day, event=event))
                yield f"  {paint(style.sign, style.colour)} {_about(event, change, text)}"
                yield from (f"      {line}" for line in _details(change, text))


def _about(event: Event, change: Change, text: ChangeText) -> str:
    """What an event is about: a unit by name, type, kind and id; a number; a code."""
    unit = event.data.unit
    if unit is None:
        return _shown(text.about(change))
    known = unit.unit_type
    unit_type = [] if known is None else [known.text or known.code]
    kind = text.language.text(f"kind.{unit.kind}")
    return " · ".join(map(visible, [unit.name or _NOTHING, *unit_type, kind, unit.id]))


def _details(change: Change, text: ChangeText) -> Iterator[str]:
    """Where a unit that came stands, then all that is said."""
    if change.event_type.section is SectionName.CREATED:
        yield from filter(None, [_shown(text.path_above(change))])
    yield from map(_shown, text.lines(change))


def _shown(line: Line) -> str:
    return visible(plain_text(line))


def _inside(title: str) -> str:
    """A title as it stands within a line; what is an abbreviation keeps its letters."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title
