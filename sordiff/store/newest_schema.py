"""The tables, indexes and views of a new changelog, as all the migrations leave them.

To take the migrations one by one costs ten times as much: two of them make tables anew, and SQLite
reads all views again each time. `make schemas` writes the statements from the migrations, and a
test holds the two against each other.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from sordiff.store.migrations import MIGRATIONS, OWN_NAME

_NAME: Final = "newest_schema.sql"
# Tables before what refers to them. SQLite's own come by themselves.
_STATEMENTS: Final = """
SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite!_%' ESCAPE '!'
ORDER BY CASE type WHEN 'table' THEN 1 WHEN 'index' THEN 2 ELSE 3 END, rowid
"""


def read_newest_schema() -> str:
    """The statements as they lie in the package; with them a new changelog gets its name."""
    return Path(__file__).with_name(_NAME).read_text(encoding="utf-8") + OWN_NAME


def generate_newest_schema() -> str:
    """The statements, without the name, made from the migrations."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for script in MIGRATIONS:
            connection.executescript(script)
        text = "".join(f"{sql};\n" for (sql,) in connection.execute(_STATEMENTS))
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def write_newest_schema(folder: Path) -> None:
    """Write the file that ships."""
    (folder / _NAME).write_text(generate_newest_schema(), encoding="utf-8")
