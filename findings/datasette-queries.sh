#!/bin/sh
# Software:   datasette 0.65.5 and 1.0a41
# Behaviour:  0.65.5 takes prepared queries from the file of --metadata, and knows no -c. 1.0a41 takes them from the file
#             of -c only. Those in the file of --metadata are passed over without a message, and the exit code is 0.
# Seen:       2026-11-28
# Why:        docs/datasette.json has descriptions and queries in one file. docs/sqlite.md tells which options each version
#             needs.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
for version in 0.65.5 1.0a41; do
    python3 -m venv "$version"
    "$version/bin/pip" install --quiet --disable-pip-version-check "datasette==$version"
done
python3 -c 'import sqlite3; sqlite3.connect("towns.db").execute("CREATE TABLE towns (name TEXT)")'
echo '{"databases": {"towns": {"queries": {"all": {"sql": "SELECT name FROM towns"}}}}}' > towns.json

count() {
    version=$1
    shift
    printf '%s %s: ' "$version" "$*"
    "$version/bin/datasette" towns.db "$@" --get /towns.json |
        python3 -c 'import json, sys; print(len(json.load(sys.stdin)["queries"]), "queries")'
}
{
    count 0.65.5 --metadata towns.json
    count 1.0a41 --metadata towns.json
    count 1.0a41 --metadata towns.json -c towns.json
} > seen

cat > expected <<'TEXT'
0.65.5 --metadata towns.json: 1 queries
1.0a41 --metadata towns.json: 0 queries
1.0a41 --metadata towns.json -c towns.json: 1 queries
TEXT
cat seen
diff expected seen
