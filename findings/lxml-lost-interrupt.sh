#!/bin/sh
# Software:   lxml 6.1.3 with CPython
# Behaviour:  A Ctrl-C that comes while `lxml.etree` registers itself with `collections.abc` is lost: the import succeeds, no
#             KeyboardInterrupt is raised, nothing is shown, and the program goes on. Of a module in Python it stops the import.
# Seen:       2026-11-30
# Why:        Whoever imports lxml late, once a file is open, has a command that now and then can't be stopped. sordiff holds
#             the signal while lxml is loaded, and Python then raises it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check lxml==6.1.3

# The signal is sent at that moment, whatever the speed of the machine: when `register` is called while the module is loaded.
cat > "$folder/interrupted.py" <<'PY'
import importlib, os, signal, sys

name, sent = sys.argv[1], []


def watch(frame, event, argument):
    if event == "call" and frame.f_code.co_name == "register" and name in sys.modules and not sent:
        sent.append(name)
        os.kill(os.getpid(), signal.SIGINT)


sys.setprofile(watch)
try:
    importlib.import_module(name)
    came = "imported"
except KeyboardInterrupt:
    came = "interrupted"
sys.setprofile(None)
print(name, "signals sent:", len(sent), came)
PY
cat > "$folder/in_python.py" <<'PY'
import collections.abc


class Rows(list):
    pass


collections.abc.Sequence.register(Rows)
PY
cd "$folder"
lxml=$(venv/bin/python interrupted.py lxml.etree)
python=$(venv/bin/python interrupted.py in_python)
echo "$lxml"
echo "$python"
[ "$lxml" = "lxml.etree signals sent: 1 imported" ]
[ "$python" = "in_python signals sent: 1 interrupted" ]
