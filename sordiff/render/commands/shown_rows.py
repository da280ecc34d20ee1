"""The rows that `sordiff show` has both of a unit and of a location number."""

from collections.abc import Iterable, Iterator

from msgspec import UnsetType

from sordiff.events import Named
from sordiff.fields import flatten, to_plain
from sordiff.model import Day, LocationNumber, State, Status
from sordiff.render.commands.rows import Row, named, said
from sordiff.render.language import Catalogue
from sordiff.report.code_texts import Codes, find_text
from sordiff.report.lookup_results import Answering
from sordiff.visible import visible

_DAYS = ("from", "to", "updated", "first_from")
STATE_COLOURS = {State.OPEN: "green", State.FUTURE: "yellow", State.CLOSED: "red"}


def build_answering_row(answering: Answering, texts: Catalogue) -> Row:
    """Which run answers, and for which day."""
    key = "look.run.newest" if answering.newest else "look.run"
    lines = [texts.say(key, day=texts.day(answering.day), run=str(answering.run))]
    if not isinstance(answering.retracted_by, UnsetType):
        reason = visible(answering.retracted_reason or "")
        lines.append(
            texts.say("runs.retracted", user=visible(answering.retracted_by), reason=reason)
        )
    if answering.asked not in {None, answering.day}:
        lines.append(texts.say("look.unrecorded", asked=texts.day(str(answering.asked))))
    return Row(texts.text("look.on"), tuple(lines))


def format_day(day: Day, texts: Catalogue) -> str:
    """A day as people of the language write it; what is no day, as it stands."""
    return visible(texts.day(day))


def describe_days(state: State, status: Status, texts: Catalogue) -> Iterator[str]:
    """The days on which the state began or will begin, and ends."""
    if status.first_from is not None:
        key = "look.first_from.future" if state is State.FUTURE else "look.first_from"
        yield texts.say(key, day=format_day(status.first_from, texts))
    if status.to is not None:
        yield texts.say("look.to", day=format_day(status.to, texts))


def indent_path(path: Iterable[Named]) -> Iterator[str]:
    """The way down from the owner, a level a line."""
    for level, step in enumerate(path):
        yield f"{'  ' * level}{named(step.name, step.id)}"


def describe_number_block(block: LocationNumber, codes: Codes, texts: Catalogue) -> Iterator[str]:
    """What a location number block says beside its number."""
    for path, value in flatten(to_plain(block)).items():
        if path in _DAYS:
            yield f"{texts.field(path)}: {format_day(value, texts)}"
        elif path != "number":
            known = find_text(path, value, codes)
            told = f"{visible(known)} ({visible(str(value))})" if known else said(value, texts)
            yield f"{visible(texts.field(path))}: {told}"
