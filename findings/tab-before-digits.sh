#!/bin/sh
# Software:   pandas 3.0.1, sqlite-utils 4.2.1
# Behaviour:  A CSV value of a tab and digits is read as a number: the tab is dropped, and the leading zero with it. polars
#             2.1.0 reads the same value as text, with the tab.
# Seen:       2026-11-28
# Why:        The tab is how a CSV file keeps a spreadsheet from shortening an id. A Danish ydernummer such as 019062 loses
#             its zero all the same where a program reads that file. sordiff writes CSV without tabs on demand (`--csv
#             plain`), and its documentation says how each program is told that all columns are text.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pandas==3.0.1 polars==2.1.0 sqlite-utils==4.2.1

printf 'number\n\t019062\n' > numbers.csv
{
    venv/bin/python -c 'import pandas; print("pandas", pandas.read_csv("numbers.csv").number.tolist())'
    venv/bin/python -c 'import polars; print("polars", polars.read_csv("numbers.csv")["number"].to_list())'
    venv/bin/sqlite-utils insert numbers.db numbers numbers.csv --csv --silent
    printf 'sqlite-utils '
    venv/bin/sqlite-utils numbers.db 'select number, typeof(number) as type from numbers'
} > seen

cat > expected <<'TEXT'
pandas [19062]
polars ['\t019062']
sqlite-utils [{"number": 19062, "type": "integer"}]
TEXT
cat seen
diff expected seen
