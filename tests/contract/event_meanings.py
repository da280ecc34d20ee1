"""What docs/events.md says beside what the catalogue and the code tell: its openings, and the runs."""

COMMON = {
    "snapshot": "the dates of the two snapshots, and the number of nights between them; 0 is a reissue of the same day",
    "run": "the run in the changelog, the position of the event in it, and the number of its events; "
    "`sordiff diff` leaves it out",
    "cause": "`data_changed`; `date_elapsed`: the deciding dates are the same on both nights, but a day passed; `derived`: it follows from other events",
    "effective": "the day from which the change is valid, if the register says so",
    "unit": "the unit after the run (in `unit.removed`: before it), with its effective location number; "
    "null for location numbers and classifications",
    "status": "the four dates of the unit, or of the location number, before and after; null for classifications",
}

OPENING = """\
# Events

<!-- Written by `python -m tests.contract.events_document` from the code and the stories. Don't edit it here. -->

An event is one change of one unit, one location number or one code. Its `type` is `sordiff.<name>.v1`. A run has at most
one event per type and subject (for location numbers: per type, subject and owner). Every difference between two snapshots
is in an event.

[The stories](stories.md) show whole nights with their events, and are the best way to understand them. The
[glossary](glossary.md) explains the words. Each type has a JSON Schema: `sordiff schemas export DIR`. Within `v1` fields
may be added, but none is removed or changed.
"""

STATES = """\
## Definitions

On a given day a unit is **closed** if its last valid day (`to`, inclusive) has passed; else **future** if its opening day
(`first_from`) is still to come; else **open**.

The **effective location number** of a unit is its own; else, if it is marked as inheriting, that of the nearest unit
above it that owns one; else none. A closed number stays effective, with `open: false`.
"""

ENVELOPE = """\
## The envelope

[CloudEvents 1.0](https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md) in JSON, one event a line:
"""

AFTER_ENVELOPE = """\
- **`subject`** and `partitionkey`: a SOR id, a GLN, or `list/code`.
- **`time`**: CreatedAtTime of the new snapshot, as it is written there.
- **`id`**: UUIDv5 in the URL namespace over `source`, CreatedAtTime of the old and of the new snapshot, `type`
  (restored counts as created), `subject` and, for location numbers, the owner's SOR id (of `reassigned` the new
  owner's), joined by U+001F. A rerun, a restored changelog and a second site give the same id. If you may
  receive an event twice, de-duplicate on `source` and `id`.
- **`sequence`**: 20 digits, from 1, without gaps over all events of accepted runs. It sorts as text. A plain
  `sordiff diff` has none. `sordiff events --since SEQUENCE` continues where you stopped.
- Inside `data` an absent value is `null`. Dates are ISO 8601. Numbers that are names (ids, SHAK, ydernummer, codes) are
  texts. Control and direction characters are written as `\\uXXXX`.

## Order
"""

ORDER = (
    "The groups of a run are ordered so that a subscriber who applies one event after the other never meets an unknown "
    "unit: {groups}. Within a group of units a parent comes before its children; in closed and removed it comes after "
    "them. Location numbers and codes are sorted. The same two snapshots always give the same bytes."
)

LOCATION_NUMBERS = """\
The subject is the number. The common part has no `unit`, and `status` has the number's own dates. `heirs` is the number
of open units that have it as their effective number after the run. `shared: true` means that more than one unit owns or
owned the number, which is a fault in the register.
"""

CLASSIFICATIONS = """\
The subject is `list/code`; a list is named after its repeated element in SorDataTypes.xml. The common part has neither
`unit` nor `status`. `units` is the number of open units with the code after the run, and null if no field of a unit has
codes of that list. The first appearance of a list gives no events. A list that is missing for a night is not compared.
"""

RUNS = """\
These events describe the runs themselves. They are published to the run topic: see [Publishing](publishing.md).
`sordiff events` never prints them, and they have no `sequence`. Subject and key are the source. The `id` is formed as for
other events, with the number of the run at its end. The `data` of each has the `snapshot` dates, and the `run` with the
number of its events.
"""

RUN_MEANINGS = {
    "run.started": """
A baseline and a rebaseline have no events and no sequences: their content is in the state topics.""",
    "run.completed": """
If you need the whole run, wait until you have read `last_sequence`. `digest` is the SHA-256 over the data of the events in
order, each followed by a line feed. `changelog` names the changelog that published the run. `beyond_events` is true if the
published events alone do not lead to the register after this run (a baseline, a rebaseline, another version of the format,
earlier nights that were not published, an adopted changelog). If you apply events, read the state topics again.""",
    "run.held": """
An unusually large night is held; the alerts say why. Its events wait for a decision, or for the next good night.""",
    "run.released": """
A person released the held run: `run.started`, its events and `run.completed` follow.""",
    "run.rejected": """
A person rejected the held run: none of its events will follow.""",
    "run.retracted": """
The events from `first_sequence` to `last_sequence` were wrong. They stay in the topics, and so does the
state, until the next good snapshot corrects it by ordinary events.""",
    "alert.raised": """
An accepted run is unusual, or has something that people must know. Nothing is held.""",
    "alert.resolved": """
The reason for a held run is resolved: `resolved_by` is the later run that was accepted. The held run is superseded, and
none of its events will follow.""",
}
