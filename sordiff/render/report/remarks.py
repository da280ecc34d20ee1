"""What must be known of a report beside its changes."""

import shlex
from collections.abc import Iterator

from sordiff.render.language import Catalogue
from sordiff.render.report.change_text import ChangeText
from sordiff.render.report.headline import list_parts
from sordiff.render.text.rich_text import Line, code, filled, joined, outside, words
from sordiff.report import Asked, Headline, Report


def remarks(report: Report, text: ChangeText, database: str = "") -> Iterator[Line]:
    """What must be known of a report beside its changes; commands name the changelog."""
    language = text.language
    head = report.headline
    yield from _decisions(head, language, database)
    yield from _taken_back(head, language)
    if head.kind in {"baseline", "rebaseline"}:
        yield words(language.text(f"report.{head.kind}"))
    if head.version_change:
        before, after = map(outside, head.version_change)
        yield filled(language.text("report.version"), before=before, after=after)
    if head.first_lists:
        yield filled(
            language.text("report.first.lists"), lists=outside(", ".join(head.first_lists))
        )
    changes = sum(head.counts.values())
    left = changes + head.elsewhere
    if report.asked.folded and head.events > left > 0:
        events = language.number(head.events)
        yield words(language.counted("report.folded", left, events=events))
    if head.undone:
        yield words(language.counted("report.undone", head.undone))
    yield from _chosen(report, text)
    yield from (outside(language.sentence(said)) for said in head.warnings)


def _decisions(head: Headline, language: Catalogue, database: str) -> Iterator[Line]:
    """What became of runs that were held; first the one that still waits for a decision."""
    known = language.known(f"report.state.{head.state}")
    if not head.held_runs and known is not None:
        state = filled(known, reason=outside(head.reason))
        decide = _decide(head.runs[-1], language, database) if head.state == "held" else ()
        yield joined([state, decide], " ") if decide else state
    for held in sorted(head.held_runs, key=lambda held: held.state != "held"):
        told = filled(
            language.text(f"report.run.{held.state}"),
            run=str(held.run),
            day=language.day(held.day),
            reason=outside(held.reason),
        )
        waits = held.state == "held"
        yield joined([told, _decide(held.run, language, database)], " ") if waits else told


def _taken_back(head: Headline, language: Catalogue) -> Iterator[Line]:
    """Which runs were wrong, and what was done about it."""
    for wrong in head.taken_back:
        run, day = str(wrong.run), language.day(wrong.day)
        if wrong.retracted_reason is not None:
            reason, user = outside(wrong.retracted_reason), outside(wrong.retracted_by)
            text = language.text("report.run.retracted")
            yield filled(text, run=run, day=day, user=user, reason=reason)
        if wrong.corrected_by is not None:
            text = language.text("report.run.corrected")
            yield filled(text, run=run, day=day, by=str(wrong.corrected_by))


def _decide(run: int, language: Catalogue, database: str) -> Line:
    """The commands by which somebody decides."""
    where = f" --db {shlex.quote(database)}" if database else ""
    commands = {
        way: code(f"sordiff {way} {run} --reason …{where}") for way in ("release", "reject")
    }
    return filled(language.text("report.decide"), run=str(run), **commands)


def _what(asked: Asked, text: ChangeText) -> Line:
    """Which changes were asked for: " of type X that are under Y"; nothing where all were."""
    language = text.language
    clauses = [
        filled(language.text(f"chosen.{kind}"), value=part)
        for kind, part in list_parts(asked, text)
    ]
    of_type: Line = ()
    if asked.type:
        title = words(language.title(asked.type))
        of_type = filled(language.text("chosen.type"), value=title)
    if not clauses:
        return of_type
    told = joined(clauses, language.text("chosen.and"))
    return (*of_type, *filled(language.text("chosen.that"), clauses=told))


def _chosen(report: Report, text: ChangeText) -> Iterator[Line]:
    language = text.language
    what = _what(report.asked, text)
    if what:
        left_out = report.headline.elsewhere
        key = "report.chosen" if left_out else "report.chosen.all"
        key = "report.chosen.one" if left_out == 1 else key
        yield filled(language.text(key), what=what, count=language.number(left_out))
