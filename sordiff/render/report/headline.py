"""The head of a report: what period, which runs, how many of what."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from sordiff.render.event_style import ALL_PARTS, Part, find_part
from sordiff.render.language import Catalogue
from sordiff.render.report.change_text import ChangeText
from sordiff.render.text.rich_text import Line, code, outside, plain_text
from sordiff.report import Asked, Headline, Report
from sordiff.visible import visible

_SPANS_SHOWN: Final = 3


def counted_parts(headline: Headline) -> Iterator[tuple[Part, int]]:
    """The parts of the line of counts in which there is anything."""
    for part in ALL_PARTS:
        count = sum(n for name, n in headline.counts.items() if find_part(name) is part)
        if count:
            yield part, count


def count_title(part: Part, count: int, headline: Headline, language: Catalogue) -> str:
    """What is counted, and how many of it did not last."""
    notes: Counter[str] = Counter()
    for name, noted in headline.noted.items():
        if find_part(name) is part:
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


def no_changes(headline: Headline, language: Catalogue) -> str:
    """What stands in place of the counts; what came to nothing did happen."""
    return language.text("report.no.changes.left" if headline.undone else "report.no.changes")


def heading(headline: Headline, language: Catalogue) -> str:
    """What period is told of."""
    until = language.day(headline.until)
    if headline.since is None:
        return language.say("report.heading.baseline", until=until)
    return language.say("report.heading", since=language.day(headline.since), until=until)


def facts(report: Report, text: ChangeText) -> Iterator[str]:
    """How many nights, which runs, how many units or of which part, whether all is well."""
    head, language = report.headline, text.language
    if head.corrects is not None:
        yield language.say("runs.corrects", run=str(head.corrects))
    elif head.since is not None:
        reissue = head.kind == "reissue" and not head.nights
        yield (
            language.text("report.reissue")
            if reissue
            else language.counted("report.nights", head.nights)
        )
    yield _runs(head.runs, language)
    if report.asked.is_of_a_part:
        yield from _name_parts(report, text)
    else:
        yield from _count_units(head, language)
    if report.alerts:
        yield language.counted("report.alerts", len(report.alerts))
    else:
        yield language.text("report.no.alerts")
    if head.nights_missing:
        yield language.counted("report.missing", head.nights_missing)


def _count_units(head: Headline, language: Catalogue) -> Iterator[str]:
    after = language.number(head.units)
    if head.units_before is None or head.units_before == head.units:
        yield language.say("report.units.same", after=after)
    else:
        yield language.say("report.units", before=language.number(head.units_before), after=after)
    if head.open_units is not None:
        yield language.say("report.open", count=language.number(head.open_units))


def list_parts(asked: Asked, text: ChangeText) -> Iterator[tuple[str, Line]]:
    """The parts of the register that were asked for, each with the kind of the part."""
    for kind, part in (
        ("under", asked.under and text.unit(asked.under)),
        ("unit", asked.unit and text.unit(asked.unit)),
        ("number", asked.number and code(asked.number)),
        ("list", asked.list and outside(asked.list)),
    ):
        if part:
            yield kind, part


def _name_parts(report: Report, text: ChangeText) -> Iterator[str]:
    """In place of the units of the whole register."""
    for kind, part in list_parts(report.asked, text):
        yield text.language.say(f"report.part.{kind}", value=visible(plain_text(part)))


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
