"""What docs/events.md says beside what the catalogue and the code tell: its openings, and the runs."""

COMMON = {
    "snapshot": "the dates of the two snapshots, and the nights between them; 0 is the same day issued again",
    "run": "the run in the changelog, the place of the event in it, and how many there are; "
    "left out by `sordiff diff`",
    "cause": "`data_changed`; `date_elapsed`: the dates that decide are the same on both nights, and a day passed; `derived`: it follows from others",
    "effective": "the day from which it holds, where the register says so",
    "unit": "the unit after the run (of `unit.removed`: before it), with the location number that holds for it; "
    "null for location numbers and classifications",
    "status": "the four dates of the unit, or of the location number, before and after; null for classifications",
}

OPENING = """\
# Events

<!-- Written by `python -m tests.contract.events_document` from the code and the stories. Don't edit it here. -->

What sordiff says of a night. An event is one thing that happened to one unit, one location number or one code; its
`type` is `sordiff.<name>.v1`, and there is at most one of a type and subject in a run (for location numbers: and
owner). Every difference between two snapshots is in some event.

[The stories](stories.md) show whole nights with their events, and are the best way to understand them.
Each type has a JSON Schema: `sordiff schemas export DIR`. Within `v1` fields may be added, and none is removed or
changed.
"""

STATES = """\
## Three words

On a day a unit is **closed** when its last valid day (`to`, inclusive) has passed; else **future** when its opening
day (`first_from`) is still to come; else **open**.

The **effective location number** of a unit is its own; else, if it is marked as inheriting, that of the nearest unit
above it that owns one; else none. A closed number stays effective, and says so.
"""

ENVELOPE = """\
## The envelope

[CloudEvents 1.0](https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md) in JSON, one event a line:
"""

AFTER_ENVELOPE = """\
- **`subject`** and `partitionkey`: a SOR id, a GLN, or `list/code`.
- **`time`**: CreatedAtTime of the new snapshot, as it stands there.
- **`id`**: UUIDv5 in the URL namespace over `source`, CreatedAtTime of the old and of the new snapshot, `type`
  (restored counts as created), `subject` and, for location numbers, the owner's SOR id (of `reassigned` the new
  owner's), joined by U+001F. A rerun, a restored changelog and a second site give the same id. Who may see an event
  twice de-duplicates on `source` and `id`.
- **`sequence`**: 20 digits, from 1, without gaps over all events of accepted runs; it sorts as text. A plain
  `sordiff diff` has none. `sordiff events --since SEQUENCE` goes on where you stopped.
- Inside `data` what is absent is `null`; dates are ISO 8601; numbers that are names (ids, SHAK, ydernummer, codes) are
  texts. Control and direction characters are written as `\\uXXXX`.

## Order
"""

ORDER = (
    "In a run the groups follow each other so that a subscriber who applies one event after the other never meets a unit "
    "that it does not know: {groups}. Within a group of units a parent stands before its children, in closed and removed "
    "after them; location numbers and codes stand in their own order. The same two snapshots always give the same bytes."
)

LOCATION_NUMBERS = """\
The subject is the number. The common part has no `unit`; `status` holds the number's own dates. Every one of these
events says in `heirs` how many open units have the number as their effective one after the run. `shared: true`: more
than one unit owns the number, or did, which is a fault in the register.
"""

CLASSIFICATIONS = """\
The subject is `list/code`, the list by the name of its repeated element in SorDataTypes.xml. The common part has
neither `unit` nor `status`. `units` is how many open units carry the code after the run, and null where no field of a
unit has codes of that list. A list that is seen for the first time is taken in without events; one that is missing for
a night is not compared.
"""

RUNS = """\
What is published of the runs themselves, into the run topic: see [Publishing](publishing.md). `sordiff events` never
prints them, and they have no `sequence`. Subject and key are the source; the `id` is made as that of an event, with
the run's number at its end. Each has in its `data` the `snapshot` dates and the `run`, with how many events it has.
"""

RUN_MEANINGS = {
    "run.started": """
A baseline and a rebaseline have no events and no sequences: what they hold is in the state topics.""",
    "run.completed": """
Who needs the whole run waits until `last_sequence` has been read from every event topic. `digest` is the SHA-256 over
the data of the events in order, each followed by a line feed; `changelog` names the changelog that published it.
`beyond_events` is true where the register came to where this run leaves it by more than the published events tell (a
baseline, a rebaseline, another version of the format, nights before it that were not published, a changelog that was
adopted): who applies events reads the state topics anew.""",
    "run.held": """
An unusually large night; the alerts say why. Its events wait for a person, or for the next good night.""",
    "run.released": """
A person let the held run pass: `run.started`, its events and `run.completed` follow.""",
    "run.rejected": """
A person refused the held run: nothing of it will ever follow.""",
    "run.retracted": """
The events from `first_sequence` to `last_sequence` were wrong. They stay in the topics, as does the state that they
led to, until the next good snapshot puts right what was wrong, by ordinary events.""",
    "alert.raised": """
An accepted run is unusual, or something in it must be heard of; nothing is held.""",
    "alert.resolved": """
What a run was held for is settled: `resolved_by` is the later run that was accepted. The held one is superseded, and
nothing of it will follow.""",
}
