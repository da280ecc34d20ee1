#!/bin/sh
# Software:   cloudevents 2.2.0 (Python), cloudevents 10.0.0 (npm)
# Behaviour:  An event without the optional `time` gets the moment of reading as its time, in both languages. In structured
#             mode the one for npm throws `Invalid time value` instead. Headers as kafkajs gives them (buffers) it does not
#             read: it calls `startsWith` of a buffer.
# Seen:       2026-11-29
# Why:        The time of reading looks like a fact of the event. Everything that sordiff publishes has a `time` therefore,
#             state records too, and docs/subscribing.md says what to do with the headers of kafkajs.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check cloudevents==2.2.0
npm install --silent --no-audit --no-fund --ignore-scripts cloudevents@10.0.0

cat > read.py <<'PY'
from datetime import datetime, timezone

from cloudevents.core.bindings.kafka import KafkaMessage, from_kafka_event

headers = {"ce_specversion": b"1.0", "ce_id": b"1", "ce_source": b"urn:s", "ce_type": b"t"}
headers["content-type"] = b"application/json"
event = from_kafka_event(KafkaMessage(headers, b"key", b"{}"))
invented = abs((datetime.now(timezone.utc) - event.get_time()).total_seconds()) < 3600
print("Python:", "now" if invented else event.get_time())
PY
cat > read.js <<'JS'
const { Kafka } = require("cloudevents");

const headers = { ce_specversion: "1.0", ce_id: "1", ce_source: "urn:s", ce_type: "t", "content-type": "application/json" };
const event = Kafka.toEvent({ headers, key: "key", value: Buffer.from("{}") });
console.log("npm:", Math.abs(Date.now() - Date.parse(event.time)) < 3600000 ? "now" : event.time);
const whole = { specversion: "1.0", id: "1", source: "urn:s", type: "t", data: {} };
const attempt = (what, message) => {
  try {
    Kafka.toEvent(message);
    console.log(what, "read");
  } catch (error) {
    console.log(what, error.message);
  }
};
const value = Buffer.from(JSON.stringify(whole));
attempt("npm, structured:", { headers: { "content-type": "application/cloudevents+json" }, key: "key", value });
const buffers = Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)]));
attempt("npm, buffers:", { headers: buffers, key: "key", value: Buffer.from("{}") });
JS
{
    venv/bin/python read.py
    node read.js
} > seen

cat > expected <<'TEXT'
Python: now
npm: now
npm, structured: Invalid time value
npm, buffers: contentType.startsWith is not a function
TEXT
cat seen
diff expected seen
