"""A mirror of SOR in SQLite over HTTP: `python http_replica.py http://127.0.0.1:8017 mirror.db`."""

import json
import sqlite3
import sys

import httpx

TABLES = """CREATE TABLE IF NOT EXISTS units (sor_id TEXT PRIMARY KEY, sequence TEXT, record TEXT);
CREATE TABLE IF NOT EXISTS progress (id INTEGER PRIMARY KEY, place TEXT, epoch TEXT)"""
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


def get(path: str) -> tuple:
    """What is there, the path that follows, and the epoch."""
    answer = http.get(path)
    if answer.status_code != httpx.codes.GONE:  # the changelog was restored: it has no epoch
        answer.raise_for_status()
    following = answer.links.get("next", {"url": ""})["url"]
    return answer.json(), following, answer.headers.get("Sordiff-Epoch", "")


http, mirror = httpx.Client(base_url=sys.argv[1], timeout=60), sqlite3.connect(sys.argv[2])
mirror.executescript(TABLES)
place, epoch = mirror.execute("SELECT place, epoch FROM progress").fetchone() or ("", "")
while True:
    if not place:  # in this order nothing is missed: see "Join" in docs/http.md
        place = f"/v1/events?wait=30&limit=1000&since={get('/health')[0]['last_sequence']}"
        mirror.execute("DELETE FROM units")
        path, epoch = "/v1/units?limit=1000", ""
        while path:
            units, path, now = get(path)
            records = [(unit["state"]["unit"], unit["sequence"]) for unit in units]
            mirror.executemany(PUT, [(u["sor_id"], s, json.dumps(u)) for u, s in records])
            epoch = epoch or now
    mirror.execute("REPLACE INTO progress VALUES (1, ?, ?)", [place, epoch])
    mirror.commit()
    events, place, now = get(place)
    if now != epoch:  # more changed than the events tell: all units are read anew
        events, place = [], ""
    for event in events:
        apply(event["sequence"], event["type"], event["subject"], event["data"])
