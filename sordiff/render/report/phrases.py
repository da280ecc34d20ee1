"""What is said of groups, sections, findings and alerts, in one language."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from sordiff.alerts import Alert
from sordiff.events import TYPE_BY_NAME
from sordiff.model import Kind
from sordiff.render.language import Catalogue
from sordiff.render.report.change_text import Sayer
from sordiff.render.text.rich_text import Line, code, filled, joined, outside, words
from sordiff.report import (
    Change,
    ClosingDay,
    FindingKind,
    FindingLine,
    Group,
    RaisedAlert,
    Report,
    Section,
    SectionName,
    Standing,
)


def group_line(group: Group, say: Sayer, language: Catalogue) -> Line:
    """A group in a sentence."""
    found = group.parameters
    key = f"rule.{group.rule}"
    if group.rule == "number.inherited" and len(found.keys() - {"notes"}) == 1:
        key += ".to" if "to_number" in found else ".from"
    if group.rule == "number.handed":
        key += _handed(found)
    values: dict[str, Line | str] = {
        name: _parameter(name, value, group, say, language) for name, value in found.items()
    }
    values["count"] = language.number(group.count)
    values["did"] = language.did(group.type)
    values["noun"] = language.text(f"noun.{group.type.partition('.')[0]}")
    if "kind" in found:
        values["kinds"] = language.text(f"kinds.{found['kind']}")
    notes = [words(language.text(f"note.{note}")) for note in found.get("notes", "").split()]
    return joined([filled(language.text(key), **values), *notes], ", ")


# Parameters that are words of ours, with the family of their keys.
_SAID_BY_KEY: Final = {"from_kind": "kinds", "to_kind": "kinds", "relation": "relation"}


def _handed(found: Mapping[str, str]) -> str:
    """How the old hands stand to the new ones, which is part of the sentence."""
    relation = found["relation"]
    if relation == "other_owner" and found["to_kind"] == Kind.OWNER:
        return ".between_owners"
    return f".{relation}"


def _parameter(name: str, value: str, group: Group, say: Sayer, language: Catalogue) -> Line | str:
    if name.endswith("owner"):
        return say.unit(value)
    if name.endswith("_type"):
        known = say.unit_type(value)
        in_words = name != "unit_type" or group.rule == "kind_and_type" or say.knows_type(value)
        return known if in_words else filled(language.text("units.of.type"), unit_type=known)
    return _word(name, value, group, say, language)


def _word(name: str, value: str, group: Group, say: Sayer, language: Catalogue) -> Line | str:
    """A parameter that is neither a unit nor a unit type."""
    if name in _SAID_BY_KEY:
        return language.text(f"{_SAID_BY_KEY[name]}.{value}")
    if name == "list":
        return say.codes_of(value)
    if name == "turn":
        field = TYPE_BY_NAME[group.type].field or group.type
        return language.say(f"turn.{value}", field=language.field(field))
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
        "unit.type_changed",
        "unit.closure_scheduled",
        "unit.effective_location_number_changed",
    }
)


def is_said_by_the_group(change: Change) -> bool:
    """Whether an example of a group needs no more than its name."""
    return change.type in _SAID_BY_THE_GROUP


def names_its_unit(change: Change) -> bool:
    """Whether a change is told under its unit, whose id then stands behind.

    A location number is told under itself, and says the ids of its holders beside their names.
    """
    return change.unit is not None and not change.type.startswith("location_number.")


def closings_counted(entry: ClosingDay, language: Catalogue) -> str:
    """How many close on a day, and whether that is news."""
    new = len(entry.scheduled)
    key = "all" if new == entry.count else "count"
    fresh = f" ({language.counted(f'calendar.new.{key}', new)})" if new else ""
    return f"{language.counted('calendar.day', entry.count)}{fresh}"


def counts_told(kind: FindingKind, language: Catalogue) -> str:
    """How many findings of a kind are new, as they were, and resolved."""
    return ", ".join(
        f"{language.number(count)} {language.counted(f'finding.{standing}', count)}"
        for standing, count in kind.counts.items()
        if count
    )


def standings(kind: FindingKind) -> Iterator[tuple[Standing, tuple[FindingLine, ...], int]]:
    """What is told of a kind, the news first: the findings, and how many more there are."""
    for standing, lines in (
        (Standing.NEW, kind.new),
        (Standing.RESOLVED, kind.resolved),
        (Standing.STANDING, kind.standing),
    ):
        yield standing, lines, kind.counts[standing] - len(lines)


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


def is_settled(raised: RaisedAlert, report: Report) -> bool:
    """Whether nobody has to decide any more: it was done, or the run will never move anything."""
    over = {held.run for held in report.headline.held_runs if held.state in _OVER}
    return raised.resolved_by is not None or raised.run in over


_OVER: Final = frozenset({"rejected", "superseded"})


def alert_lead(raised: RaisedAlert, report: Report, language: Catalogue) -> str:
    """How grave an alert is and whether it is settled; where several runs are told of, its day."""
    lead = language.text(f"severity.{raised.alert.severity}")
    if is_settled(raised, report):
        lead += f" ({language.text('settled')})"
    if report.headline.runs == (raised.run,) and not report.headline.held_runs:
        return lead
    return f"{lead}, {language.day(raised.day)}"


# A sentence that was recorded has its days as programs write them.
_DAY: Final = re.compile(r"(?<![\w-])\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?![\w-])")


def alert_line(alert: Alert, language: Catalogue) -> Line:
    """An alert in a sentence; where the language has no words for it, as it was raised."""
    family, _, measure = alert.code.partition(".")
    pattern = language.known(f"alert.{alert.code}") or language.known(f"alert.{family}")
    below = (alert.saw or 0) < (alert.limit or 0)
    return filled(
        pattern or language.text("alert.other"),
        message=outside(_DAY.sub(lambda found: language.day(found[0]), alert.message)),
        subject=outside(alert.subject),
        what=words(_measured(measure, language)),
        bound=words(language.text("alert.at_least" if below else "alert.at_most")),
        saw=words(_figure(alert.saw, language)),
        limit=words(_figure(alert.limit, language)),
    )


def _measured(measure: str, language: Catalogue) -> str:
    """What was counted, as it stands behind its count."""
    known = language.known(f"measure.{measure}")
    if known is not None:
        return known
    noun = language.known(f"noun.{measure.partition('.')[0]}")
    did = language.known(f"did.{measure}")
    return f"{noun} {did}" if noun and did else measure


def _figure(value: float | None, language: Catalogue) -> str:
    return "–" if value is None else language.number(round(value))
