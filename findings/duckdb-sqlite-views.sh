#!/bin/sh
# Software:   DuckDB 1.5.5 with its extension sqlite_scanner, beside SQLite of Python
# Behaviour:  A view of an attached SQLite file is run by DuckDB itself, with its own functions of the same names. Of a JSON
#             text json_extract gives the quoted text, where SQLite gives the text: a comparison with it finds nothing,
#             and the answer is another one, without a message.
# Seen:       2026-11-28
# Why:        The views of the changelog are an interface. They have no JSON functions, so that they give the same rows in
#             DuckDB (docs/sqlite.md).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check duckdb==1.5.5 duckdb-extension-sqlite-scanner==1.5.5
cat > both.py <<'PYTHON'
import pathlib, sqlite3
import duckdb, duckdb_extension_sqlite_scanner as wheel

with sqlite3.connect("towns.db") as made:
    made.execute("CREATE TABLE towns (record TEXT)")
    made.execute("""INSERT INTO towns VALUES ('{"name": "Ribe"}')""")
    made.execute("CREATE VIEW named AS SELECT json_extract(record, '$.name') AS name FROM towns")
(extension,) = pathlib.Path(wheel.__file__).parent.glob("extensions/*/*.duckdb_extension")
duck = duckdb.connect()
duck.execute(f"LOAD '{extension}'")
duck.execute("ATTACH 'towns.db' AS towns (TYPE sqlite, READ_ONLY)")
duck.execute("USE towns")
for name, connection in (("SQLite", made), ("DuckDB", duck)):
    print(name, connection.execute("SELECT CAST(name AS TEXT) FROM named").fetchall())
    wanted = "SELECT count(*) FROM named WHERE CAST(name AS TEXT) = 'Ribe'"
    print(name, "found", connection.execute(wanted).fetchone()[0])
PYTHON
venv/bin/python both.py > seen

cat > expected <<'TEXT'
SQLite [('Ribe',)]
SQLite found 1
DuckDB [('"Ribe"',)]
DuckDB found 0
TEXT
cat seen
diff expected seen
