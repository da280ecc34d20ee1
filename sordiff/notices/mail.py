"""A plain-text mail for each notice, all in one conversation with the server."""

import hashlib
import smtplib
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final

from sordiff.notices.connection import reason_of, trusted, within
from sordiff.notices.delivery import Told, unheard
from sordiff.notices.notice import Notice
from sordiff.notices.settings import NoticeSettings
from sordiff.notices.text import Translate, one_line, wording_of
from sordiff.secret import read_secret
from sordiff.wire import canonical

_LONGEST_ANSWER: Final = 200


def mail_all(
    notices: Sequence[Notice], settings: NoticeSettings, translate: Translate = str
) -> Told:
    """One sentence for each mail refused, and one for a conversation that broke off."""
    conversation = _Conversation(
        settings,
        read_secret(
            "notices",
            "smtp_password",
            file=settings.smtp_password_file,
            env=settings.smtp_password_env,
        ),
    )
    messages = [message_of(notice, settings, translate) for notice in notices]
    seconds = settings.smtp_timeout_seconds
    try:
        within(seconds, lambda: conversation.send(messages))
    except (smtplib.SMTPException, OSError) as error:
        left = len(messages) - len(conversation.heard)
        count = "A mail" if left == 1 else f"{left} mails"
        reason = conversation.reason(error, seconds)
        rest = unheard(left, f"{count} could not be sent by way of {settings.smtp_host}: {reason}.")
        return Told(
            heard=(*conversation.heard, *rest.heard),
            failures=(*conversation.failures, *rest.failures),
        )
    return Told(heard=tuple(conversation.heard), failures=tuple(conversation.failures))


def message_of(
    notice: Notice, settings: NoticeSettings, translate: Translate = str
) -> EmailMessage:
    """The mail: the same notice gives the same one, with the same Message-ID."""
    words = wording_of(notice, translate)
    sender = settings.mail_from or ""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(display_name="sordiff", addr_spec=sender)
    message["To"] = [Address(addr_spec=each) for each in settings.mail_to]
    message["Subject"] = f"sordiff: {words.title}"
    message["Date"] = _moment(notice.at)
    digest = hashlib.sha256(canonical(notice)).hexdigest()[:32]
    message["Message-ID"] = f"<{digest}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Sordiff-Notice"] = notice.kind
    parts = [words.text]
    if words.alerts:
        parts.append("\n".join(f"- {alert}" for alert in words.alerts))
    if words.commands:
        parts.append("\n".join(f"    {command}" for command in words.commands))
    # Seven bits and no wrapped commands, whatever lies on the way.
    message.set_content("\n\n".join(parts) + "\n", cte="quoted-printable")
    return message


def _moment(at: str) -> datetime:
    moment = datetime.fromisoformat(at)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class _Conversation:
    """One connection; what became of the mails so far can be read even when it breaks off."""

    def __init__(self, settings: NoticeSettings, password: str | None) -> None:
        self._settings = settings
        self._host = settings.smtp_host or ""
        self._password = password
        self.heard: list[bool] = []
        self.failures: list[str] = []

    def send(self, messages: Sequence[EmailMessage]) -> None:
        """Greet, make it secret, log in, hand over each mail."""
        server = self._connected()
        try:
            if self._settings.smtp_security == "starttls":
                server.starttls(context=trusted(self._settings.tls_ca_file))
            if self._settings.smtp_user is not None and self._password is not None:
                server.login(self._settings.smtp_user, self._password)
            for message in messages:
                self._hand_over(server, message)
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
        finally:
            server.close()

    def reason(self, error: BaseException, seconds: float) -> str:
        """Why it failed: the server's answer, but not to a login, which may repeat the password."""
        if isinstance(error, smtplib.SMTPAuthenticationError):
            return f"the login was refused ({error.smtp_code})"
        if isinstance(error, smtplib.SMTPNotSupportedError):
            return "the server does not offer what smtp_security or smtp_user ask for"
        if isinstance(error, smtplib.SMTPResponseException):
            return self._answer(error.smtp_code, error.smtp_error)
        if isinstance(error, smtplib.SMTPException):
            return "the connection broke off"
        return reason_of(error, seconds)

    def _connected(self) -> smtplib.SMTP:
        port, seconds = self._settings.mail_port, self._settings.smtp_timeout_seconds
        if self._settings.smtp_security == "tls":
            context = trusted(self._settings.tls_ca_file)
            return smtplib.SMTP_SSL(self._host, port, timeout=seconds, context=context)
        return smtplib.SMTP(self._host, port, timeout=seconds)

    def _hand_over(self, server: smtplib.SMTP, message: EmailMessage) -> None:
        """A refusal of one mail or one recipient leaves the others alone."""
        try:
            refused = server.send_message(
                message, self._settings.mail_from, list(self._settings.mail_to)
            )
        except smtplib.SMTPRecipientsRefused as error:
            refused = error.recipients
        except smtplib.SMTPResponseException as error:
            answer = self._answer(error.smtp_code, error.smtp_error)
            self.failures.append(f"A mail was refused by {self._host}: {answer}.")
            self.heard.append(False)
            return
        self.heard.append(len(refused) < len(set(self._settings.mail_to)))
        self.failures += [
            f"The mail to {address} was refused by {self._host}: {self._answer(code, words)}."
            for address, (code, words) in refused.items()
        ]

    def _answer(self, code: int, words: bytes | str) -> str:
        text = words if isinstance(words, str) else words.decode("utf-8", errors="replace")
        if self._password is not None:
            text = text.replace(self._password, "***")
        return f"{code} {one_line(text, _LONGEST_ANSWER)}".strip().rstrip(".")
