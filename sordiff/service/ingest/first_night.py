"""The first night: everything is state, and nothing an event.

Of such a night every unit is written and assessed. A worker process assesses them meanwhile, where
they lie in a file that both can read.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import msgspec
from msgspec import Struct

from sordiff.changelog.records import FindingTurn
from sordiff.computing_beside import compute_beside
from sordiff.coverage.carried import CarrierCounter
from sordiff.coverage.counts import Coverage
from sordiff.model import Kind, State, Unit
from sordiff.register import Register
from sordiff.service.ingest.candidate import Candidate
from sordiff.service.ingest.judged_snapshot import (
    JudgedSnapshot,
    build_new_run,
    build_origin,
    find_candidate_date_alerts,
)
from sordiff.service.ingest.quality import QualityOfNight, assess_first_night
from sordiff.spooled_units import SpooledUnits

# For fewer a second process is not worth its start.
_FEWEST_FOR_WORKER: Final = 20_000


class Assessment(Struct, frozen=True, kw_only=True):
    """What a look at each unit of a register finds: the findings are known from now on."""

    coverage: Coverage
    quality: QualityOfNight
    open_units: int


class _Encoded(Struct, array_like=True):
    """An assessment on its way between two processes."""

    carriers: list[tuple[str, Kind, int]]
    turns: tuple[FindingTurn, ...]
    standing: int
    open_units: int


_DECODER: Final = msgspec.msgpack.Decoder(_Encoded)


@contextmanager
def assess_beside(register: Register) -> Iterator[Callable[[], Assessment]]:
    """Assess a register while the block runs; what is given waits for the assessment.

    Without a file from which a worker process can read the units, it is made when it is asked for.
    """
    units = register.units
    is_large = isinstance(units, SpooledUnits) and len(units) >= _FEWEST_FOR_WORKER
    if not is_large:
        yield lambda: assess(register)
        return

    with compute_beside(lambda: assess(register), _encode, _decode) as wait:
        yield wait


def _encode(assessment: Assessment) -> Iterator[bytes]:
    carriers = assessment.coverage.carriers
    yield msgspec.msgpack.encode(
        _Encoded(
            carriers=[(path, kind, count) for (path, kind), count in carriers.items()],
            turns=assessment.quality.turns,
            standing=assessment.quality.standing,
            open_units=assessment.open_units,
        )
    )


def _decode(parts: Iterator[bytes]) -> Assessment:
    found = _DECODER.decode(next(parts))
    carriers = {(path, kind): count for path, kind, count in found.carriers}
    return Assessment(
        coverage=Coverage(Counter(carriers)),
        quality=QualityOfNight(turns=found.turns, standing=found.standing),
        open_units=found.open_units,
    )


def assess(register: Register) -> Assessment:
    """Ask of each unit all that is recorded of a first night beside its record."""
    carriers = CarrierCounter()
    open_units = 0

    def look(units: Sequence[Unit]) -> None:
        nonlocal open_units
        carriers.add(units)
        open_units += sum(unit.state(register.day) is State.OPEN for unit in units)

    quality = assess_first_night(register, look)
    return Assessment(coverage=Coverage(carriers.count()), quality=quality, open_units=open_units)


def judge_first_night(
    candidate: Candidate, register: Register, assessment: Assessment
) -> JudgedSnapshot:
    """What is to be recorded of the first snapshot."""
    snapshot = candidate.snapshot
    run = build_new_run("baseline", candidate, assessment.open_units, snapshot.warnings)
    return JudgedSnapshot(
        run=run,
        snapshot=snapshot,
        before=None,
        after=register,
        touched=frozenset(register.units),
        coverage=assessment.coverage,
        fields=candidate.names,
        alerts=find_candidate_date_alerts(candidate, 0),
        quality=assessment.quality,
        origin=build_origin(candidate, register),
    )
