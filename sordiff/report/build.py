"""Building a report from what was read. Nothing is computed later, in a renderer."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from sordiff.events import TYPE_BY_NAME
from sordiff.findings import Finding
from sordiff.model import Day, SorId
from sordiff.reconcile.kept_list import ListMembers
from sordiff.report.calendar import build_calendar
from sordiff.report.change import Change, UnitEntry
from sordiff.report.code_texts import REGION, Codes, collect_mentioned_codes, name_regions
from sordiff.report.filter import is_under, select_changes
from sordiff.report.folding import Folded
from sordiff.report.groups import WaitForNames, assign_groups, find_groups
from sordiff.report.model import Calendar, Group, Night, Quality, Report
from sordiff.report.quality import build_quality
from sordiff.report.referenced_units import (
    add_units_above,
    collect_named_units,
    collect_other_units,
)
from sordiff.report.request import Asked, Headline, RaisedAlert
from sordiff.report.sections import build_number_stories, build_sections, count_changes, count_notes
from sordiff.report.word_diff import mark_words

FindingsByKey = Mapping[tuple[str, str], Finding]


class Material(Struct, frozen=True, kw_only=True):
    """What was read for a report.

    `folded` are the changes of the whole period, folded or not, in order, and `scheduled` those
    that scheduled a closing which still stands at its end; `table` tells of every unit that
    anything here speaks of, and of all above them; `closings` are the last valid days to come, None
    where the register has moved on since; the findings are None where none are known.
    `lists` are the classifications by name, each with the field that it serves; `codes` the texts
    of codes by the field they stand in (coded.CODED_FIELDS). `members` are those of the list that
    was asked for. `wait_for_names` gets the groups of new names where a worker process finds them.
    """

    asked: Asked
    headline: Headline
    folded: Folded
    scheduled: tuple[Change, ...]
    table: Mapping[SorId, UnitEntry]
    alerts: tuple[RaisedAlert, ...]
    closings: tuple[tuple[Day, SorId], ...] | None
    findings_before: FindingsByKey | None
    findings_after: FindingsByKey | None
    nights: tuple[Night, ...]
    unit_types: Mapping[str, str]
    specialities: Mapping[str, str]
    lists: Mapping[str, str | None] = {}
    codes: Codes = {}
    members: ListMembers | None = None
    wait_for_names: WaitForNames | None = None


def build_report(material: Material) -> Report:
    """The report of what was asked for."""
    asked, table = material.asked, material.table
    told = material.folded
    changes = select_changes(told.changes, asked, table, material.members)
    groups = find_groups(changes, table, material.wait_for_names)
    changes = assign_groups(changes, groups)
    calendar = _build_calendar(material)
    quality = _build_quality(material)
    listed = _Listed(changes, groups, asked.limit)
    units = add_units_above(
        table,
        collect_named_units(listed.changes)
        | collect_other_units(calendar, quality, groups)
        | {sor_id for sor_id in (asked.unit, asked.under) if sor_id is not None},
    )
    return Report(
        asked=asked,
        headline=msgspec.structs.replace(
            material.headline,
            counts=count_changes(changes),
            noted=count_notes(changes),
            undone=len(select_changes(told.undone, asked, table, material.members)),
            elsewhere=len(told.changes) - len(changes) + told.others,
        ),
        alerts=material.alerts,
        groups=listed.groups,
        sections=listed.sections,
        calendar=calendar,
        numbers=listed.numbers,
        quality=quality,
        nights=material.nights,
        changes=listed.changes,
        units=units,
        lists=dict(material.lists),
        **_select_texts(material, listed.changes, groups, units),
    )


def _select_texts(
    material: Material,
    changes: Sequence[Change],
    groups: Sequence[Group],
    units: Mapping[SorId, UnitEntry],
) -> dict[str, Any]:
    """Of all texts of codes those that the report mentions, by field of Report."""
    types = {entry.unit_type for entry in units.values()} | _unit_types_in(changes, groups)
    specialities = _specialities_in(changes)
    regions = {entry.region for entry in units.values() if entry.region is not None}
    differences = (found for change in changes for found in change.differences)
    return {
        "unit_types": _select_known(types, material.unit_types),
        "specialities": _select_known(specialities, material.specialities),
        "regions": name_regions(regions, material.codes.get(REGION, {})),
        "codes": collect_mentioned_codes(differences, material.codes),
    }


class _Listed:
    """The lists of a report, cut to the limit, and the changes that are in any of them."""

    def __init__(
        self, changes: Sequence[Change], groups: Sequence[Group], limit: int | None
    ) -> None:
        self.groups = tuple(
            msgspec.structs.replace(
                group, examples=group.examples[:limit], members=group.members[:limit]
            )
            for group in groups
        )
        self.sections = build_sections(changes, limit)
        self.numbers = build_number_stories(changes, limit)
        if limit is None:
            self.changes = tuple(map(mark_words, changes))
        else:
            self._leave_out_the_rest(changes)

    def _leave_out_the_rest(self, changes: Sequence[Change]) -> None:
        lists = (
            *(list_ for group in self.groups for list_ in (group.examples, group.members)),
            *(section.single for section in self.sections),
            *(list_ for story in self.numbers for list_ in (story.changes, story.felt)),
        )
        kept = sorted({place for list_ in lists for place in list_})
        now = {place: number for number, place in enumerate(kept)}

        def moved(places: Iterable[int]) -> tuple[int, ...]:
            return tuple(now[place] for place in places)

        replace = msgspec.structs.replace
        self.changes = tuple(mark_words(changes[place]) for place in kept)
        self.groups = tuple(
            replace(group, examples=moved(group.examples), members=moved(group.members))
            for group in self.groups
        )
        self.sections = tuple(
            replace(section, single=moved(section.single)) for section in self.sections
        )
        self.numbers = tuple(
            replace(story, changes=moved(story.changes), felt=moved(story.felt))
            for story in self.numbers
        )


def _build_calendar(material: Material) -> Calendar:
    asked, table = material.asked, material.table
    closings, scheduled, members = material.closings, material.scheduled, material.members
    if closings is not None:
        closings = tuple(
            (day, i)
            for day, i in closings
            if _is_of_interest(i, asked, table) and (members is None or i in members.units)
        )
    if asked.number or (asked.type and not TYPE_BY_NAME[asked.type].tells_closing):
        closings, scheduled = (), ()
    of_any_type = msgspec.structs.replace(asked, type=None)
    return build_calendar(
        closings, select_changes(scheduled, of_any_type, table, members), material.headline.until
    )


def _build_quality(material: Material) -> Quality:
    asked, table = material.asked, material.table

    def wanted(found: Finding) -> bool:
        if asked.type is not None:
            return False
        if material.members is not None:
            subjects = {found.subject, *found.units}
            return not (
                material.members.units.isdisjoint(subjects)
                and material.members.numbers.isdisjoint(subjects)
            )
        if asked.number is not None:
            return asked.number in {found.subject, found.value}
        concerned = (found.subject, *found.units)
        return any(_is_of_interest(sor_id, asked, table) for sor_id in concerned)

    return build_quality(material.findings_before, material.findings_after, wanted, asked.limit)


def _is_of_interest(sor_id: str, asked: Asked, table: Mapping[SorId, UnitEntry]) -> bool:
    if asked.unit is not None:
        return sor_id == asked.unit
    return asked.under is None or is_under(sor_id, asked.under, table)


def _unit_types_in(changes: Iterable[Change], groups: Iterable[Group]) -> set[str | None]:
    """The unit types that changes and groups name, beside those of the units."""
    found: set[str | None] = {value for group in groups for value in group.parameters.values()}
    for change in changes:
        for side in (change.before, change.after):
            code = getattr(side, "code", None)
            found.add(code)
    return found


def _specialities_in(changes: Iterable[Change]) -> set[str | None]:
    return {
        speciality.get("code")
        for change in changes
        for found in change.differences
        if found.path == "specialities"
        for side in (found.before, found.after)
        for speciality in side or ()
    }


def _select_known(codes: Iterable[str | None], texts: Mapping[str, str]) -> dict[str, str]:
    known = sorted(code for code in codes if code is not None and code in texts)
    return {code: texts[code] for code in known}
