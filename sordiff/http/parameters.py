"""What operations take: a record for each, with a field for each parameter of path and query."""

from typing import Annotated, Final, TypeAlias

from msgspec import Meta, Struct

# An id is digits; what is longer than any is no id.
SubjectId: TypeAlias = Annotated[
    str, Meta(pattern=r"^[0-9]{1,40}$", description="Decimal digits.", examples=["0"])
]
Date: TypeAlias = Annotated[
    str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", description="A day, such as 2024-03-06.")
]
LARGEST_NUMBER: Final = 2**63 - 1


class NoParameters(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of an operation that takes none."""
