"""docs/csv.md lists the columns that sordiff knows."""

import re

from sordiff.snapshot.tables.columns import KNOWN_COLUMNS
from sordiff.table_kinds import TableKind
from tests.scenarios.telling import ROOT

DOCUMENT = (ROOT / "docs" / "csv.md").read_text(encoding="utf-8")


def test_the_columns_are_those_that_are_known() -> None:
    rows = re.findall(r"^\| `(\S+)` \| (?:`(\S+)`)? \| (?:`(\S+)`)? \|$", DOCUMENT, re.MULTILINE)
    for place, kind in ((1, TableKind.DAILY), (2, TableKind.SOR_CSV)):
        told = {row[place]: row[0] for row in rows if row[place]}
        assert told == KNOWN_COLUMNS[kind]


def test_the_versions_are_those_of_the_kinds() -> None:
    versions = set(
        re.findall(r"^\| `\S+\.(?:csv|zip)` \| `(sor[\w-]+)` \|", DOCUMENT, re.MULTILINE)
    )
    assert versions == set(map(str, TableKind))
