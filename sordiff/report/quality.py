"""Data quality: the findings that are new, that stand, and that are resolved."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Final

from sordiff.findings import Finding
from sordiff.report.model import FindingKind, FindingLine, Quality, Standing

# Of those that stood before and stand, so many of a kind are told; `sordiff check` lists them all.
_STANDING_SHOWN: Final = 50

_Key = tuple[str, str]


def build_quality(
    before: Mapping[_Key, Finding] | None,
    after: Mapping[_Key, Finding] | None,
    wanted: Callable[[Finding], bool],
    limit: int | None,
) -> Quality:
    """The findings before and after the period; None where they were not recorded."""
    if after is None:
        return Quality(known=False, kinds=())
    sorted_out: dict[str, dict[Standing, list[FindingLine]]] = defaultdict(
        lambda: {standing: [] for standing in Standing}
    )
    then = after if before is None else before
    for key in sorted(then.keys() | after.keys()):
        standing = Standing.STANDING if key in then and key in after else Standing.RESOLVED
        if key not in then:
            standing = Standing.NEW
        found = after.get(key) or then[key]
        if wanted(found):
            sorted_out[found.code][standing].append(_line(found))
    return Quality(known=True, kinds=tuple(_kind(c, sorted_out[c], limit) for c in sorted_out))


def _kind(code: str, lines: Mapping[Standing, list[FindingLine]], limit: int | None) -> FindingKind:
    most = _STANDING_SHOWN if limit is None else min(limit, _STANDING_SHOWN)
    return FindingKind(
        code=code,
        counts={standing: len(lines[standing]) for standing in Standing},
        new=tuple(lines[Standing.NEW])[:limit],
        resolved=tuple(lines[Standing.RESOLVED])[:limit],
        standing=tuple(lines[Standing.STANDING])[:most],
    )


def _line(found: Finding) -> FindingLine:
    return FindingLine(
        code=found.code,
        subject=found.subject,
        message=found.message,
        units=found.units,  # type: ignore[arg-type]  # ids all of them
        reached=found.reached,  # type: ignore[arg-type]  # same
        value=found.value,
    )
