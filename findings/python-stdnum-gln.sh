#!/bin/sh
# Software:   python-stdnum 2.2
# Behaviour:  There is no module for GLN, the location number. stdnum.ean checks the same digit, but also accepts 8, 12
#             and 14 digits, spaces, hyphens, full-width digits and zeros only. All of this is within its purpose; a GLN
#             is exactly 13 digits.
# Seen:       2026-11-28
# Why:        Whoever checks a location number with it alone accepts what no message can be addressed to. sordiff checks
#             the form first, and uses stdnum.ean for the check digit only.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check python-stdnum==2.2

cat > check.py <<'PY'
import importlib.util
from stdnum import ean

print("stdnum.gln:", importlib.util.find_spec("stdnum.gln"))
for number in (
    "5790001398644",  # a GLN
    "5790001398645",  # a wrong check digit
    "05790001398644",
    "73513537",
    "579-000 1398644",
    "\uff15\uff17\uff19\uff10\uff10\uff10\uff11\uff13\uff19\uff18\uff16\uff14\uff14",
    "0000000000000",
):
    print(ascii(number), ean.is_valid(number))
PY
venv/bin/python check.py > seen

cat > expected <<'TEXT'
stdnum.gln: None
'5790001398644' True
'5790001398645' False
'05790001398644' True
'73513537' True
'579-000 1398644' True
'\uff15\uff17\uff19\uff10\uff10\uff10\uff11\uff13\uff19\uff18\uff16\uff14\uff14' True
'0000000000000' True
TEXT
cat seen
diff expected seen
