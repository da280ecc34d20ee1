"""What `sordiff history` says to people: a table of day, run, what happened, and from → to."""

from collections.abc import Iterator
from typing import Final

from msgspec import UnsetType

from sordiff.model import SorId
from sordiff.render.commands.rows import named, wrapped
from sordiff.render.event_style import find_part
from sordiff.render.language import Catalogue
from sordiff.render.reconcile.phrases import ListPhrases
from sordiff.render.report.change_text import ChangeText
from sordiff.render.text.colour import Paint
from sordiff.render.text.rich_text import Line
from sordiff.report import Difference
from sordiff.report.code_texts import find_text
from sordiff.report.lookup_results import Life, LifeEntry, NonEventKind
from sordiff.visible import visible

_GAP: Final = "  "
_INDENT: Final = "    "
# With less room beside the other columns, what is said of an event stands below it.
_LEAST_ROOM: Final = 24
_MOST_PATHS: Final = 20


def life_lines(life: Life, texts: Catalogue, paint: Paint) -> Iterator[str]:
    """The heading, then a line an event; what more it says stands below in the last column."""
    for line in wrapped(_heading(life, texts), paint.width):
        yield paint(line, "bold")
    if not isinstance(life.successor, UnsetType):
        yield from wrapped(ListPhrases(texts).suggestion(life.successor), paint.width)
    if not life.entries:
        yield texts.text("life.none")
        return
    say = ChangeText(life, texts)
    days = [texts.day(entry.day) for entry in life.entries]
    runs = [str(entry.run) for entry in life.entries]
    told = HistoryText(life, texts)
    did = [told.title(entry) for entry in life.entries]
    widths = [
        max(len(text) for text in [texts.text(f"life.{key}"), *column])
        for key, column in (("day", days), ("run", runs), ("what", did))
    ]
    room = paint.width - sum(widths) - 3 * len(_GAP)
    is_beside = room >= _LEAST_ROOM
    if is_beside:
        head = [texts.text(f"life.{key}") for key in ("day", "run", "what", "said")]
        yield paint(_line(head, widths), "dim")
    for entry, day, run, what in zip(life.entries, days, runs, did, strict=True):
        colour = find_part(entry.change.type).colour if entry.change else "dim"
        said = [*_said(entry, told, say), *told.way_back(entry)]
        if not is_beside:
            yield from _below(f"{day}{_GAP}{run}{_GAP}{paint(what, colour)}", said, paint)
            continue
        first, *more = [part for line in said for part in wrapped(line, room)] or [""]
        yield _line([day, run, what, first], widths).replace(what, paint(what, colour), 1)
        for line in more:
            yield _line(["", "", "", line], widths)


def _below(head: str, said: list[str], paint: Paint) -> Iterator[str]:
    """An entry on a narrow screen: what was said of it stands below."""
    yield from wrapped(head, paint.width)
    for line in filter(None, said):
        yield from (f"{_INDENT}{part}" for part in wrapped(line, paint.width - len(_INDENT)))


def _line(columns: list[str], widths: list[int]) -> str:
    day, run, what, said = columns
    parts = [day.ljust(widths[0]), run.rjust(widths[1]), what.ljust(widths[2]), said]
    return _GAP.join(parts).rstrip()


def _heading(life: Life, texts: Catalogue) -> str:
    if life.about == "location_number":
        return texts.say("life.number", number=visible(life.id))
    known = life.units.get(SorId(life.id))
    return texts.say("life.unit", unit=named(known.name if known else None, life.id))


def _said(entry: LifeEntry, told: "HistoryText", say: ChangeText) -> Iterator[str]:
    if entry.change is not None:
        for line in say.lines(entry.change):
            yield _plain(line)
        return
    yield from told.differences(entry)
    if entry.beside is NonEventKind.BASELINE and not entry.differences:
        yield ""


class HistoryText:
    """What is said of the entries of a life beside their events."""

    def __init__(self, life: Life, texts: Catalogue) -> None:
        self._life = life
        self._texts = texts

    def title(self, entry: LifeEntry) -> str:
        """What happened, in a word or two."""
        if entry.change is not None:
            return self._texts.title(entry.change.type)
        return self._texts.text(f"life.{entry.beside}")

    def differences(self, entry: LifeEntry) -> Iterator[str]:
        """What changed without an event, path by path."""
        for found in entry.differences[:_MOST_PATHS]:
            yield self._difference(found)
        more = len(entry.differences) - _MOST_PATHS
        if more > 0:
            yield self._texts.counted("list.more", more)

    def way_back(self, entry: LifeEntry) -> Iterator[str]:
        """That the run of the entry was wrong."""
        if entry.corrected_by is not None:
            yield self._texts.say("runs.corrected", run=str(entry.corrected_by))
        if entry.retracted_by is not None:
            user, reason = visible(entry.retracted_by), visible(entry.retracted_reason or "")
            yield self._texts.say("runs.retracted", user=user, reason=reason)

    def _difference(self, found: Difference) -> str:
        texts = self._texts
        value = found.before if found.after is None else found.after
        went = "went" if found.after is None else "came"
        if found.path == "":
            return texts.say(f"life.whole.{went}", name=visible(str(value or "–")))
        if found.path == "owner":
            known = self._life.units.get(value)
            unit = named(known.name if known else None, value)
            return texts.say(f"life.owner.{went}", unit=unit)
        sides = (self._value(found.path, side) for side in (found.before, found.after))
        return f"{visible(texts.field(found.path))}: {' → '.join(sides)}"

    def _value(self, path: str, value: object) -> str:
        if value is None:
            return "–"
        known = self._life.unit_types.get(str(value)) if path == "unit_type" else None
        known = known or find_text(path, value, self._life.codes)
        if known is not None:
            return visible(f"{known} ({value})")
        if isinstance(value, bool):
            return self._texts.text("yes" if value else "no")
        return visible(str(value))


def _plain(line: Line) -> str:
    return visible("".join(piece.text for piece in line))
