"""What a judged list tells people, before it is written: what to mend first, grouped by cause."""

from collections.abc import Iterator

from msgspec import Struct

from sordiff.reconcile.identifiers import ColumnKind, clean_text
from sordiff.reconcile.verdict import ReconciledRow, Reconciliation, Verdict
from sordiff.render.reconcile.edition import ListEdition
from sordiff.render.reconcile.phrases import ListPhrases
from sordiff.visible import visible


class ListLine(Struct, frozen=True):
    """A line of the list: its number, what it is about, and what is said of it."""

    line: str
    subject: str
    details: tuple[str, ...]


class ListGroup(Struct, frozen=True):
    """The lines of one verdict; `more` is how many are not shown."""

    verdict: Verdict
    title: str
    count: str
    advice: str
    lines: tuple[ListLine, ...]
    more: str


class ListOutline(Struct, frozen=True):
    """The heading, the figures, and the groups, the gravest first."""

    title: str
    facts: tuple[str, ...]
    summary: str
    groups: tuple[ListGroup, ...]


def build_outline(edition: ListEdition) -> ListOutline:
    """The outline of a list."""
    told, language = edition.told, edition.language
    return ListOutline(
        title=visible(told.list),
        facts=tuple(_facts(told, edition)),
        summary=_summary(told, edition),
        groups=tuple(_groups(edition, ListPhrases(language, edition.names))),
    )


def _facts(told: Reconciliation, edition: ListEdition) -> Iterator[str]:
    language = edition.language
    yield language.counted("reconcile.lines", told.lines)
    yield language.say("reconcile.by", day=language.day(told.day), run=str(told.run))
    columns = (
        f"{visible(column.name)} ({language.text(f'reconcile.kind.{column.kind}')})"
        for column in told.columns
    )
    yield language.say("reconcile.columns", columns=", ".join(columns))
    if told.since is not None:
        earlier = language.number(told.earlier)
        yield language.say("reconcile.only", day=language.day(told.since), count=earlier)


def _summary(told: Reconciliation, edition: ListEdition) -> str:
    current = told.counts.get(Verdict.CURRENT, 0)
    others = sum(told.counts.values()) - current
    language = edition.language
    if not others:
        return language.counted("reconcile.all_true", current)
    return " · ".join(
        (language.counted("reconcile.true", current), language.counted("reconcile.false", others))
    )


def _groups(edition: ListEdition, phrases: ListPhrases) -> Iterator[ListGroup]:
    language = edition.language
    by_verdict: dict[Verdict, list[ReconciledRow]] = {verdict: [] for verdict in Verdict}
    for row in edition.told.rows:
        if row.verdict is not Verdict.CURRENT or row.notes or row.suggestion:
            by_verdict[row.verdict].append(row)
    own_names = _find_own_names(edition)
    for verdict, rows in by_verdict.items():
        if not rows:
            continue
        shown = rows if edition.limit is None else rows[: edition.limit]
        more = len(rows) - len(shown)
        yield ListGroup(
            verdict=verdict,
            title=phrases.title(verdict),
            count=language.number(len(rows)),
            advice=phrases.advice(verdict),
            lines=tuple(
                ListLine(
                    language.say("reconcile.line", line=str(row.line)),
                    phrases.subject(row, own_names.get(row.line, "")),
                    tuple(phrases.details(row)),
                )
                for row in shown
            ),
            more=language.counted("reconcile.more", more) if more else "",
        )


def _find_own_names(edition: ListEdition) -> dict[int, str]:
    """What the list calls the lines of which the register knows no unit, by the line."""
    headings = [one.name for one in edition.told.columns if one.kind is ColumnKind.NAME]
    places = [edition.table.columns.index(heading) for heading in headings]
    wanted = {row.line for row in edition.told.rows if row.name is None}
    found: dict[int, str] = {}
    for row in edition.table.rows if places and wanted else ():
        if row.line in wanted:
            texts = (row.cells[place] for place in places if place < len(row.cells))
            found[row.line] = next(filter(None, map(clean_text, texts)), "")
    return found
