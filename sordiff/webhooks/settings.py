"""The settings of a subscriber of webhooks: a table [serve.webhooks.NAME] of sordiff.toml."""

from typing import Annotated
from urllib.parse import urlsplit

from msgspec import Meta, Struct


class WebhookSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[serve.webhooks.NAME]: a subscriber to whom events are posted.

    `since`: the first time all events after this sequence are sent. `type`, `subject`, `under` and
    `list` select events as those of /v1/events do. `history`: also those of nights of histories.
    """

    url: Annotated[str, Meta(min_length=1)]
    since: Annotated[int, Meta(ge=0)] = 0
    secret_env: Annotated[str, Meta(min_length=1)] | None = None
    secret_file: Annotated[str, Meta(min_length=1)] | None = None
    type: str | None = None
    subject: str | None = None
    under: str | None = None
    list: str | None = None
    history: bool = False
    timeout_seconds: Annotated[float, Meta(gt=0, le=300)] = 15
    refusals: Annotated[int, Meta(ge=1, le=100)] = 5
    tls_ca_file: str | None = None

    def __post_init__(self) -> None:
        """Refuse what is no address."""
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("url is no address that begins with https://")
