"""What was done with a night: its run, its counts, and what is out of the ordinary, for people."""

from collections.abc import Iterator, Sequence
from typing import Final

from sordiff.render.commands.night_lines import counts_lines, first_lists_line, version_line
from sordiff.render.language import Catalogue
from sordiff.render.text.colour import Paint
from sordiff.report import IngestReport, Outcome
from sordiff.visible import visible

_KEYS: Final = {
    Outcome.RECORDED: "ingest.recorded",
    Outcome.HELD: "ingest.held",
    Outcome.KNOWN_HELD: "ingest.known_held",
    Outcome.WOULD_RECORD: "ingest.would_record",
    Outcome.WOULD_HOLD: "ingest.would_hold",
}


def ingest_lines(result: IngestReport, texts: Catalogue, paint: Paint) -> Iterator[str]:
    """One snapshot taken: its run, the counts, the sequences, and what is out of the ordinary."""
    run = str(result.run_id)
    if result.outcome is Outcome.ALREADY_RECORDED:
        yield texts.say("ingest.known", file=visible(result.file), run=run, day=result.day)
        return
    span = f"{result.day_before} → {result.day}" if result.day_before else result.day
    head = texts.say(
        _KEYS[result.outcome],
        run=run,
        kind=texts.text(f"run.{result.kind}"),
        span=span,
        units=texts.number(result.units),
    )
    yield paint(head, "bold")
    if result.kind == "baseline":
        yield f"  {texts.text('ingest.baseline')}"
        return
    yield from counts_lines(result.counts, texts, paint, indent="  ")
    if result.first_sequence is not None:
        last = result.first_sequence + len(result.events) - 1
        sequences = texts.say("sequence.span", first=str(result.first_sequence), last=str(last))
        yield paint(f"  {sequences}", "dim")
    yield from (f"  {line}" for line in _remarks(result, texts))


def _remarks(result: IngestReport, texts: Catalogue) -> Iterator[str]:
    """What is out of the ordinary."""
    if result.nights_missing:
        yield texts.say("ingest.missing", count=str(result.nights_missing))
    if result.version_change:
        yield version_line(*result.version_change, texts)
    if result.first_lists:
        yield first_lists_line(result.first_lists, texts)
    if result.adoptions:
        yield texts.say("ingest.adopted", count=texts.number(result.adoptions))
    if result.corrects is not None:
        yield texts.say("runs.corrects", run=str(result.corrects))
    if result.superseded is not None:
        yield texts.say("ingest.superseded", run=str(result.superseded))


# So many characters of reasons can be read as a paragraph.
_PARAGRAPH: Final = 1000


def held_paragraph(result: IngestReport, commands: Sequence[str], texts: Catalogue) -> str:
    """What happened, and how to decide: one paragraph for whoever is on call.

    Where that would be a wall of text, each reason has a line.
    """
    reasons = [
        visible(f"{texts.sentence(alert.message).rstrip('.')}.")
        for alert in result.alerts
        if alert.severity == "critical"
    ]
    are_several = len(reasons) > 1 and sum(map(len, reasons)) > _PARAGRAPH
    alerts = "".join(f"\n  - {reason}" for reason in reasons) if are_several else " ".join(reasons)
    would = result.outcome is Outcome.WOULD_HOLD
    key = "held.would" if would else "held.is"
    lead = texts.say(key, run=str(result.run_id), day=result.day, alerts=alerts)
    lead = lead.replace(" \n", "\n")
    if would:
        return lead
    look, release, reject = commands
    apart = "\n" if are_several else " "
    return f"{lead}{apart}{texts.say('held.decide', look=look, release=release, reject=reject)}"
