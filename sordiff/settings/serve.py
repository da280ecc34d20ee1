"""The table [serve] of sordiff.toml: where the server listens, who may do what, who is told."""

import re
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from sordiff.webhooks.settings import WebhookSettings

_HEADER: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,99}")
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class ProxySignInSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[serve.proxy_sign_in]: a proxy of `trusted_proxies` knows people, and names them in headers.

    `user_header` and `groups_header`: who somebody is, and the groups, separated by commas.
    `decide_groups` may decide, `read_groups` read.
    """

    user_header: str | None = None
    groups_header: str = "X-Forwarded-Groups"
    decide_groups: tuple[Annotated[str, Meta(min_length=1)], ...] = ()
    read_groups: tuple[Annotated[str, Meta(min_length=1)], ...] = ()

    def __post_init__(self) -> None:
        """What is no name of a header would be looked for in vain."""
        for name in (self.user_header, self.groups_header):
            if name is not None and not _HEADER.fullmatch(name):
                raise ValueError(f"{name} is no name of a header")


class ServeSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[serve]: without `host` only this machine can ask.

    `trusted_proxies`: addresses whose X-Forwarded-For and X-Forwarded-Proto are believed.
    `decide`: who has a token for it may release, reject and correct. `read`: whoever reaches it may
    read (open), or only who has a token. `request_seconds`: so long headers and body of a request
    may take to come, and so long a client may take nothing of its answer.
    """

    host: Annotated[str, Meta(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8017
    trusted_proxies: tuple[Annotated[str, Meta(min_length=1)], ...] = ()
    decide: bool = False
    read: Literal["open", "token"] = "open"
    request_seconds: Annotated[float, Meta(gt=0, le=3600)] = 20.0
    proxy_sign_in: ProxySignInSettings = ProxySignInSettings()
    webhooks: dict[str, WebhookSettings] = {}

    def __post_init__(self) -> None:
        """A name is part of the name of a file; headers are believed of named proxies only."""
        if self.proxy_sign_in.user_header and not self.trusted_proxies:
            raise ValueError("proxy_sign_in needs the addresses of the proxies: trusted_proxies")
        if self.proxy_sign_in.user_header and "*" in self.trusted_proxies:
            raise ValueError("proxy_sign_in does not go with trusted_proxies of everybody")
        for name in self.webhooks:
            if not _NAME.fullmatch(name):
                raise ValueError(f"webhooks.{name} is no name of small letters, digits and -")
