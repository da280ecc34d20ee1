#!/bin/sh
# Software:   kafka-python 3.0.12
# Behaviour:  retry_backoff_ms of a producer or a consumer reaches its sender, but not its metadata, which pauses 100 ms
#             between two questions whatever is asked for, also after a good answer.
# Seen:       2026-11-28; no broker is needed
# Why:        A program that publishes a few messages and ends spends most of its time in such pauses. sordiff sets the
#             pause at the metadata itself, for the versions that it was tried with.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check kafka-python==3.0.12

cat > producer.py <<'PY'
from kafka import KafkaProducer

# With a given api_version the producer asks no broker while it is made.
producer = KafkaProducer(bootstrap_servers="localhost:1", api_version=(2, 8), retry_backoff_ms=10)
print("asked for:", producer.config["retry_backoff_ms"])
print("its sender:", producer._sender.config["retry_backoff_ms"])
print("its metadata:", producer._metadata.config["retry_backoff_ms"])
producer.close(timeout=1)
PY
venv/bin/python producer.py > seen 2>&1

cat > expected <<'TEXT'
asked for: 10
its sender: 10
its metadata: 100
TEXT
cat seen
diff expected seen
