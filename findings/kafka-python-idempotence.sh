#!/bin/sh
# Software:   kafka-python 3.0.12
# Behaviour:  The idempotent producer is on by default. A conflicting setting, such as acks=1, turns it off; the program
#             continues, and says so only to a logger that a program without logging does not show. If
#             enable_idempotence=True is given as well, the same setting is an error.
# Seen:       2026-11-28; no broker is needed
# Why:        Without idempotence a retry can write a message twice. sordiff gives enable_idempotence explicitly.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check kafka-python==3.0.12

cat > producer.py <<'PY'
from kafka import KafkaProducer
from kafka.errors import KafkaConfigurationError

def idempotence(**settings):
    # With a given api_version the producer asks no broker while it is made.
    try:
        producer = KafkaProducer(bootstrap_servers="localhost:1", api_version=(2, 8), **settings)
    except KafkaConfigurationError:
        return "refused"
    producer.close(timeout=1)
    return "on" if producer.config["enable_idempotence"] else "off"

print("defaults:", idempotence())
print("acks=1:", idempotence(acks=1))
print("acks=1, enable_idempotence=True:", idempotence(acks=1, enable_idempotence=True))
PY
venv/bin/python producer.py > seen 2>&1

cat > expected <<'TEXT'
defaults: on
acks=1: off
acks=1, enable_idempotence=True: refused
TEXT
cat seen
diff expected seen
