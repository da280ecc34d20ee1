#!/bin/sh
# Three nights of a small invented register: `make demo`. Needs `sordiff` on PATH.
# Everything that it writes goes to demo/, which is made anew each time.
set -eu
cd "$(dirname "$0")/.."

nights=fixtures/demo
db=demo/sordiff.db
export PYTHONUTF8=1

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
    bold=$(printf '\033[1m') dim=$(printf '\033[2m') plain=$(printf '\033[0m')
else
    bold='' dim='' plain=''
fi

step() { # title, what it shows
    printf '\n%s── %s%s\n%s%s%s\n' "$bold" "$1" "$plain" "$dim" "$2" "$plain"
}

run() { # a command line, shown as it is and then run
    printf '\n%s$ %s%s\n' "$bold" "$1" "$plain"
    eval "$1"
}

try() { # what for, a command to try
    printf '  %s# %s%s\n  %s\n' "$dim" "$1" "$plain" "$2"
}

rm -rf demo
mkdir demo

step '1 · Record three nights' \
    'The first snapshot is the baseline; each later one becomes events, in one SQLite file.'
run "sordiff ingest $nights/*.zip --db $db"

step '2 · What changed on the last night' \
    'Two files compared, nothing recorded: old → new, by kind of event, names before ids.'
run "sordiff diff $nights/2024-03-05.zip $nights/2024-03-06.zip"

step '3 · What is recorded' \
    'One run a snapshot; the sequence has no gaps, so a subscriber knows where it stands.'
run "sordiff runs --db $db"

step '4 · A subscriber in five lines' \
    'Which units have another location number (lokationsnummer) than before?'
cat >demo/subscriber.py <<'PYTHON'
import json, sys

for line in sys.stdin:
    data = json.loads(line)["data"]
    before, after = (n["number"] if n else "none" for n in (data["before"], data["after"]))
    print(f"  {data['unit']['name']:<28} {before} → {after}")
PYTHON
printf '\n'
sed "s/^/  ${dim}/; s/\$/${plain}/" demo/subscriber.py
run "sordiff events --type unit.effective_location_number_changed --db $db |
      python3 demo/subscriber.py"
cat <<TEXT

  Hjemmesygeplejen was given a number of its own. Not a byte of its three teams changed, and yet
  messages to them must go elsewhere from now on. That is what sordiff is for.

${bold}Try next${plain}
TEXT
if [ -x .venv/bin/sordiff ]; then
    try 'puts sordiff on PATH in this shell' '. .venv/bin/activate'
fi
try 'last night, for people' "sordiff report --db $db"
try 'one event, whole' \
    "sordiff events --type unit.moved --db $db | python3 -m json.tool --no-ensure-ascii"
try 'the night before' "sordiff diff $nights/2024-03-04.zip $nights/2024-03-05.zip"
try 'is your own list still true?' "sordiff reconcile $nights/partners.csv --db $db"
try 'is a file sound?' "sordiff check $nights/2024-03-06.zip"
