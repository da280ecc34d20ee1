"""What a report shows, in which order and how much of it, before any format prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pytest
from msgspec.structs import replace

from sordiff.alerts import Alert
from sordiff.model import Day, Gln, Kind, SorId
from sordiff.render.language import Catalogue
from sordiff.render.report.change_text import ChangeText
from sordiff.render.report.medium import MAIL, PAGE, TERMINAL, Medium
from sordiff.render.report.outline import build_outline
from sordiff.render.report.outline_blocks import (
    AlertLine,
    Block,
    ClosingsBlock,
    FindingsBlock,
    GroupsBlock,
    HeadingBlock,
    NightsBlock,
    NightsLeftOutBlock,
    NoticesBlock,
    Remark,
    SectionBlock,
)
from sordiff.render.text.rich_text import plain_text
from sordiff.report import (
    Asked,
    Calendar,
    ClosingDay,
    FindingKind,
    FindingLine,
    Night,
    Quality,
    RaisedAlert,
    SectionName,
    Standing,
    UnitEntry,
)
from tests.browser.making import DAY
from tests.report.changes import change, empty_report, renamed

if TYPE_CHECKING:
    from sordiff.report import Report

ALL = (TERMINAL, MAIL, PAGE)
IDS = [SorId(str(number)) for number in range(1, 9)]
OWNER = SorId("0")
UNITS = {
    sor_id: UnitEntry(name=f"Enhed {sor_id}", kind=Kind.INSTITUTION, parent=OWNER, owner=OWNER)
    for sor_id in IDS
}
_Wanted = TypeVar("_Wanted", bound=Block)


def outline(report: Report, medium: Medium = TERMINAL) -> list[Block]:
    return list(build_outline(report, ChangeText(report, Catalogue("en")), medium))


def only(wanted: type[_Wanted], report: Report, medium: Medium = TERMINAL) -> _Wanted:
    (found,) = (block for block in outline(report, medium) if isinstance(block, wanted))
    return found


def alert(code: str = "unusual.total", run: int = 90) -> RaisedAlert:
    raised = Alert(code=code, severity="warning", subject=None, message=code, saw=2, limit=1)
    return RaisedAlert(run=run, day=DAY, alert=raised, resolved_by=None)


def closings(day: str, count: int, new: tuple[int, ...] = ()) -> ClosingDay:
    scheduled = tuple(IDS[place] for place in new)
    return ClosingDay(day=Day(day), count=count, units=tuple(IDS[:count]), scheduled=scheduled)


def kind(shown: int, new: int) -> FindingKind:
    code = "sor_id.check_digit"
    lines = tuple(FindingLine(code=code, subject=IDS[at], message="") for at in range(shown))
    counts = {Standing.NEW: new, Standing.RESOLVED: 0, Standing.STANDING: 4}
    return FindingKind(code=code, counts=counts, new=lines, resolved=(), standing=())


def night(**counts: int) -> Night:
    return Night(
        run=90,
        day=DAY,
        kind="night",
        state="accepted",
        units=1,
        nights_missing=0,
        counts={name.replace("__", "."): count for name, count in counts.items()},
        held=False,
        unusual=False,
    )


def full_report() -> Report:
    """A night in which there is something of everything."""
    made = [change("unit.created", sor_id) for sor_id in IDS[:3]]
    report = empty_report(
        [*made, renamed("A", "B", IDS[4]), change("unit.shak_changed", IDS[5])], units=UNITS
    )
    return replace(
        report,
        alerts=(alert(),),
        calendar=Calendar(whole=False, days=(closings("2018-05-01", 1),), later=2),
        quality=Quality(known=True, kinds=(kind(1, 1),)),
        nights=(night(unit__created=3),),
    )


@pytest.mark.parametrize("medium", ALL)
def test_every_medium_has_the_blocks_in_the_same_order(medium: Medium) -> None:
    blocks = outline(full_report(), medium)
    expected = [
        HeadingBlock,
        NoticesBlock,
        GroupsBlock,
        SectionBlock,
        SectionBlock,
        ClosingsBlock,
        FindingsBlock,
        NightsBlock,
    ]
    assert [type(block) for block in blocks] == expected
    sections = [block.name for block in blocks if isinstance(block, SectionBlock)]
    assert sections == [SectionName.RENAMED, SectionName.OTHER]


@pytest.mark.parametrize("medium", ALL)
def test_what_is_empty_has_no_block(medium: Medium) -> None:
    nothing = Calendar(whole=True, days=(), later=0)
    report = empty_report(calendar=nothing, nights=(night(),))
    assert [type(block) for block in outline(report, medium)] == [HeadingBlock, NoticesBlock]


def test_paper_names_a_few_closings_and_counts_the_others() -> None:
    days = tuple(closings(f"2018-06-{day:02}", 4, new=(3,)) for day in range(1, 15))
    report = empty_report(units=UNITS, calendar=Calendar(whole=True, days=days, later=5))
    paper, page = only(ClosingsBlock, report), only(ClosingsBlock, report, PAGE)
    assert len(paper.days) == 12
    assert paper.later == "13 more close later."  # two days of four, and five beyond
    assert [plain_text(unit) for unit, _ in paper.days[0].units] == [
        "Enhed 1",
        "Enhed 2",
        "Enhed 3",
    ]
    assert paper.days[0].more == "… and 1 more"
    assert paper.days[0].counted == "4 units (1 of them new)"
    assert len(page.days) == 14
    assert page.later == "5 more close later."
    assert page.days[0].units[0] == (ChangeText(report, Catalogue("en")).unit(IDS[3]), True)
    assert page.days[0].more == ""


def test_a_page_shows_eight_notices_and_folds_the_others() -> None:
    report = empty_report(alerts=tuple(alert() for _ in range(11)))
    assert len(only(NoticesBlock, report).shown) == 11
    page = only(NoticesBlock, report, PAGE)
    assert (len(page.shown), len(page.folded), page.more) == (8, 3, "… and 3 more")


def test_a_page_begins_with_what_stopped_the_run_and_then_tells_the_alerts() -> None:
    report = empty_report(alerts=(alert(),))
    report = replace(report, headline=replace(report.headline, state="held", undone=2))
    for medium, kinds in (
        (TERMINAL, [Remark, Remark, AlertLine]),
        (PAGE, [Remark, AlertLine, Remark]),
    ):
        shown = only(NoticesBlock, report, medium).shown
        assert [type(notice) for notice in shown] == kinds
        assert [n.moved_nothing for n in shown if isinstance(n, Remark)] == [True, False]


def test_only_a_page_says_that_quality_was_not_recorded() -> None:
    report = empty_report(quality=Quality(known=False, kinds=()))
    assert only(FindingsBlock, report, PAGE).unknown == "Data quality was not recorded at the time."
    assert not any(isinstance(block, FindingsBlock) for block in outline(report))


def test_what_is_left_out_is_counted_everywhere() -> None:
    report = full_report()
    (group,) = report.groups
    (renamed_one, others) = (section for section in report.sections if section.single)
    report = replace(
        report,
        groups=(replace(group, count=9, examples=group.examples[:2], members=group.members[:2]),),
        sections=(replace(renamed_one, count=7), others),
        quality=Quality(known=True, kinds=(kind(2, 5),)),
    )
    for medium in ALL:
        assert only(GroupsBlock, report, medium).groups[0].more == "… and 7 more"
        sections = [b for b in outline(report, medium) if isinstance(b, SectionBlock)]
        assert [section.more for section in sections] == ["… and 6 more", ""]
        (found,) = only(FindingsBlock, report, medium).kinds
        standing = ["… and 4 more"] if medium is PAGE else []
        more = [standing.more for standing in found.standings]
        assert more == ["… and 3 more", "", *standing]
        assert found.more == ("… and 7 more" if medium is PAGE else "… and 3 more")


def test_standing_findings_are_counted_behind_the_news_unless_they_are_asked_for() -> None:
    old, new = kind(0, 5), replace(kind(2, 5), code="unit.misplaced")
    report = empty_report(quality=Quality(known=True, kinds=(old, new)))
    block = only(FindingsBlock, report)
    assert block.kinds[0].title == "Unit on a wrong level"
    assert block.kinds[1].counted.endswith(" standing")
    assert Standing.STANDING not in {found.standing for found in block.kinds[1].standings}
    assert "--all-findings" in block.hint
    everything = only(FindingsBlock, report, replace(TERMINAL, lists_standing=True))
    assert Standing.STANDING in {found.standing for found in everything.kinds[1].standings}
    assert everything.hint == only(FindingsBlock, report, PAGE).hint == ""


def test_the_types_to_filter_by_begin_with_what_closed_and_with_numbers() -> None:
    happened = [
        change("unit.created", "1"),
        change("unit.renamed", "2"),
        change("location_number.closed", "579", unit=IDS[0]),
        change("unit.closed", "3"),
    ]
    types = only(HeadingBlock, empty_report(happened), PAGE).types
    assert [kind.title for kind in types] == [
        "Closed",
        "Location number closed",
        "Created",
        "Renamed",
    ]
    assert [kind.place for kind in types] == [3, 2, 0, 1]


def test_why_there_is_no_picture_is_said_where_a_part_was_asked_for() -> None:
    of_a_part = empty_report(asked=Asked(number=Gln("579")))
    assert only(NightsLeftOutBlock, of_a_part).text.startswith("The picture of the last nights")
    assert isinstance(only(NoticesBlock, of_a_part, PAGE).shown[-1], Remark)
    for medium in (MAIL, PAGE):
        assert [type(block) for block in outline(of_a_part, medium)][-1] is ClosingsBlock


def test_a_row_says_what_happened_where_the_heading_does_not() -> None:
    one = empty_report([change("unit.shak_changed", "1")])
    two = empty_report([change("unit.shak_changed", "1"), change("unit.cvr_changed", "2")])
    assert only(SectionBlock, one).title == "SHAK code"
    assert [row.title for row in only(SectionBlock, one).rows] == [""]
    assert only(SectionBlock, two).title == "Other changes"
    assert [row.title for row in only(SectionBlock, two).rows] == ["", ""]
    valued = empty_report([change("unit.provider_number_changed", "1", after="019062")])
    for medium in ALL:
        (row,) = only(SectionBlock, valued, medium).rows
        assert [plain_text(line) for line in row.lines] == [
            "provider number (ydernummer): – → 019062"
        ]


def test_a_number_that_closed_or_was_given_up_says_so_in_every_format() -> None:
    closed = change("location_number.closed", "579", unit=IDS[0], before="1", after="1", carriers=4)
    (row,) = only(SectionBlock, empty_report([closed])).rows
    assert row.title == "Location number closed"
    assert plain_text(row.lines[-1]) == "4 open units still have this closed number"
    released = change("location_number.released", "579", unit=IDS[0], before="1", carriers=4)
    (row,) = only(SectionBlock, empty_report([released])).rows
    assert plain_text(row.lines[-1]) == "still holds for 4 open units"
    assert Catalogue("da").title(released.type) == "Lokationsnummer afgivet"


def test_commands_in_a_report_name_the_run_and_the_changelog() -> None:
    head = replace(empty_report().headline, state="held", runs=(7,))
    for database, where in (("", ","), ("a b/x.db", " --db 'a b/x.db',")):
        medium = replace(TERMINAL, database=database)
        first = only(NoticesBlock, empty_report(headline=head), medium).shown[0]
        said = plain_text(first.line)
        assert f"Release run 7 with sordiff release 7 --reason …{where}" in said
