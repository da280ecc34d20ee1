"""What may be set of the fields that units lose, or come to carry, all at once."""

from typing import Annotated

from msgspec import Meta, Struct


class CoverageRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table [anomalies.coverage].

    A field is lost where `least` units or more carried it, and `share` of them or fewer still do.
    It is gained where `gained_least` units came to carry it, being `gained_share` of their kind.
    `ending` are fields that are known to end: their loss is a warning and holds nothing.
    """

    least: Annotated[int, Meta(ge=1)] = 20
    share: Annotated[float, Meta(ge=0, lt=1)] = 0.5
    gained_least: Annotated[int, Meta(ge=1)] = 20
    gained_share: Annotated[float, Meta(gt=0, le=1)] = 0.5
    ending: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a field that there is not: a typing error must not be silently ignored."""
        if not self.ending:
            return
        from sordiff.coverage.carried import is_known  # no other setting needs it

        unknown = sorted(name for name in self.ending if not is_known(name))
        if unknown:
            raise ValueError(f"there is no field {', '.join(unknown)}")
