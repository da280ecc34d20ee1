"""The findings of data quality in words."""

from collections.abc import Iterator
from typing import Final

from sordiff.render.language import Catalogue
from sordiff.render.report.change_text import ChangeText
from sordiff.render.text.rich_text import Line, code, filled, joined, outside, words
from sordiff.report import FindingKind, FindingLine, Standing


def standing_counts(kind: FindingKind, language: Catalogue) -> str:
    """How many findings of a kind are new, as they were, and resolved."""
    return ", ".join(
        f"{language.number(count)} {language.counted(f'finding.{standing}', count)}"
        for standing, count in kind.counts.items()
        if count
    )


def standings(kind: FindingKind) -> Iterator[tuple[Standing, tuple[FindingLine, ...], int]]:
    """What is told of a kind, the news first: the findings, and how many more there are."""
    for standing, lines in (
        (Standing.NEW, kind.new),
        (Standing.RESOLVED, kind.resolved),
        (Standing.STANDING, kind.standing),
    ):
        yield standing, lines, kind.counts[standing] - len(lines)


def finding_line(found: FindingLine, text: ChangeText) -> Line:
    """A finding in a sentence."""
    language = text.language
    known = language.known(f"found.{found.code}")
    if known is None:
        return outside(f"{found.subject}: {found.message}")
    about_number = found.code.endswith(".shared")
    subject = code(found.subject) if about_number else _named(found.subject, text)
    reached = _several(found.reached, text)
    return filled(
        known,
        subject=subject,
        value=outside(found.value),
        day=words(language.day(found.value or "–")),
        units=_several(found.units, text),
        count=language.number(len(found.units)),
        reached=reached if found.reached else words(language.text("found.reached.none")),
    )


def _named(sor_id: str, text: ChangeText) -> Line:
    return (*text.unit(sor_id), *words(" ("), *code(sor_id), *words(")"))


_NAMED: Final = 5


def _several(ids: tuple[str, ...], text: ChangeText) -> Line:
    shown = joined([_named(sor_id, text) for sor_id in ids[:_NAMED]], ", ")
    more = len(ids) - _NAMED
    return (*shown, *words(f" {text.language.counted('list.more', more)}")) if more > 0 else shown
