"""What a report says as a whole, in one language: its head, its findings, its alerts."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from sordiff.alerts import Alert
from sordiff.render.language import Catalogue
from sordiff.render.pieces import Line, code, filled, joined, outside, words
from sordiff.render.saying import Sayer
from sordiff.report import (
    Change,
    FindingLine,
    Group,
    Headline,
    Report,
    Section,
    SectionName,
)


class Part(Struct, frozen=True, kw_only=True):
    """One part of the line of counts: what is counted under one name, with sign and colour."""

    key: str
    sign: str
    colour: str
    names: tuple[str, ...]


PARTS: Final = (
    Part(key="created", sign="+", colour="green", names=("unit.created",)),
    Part(key="restored", sign="+", colour="green", names=("unit.restored",)),
    Part(key="opened", sign="+", colour="green", names=("unit.opened",)),
    Part(key="reopened", sign="+", colour="green", names=("unit.reopened",)),
    Part(key="closed", sign="−", colour="red", names=("unit.closed",)),
    Part(key="removed", sign="−", colour="red", names=("unit.removed",)),
    Part(key="moved", sign="→", colour="blue", names=("unit.moved",)),
    Part(key="renamed", sign="~", colour="yellow", names=("unit.renamed",)),
    Part(key="types", sign="~", colour="yellow", names=("unit.type_changed",)),
    Part(
        key="numbers",
        sign="⇄ ",
        colour="cyan",
        names=(
            "location_number.released",
            "location_number.reassigned",
            "location_number.assigned",
            "location_number.closed",
            "location_number.reopened",
            "location_number.details_changed",
        ),
    ),
    Part(
        key="inherited",
        sign="⇄ ",
        colour="cyan",
        names=("unit.effective_location_number_changed",),
    ),
    Part(key="texts", sign="✎ ", colour="magenta", names=("classification.text_changed",)),
    Part(
        key="codes",
        sign="✎ ",
        colour="magenta",
        names=(
            "classification.entry_changed",
            "classification.code_added",
            "classification.code_removed",
        ),
    ),
    Part(key="closures", sign="… ", colour="magenta", names=("unit.closure_scheduled",)),
    Part(key="cancelled", sign="… ", colour="magenta", names=("unit.closure_cancelled",)),
)
_OTHER: Final = Part(key="other", sign="~", colour="yellow", names=())
_BY_NAME: Final = {name: part for part in PARTS for name in part.names}


def part_of(name: str) -> Part:
    """The part of the line of counts to which an event belongs."""
    return _BY_NAME.get(name, _OTHER)


def counted_parts(headline: Headline) -> Iterator[tuple[Part, int]]:
    """The parts of the line of counts in which there is anything."""
    for part in (*PARTS, _OTHER):
        count = sum(n for name, n in headline.counts.items() if part_of(name) is part)
        if count:
            yield part, count


def count_parts(headline: Headline, language: Catalogue) -> Iterator[tuple[str, str]]:
    """`+123 created`, `−45 closed` …, each with its colour."""
    for part, count in counted_parts(headline):
        text = language.counted(f"count.{part.key}", count)
        yield f"{part.sign}{language.number(count)} {text}", part.colour


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
    first, last = str(head.runs[0]), str(head.runs[-1])
    key = "report.runs" if len(head.runs) > 1 else "report.runs.one"
    yield language.say(key, first=first, last=last)
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


def remarks(report: Report, say: Sayer, language: Catalogue) -> Iterator[Line]:
    """What must be known of a report beside its changes."""
    head = report.headline
    known = language.known(f"report.state.{head.state}")
    if known is not None:
        yield filled(known, reason=outside(head.reason))
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
    if report.asked.folded and head.events > changes + head.elsewhere:
        yield words(
            language.say(
                "report.folded",
                events=language.number(head.events),
                changes=language.number(changes + head.elsewhere),
            )
        )
    if head.undone:
        yield words(language.counted("report.undone", head.undone))
    yield from _chosen(report, say, language)
    yield from map(outside, head.warnings)


def _chosen(report: Report, say: Sayer, language: Catalogue) -> Iterator[Line]:
    asked = report.asked
    parts = [
        (key, value)
        for key, value in (
            ("type", asked.type and words(language.title(asked.type))),
            ("under", asked.under and say.unit(asked.under)),
            ("unit", asked.unit and say.unit(asked.unit)),
            ("number", asked.number and code(asked.number)),
        )
        if value
    ]
    if parts:
        what = joined(
            [filled(language.text(f"chosen.{key}"), value=value) for key, value in parts], ", "
        )
        left_out = report.headline.elsewhere
        key = "report.chosen" if left_out else "report.chosen.all"
        key = "report.chosen.one" if left_out == 1 else key
        yield filled(language.text(key), what=what, count=language.number(left_out))


def group_line(group: Group, say: Sayer, language: Catalogue) -> Line:
    """A group in a sentence."""
    found = group.parameters
    key = f"rule.{group.rule}"
    if group.rule == "number.inherited" and len(found) == 1:
        key += ".to" if "to_number" in found else ".from"
    values: dict[str, Line | str] = {
        name: _parameter(name, value, group, say, language) for name, value in found.items()
    }
    values["count"] = language.number(group.count)
    values["did"] = language.did(group.type)
    values["noun"] = language.text(f"noun.{group.type.partition('.')[0]}")
    if "kind" in found:
        values["kinds"] = language.text(f"kinds.{found['kind']}")
    return filled(language.text(key), **values)


def _parameter(name: str, value: str, group: Group, say: Sayer, language: Catalogue) -> Line | str:
    if name.endswith("owner"):
        return say.unit(value)
    if name.endswith("_type"):
        known = say.unit_type(value)
        in_words = name != "unit_type" or group.rule == "kind_and_type" or say.knows_type(value)
        return known if in_words else filled(language.text("units.of.type"), unit_type=known)
    if name in {"from_kind", "to_kind", "relation"}:
        return language.text(f"{name.rpartition('_')[2]}.{value}")
    if name == "turn":
        return language.say(f"turn.{value}", field=language.field(group.type))
    if name == "paths":
        return outside(", ".join(language.field(path) for path in value.split(" ")))
    return language.day(value) if name == "day" else outside(value)


def section_title(section: Section, language: Catalogue) -> str:
    """The heading of a section: by its events, where they are all of one type."""
    if section.name in _NAMED_BY_THEIR_EVENTS and len(section.counts) == 1:
        return language.title(next(iter(section.counts)))
    return language.section(section.name)


_NAMED_BY_THEIR_EVENTS: Final = frozenset(
    {SectionName.CREATED, SectionName.CLOSURES, SectionName.CLOSED, SectionName.OTHER}
)

# What the sentence of the group says already is not said again of each example.
_SAID_BY_THE_GROUP: Final = frozenset(
    {
        "unit.created",
        "unit.restored",
        "unit.opened",
        "unit.reopened",
        "unit.closed",
        "unit.removed",
        "unit.type_changed",
        "unit.closure_scheduled",
        "unit.effective_location_number_changed",
        "location_number.assigned",
        "location_number.released",
    }
)


def is_said_by_the_group(change: Change) -> bool:
    """Whether an example of a group needs no more than its name."""
    return change.type in _SAID_BY_THE_GROUP


def finding_line(found: FindingLine, say: Sayer, language: Catalogue) -> Line:
    """A finding in a sentence."""
    known = language.known(f"found.{found.code}")
    if known is None:
        return outside(f"{found.subject}: {found.message}")
    about_number = found.code.endswith(".shared")
    subject = code(found.subject) if about_number else _named(found.subject, say)
    reached = _several(found.reached, say, language)
    return filled(
        known,
        subject=subject,
        value=outside(found.value),
        day=words(language.day(found.value or "–")),
        units=_several(found.units, say, language),
        count=language.number(len(found.units)),
        reached=reached if found.reached else words(language.text("found.reached.none")),
    )


def _named(sor_id: str, say: Sayer) -> Line:
    return (*say.unit(sor_id), *words(" ("), *code(sor_id), *words(")"))


_NAMED: Final = 5


def _several(ids: tuple[str, ...], say: Sayer, language: Catalogue) -> Line:
    shown = joined([_named(sor_id, say) for sor_id in ids[:_NAMED]], ", ")
    more = len(ids) - _NAMED
    return (*shown, *words(f" {language.counted('list.more', more)}")) if more > 0 else shown


def alert_line(alert: Alert, language: Catalogue) -> Line:
    """An alert in a sentence; where the language has no words for it, as it was raised."""
    family, _, measure = alert.code.partition(".")
    pattern = language.known(f"alert.{alert.code}") or language.known(f"alert.{family}")
    what = language.known(f"measure.{measure}") or language.known(f"title.{measure}") or measure
    return filled(
        pattern or language.text("alert.other"),
        message=outside(alert.message),
        subject=outside(alert.subject),
        what=words(what),
        saw=words(_figure(alert.saw, language)),
        limit=words(_figure(alert.limit, language)),
    )


def _figure(value: float | None, language: Catalogue) -> str:
    return "–" if value is None else language.number(round(value))
