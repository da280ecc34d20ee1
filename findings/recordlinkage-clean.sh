#!/bin/sh
# Software:   recordlinkage 0.16 with pandas 2.3.3
# Behaviour:  preprocessing.clean deletes the letters æ, ø and å. Two names that differ in them alone become one:
#             "Ørsted" and "Rsted". With strip_accents å becomes a, but æ and ø are still deleted.
#             A pattern of one's own (replace_by_none) keeps them.
# Seen:       2026-11-28
# Why:        Danish names lose letters before they are compared, and no message says so. sordiff folds å and aa, ø and
#             oe, æ and ae into each other first, and compares with rapidfuzz.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check recordlinkage==0.16 pandas==2.3.3

cat > check.py <<'PY'
import pandas
from recordlinkage.preprocessing import clean

names = pandas.Series(["Lægerne Åparken", "Ørsted", "Rsted"])
print("as it is:      ", list(clean(names)))
print("strip_accents: ", list(clean(names, strip_accents="unicode")))
print("own pattern:   ", list(clean(names, replace_by_none=r"[^\w ]")))
PY
venv/bin/python check.py > seen

cat > expected <<'TEXT'
as it is:       ['lgerne parken', 'rsted', 'rsted']
strip_accents:  ['lgerne aparken', 'rsted', 'rsted']
own pattern:    ['lægerne åparken', 'ørsted', 'rsted']
TEXT
cat seen
diff expected seen
