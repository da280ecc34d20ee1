"""The table [serve] of sordiff.toml: where `sordiff serve` listens, and to whom it sends events."""

import re
from typing import Annotated, Final

from msgspec import Meta, Struct

from sordiff.webhooks.settings import WebhookSettings

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class ServeSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[serve]: without `host` only this machine can ask.

    `trusted_proxies`: addresses whose X-Forwarded-For and X-Forwarded-Proto are believed.
    """

    host: Annotated[str, Meta(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8017
    trusted_proxies: tuple[Annotated[str, Meta(min_length=1)], ...] = ()
    webhooks: dict[str, WebhookSettings] = {}

    def __post_init__(self) -> None:
        """A name is part of the name of a file."""
        for name in self.webhooks:
            if not _NAME.fullmatch(name):
                raise ValueError(f"webhooks.{name} is no name of small letters, digits and -")
