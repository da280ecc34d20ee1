"""The first night: everything is state, and nothing an event.

Of such a night every unit is written and assessed. A worker process assesses them meanwhile, where
they lie in a file that both can read.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Final

import msgspec
from msgspec import Struct

from sordiff.changelog.records import FindingTurn
from sordiff.coverage import Coverage, count_coverage
from sordiff.findings import (
    Finding,
    find_number_findings,
    find_own_findings,
    find_placed_findings,
    find_provider_number_findings,
)
from sordiff.model import Gln, Kind, SorId, State
from sordiff.register import Register
from sordiff.service.ingest.candidate import Candidate
from sordiff.service.ingest.judged_snapshot import (
    JudgedSnapshot,
    build_new_run,
    build_origin,
    find_candidate_date_alerts,
)
from sordiff.service.ingest.quality import QualityOfNight, find_turns, index_findings
from sordiff.spooled_units import SpooledUnits
from sordiff.worker_process import SendPart, count_cores, run_in_worker

# Units that are looked at together.
_AT_ONCE: Final = 2_000
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

    Without a second core, or a file from which a worker process can read the units, it is made when
    it is asked for.
    """
    units = register.units
    if (
        not isinstance(units, SpooledUnits) or len(units) < _FEWEST_FOR_WORKER or count_cores() < 2  # noqa: PLR2004  # one for each
    ):
        yield lambda: assess(register)
        return

    def work(send_part: SendPart) -> None:
        send_part(_encode(assess(register)))

    with run_in_worker(work) as worker:

        def wait() -> Assessment:
            # Whatever ended the worker, this process says it better.
            if not worker.wait_for_success():
                return assess(register)
            return _decode(b"".join(worker.read_parts()))

        yield wait


def _encode(assessment: Assessment) -> bytes:
    carriers = assessment.coverage.carriers
    return msgspec.msgpack.encode(
        _Encoded(
            carriers=[(path, kind, count) for (path, kind), count in carriers.items()],
            turns=assessment.quality.turns,
            standing=assessment.quality.standing,
            open_units=assessment.open_units,
        )
    )


def _decode(encoded: bytes) -> Assessment:
    found = _DECODER.decode(encoded)
    carriers = {(path, kind): count for path, kind, count in found.carriers}
    return Assessment(
        coverage=Coverage(Counter(carriers)),
        quality=QualityOfNight(turns=found.turns, standing=found.standing),
        open_units=found.open_units,
    )


def assess(register: Register) -> Assessment:
    """Look at each unit once, some of them together: they may have to be decoded for it."""
    found: list[Finding] = []
    carriers: Counter[tuple[str, Kind]] = Counter()
    open_units = 0
    owners: dict[Gln, list[SorId]] = {}
    with_provider_number: dict[str, list[SorId]] = {}
    waiting = iter(register.units.values())
    while units := [*islice(waiting, _AT_ONCE)]:
        found += find_own_findings(units)
        found += find_placed_findings(register, units)
        carriers.update(count_coverage(units).carriers)
        for unit in units:
            open_units += unit.state(register.day) is State.OPEN
            if unit.number is not None:
                owners.setdefault(unit.number, []).append(unit.sor_id)
            if unit.provider_number is not None:
                with_provider_number.setdefault(unit.provider_number, []).append(unit.sor_id)
    register.take_indexes(owners, with_provider_number)
    found += find_number_findings(register, owners)
    found += find_provider_number_findings(register, with_provider_number)
    findings = index_findings(sorted(found))
    return Assessment(
        coverage=Coverage(carriers),
        quality=QualityOfNight(turns=tuple(find_turns(None, findings)), standing=len(findings)),
        open_units=open_units,
    )


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
        fields=candidate.settings.fields,
        alerts=find_candidate_date_alerts(candidate, 0),
        quality=assessment.quality,
        origin=build_origin(candidate, register),
    )
