"""The head of a night (dates, units, version) and what was done with it, for people."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sordiff.diff import Changeset
from sordiff.events import Event
from sordiff.model import SorId, nights_between
from sordiff.render.commands.diff import counts_lines, diff_lines
from sordiff.render.text.colour import Paint
from sordiff.render.text.values import Words, change
from sordiff.replay import ROOT, Adoption
from sordiff.report import IngestReport, Outcome
from sordiff.visible import visible


def comparison_lines(
    changes: Changeset, events: Sequence[Event], adoptions: Sequence[Adoption], paint: Paint
) -> Iterator[str]:
    """Two snapshots compared: the span, the register's size, then every event."""
    old, new = changes.old, changes.new
    span = f"{old.day} → {new.day}"
    nights = nights_between(old.day, new.day)
    sizes = f"{len(old.units):,} → {len(new.units):,} units"
    yield paint(f"{span} · {counted_nights(nights)} · {sizes}", "bold")
    if changes.across_versions:
        yield version_line(old.version, new.version)
    if changes.first_lists:
        codes = {name: len(new.lists[name].entries) for name in changes.first_lists}
        yield first_lists_line(codes)
    yield from _beside_the_units(adoptions)
    yield from diff_lines(events, _words(changes), paint)


def _beside_the_units(adoptions: Sequence[Adoption]) -> Iterator[str]:
    """What the root element holds beside the units is no unit's, and so no event."""
    for adoption in adoptions:
        if adoption.subject == ROOT:
            yield f"beside the units, {visible(adoption.path)}: " + change(
                adoption.before, adoption.after
            )


def _words(changes: Changeset) -> Words:
    """Names and texts as they are now, of what is gone as they were."""
    old, new = changes.old, changes.new

    def name(sor_id: str) -> str | None:
        unit = new.units.get(SorId(sor_id)) or old.units.get(SorId(sor_id))
        return unit.name if unit else None

    return Words(name=name, speciality=lambda code: new.text("specialities", code))


def counted_nights(nights: int) -> str:
    """`1 night`, `3 nights`, or that it is the same day issued again."""
    if nights == 0:
        return "the same day, issued again"
    return "1 night" if nights == 1 else f"{nights} nights"


def version_line(before: str, after: str) -> str:
    """A change of version, and what it means for the comparison."""
    return (
        f"The format went from version {visible(before)} to {visible(after)}: only what both can "
        "say was compared."
    )


def first_lists_line(codes: Mapping[str, int]) -> str:
    """The classifications of tonight that were not there before: no flood, a baseline."""
    listed = ", ".join(f"{visible(name)} ({count:,})" for name, count in sorted(codes.items()))
    return f"classifications seen for the first time, taken as their baseline: {listed}"


_VERBS: Final = {
    Outcome.RECORDED: "run",
    Outcome.HELD: "held: run",
    Outcome.KNOWN_HELD: "held already: run",
    Outcome.WOULD_RECORD: "would be run",
    Outcome.WOULD_HOLD: "would be held: run",
}


def ingest_lines(result: IngestReport, paint: Paint) -> Iterator[str]:
    """One snapshot taken: its run, the counts, the sequences, and what is out of the ordinary."""
    if result.outcome is Outcome.ALREADY_RECORDED:
        yield f"{visible(result.file)}: already recorded as run {result.run_id} ({result.day})"
        return
    span = f"{result.day_before} → {result.day}" if result.day_before else result.day
    verb = _VERBS[result.outcome]
    head = f"{verb} {result.run_id} · {result.kind} · {span} · {result.units:,} units"
    yield paint(head[0].upper() + head[1:], "bold")
    if result.kind == "baseline":
        yield "  the baseline: events begin with the next snapshot"
        return
    yield from counts_lines(result.counts, paint, indent="  ")
    if result.first_sequence is not None:
        last = result.first_sequence + len(result.events) - 1
        yield paint(f"  sequence {result.first_sequence}–{last}", "dim")
    if result.nights_missing:
        yield f"  nights missing in between: {result.nights_missing}"
    if result.version_change:
        yield f"  {version_line(*result.version_change)}"
    if result.first_lists:
        yield f"  {first_lists_line(result.first_lists)}"
    if result.adoptions:
        yield f"  adopted without an event: {result.adoptions:,} differences"
    if result.superseded is not None:
        yield f"  run {result.superseded}, which was held, is superseded"


def held_paragraph(result: IngestReport, commands: Sequence[str]) -> str:
    """What happened, and how to decide: one paragraph for whoever is on call."""
    said = " ".join(
        f"{alert.message.rstrip('.')}." for alert in result.alerts if alert.severity == "critical"
    )
    would = result.outcome is Outcome.WOULD_HOLD
    lead = f"run {result.run_id} ({result.day}) {'would be' if would else 'is'} held: {said}"
    if would:
        return lead
    look, release, reject = commands
    return (
        f"{lead} It moves nothing and is never published unless somebody decides. Look at it with "
        f"`{look}`; accept it with `{release}`, refuse it with `{reject}`. If nobody decides, the "
        "next night is compared with the last accepted snapshot and takes its place."
    )
