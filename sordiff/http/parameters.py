"""What operations take: a record for each, with a field for each parameter of path and query."""

from typing import Annotated, Final, TypeAlias

from msgspec import Meta, Struct, field

from sordiff.events import UnitClosed, find_event_name
from sordiff.wire import build_type

_TYPE: Final = find_event_name(UnitClosed)

LARGEST_NUMBER: Final = 2**63 - 1

# An id is digits; what is longer than any is no id.
SubjectId: TypeAlias = Annotated[
    str, Meta(pattern=r"^[0-9]{1,40}\Z", description="Decimal digits.")
]
Date: TypeAlias = Annotated[
    str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\Z", description="A day, such as 2024-03-06.")
]
RunNumber: TypeAlias = Annotated[
    int, Meta(ge=1, le=LARGEST_NUMBER, description="The number of a run.")
]
Sequence: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{1,40}\Z",
        description="Only events after this sequence; padding is optional.",
    ),
]
Successor: TypeAlias = Annotated[
    bool,
    Meta(
        description="With who probably goes on in place of a unit that is closed or gone: true or"
        " false."
    ),
]
Limit: TypeAlias = Annotated[int, Meta(ge=1, le=1000, description="At most so many on a page.")]


class NoParameters(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of an operation that takes none."""


class UnitAsked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A unit on a day."""

    id: SubjectId
    as_of: Date | None = None
    successor: Successor = False


class NumberAsked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A location number on a day."""

    gln: SubjectId
    as_of: Date | None = None


class UnitHistoryAsked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The life of a unit."""

    id: SubjectId
    successor: Successor = False


class UnitsAsked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A page of units."""

    after: Annotated[
        str,
        Meta(pattern=r"^[0-9]{0,40}\Z", description="Only units whose ids sort behind this one."),
    ] = ""
    limit: Limit = 100


class SearchAsked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Units by what people know of them."""

    q: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=200,
            description="A ydernummer, a SHAK, CVR, P or pharmacy number, or words of a name.",
        ),
    ]
    limit: Limit = 20


class RunsAsked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A page of runs."""

    before: RunNumber | None = None
    limit: Limit = 100


class RunAsked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A run."""

    run: RunNumber


class ReportAsked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The report of a run."""

    run: RunNumber
    under: SubjectId | None = None
    limit: Limit | None = None


class EventsSelected(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The events after a sequence that concern something."""

    since: Sequence = "0"
    event_type: (
        Annotated[
            str,
            Meta(
                max_length=100,
                description=f"Only this type: {_TYPE}, or in full {build_type(_TYPE)}.",
            ),
        ]
        | None
    ) = field(default=None, name="type")
    subject: (
        Annotated[
            str,
            Meta(
                min_length=1,
                max_length=200,
                description="Only events of this SOR id, GLN or list/code.",
            ),
        ]
        | None
    ) = None
    under: (
        Annotated[
            str,
            Meta(
                pattern=r"^[0-9]{1,40}\Z",
                description="Only what concerns this unit, or units below it until they moved.",
            ),
        ]
        | None
    ) = None
    own_list: (
        Annotated[
            str,
            Meta(min_length=1, max_length=200, description="Only what concerns this kept list."),
        ]
        | None
    ) = field(default=None, name="list")


class EventsAsked(EventsSelected, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A page of events."""

    seen: (
        Annotated[
            str,
            Meta(
                min_length=1,
                max_length=100,
                description="The id of the event with the sequence `since`. Where the changelog has"
                " another one there, it was restored: a 410. The link rel=next has it.",
            ),
        ]
        | None
    ) = None
    limit: Limit = 100
    wait: Annotated[
        int,
        Meta(
            ge=0,
            le=60,
            description="So many seconds the answer waits for an event where there is none yet.",
        ),
    ] = 0


class StreamAsked(EventsSelected, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A stream of events."""
