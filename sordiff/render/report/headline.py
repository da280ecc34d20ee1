"""The head of a report: what period, how many of what, and what must be known beside it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from sordiff.render.event_style import ALL_PARTS, Part, part_of
from sordiff.render.language import Catalogue
from sordiff.render.report.change_text import Sayer
from sordiff.render.text.rich_text import Line, code, filled, joined, outside, words
from sordiff.report import Asked, Headline, Report

_SPANS_SHOWN: Final = 3
_NO_LISTS: Final = "no classifications came with this snapshot; the last known ones stay"
_MISSING_LISTS: Final = "classifications missing in this snapshot, their last entries stay: "


def counted_parts(headline: Headline) -> Iterator[tuple[Part, int]]:
    """The parts of the line of counts in which there is anything."""
    for part in ALL_PARTS:
        count = sum(n for name, n in headline.counts.items() if part_of(name) is part)
        if count:
            yield part, count


def count_title(part: Part, count: int, headline: Headline, language: Catalogue) -> str:
    """What is counted, and how many of it did not last."""
    notes: Counter[str] = Counter()
    for name, noted in headline.noted.items():
        if part_of(name) is part:
            notes.update(noted)
    beside = [
        language.say(f"count.note.{note}", count=language.number(number))
        for note, number in notes.items()
        if language.known(f"count.note.{note}")
    ]
    text = language.counted(f"count.{part.key}", count)
    return f"{text} ({', '.join(beside)})" if beside else text


def picture_label(key: str, language: Catalogue) -> str:
    """What a part is called as a row of the picture, where there is little room."""
    return language.known(f"nights.{key}") or language.counted(f"count.{key}", 2)


def count_parts(headline: Headline, language: Catalogue) -> Iterator[tuple[str, str]]:
    """`+123 created`, `−45 closed` …, each with its colour."""
    for part, count in counted_parts(headline):
        title = count_title(part, count, headline, language)
        yield f"{part.sign}{language.number(count)} {title}", part.colour


def no_changes(headline: Headline, language: Catalogue) -> str:
    """What stands in place of the counts; what came to nothing did happen."""
    return language.text("report.no.changes.left" if headline.undone else "report.no.changes")


def heading(headline: Headline, language: Catalogue) -> str:
    """What period is told of."""
    until = language.day(headline.until)
    if headline.since is None:
        return language.say("report.heading.baseline", until=until)
    return language.say("report.heading", since=language.day(headline.since), until=until)


def facts(report: Report, language: Catalogue) -> Iterator[str]:
    """How many nights, which runs, how many units, whether all is well."""
    head = report.headline
    if head.since is not None:
        reissue = head.kind == "reissue" and not head.nights
        yield (
            language.text("report.reissue")
            if reissue
            else language.counted("report.nights", head.nights)
        )
    yield _runs(head.runs, language)
    after = language.number(head.units)
    if head.units_before is None or head.units_before == head.units:
        yield language.say("report.units.same", after=after)
    else:
        yield language.say("report.units", before=language.number(head.units_before), after=after)
    if head.open_units is not None:
        yield language.say("report.open", count=language.number(head.open_units))
    if report.alerts:
        yield language.counted("report.alerts", len(report.alerts))
    else:
        yield language.text("report.no.alerts")
    if head.nights_missing:
        yield language.counted("report.missing", head.nights_missing)


def _runs(runs: Sequence[int], language: Catalogue) -> str:
    """The runs told of and no others: those between that moved nothing are left out."""
    spans: list[list[int]] = []
    for run in runs:
        if spans and spans[-1][-1] == run - 1:
            spans[-1][1:] = [run]
        else:
            spans.append([run])
    if len(spans) > _SPANS_SHOWN:
        first, last = str(runs[0]), str(runs[-1])
        count = language.number(len(runs))
        return language.say("report.runs.many", count=count, first=first, last=last)
    key = "report.runs" if len(runs) > 1 else "report.runs.one"
    return language.say(key, runs=", ".join("–".join(map(str, span)) for span in spans))


def remarks(report: Report, say: Sayer, language: Catalogue) -> Iterator[Line]:
    """What must be known of a report beside its changes."""
    head = report.headline
    yield from _decisions(head, language)
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
    yield from _chosen(report, say, language)
    yield from (_warning(said, language) for said in head.warnings)


def _decisions(head: Headline, language: Catalogue) -> Iterator[Line]:
    """What became of runs that were held; first the one that still waits for a decision."""
    known = language.known(f"report.state.{head.state}")
    if not head.held_runs and known is not None:
        state = filled(known, reason=outside(head.reason))
        decide = _decide(head.runs[-1], language) if head.state == "held" else ()
        yield joined([state, decide], " ") if decide else state
    for held in sorted(head.held_runs, key=lambda held: held.state != "held"):
        told = filled(
            language.text(f"report.run.{held.state}"),
            run=str(held.run),
            day=language.day(held.day),
            reason=outside(held.reason),
        )
        waits = held.state == "held"
        yield joined([told, _decide(held.run, language)], " ") if waits else told


def _decide(run: int, language: Catalogue) -> Line:
    """The commands by which somebody decides."""
    ways = {way: code(f"sordiff {way} {run} --reason …") for way in ("release", "reject")}
    return filled(language.text("report.decide"), **ways)


def _warning(said: str, language: Catalogue) -> Line:
    """A warning of a run, which is recorded in English, in the reader's language where it can."""
    if said == _NO_LISTS:
        return words(language.text("warning.no.lists"))
    if said.startswith(_MISSING_LISTS):
        lists = outside(said.removeprefix(_MISSING_LISTS))
        return filled(language.text("warning.missing.lists"), lists=lists)
    return outside(said)


def nights_told(report: Report) -> int:
    """How many days the picture of the last nights goes back."""
    last = report.headline.until
    first = min((night.day for night in report.nights), default=last)
    return max(0, (date.fromisoformat(last) - date.fromisoformat(first)).days) + 1


def _what(asked: Asked, say: Sayer, language: Catalogue) -> Line:
    """Which changes were asked for: " of type X that are under Y"; nothing where all were."""
    clauses = [
        filled(language.text(f"chosen.{key}"), value=value)
        for key, value in (
            ("under", asked.under and say.unit(asked.under)),
            ("unit", asked.unit and say.unit(asked.unit)),
            ("number", asked.number and code(asked.number)),
        )
        if value
    ]
    of_type: Line = ()
    if asked.type:
        title = words(language.title(asked.type))
        of_type = filled(language.text("chosen.type"), value=title)
    if not clauses:
        return of_type
    told = joined(clauses, language.text("chosen.and"))
    return (*of_type, *filled(language.text("chosen.that"), clauses=told))


def _chosen(report: Report, say: Sayer, language: Catalogue) -> Iterator[Line]:
    what = _what(report.asked, say, language)
    if what:
        left_out = report.headline.elsewhere
        key = "report.chosen" if left_out else "report.chosen.all"
        key = "report.chosen.one" if left_out == 1 else key
        yield filled(language.text(key), what=what, count=language.number(left_out))
