"""What `sordiff show` says of a location number: its owners, its block, and who had it before."""

from collections.abc import Iterator

from sordiff.model import State
from sordiff.render.commands.rows import Row, named, row_lines
from sordiff.render.commands.shown_rows import (
    STATE_COLOURS,
    build_answering_row,
    describe_number_block,
    indent_path,
)
from sordiff.render.language import Catalogue
from sordiff.render.text.colour import Paint
from sordiff.report.lookup_results import (
    ShownNumber,
)
from sordiff.resolved import NumberOwner
from sordiff.visible import visible


def number_lines(shown: ShownNumber, texts: Catalogue, paint: Paint) -> Iterator[str]:
    """Everything of a location number, a heading first."""
    state = shown.state
    yield paint(f"{visible(state.number)} · {texts.text('look.number')}", "bold")
    rows = [build_answering_row(shown.answering, texts)]
    if not state.owners:
        rows.append(Row(texts.text("look.owner"), (texts.text("look.owner.none"),)))
    if len(state.owners) > 1:
        count = texts.number(len(state.owners))
        rows.append(Row("!", (texts.say("look.shared", count=count),)))
    for owner in state.owners:
        rows += _owner(owner, shown, texts, paint)
    heirs = texts.counted("look.heirs.count", state.heirs)
    rows.append(Row(texts.text("look.heirs"), (heirs,) if state.owners else ()))
    former = (
        texts.say(
            "look.former.held",
            unit=named(owner.name, owner.id),
            since=texts.day(owner.since.day),
            until=texts.day(owner.released.day),
        )
        for owner in shown.former
    )
    rows.append(Row(texts.text("look.former"), tuple(former)))
    yield from row_lines(rows, paint)


def _owner(owner: NumberOwner, shown: ShownNumber, texts: Catalogue, paint: Paint) -> Iterator[Row]:
    """Who has it, by name, then the way down to there."""
    yield Row(texts.text("look.owner"), (named(owner.name, owner.id),))
    yield Row(texts.text("look.path"), tuple(indent_path(shown.paths[owner.id][:-1])))
    state = texts.text(f"look.state.{State.OPEN if owner.open else State.CLOSED}")
    colour = STATE_COLOURS[State.OPEN if owner.open else State.CLOSED]
    yield Row(texts.text("look.state"), (paint(state, colour),))
    yield Row("", tuple(describe_number_block(owner.block, shown.codes, texts)))
