"""The report as a mail, ready for `sendmail -t`: a subject, a text part and an HTML part.

Whatever hands it on adds the date and the message id, so that one report is always the same bytes.
"""

import hashlib
from collections.abc import Iterable
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final

from sordiff.render.event_style import find_rank
from sordiff.render.language import Catalogue
from sordiff.render.report.change_text import ChangeText
from sordiff.render.report.edition import Edition
from sordiff.render.report.headline import count_title, counted_parts
from sordiff.render.report.mail_html import MailHtmlPrinter, print_page
from sordiff.render.report.medium import MAIL
from sordiff.render.report.outline import build_outline
from sordiff.render.report.text import report_text
from sordiff.render.text.colour import Paint
from sordiff.report import Report
from sordiff.visible import visible

# As wide as a mail may be before its lines are broken.
_WIDTH: Final = 76
_POLICY: Final = SMTP.clone(linesep="\n")
# So many kinds of change are counted in the subject.
_COUNTED: Final = 3


def print_report(edition: Edition) -> Iterable[bytes]:
    """The mail in one piece."""
    report, language, medium = edition.report, edition.language, edition.fit(MAIL)
    subject = write_subject(report, language)
    message = EmailMessage(policy=_POLICY)
    if edition.recipients:
        message["To"] = [Address(addr_spec=each) for each in edition.recipients]
    message["Subject"] = subject
    message["Auto-Submitted"] = "auto-generated"
    text = report_text(report, language, Paint(wanted=False, width=_WIDTH), medium)
    # 7-bit, so that no server on the way changes it.
    message.set_content("".join(f"{line}\n" for line in text), cte="quoted-printable")
    outline = build_outline(report, ChangeText(report, language), medium)
    page = print_page(MailHtmlPrinter(language).print_blocks(outline), subject, language.language)
    message.add_alternative(page, subtype="html", cte="quoted-printable")
    message.set_boundary(f"sordiff-{hashlib.sha256(page.encode()).hexdigest()[:32]}")
    return [message.as_bytes()]


def write_subject(report: Report, language: Catalogue) -> str:
    """The subject: the day, whether it waits for a decision, and what matters most."""
    head = report.headline
    waits = head.state == "held" or any(held.state == "held" for held in head.held_runs)
    state = [language.text("mail.held")] if waits else []
    alerts = [language.counted("report.alerts", len(report.alerts))] if report.alerts else []
    parts = sorted(counted_parts(head), key=lambda part: find_rank(part[0].names[0]))[:_COUNTED]
    counts = [
        f"{language.number(count)} {count_title(part, count, head, language)}"
        for part, count in parts
    ] or [language.text("report.no.changes")]
    said = ", ".join([*state, *alerts, *counts])
    return visible(f"SOR {language.day(head.until)}: {said}")
