#!/bin/sh
# Software:   kafka-python 3.0.12
# Behaviour:  Where no broker listens at an address, the client tries again and again, and leaves each socket that it
#             tried with to the garbage collector: Python tells of an unclosed socket for each.
# Seen:       2026-11-28; no broker is needed
# Why:        While a node of a cluster is away, a publisher has such sockets. Python frees them at once, but a test
#             that takes warnings for errors fails, and blames what runs at that moment. sordiff asks each server by a
#             connection of its own first; its tests pass over sockets without a far end.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check kafka-python==3.0.12

cat > consumer.py <<'PY'
import gc
import socket
import warnings

from kafka import KafkaConsumer
from kafka.errors import KafkaError

told = []
warnings.simplefilter("always")
warnings.showwarning = lambda message, category, *_: told.append((category, str(message)))
with socket.socket() as free:  # a port at which nobody listens afterwards
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
try:
    KafkaConsumer(bootstrap_servers=f"127.0.0.1:{port}", bootstrap_timeout_ms=1500)
except KafkaError as error:
    print("no broker:", type(error).__name__)
gc.collect()
left = [text for category, text in told if category is ResourceWarning and "<socket.socket" in text]
print("unclosed sockets:", "more than one" if len(left) > 1 else len(left))
PY
venv/bin/python consumer.py > seen 2>&1

cat > expected <<'TEXT'
no broker: KafkaTimeoutError
unclosed sockets: more than one
TEXT
cat seen
diff expected seen
