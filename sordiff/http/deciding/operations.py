"""The decisions of programs, for routes and for the OpenAPI document."""

from typing import Annotated, Final, TypeAlias

from msgspec import Meta, Struct

from sordiff.http.operation import Operation
from sordiff.http.parameters import RunAsked, RunNumber
from sordiff.report import RecordedRun

LONGEST_REASON: Final = 2_000

_Reason: TypeAlias = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=LONGEST_REASON,
        description="Why; it is stored with the run, and told to subscribers of runs.",
        examples=["Announced by the register's newsletter."],
    ),
]
_Digest: TypeAlias = Annotated[
    str,
    Meta(
        max_length=200,
        description="The digest of the run, as /v1/runs/{run} told it. If it is another one by"
        " now, nothing is decided.",
    ),
]
_ANSWER: Final = (
    " It is answered when it is recorded. Asked again with the same reason by the same token, it is"
    " answered in the same way, and done once. A server on which deciding is switched off answers"
    " 403."
)


class DecisionSent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a held run is released or rejected."""

    reason: _Reason
    digest: _Digest | None = None


class CorrectionSent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why the last accepted run is wrong, and which run has the snapshot that is right."""

    reason: _Reason
    with_run: RunNumber
    digest: _Digest | None = None


DECISIONS: Final[tuple[Operation, ...]] = (
    Operation(
        path="/v1/runs/{run}/release",
        name="releaseRun",
        summary="Accept a held run, with exactly the events that were shown.",
        description="Its events get their sequences and go to all subscribers." + _ANSWER,
        answer=None,
        answers=RecordedRun,
        parameters=RunAsked,
        body=DecisionSent,
    ),
    Operation(
        path="/v1/runs/{run}/reject",
        name="rejectRun",
        summary="Reject a held run for good.",
        description="Nothing of it is told. The next night is compared with the last accepted one."
        + _ANSWER,
        answer=None,
        answers=RecordedRun,
        parameters=RunAsked,
        body=DecisionSent,
    ),
    Operation(
        path="/v1/runs/{run}/correct",
        name="correctRun",
        summary="Put the last accepted run right, with the snapshot of another run.",
        description="The snapshot comes from the archive of the server. What differs is told"
        " forward, as events of a new run, which is the answer." + _ANSWER,
        answer=None,
        answers=RecordedRun,
        parameters=RunAsked,
        body=CorrectionSent,
    ),
)
