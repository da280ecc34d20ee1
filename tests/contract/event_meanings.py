"""What docs/events.md says of each event type beside what the code tells: when it comes, and what to make of it."""

MEANINGS = {
    "unit.created": """
A SOR id is in the new snapshot that was not in the old one. `after` is the whole unit. A new unit may lie in the
future (`first_from` after the snapshot date): then `unit.open` is false, and `unit.opened` follows on its day. A unit
that is created has no other unit event in that run; the location number that it owns has its own event.""",
    "unit.restored": """
As `unit.created`, but the changelog has seen the id in an earlier accepted run: the unit was gone and is back. Only a
changelog can know that, so a plain `sordiff diff` says `unit.created`; the event's id is the same either way.""",
    "unit.opened": """
The unit was in the future and is open now, because its opening day has come (`cause: date_elapsed`, often without a
byte changed) or because that day was brought forward (`data_changed`).""",
    "unit.closure_scheduled": """
The last valid day (`to`) was set, or set to another day, while the unit was not closed on either night. Users set it
far ahead, and change it: it is an announcement. `effective` is the first day on which the unit will be closed.""",
    "unit.closure_cancelled": """
The last valid day was taken away again before it came. `before` is the day that had been announced.""",
    "unit.closed": """
The unit was not closed and is now: its last valid day lies before the snapshot date. **This happens without a byte
changed when the day passes** (`cause: date_elapsed`). `replaced_by` and the `location_number` that the unit itself
owned say where to turn. Units below are not closed with it unless they carry a last day of their own.""",
    "unit.reopened": """
`before` and `after` are the last valid day; no `unit.closure_scheduled`
comes beside it, even where the new last day lies ahead.""",
    "unit.removed": """
The id is no longer in the register. `before` is the whole unit as it last was, and the common part tells of the old
night as well. `was_open: true` means that it should have been there (something is wrong, or a person deleted it);
`false` is the purge of a unit closed long ago.""",
    "unit.moved": """
The units below it went along and have no event for that; `descendants` counts them.
`before` and `after` tell parent, institution and owner by id and name, and whether the owner is private, a
municipality or a region: enough to see a takeover.""",
    "unit.renamed": """
Beside a `unit.moved` it is mostly a takeover.""",
    "unit.type_changed": """
The unit carries another code as its unit type (enhedstype). Where the code stays and its text changes, that is
`classification.text_changed`, once for all units.""",
    "unit.replaced": """
`replaced_by` gained ids: the register says which units take over. Ids that were lost alone make a
`unit.details_changed`.""",
    "unit.provider_number_changed": """
The ydernummer came, changed or went. It is a text with leading zeros, and not unique.""",
    "unit.shak_changed": """
The SHAK code came, changed or went. It is a text of 4, 6 or 7 characters in which letters occur, and not unique.""",
    "unit.cvr_changed": """
The CVR number of an owner came, changed or went: another legal person may stand behind the same name.""",
    "unit.p_number_changed": """
The P number (production unit) came, changed or went.""",
    "unit.pharmacy_number_changed": """
The pharmacy number came, changed or went; `362,1` is branch 1 of pharmacy 362.""",
    "unit.specialities_changed": """
The set of clinical specialities is another; order means nothing. `before` and `after` are the whole sets.""",
    "unit.address_changed": """
One of the addresses that the unit itself carries came, changed or went. `before` and `after` hold all three, whole.
Inheritance is not applied: a unit without a postal address uses its parent's, and has no event when that changes.""",
    "unit.contact_changed": """
The block of e-mail, website, phone and fax that the unit itself carries came, changed or went; both are whole. A unit
without one uses its parent's block.""",
    "unit.details_changed": """
Everything that has no event of its own, path by path: hospital flags, local codes and attributes, the mark that the
location number is inherited, `replaces`, and every element that sordiff does not know (`other/{namespace}Local`).
The register's bookkeeping (`from`, `updated`) stands here only when nothing else is said of the unit.""",
    "unit.effective_location_number_changed": """
The location number under which an open unit is reached is another: its own or, where it inherits, that of the nearest
unit above that owns one. It follows from other events (`cause: derived`), mostly far above: **subscribe to this to
keep an address book right.** `null` is no number at all. A number that merely closes is no change here; see
`location_number.closed`.""",
    "location_number.released": """
No other unit took it over in its place in the same run; that would be `location_number.reassigned`.""",
    "location_number.reassigned": """
`relation` says how far: `to_descendant` and `to_ancestor` stay in the same
branch of the tree, `same_owner` in the same house, `other_owner` is a move that nobody should miss.""",
    "location_number.assigned": """
No other unit gave it up in the same run; that would be `location_number.reassigned`. Where the changelog knows an earlier owner, `previously`
names it and `reuse` is true: GS1 forbids the reuse of a GLN in health care, so a warning goes with it.""",
    "location_number.closed": """
The unit still owns the number, but the number's own last day passed (also without a byte changed) or it was marked
inactive. Units whose effective number it is keep it: `unit.effective_location_number.open` says so.""",
    "location_number.reopened": """
The reverse: the number was closed and is not any more.""",
    "location_number.details_changed": """
Another field of the number's block: system, network, administrator, region, note, dates.""",
    "classification.text_changed": """
A code keeps its meaning and gets another text: **the changed enhedstype text**. `units` counts the open units that
carry the code, none of which has an event for it.""",
    "classification.entry_changed": """
Another field of the entry than its text; `before` and `after` are all these fields.""",
    "classification.code_added": """
The list was there on the night before.""",
    "classification.code_removed": """
Units may still carry it: `units` counts them.""",
}

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

In a run the groups follow each other so that a subscriber who applies one event after the other never meets a unit
that it does not know: classifications · created and restored · opened · reopened · moved · renamed · type_changed ·
provider_number, shak, cvr, p_number, pharmacy_number, specialities, address, contact · closure_scheduled ·
closure_cancelled · replaced · details_changed · location numbers (released, reassigned, assigned, closed, reopened,
details_changed) · effective numbers · closed · removed. Within a group of units a parent stands before its children,
in closed and removed after them; location numbers and codes stand in their own order. The same two snapshots always
give the same bytes.
"""

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
