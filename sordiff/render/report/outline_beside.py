"""What stands beside the changes in the outline: closings to come, data quality, last nights."""

from collections.abc import Iterator, Sequence

from sordiff.render.report.change_text import ChangeText
from sordiff.render.report.finding_text import finding_line, standing_counts, standings
from sordiff.render.report.last_nights import has_counts, last_nights
from sordiff.render.report.medium import Medium
from sordiff.render.report.outline_blocks import (
    Block,
    ClosingsBlock,
    ClosingsOfDay,
    FindingsBlock,
    FindingsOfKind,
    FindingsOfStanding,
    NightsBlock,
    NightsLeftOutBlock,
)
from sordiff.render.report.phrases import count_closings, more_text
from sordiff.report import ClosingDay, FindingKind, Report, Standing


def blocks_beside(report: Report, text: ChangeText, medium: Medium) -> Iterator[Block]:
    """The blocks below the changes, in their order; what is empty is left out."""
    beside = _Beside(report, text, medium)
    yield from beside.closings()
    yield from beside.findings()
    yield from beside.nights()


class _Beside:
    def __init__(self, report: Report, text: ChangeText, medium: Medium) -> None:
        self._report = report
        self._text = text
        self._language = text.language
        self._medium = medium

    def closings(self) -> Iterator[ClosingsBlock]:
        calendar, language = self._report.calendar, self._language
        if not calendar.days and not calendar.later:
            return
        most = self._medium.closing_days
        shown = calendar.days[:most]
        later = calendar.later + sum(day.count for day in calendar.days[len(shown) :])
        yield ClosingsBlock(
            title=language.text("part.calendar"),
            days=tuple(map(self._closings_of, shown)),
            later=language.counted("calendar.later", later) if later else "",
            partly="" if calendar.whole else language.text("calendar.partly"),
        )

    def _closings_of(self, entry: ClosingDay) -> ClosingsOfDay:
        language, is_page = self._language, self._medium.is_page
        scheduled = set(entry.scheduled)
        # What is news comes first, where each unit says that it is.
        units: Sequence[str] = entry.units
        if is_page:
            units = sorted(units, key=lambda sor_id: sor_id not in scheduled)
        shown = units[: self._medium.closing_units]
        of_day = language.counted("calendar.day", entry.count)
        return ClosingsOfDay(
            day=entry.day,
            counted=of_day if is_page else count_closings(entry, language),
            units=tuple((self._text.unit(one), one in scheduled) for one in shown),
            more=more_text(self._language, entry.count - len(shown)),
        )

    def findings(self) -> Iterator[FindingsBlock]:
        quality, language = self._report.quality, self._language
        is_told = not quality.known and self._medium.is_page
        if is_told or (quality.known and quality.kinds):
            # The news first; the sort keeps the order of kinds that have the same.
            kinds = sorted(quality.kinds, key=lambda kind: not (kind.new or kind.resolved))
            is_hidden = not self._medium.lists_standing and any(
                kind.counts[Standing.STANDING] for kind in kinds
            )
            yield FindingsBlock(
                title=language.text("part.quality"),
                unknown=language.text("quality.unknown") if is_told else "",
                kinds=tuple(map(self._findings_of, kinds)),
                hint=language.text("quality.standing") if is_hidden else "",
            )

    def _findings_of(self, kind: FindingKind) -> FindingsOfKind:
        language = self._language
        found = tuple(
            entry
            for entry in standings(kind)
            if self._medium.lists_standing or entry[0] is not Standing.STANDING
        )
        return FindingsOfKind(
            title=language.finding(kind.code),
            count=language.number(sum(kind.counts.values())),
            counted=standing_counts(kind, language),
            standings=tuple(
                FindingsOfStanding(
                    standing=standing,
                    word=language.counted(f"finding.{standing}", 1),
                    lines=tuple(finding_line(line, self._text) for line in lines),
                    more=more_text(self._language, more),
                )
                for standing, lines, more in found
            ),
            more=more_text(self._language, sum(more for _, _, more in found)),
        )

    def nights(self) -> Iterator[NightsBlock | NightsLeftOutBlock]:
        last = last_nights(self._report)
        # The page also draws what waits for a decision.
        waits = self._medium.is_page and any(night.counts for night in last.nights)
        if waits or has_counts(last):
            yield NightsBlock(title=self._language.counted("part.nights", last.days), last=last)
        elif self._report.asked.is_of_a_part and self._medium.says_nights_left_out:
            yield NightsLeftOutBlock(text=self._language.text("part.nights.left.out"))
