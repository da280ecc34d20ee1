"""Fields that units lose, or come to carry, all at once: by share, from the first night on."""

from collections import Counter
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import Final

from msgspec import UNSET
from msgspec.structs import replace

from sordiff.alerts import Alert
from sordiff.anomalies.coverage_rules import CoverageRules
from sordiff.coverage.counts import (
    Coverage,
    Untouched,
    count_turns,
    count_turns_between,
    prepare_untouched,
)
from sordiff.coverage.losses import FieldTurn, find_gains, find_losses
from sordiff.coverage.proposals import Replacement, propose_replacement
from sordiff.coverage.said_elements import Places
from sordiff.diff import Changeset
from sordiff.model import Day, Kind

_SHOWN: Final = 5
_KINDS: Final = {
    None: "units",
    Kind.OWNER: "owners",
    Kind.INSTITUTION: "institutions",
    Kind.ORGANIZATIONAL_UNIT: "organizational units",
}


def find_coverage_alerts(
    changes: Changeset, reference: Coverage | None, rules: CoverageRules, places: Places
) -> Iterator[Alert]:
    """What was lost, which holds the night, then what was gained.

    `reference`: the coverage of the old register; None where it is not known. `places`: where the
    reader looks for each field.
    """
    night, untouched = count_turns(changes), prepare_untouched(changes, reference)
    days = changes.old.day, changes.new.day
    losses = [
        (loss, propose_replacement(loss, changes, places))
        for loss in find_losses(night, untouched, rules.least, rules.share)
    ]
    proposed = {path for _, instead in losses for each in instead.mapped for path in each.paths}
    for loss, instead in losses:
        yield _lost(loss, _leave_out(instead, proposed), days, rules)
    for gain in find_gains(night, untouched, rules.gained_least, rules.gained_share):
        yield _gained(gain, rules)


def judge_recorded_coverage(
    before: Coverage, after: Coverage, days: tuple[Day, Day], rules: CoverageRules
) -> Iterator[Alert]:
    """The same by the figures of two runs alone, for limits that are only tried.

    Which units were gone and which came is not in the figures. The least that both nights can have
    had is taken, so that a purge is no loss; on a night with both, a loss may be missed.
    """
    night = count_turns_between(before, after)
    for loss in find_losses(night, Untouched(Counter()), rules.least, rules.share):
        yield _lost(loss, Replacement(came=(), mapped=()), days, rules)
    for gain in find_gains(night, Untouched(Counter()), rules.gained_least, rules.gained_share):
        yield _gained(gain, rules)


def _leave_out(instead: Replacement, proposed: AbstractSet[str]) -> Replacement:
    """What came, but for what some field is proposed to be in; nothing where this one is found."""
    others = () if instead.mapped else instead.came
    return replace(instead, came=tuple(came for came in others if came.path not in proposed))


def _lost(
    loss: FieldTurn, instead: Replacement, days: tuple[Day, Day], rules: CoverageRules
) -> Alert:
    is_ending = loss.field in rules.ending
    limit = rules.share * loss.of
    told = (
        f"{loss.of:,} {_KINDS[loss.kind]} carried {loss.field} on {days[0]}, "
        f"and {loss.now:,} of them still do on {days[1]}"
    )
    expected = f"more than {limit:,.0f} of them"
    sentences = (told, f"expected {expected}", *_proposed(instead), *_came(instead))
    return Alert(
        code="coverage.lost",
        severity="warning" if is_ending else "critical",
        subject=loss.field,
        message="; ".join(sentences),
        saw=loss.now,
        limit=limit,
        expected=expected,
        mapping=tuple(mapped.whole_line() for mapped in instead.mapped) or UNSET,
    )


def _proposed(instead: Replacement) -> Iterator[str]:
    """What says now what the field said, with the line to write."""
    if not instead.mapped:
        return
    first = instead.mapped[0]
    percent = 100 if first.alike == 1 else min(99, round(100 * first.alike))
    lines = ", ".join(mapped.line() for mapped in instead.mapped)
    yield (
        f"the unknown {first.paths[0]} now says in {percent} % of them what it said: if it is the "
        f"same under another name, write under [{first.table}] in sordiff.toml: {lines}"
    )


def _came(instead: Replacement) -> Iterator[str]:
    """What is unknown and came that night on the same units."""
    for came in instead.came[:_SHOWN]:
        yield f"{came.path} is new and unknown on {came.units:,} of these units"
    if len(instead.came) > _SHOWN:
        yield f"{len(instead.came) - _SHOWN:,} more unknown elements or attributes are new on them"


def _gained(gain: FieldTurn, rules: CoverageRules) -> Alert:
    limit = rules.gained_share * gain.of
    expected = f"fewer than {max(limit, rules.gained_least):,.0f} in one night"
    return Alert(
        code="coverage.gained",
        severity="warning",
        subject=gain.field,
        message=(
            f"{gain.now:,} of {gain.of:,} {_KINDS[gain.kind]} came to carry {gain.field}; "
            f"expected {expected}"
        ),
        saw=gain.now,
        limit=max(limit, rules.gained_least),
        expected=expected,
    )
