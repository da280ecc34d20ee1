"""The verdict on a line: what became of its numbers, and whether they still belong together."""

from collections.abc import Iterable, Iterator, Sequence

from sordiff.model import Day, SorId
from sordiff.reconcile.anchor import AnchorFinder, Names, Placed
from sordiff.reconcile.cell_judge import CellJudge
from sordiff.reconcile.columns import Column
from sordiff.reconcile.facts import Facts
from sordiff.reconcile.identifiers import ColumnKind, clean_text, parse_identifier
from sordiff.reconcile.meaning import BY_REGISTER, OF_UNIT, Meaning
from sordiff.reconcile.names import is_same_name
from sordiff.reconcile.table import TableRow
from sordiff.reconcile.verdict import RANK, Issue, JudgedRow, Note, ReconciledRow, Verdict


def read_identifiers(row: TableRow, columns: Iterable[Column], facts: Facts) -> list[Placed]:
    """The numbers on a line, in the order of its columns; empty cells say nothing."""
    found = []
    for column in columns:
        if column.kind is ColumnKind.NAME or column.place >= len(row.cells):
            continue
        text = row.cells[column.place]
        if clean_text(text):
            numeric = column.place in row.numeric
            one = parse_identifier(column.kind, text, numeric=numeric, is_known=facts.is_known)
            found.append((column.place, one))
    return found


def read_names(row: TableRow, columns: Iterable[Column]) -> list[tuple[int, str]]:
    """The names on a line."""
    found = []
    for column in columns:
        if column.kind is ColumnKind.NAME and column.place < len(row.cells):
            name = clean_text(row.cells[column.place])
            if name:
                found.append((column.place, name))
    return found


class Judge:
    """Judges lines by the facts; a line is taken to have been true on the day `true_on`."""

    def __init__(self, facts: Facts, true_on: Day | None = None) -> None:
        """`true_on`: None for the first recorded day."""
        self.facts = facts
        self._meaning = Meaning(facts)
        self._finder = AnchorFinder(facts, true_on)
        self._cells = CellJudge(facts, self._meaning, self._finder)

    def judge(self, row: TableRow, columns: Sequence[Column]) -> JudgedRow:
        """The verdict on a line."""
        placed = read_identifiers(row, columns, self.facts)
        names = read_names(row, columns)
        anchor = self._finder.find_anchor(placed, names)
        issues = [
            issue for place, one in placed for issue in self._cells.find_faults(place, one, anchor)
        ]
        if anchor is not None and anchor in self.facts.units:
            issues += self._renamed(anchor, names)
        if not placed:
            issues.append(
                Issue(
                    verdict=Verdict.UNKNOWN,
                    place=None,
                    kind=None,
                    value=None,
                    notes=(Note.NO_NUMBER,),
                )
            )
        issues.sort(key=lambda issue: RANK[issue.verdict])
        return self._row(row.line, placed, issues, anchor)

    def _row(
        self, line: int, placed: Sequence[Placed], issues: Sequence[Issue], anchor: SorId | None
    ) -> JudgedRow:
        worst = issues[0] if issues else None
        first = placed[0][1] if placed else None
        unit_id = (worst.unit_id if worst else None) or anchor
        unit = self.facts.known(unit_id) if unit_id else None
        notes = [note for issue in issues for note in issue.notes]
        notes += [Note.DIGITS_RESTORED for _, one in placed if one.is_restored]
        suggestion = worst.suggestion if worst else None
        if worst is not None and worst.verdict is Verdict.INVALID and anchor is not None:
            suggestion = self._meaning.suggest(anchor, 1.0, (OF_UNIT,))
        told = ReconciledRow(
            line=line,
            value=worst.value if worst else first.value if first else None,
            kind=worst.kind if worst else first.kind if first else None,
            verdict=worst.verdict if worst else Verdict.CURRENT,
            unit_id=unit_id,
            name=unit.name if unit else None,
            since=worst.since if worst else None,
            suggestion=suggestion,
            event=worst.telling if worst else None,
            notes=tuple(dict.fromkeys(notes)),
            candidates=worst.candidates if worst else (),
        )
        return JudgedRow(told, tuple(issues))

    def _renamed(self, anchor: SorId, names: Names) -> Iterator[Issue]:
        """A name that the unit once had, and has no longer; other names are the list's own."""
        unit = self.facts.units[anchor]
        for place, said in names:
            if unit.name is None or is_same_name(unit.name, said):
                continue
            for former in reversed(self.facts.former_names.get(anchor, ())):
                if is_same_name(former.name, said):
                    yield Issue(
                        verdict=Verdict.RENAMED,
                        place=place,
                        kind=ColumnKind.NAME,
                        value=said,
                        unit_id=anchor,
                        since=former.until.day,
                        telling=former.until,
                        suggestion=self._meaning.suggest(anchor, 1.0, (BY_REGISTER,)),
                    )
                    break
