"""What `sordiff show` says where several units fit what was searched for."""

from collections.abc import Iterator

from sordiff.render.commands.rows import named, wrapped
from sordiff.render.commands.shown_rows import STATE_COLOURS
from sordiff.render.language import Catalogue
from sordiff.render.text.colour import Paint
from sordiff.report.lookup_results import Candidate, ShownCandidates
from sordiff.visible import visible


def candidate_lines(shown: ShownCandidates, texts: Catalogue, paint: Paint) -> Iterator[str]:
    """How many fit, then each with its place, and how one of them is shown."""
    yield from wrapped(
        texts.counted("look.candidates", shown.count, text=visible(shown.text)), paint.width
    )
    for candidate in shown.candidates:
        yield from _lines_of(candidate, texts, paint)
    left = shown.count - len(shown.candidates)
    if left:
        yield f"  {texts.counted('list.more', left)}"
    yield from wrapped(texts.text("look.candidates.hint"), paint.width)


def _lines_of(candidate: Candidate, texts: Catalogue, paint: Paint) -> Iterator[str]:
    of_type = candidate.unit_type
    parts = [
        paint(texts.text(f"look.state.{candidate.state}"), STATE_COLOURS[candidate.state]),
        *([visible(of_type.text or of_type.code)] if of_type else []),
        texts.text(f"kind.{candidate.kind}"),
        *map(visible, candidate.numbers),
    ]
    told = f"{named(candidate.name, candidate.id)} · {' · '.join(parts)}"
    yield from (f"  {line}" for line in wrapped(told, paint.width - 2))
    if candidate.path:
        path = visible(" › ".join(candidate.path))
        yield from (f"      {paint(line, 'dim')}" for line in wrapped(path, paint.width - 6))
