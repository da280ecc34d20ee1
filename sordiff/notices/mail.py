"""Send a plain-text mail for each notice, all over one SMTP connection."""

import hashlib
import smtplib
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final

from sordiff.notices.connection import describe_failure, run_with_timeout
from sordiff.notices.delivery import DeliveryResult, build_undelivered
from sordiff.notices.notice import Notice
from sordiff.notices.settings import NoticeSettings
from sordiff.notices.text import Translate, fold_to_one_line, word_notice
from sordiff.secret import read_secret
from sordiff.tls import build_tls_context
from sordiff.wire import encode_canonically

_MAX_ANSWER_LENGTH: Final = 200


def mail_notices(
    notices: Sequence[Notice], settings: NoticeSettings, translate: Translate = str
) -> DeliveryResult:
    """Send the mails; a failure for each refused mail, and one if the connection breaks off."""
    session = _SmtpSession(
        settings,
        read_secret(
            "notices",
            "smtp_password",
            file=settings.smtp_password_file,
            env=settings.smtp_password_env,
        ),
    )
    messages = [build_message(notice, settings, translate) for notice in notices]
    seconds = settings.smtp_timeout_seconds
    try:
        run_with_timeout(seconds, lambda: session.send(messages))
    except (smtplib.SMTPException, OSError) as error:
        left = len(messages) - len(session.delivered)
        count = "A mail" if left == 1 else f"{left} mails"
        reason = session.reason(error, seconds)
        rest = build_undelivered(
            left, f"{count} could not be sent by way of {settings.smtp_host}: {reason}."
        )
        return DeliveryResult(
            delivered=(*session.delivered, *rest.delivered),
            failures=(*session.failures, *rest.failures),
        )
    return DeliveryResult(delivered=tuple(session.delivered), failures=tuple(session.failures))


def build_message(
    notice: Notice, settings: NoticeSettings, translate: Translate = str
) -> EmailMessage:
    """Build the mail; the same notice gives the same mail, with the same Message-ID."""
    words = word_notice(notice, translate)
    sender = settings.mail_from or ""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(display_name="sordiff", addr_spec=sender)
    message["To"] = [Address(addr_spec=each) for each in settings.mail_to]
    message["Subject"] = f"sordiff: {words.title}"
    message["Date"] = _parse_time(notice.at)
    digest = hashlib.sha256(encode_canonically(notice)).hexdigest()[:32]
    message["Message-ID"] = f"<{digest}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Sordiff-Notice"] = notice.kind
    parts = [words.text]
    if words.alerts:
        parts.append("\n".join(f"- {alert}" for alert in words.alerts))
    if words.commands:
        parts.append("\n".join(f"    {command}" for command in words.commands))
    # 7-bit, so that no server on the way changes it; and commands are not wrapped.
    message.set_content("\n\n".join(parts) + "\n", cte="quoted-printable")
    return message


def _parse_time(at: str) -> datetime:
    moment = datetime.fromisoformat(at)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class _SmtpSession:
    """One SMTP connection; the results so far stay readable when it breaks off."""

    def __init__(self, settings: NoticeSettings, password: str | None) -> None:
        self._settings = settings
        self._host = settings.smtp_host or ""
        self._password = password
        self.delivered: list[bool] = []
        self.failures: list[str] = []

    def send(self, messages: Sequence[EmailMessage]) -> None:
        """Connect, start TLS, log in, and send each mail."""
        server = self._connect()
        try:
            if self._settings.smtp_security == "starttls":
                server.starttls(context=build_tls_context(self._settings.tls_ca_file, "notices"))
            if self._settings.smtp_user is not None and self._password is not None:
                server.login(self._settings.smtp_user, self._password)
            for message in messages:
                self._send_one(server, message)
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
        finally:
            server.close()

    def reason(self, error: BaseException, seconds: float) -> str:
        """Say why it failed. The answer to a login is left out: it may repeat the password."""
        if isinstance(error, smtplib.SMTPAuthenticationError):
            return f"the login was refused ({error.smtp_code})"
        if isinstance(error, smtplib.SMTPNotSupportedError):
            return "the server does not offer what smtp_security or smtp_user ask for"
        if isinstance(error, smtplib.SMTPResponseException):
            return self._describe_answer(error.smtp_code, error.smtp_error)
        if isinstance(error, smtplib.SMTPException):
            return "the connection broke off"
        return describe_failure(error, seconds)

    def _connect(self) -> smtplib.SMTP:
        port, seconds = self._settings.mail_port, self._settings.smtp_timeout_seconds
        if self._settings.smtp_security == "tls":
            context = build_tls_context(self._settings.tls_ca_file, "notices")
            return smtplib.SMTP_SSL(self._host, port, timeout=seconds, context=context)
        return smtplib.SMTP(self._host, port, timeout=seconds)

    def _send_one(self, server: smtplib.SMTP, message: EmailMessage) -> None:
        """Send one mail; a refused mail or recipient does not affect the others."""
        try:
            refused = server.send_message(
                message, self._settings.mail_from, list(self._settings.mail_to)
            )
        except smtplib.SMTPRecipientsRefused as error:
            refused = error.recipients
        except smtplib.SMTPResponseException as error:
            answer = self._describe_answer(error.smtp_code, error.smtp_error)
            self.failures.append(f"A mail was refused by {self._host}: {answer}.")
            self.delivered.append(False)
            return
        self.delivered.append(len(refused) < len(set(self._settings.mail_to)))
        for address, (code, words) in refused.items():
            answer = self._describe_answer(code, words)
            self.failures.append(f"The mail to {address} was refused by {self._host}: {answer}.")

    def _describe_answer(self, code: int, words: bytes | str) -> str:
        text = words if isinstance(words, str) else words.decode("utf-8", errors="replace")
        if self._password is not None:
            text = text.replace(self._password, "***")
        return f"{code} {fold_to_one_line(text, _MAX_ANSWER_LENGTH)}".strip().rstrip(".")
