"""A mirror of SOR in SQLite: `python replica.py localhost:9092 mirror.db` (needs kafka-python)."""

import json
import sqlite3
import sys
from itertools import chain

from kafka import KafkaConsumer, TopicPartition

TABLES = """CREATE TABLE IF NOT EXISTS units (sor_id TEXT PRIMARY KEY, sequence TEXT, record TEXT);
CREATE TABLE IF NOT EXISTS progress (id INTEGER PRIMARY KEY, applied TEXT, places TEXT)"""
PUT = "REPLACE INTO units VALUES (?, ?, ?)"  # the record of what is gone: null


def changed(unit: dict | None, name: str, subject: str, data: dict) -> dict | None:
    """The unit after one event; None where it is not there."""
    after, of_unit = data.get("after"), bool(data["unit"])
    if unit is None or name in {"created", "restored", "removed"}:
        return after if name in {"created", "restored"} else None
    block = unit if of_unit else unit["location_number"]
    field = {"renamed": "name", "replaced": "replaced_by"}.get(name, name.removesuffix("_changed"))
    if name in {"assigned", "released", "reassigned"}:
        given = after and after["unit_id"] == unit["sor_id"]
        if given or (block and block["number"] == subject):  # else it was given another by now
            block = {k: after[k] for k in after if not k.startswith("unit_")} if given else None
        return unit | {"location_number": block}
    if name == "moved":
        unit["parent_id"] = after["parent"] and after["parent"]["id"]
    elif name == "type_changed":
        unit["unit_type"] = after and after["code"]
    elif not of_unit or field in unit:
        block |= {field: after} if of_unit else after or {}
    for change in data.get("changes", ()):
        path, _, rest = change["path"].partition("/")
        (block["other"] if rest else block)[rest or path] = change["after"]
    block |= data["status"]["after"]
    return unit


def apply(sequence: str, event: str, subject: str, data: dict) -> None:
    """Apply one event to those of its units that are older than it."""
    sides = [data, data.get("before") or (), data.get("after") or ()]
    owners = {side["unit_id"] for side in sides if "unit_id" in side}
    for sor_id in {subject} if ".unit." in event else owners:
        rows = mirror.execute("SELECT sequence, record FROM units WHERE sor_id = ?", [sor_id])
        known, record = rows.fetchone() or ("", "null")
        if known < sequence:
            unit = changed(json.loads(record), event.split(".")[2], subject, data)
            mirror.execute(PUT, [sor_id, sequence, json.dumps(unit)])


servers, path, prefix = [*sys.argv[1:], "sor."][:3]
(mirror := sqlite3.connect(path)).executescript(TABLES)
how = {"isolation_level": "read_committed", "auto_offset_reset": "earliest"}
log = KafkaConsumer(bootstrap_servers=servers, **how)
topics = [f"{prefix}{of}-events" for of in ("unit", "location-number", "classification", "run")]
parts = [TopicPartition(name, n) for name in topics for n in log.partitions_for_topic(name)]
applied, places = mirror.execute("SELECT applied, places FROM progress").fetchone() or ("", "")
if not places:  # in this order nothing is missed: see "Join" in docs/subscribing.md
    newest = KafkaConsumer(bootstrap_servers=servers)  # read_uncommitted: it sees the very end
    ends = log.end_offsets(parts[:-1]) | newest.end_offsets(parts[-1:])
    places = json.dumps([ends[part] for part in parts])
    units = prefix + "units"
    log.assign([TopicPartition(units, n) for n in log.partitions_for_topic(units)])
    ends = newest.end_offsets(log.assignment())
    while any(log.position(part) < end for part, end in ends.items()):
        for message in chain(*log.poll(1000).values()):
            unit = message.value and json.loads(message.value)["unit"]
            sequence = dict(message.headers)["ce_sequence"].decode()
            mirror.execute(PUT, [message.key.decode(), sequence, json.dumps(unit)])
log.assign(parts)
for part, place in zip(parts, json.loads(places), strict=True):
    log.seek(part, place)
waiting, runs = {}, []
while True:
    mirror.execute("REPLACE INTO progress VALUES (1, ?, ?)", [applied, places])
    mirror.commit()
    if not places:
        sys.exit("The register changed beyond its events. Start me again.")
    for message in chain(*log.poll(1000).values()):
        said = {name: value.decode() for name, value in message.headers}
        if said["ce_type"] == "sordiff.run.completed.v1":
            runs.append(json.loads(message.value))
        elif said.get("ce_sequence", "") > applied:
            data = json.loads(message.value)
            waiting[said["ce_sequence"]] = said["ce_type"], said["ce_subject"], data
    while runs and places:
        first, last = runs[0]["first_sequence"] or "", runs[0]["last_sequence"] or ""
        told = sorted(sequence for sequence in waiting if sequence <= last)
        if last > applied and sum(one >= first for one in told) < runs[0]["run"]["count"]:
            break  # the rest of the run is on its way
        for sequence in told:
            apply(sequence, *waiting.pop(sequence))
        run, applied = runs.pop(0), max(applied, last)
        if run["beyond_events"]:
            places = ""  # more changed than the events tell: a new baseline, an unpublished night
        elif not (waiting or runs):
            places = json.dumps([log.position(part) for part in parts])
