#!/bin/sh
# Software:   msgspec 0.22.0
# Behaviour:  `convert(record, Type, from_attributes=True)` fails where an attribute is UNSET, although the field of Type
#             may be UNSET and has that as its default. The encoder leaves the same attribute out, and a decoder that
#             reads what was encoded gives UNSET again.
# Seen:       2026-11-29
# Why:        A record with optional parts is turned into another form of itself, field by field. sordiff declares such
#             a field as Any in the other form (sordiff/unit_records.py), where UNSET passes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check msgspec==0.22.0

cat > convert.py <<'PY'
from typing import Any

import msgspec


class Unit(msgspec.Struct):
    name: str
    note: str | msgspec.UnsetType = msgspec.UNSET


class Sparse(msgspec.Struct, omit_defaults=True):
    name: str
    note: str | msgspec.UnsetType = msgspec.UNSET


class Loose(msgspec.Struct, omit_defaults=True):
    name: str
    note: Any = msgspec.UNSET


for unit in (Unit("Ward", "closed at night"), Unit("Ward")):
    encoded = msgspec.json.encode(unit)
    print("through JSON:", msgspec.json.decode(encoded, type=Sparse))
    try:
        print("converted:", msgspec.convert(unit, Sparse, from_attributes=True))
    except msgspec.ValidationError as error:
        print("converted:", error)
    print("converted to Any:", msgspec.convert(unit, Loose, from_attributes=True))
PY
venv/bin/python convert.py > seen

cat > expected <<'TEXT'
through JSON: Sparse(name='Ward', note='closed at night')
converted: Sparse(name='Ward', note='closed at night')
converted to Any: Loose(name='Ward', note='closed at night')
through JSON: Sparse(name='Ward', note=UNSET)
converted: Expected `str`, got `msgspec.UnsetType` - at `$.note`
converted to Any: Loose(name='Ward', note=UNSET)
TEXT
cat seen
diff expected seen
