"""Findings over time: which a run brought, and which it took away."""

from collections.abc import Iterable, Mapping
from sqlite3 import Connection
from typing import Final, Literal, TypeAlias

import msgspec
from msgspec import Struct

from sordiff.findings import Finding
from sordiff.wire import canonical

Turn: TypeAlias = Literal["known", "new", "changed", "resolved"]

# A finding is known by its code and its subject.
Key: TypeAlias = tuple[str, str]
Standing: TypeAlias = dict[Key, Finding]


class FindingTurn(Struct, frozen=True, kw_only=True):
    """What became of a finding in a run; `known`: it was there when findings were first recorded.

    `changed`: the same finding concerns other units, or says another value.
    """

    change: Turn
    finding: Finding


_ACCEPTED: Final = "runs.state IN ('accepted', 'released')"


def record_findings(
    connection: Connection, run_id: int, turns: Iterable[FindingTurn], standing: int
) -> None:
    """Write what became of the findings in a run, and how many stand after it."""
    connection.executemany(
        "INSERT INTO findings (run_id, change, code, subject, details) VALUES (?, ?, ?, ?, ?)",
        (
            (
                run_id,
                turn.change,
                turn.finding.code,
                turn.finding.subject,
                canonical(turn.finding).decode(),
            )
            for turn in turns
        ),
    )
    connection.execute("UPDATE runs SET findings = ? WHERE id = ?", [standing, run_id])


def count_standing(connection: Connection, run_id: int) -> int | None:
    """How many findings stand after a run; None where none were recorded yet."""
    query = "SELECT findings FROM runs WHERE id = ?"
    found: int | None = connection.execute(query, [run_id]).fetchone()[0]
    return found


def standing_after(connection: Connection, run_id: int) -> Standing:
    """The findings that stand after a run, accepted or not: what accepted runs left, and its own.

    A run that is not accepted follows upon the one that it was compared with.
    """
    rows = connection.execute(
        "SELECT change, details FROM findings JOIN runs ON runs.id = findings.run_id"  # noqa: S608
        f" WHERE runs.id = ?1 OR ({_ACCEPTED} AND runs.id <= coalesce("
        "   (SELECT CASE WHEN state IN ('accepted', 'released') THEN id ELSE compared_with END"
        "    FROM runs WHERE id = ?1), 0))"
        " ORDER BY runs.id",
        [run_id],
    )
    return _folded(rows)


def standing_of(connection: Connection, run_id: int, subjects: Iterable[str]) -> Standing:
    """Of these subjects alone the findings that stand after an accepted run."""
    query = (
        "SELECT change, details FROM findings JOIN runs ON runs.id = findings.run_id"  # noqa: S608
        f" WHERE subject = ? AND runs.id <= ? AND {_ACCEPTED} ORDER BY runs.id"
    )
    return _folded(
        row for subject in subjects for row in connection.execute(query, [subject, run_id])
    )


def _folded(rows: Iterable[tuple[str, str]]) -> Standing:
    decoder = msgspec.json.Decoder(Finding)
    standing: Standing = {}
    for change, details in rows:
        finding = decoder.decode(details)
        if change == "resolved":
            standing.pop((finding.code, finding.subject), None)
        else:
            standing[finding.code, finding.subject] = finding
    return standing


def turns_between(
    before: Mapping[Key, Finding] | None, after: Mapping[Key, Finding]
) -> list[FindingTurn]:
    """What became of each finding; with None before, findings are recorded for the first time."""
    if before is None:
        return [FindingTurn(change="known", finding=found) for found in after.values()]
    turns = [
        FindingTurn(change="new" if key not in before else "changed", finding=found)
        for key, found in after.items()
        if before.get(key) != found
    ]
    turns += [
        FindingTurn(change="resolved", finding=found)
        for key, found in before.items()
        if key not in after
    ]
    return turns
