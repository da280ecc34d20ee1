"""The columns in docs/export.md: types from the code, meanings from docs/sqlite.md; `make docs` writes them, a test compares them."""

from __future__ import annotations

import re

from sordiff.exported_tables import TABLES
from tests.contract.sqlite_document import documented_columns
from tests.scenarios.telling import ROOT

DOCUMENT = ROOT / "docs" / "export.md"
_COLUMNS = re.compile(r"(<!-- columns -->\n).*(<!-- /columns -->\n)", re.DOTALL)


def document() -> str:
    """The whole page, with its tables of columns as they are."""
    meanings, lines = documented_columns(), []
    for table in TABLES:
        key = ", ".join(f"`{name}`" for name in table.key)
        lines += [
            f"### {table.name}",
            "",
            f"Sorted by {key}.",
            "",
            "| column | type | meaning |",
            "|---|---|---|",
        ]
        told = meanings[f"v_{table.name}"]
        lines += [f"| `{name}` | {kind} | {told[name]} |" for name, kind in table.columns.items()]
        lines.append("")
    text = DOCUMENT.read_text(encoding="utf-8")
    written = "\n".join(lines)
    return _COLUMNS.sub(lambda found: f"{found[1]}\n{written}\n{found[2]}", text)


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
