"""The table [notices] of sordiff.toml: where notices go, and how.

Secrets never stand in it: a key that ends in `_file` or `_env` names the place of one. Settings
that contradict each other are refused when the file is read, with a message that repeats no value.
"""

from typing import Annotated, Final, Literal, TypeAlias
from urllib.parse import urlsplit

from msgspec import Meta, Struct
from msgspec.structs import replace

Text: TypeAlias = Annotated[str, Meta(min_length=1)]
Host: TypeAlias = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._:-]+\Z")]
Port: TypeAlias = Annotated[int, Meta(ge=1, le=65535)]
Seconds: TypeAlias = Annotated[float, Meta(gt=0, le=300)]
MailAddress: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
        r"@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\Z"
    ),
]

# Between two attempts of a webhook.
MAX_PAUSE_SECONDS: Final = 30.0
_MAIL: Final = ("smtp_host", "smtp_user", "smtp_password_file", "smtp_password_env", "mail_from")
_USUAL_PORTS: Final = {"starttls": 587, "tls": 465, "none": 25}


class ListNotices(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[notices.lists.NAME]: to whom the notices of a list go; servers are those of [notices]."""

    webhook_url: Text | None = None
    webhook_url_file: Text | None = None
    webhook_url_env: Text | None = None
    webhook_format: Literal["json", "slack", "teams"] = "json"
    webhook_secret_file: Text | None = None
    webhook_secret_env: Text | None = None
    mail_to: tuple[MailAddress, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what leads nowhere."""
        if not (self.mail_to or self.webhook_url or self.webhook_url_file or self.webhook_url_env):
            raise ValueError("a list needs mail_to or webhook_url")
        if self.webhook_url is not None and (problem := find_url_problem(self.webhook_url)):
            raise ValueError(problem)


class NoticeSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[notices]: only what is configured here is sent or written."""

    lang: Text | None = None

    webhook_url: Text | None = None
    webhook_url_file: Text | None = None
    webhook_url_env: Text | None = None
    webhook_format: Literal["json", "slack", "teams"] = "json"
    webhook_secret_file: Text | None = None
    webhook_secret_env: Text | None = None
    webhook_timeout_seconds: Seconds = 10
    webhook_attempts: Annotated[int, Meta(ge=1, le=10)] = 4

    smtp_host: Host | None = None
    smtp_port: Port | None = None
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: Text | None = None
    smtp_password_file: Text | None = None
    smtp_password_env: Text | None = None
    smtp_timeout_seconds: Seconds = 30
    mail_from: MailAddress | None = None
    mail_to: tuple[MailAddress, ...] = ()

    tls_ca_file: Text | None = None
    metrics_file: Text | None = None
    lists: dict[str, ListNotices] = {}

    def __post_init__(self) -> None:
        """Refuse settings that can't work, or that would reveal a secret."""
        _require_at_most_one(
            "webhook_url", self.webhook_url, self.webhook_url_file, self.webhook_url_env
        )
        _require_at_most_one("webhook_secret", self.webhook_secret_file, self.webhook_secret_env)
        _require_at_most_one("smtp_password", self.smtp_password_file, self.smtp_password_env)
        if self.webhook_url is not None and (problem := find_url_problem(self.webhook_url)):
            raise ValueError(problem)
        if self._has_secret and not self.has_webhook:
            raise ValueError("webhook_secret is of no use without webhook_url")
        self._check_mail()
        for name in self.lists:
            self.of_list(name)

    def _check_mail(self) -> None:
        if self.smtp_host is None and any(own.mail_to for own in self.lists.values()):
            raise ValueError("mail_to of a list needs smtp_host and mail_from")
        if self.smtp_host is not None and not (self.mail_from and (self.mail_to or self.lists)):
            raise ValueError("smtp_host needs mail_from and mail_to")
        if self.smtp_host is None and (self.mail_from or self.mail_to or self.smtp_user):
            raise ValueError("mail_from, mail_to and smtp_user need smtp_host")
        if (self.smtp_user is not None) != self._has_password:
            raise ValueError("smtp_user and smtp_password_file or smtp_password_env go together")
        if self.smtp_user is not None and self.smtp_security == "none":
            raise ValueError("smtp_security must be starttls or tls where there is a password")

    def of_list(self, name: str) -> "NoticeSettings | None":
        """The same for the notices of a list; None where nothing is configured for it."""
        own = self.lists.get(name)
        if own is None:
            return None
        mail = {} if own.mail_to else dict.fromkeys(_MAIL)
        return replace(
            self,
            webhook_url=own.webhook_url,
            webhook_url_file=own.webhook_url_file,
            webhook_url_env=own.webhook_url_env,
            webhook_format=own.webhook_format,
            webhook_secret_file=own.webhook_secret_file,
            webhook_secret_env=own.webhook_secret_env,
            mail_to=own.mail_to,
            lists={},
            **mail,
        )

    @property
    def has_webhook(self) -> bool:
        """Whether notices go to a webhook."""
        return any((self.webhook_url, self.webhook_url_file, self.webhook_url_env))

    @property
    def has_mail(self) -> bool:
        """Whether notices go by mail."""
        return self.smtp_host is not None and bool(self.mail_to)

    @property
    def mail_port(self) -> int:
        """The port given, or the usual one: 587 with STARTTLS, 465 with TLS, 25 without."""
        return self.smtp_port or _USUAL_PORTS[self.smtp_security]

    def longest_delivery(self, count: int) -> float:
        """How many seconds the delivery of so many notices may take at most, by its time-outs."""
        attempt = self.webhook_timeout_seconds + MAX_PAUSE_SECONDS
        webhook = count * self.webhook_attempts * attempt if self.has_webhook else 0
        return webhook + (self.smtp_timeout_seconds if self.has_mail else 0)

    @property
    def _has_secret(self) -> bool:
        return any((self.webhook_secret_file, self.webhook_secret_env))

    @property
    def _has_password(self) -> bool:
        return any((self.smtp_password_file, self.smtp_password_env))


def find_url_problem(url: str) -> str | None:
    """Say what is wrong with the URL of a webhook, without repeating it; None if it is good."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not url.isascii() or not url.isprintable() or " " in url:
        return "webhook_url must be an http or https URL in ASCII"
    if parts.username is not None or parts.password is not None:
        return "webhook_url must hold no user and no password"
    return None


def _require_at_most_one(name: str, *given: str | None) -> None:
    if sum(value is not None for value in given) > 1:
        raise ValueError(f"{name} is to be given in one way only")
