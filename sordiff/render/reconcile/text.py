"""A judged list on a terminal."""

from collections.abc import Iterable, Iterator
from typing import Final

from sordiff.reconcile.verdict import Verdict
from sordiff.render.commands.rows import wrapped
from sordiff.render.reconcile.edition import ListEdition
from sordiff.render.reconcile.outline import ListGroup, build_outline
from sordiff.render.text.colour import Paint

_COLOURS: Final = {Verdict.CLOSING: "yellow", Verdict.RENAMED: "yellow", Verdict.CURRENT: "dim"}


def print_list(edition: ListEdition) -> Iterable[bytes]:
    """The text in lines."""
    return (f"{line}\n".encode(errors="replace") for line in _lines(edition))


def _lines(edition: ListEdition) -> Iterator[str]:
    outline, paint = build_outline(edition), edition.paint
    yield paint(outline.title, "bold")
    for fact in outline.facts:
        yield from (f"  {line}" for line in wrapped(fact, paint.width - 2))
    yield outline.summary
    for group in outline.groups:
        yield ""
        yield from _group_lines(group, paint)


def _group_lines(group: ListGroup, paint: Paint) -> Iterator[str]:
    colour = _COLOURS.get(group.verdict, "red")
    yield f"{paint(group.title, 'bold', colour)} ({group.count})"
    yield from (paint(f"  {line}", "dim") for line in wrapped(group.advice, paint.width - 2))
    for line in group.lines:
        yield from (
            f"  {part}" for part in wrapped(f"{line.line}  {line.subject}", paint.width - 2)
        )
        for detail in line.details:
            yield from (f"      {part}" for part in wrapped(detail, paint.width - 6))
    if group.more:
        yield f"  {group.more}"
