"""The events of a night as text for people: counts first, then group by group."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from sordiff.diff import Changeset
from sordiff.events import EVENT_TYPES, Event, SectionName
from sordiff.model import Day, count_nights_between
from sordiff.render.commands.night_lines import counts_lines, first_lists_line, version_line
from sordiff.render.event_style import find_mark
from sordiff.render.language import Catalogue
from sordiff.render.report.change_text import ChangeText
from sordiff.render.report.register_names import RegisterNames
from sordiff.render.text.colour import Paint
from sordiff.render.text.rich_text import ARROW, Line, Piece, code, plain_text
from sordiff.replay import ROOT, Adoption
from sordiff.report import Change
from sordiff.report.change_from_event import RecordedEvent, change_from_event
from sordiff.visible import visible

# A stateless comparison has no run.
_NO_RUN: Final = 0
_NOTHING: Final = "–"


def comparison_lines(
    changes: Changeset,
    events: Sequence[Event],
    adoptions: Sequence[Adoption],
    texts: Catalogue,
    paint: Paint,
) -> Iterator[str]:
    """Two snapshots compared: the span, the register's size, then every event."""
    old, new = changes.old, changes.new
    units = texts.say(
        "diff.units", before=texts.number(len(old.units)), after=texts.number(len(new.units))
    )
    nights = texts.counted("diff.nights", count_nights_between(old.day, new.day))
    head = texts.say("diff.head", span=f"{old.day} → {new.day}", nights=nights, units=units)
    yield paint(head, "bold")
    if changes.across_versions:
        yield version_line(old.version, new.version, texts)
    if changes.first_lists:
        codes = {name: len(new.lists[name].entries) for name in changes.first_lists}
        yield first_lists_line(codes, texts)
    text = IdentifiedText(RegisterNames(new, old), texts)
    yield from _beside_the_units(adoptions, text)
    yield from diff_lines(events, new.day, text, paint)


def _beside_the_units(adoptions: Sequence[Adoption], text: ChangeText) -> Iterator[str]:
    """What the root element holds beside the units is no unit's, and so no event."""
    for adoption in adoptions:
        if adoption.subject == ROOT:
            change = (*text.value(adoption.before), ARROW, *text.value(adoption.after))
            yield text.language.say(
                "diff.beside", path=visible(adoption.path), change=visible(plain_text(change))
            )


def counts_by_name(events: Sequence[Event]) -> dict[str, int]:
    """How many events of each name."""
    return dict(Counter(event.name for event in events))


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
