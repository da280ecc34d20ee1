#!/bin/sh
# Software:   csv-diff 1.2
# Behaviour:  If a key occurs twice, the last row with it replaces the others before the comparison. A change in another
#             row is not reported. There is no warning, and the exit code is 0.
# Seen:       2026-11-28
# Why:        A repeated id is a fault that a comparison of registers must report. sordiff refuses a snapshot with two
#             units of one id.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check csv-diff==1.2

cat > old.csv <<'CSV'
id,name
1,North
2,East
2,South
CSV
sed 's/East/West/' old.csv > new.csv

{
    echo "key occurs twice:"
    venv/bin/csv-diff old.csv new.csv --key=id
    echo "exit code $?"
    echo "key occurs once:"
    sed -i 's/^2,South/3,South/' old.csv new.csv
    venv/bin/csv-diff old.csv new.csv --key=id
} | grep -v '^$' > seen

cat > expected <<'TEXT'
key occurs twice:
exit code 0
key occurs once:
1 row changed
  id: 2
    name: "East" => "West"
TEXT
cat seen
diff expected seen
