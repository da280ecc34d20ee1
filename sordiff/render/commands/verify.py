"""What was proved of a changelog, for people."""

from collections.abc import Iterator, Sequence

from sordiff.render.language import Catalogue
from sordiff.report import Contradiction, Proof
from sordiff.visible import visible

_MOST = 50


def proved_line(proof: Proof, database: str, texts: Catalogue) -> str:
    """That all of it agrees, and how much that is."""
    return texts.say(
        "verify.proved",
        database=visible(database),
        runs=texts.counted("status.runs", proof.runs),
        events=texts.counted("publish.events", proof.events),
        units=texts.number(proof.units),
        sequence=texts.number(proof.last_sequence),
    )


def contradiction_lines(found: Sequence[Contradiction], texts: Catalogue) -> Iterator[str]:
    """A line each, up to fifty."""
    for one in found[:_MOST]:
        message = visible(texts.sentence(one.message))
        if one.run is None:
            yield message
        else:
            yield texts.say("verify.run", run=str(one.run), message=message)
    if len(found) > _MOST:
        yield texts.say("said.more", count=texts.number(len(found) - _MOST))
