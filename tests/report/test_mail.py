"""The report as a mail: what a mail program gets of it, and when there is none to send."""

from __future__ import annotations

import email
from email.policy import default
from typing import TYPE_CHECKING, Any

import pytest

from sordiff.render.language import Catalogue
from sordiff.render.report.edition import Edition
from sordiff.render.report.mail import print_report, write_subject
from sordiff.render.text.colour import Paint
from sordiff.report import HeldRun
from tests.browser.making import DAY
from tests.report.changes import change, empty_report, renamed

if TYPE_CHECKING:
    from email.message import EmailMessage

    from sordiff.report import Report

HOSTILE = "<script>alert(1)</script>\r\nBcc: x@example.org \u202e"


def mail(report: Report, **asked: Any) -> EmailMessage:
    paint = Paint(wanted=True, width=300)
    edition = Edition(report=report, language=Catalogue("da"), paint=paint, **asked)
    (raw,) = print_report(edition)
    assert raw == b"".join(print_report(edition))
    assert raw.isascii()
    assert max(map(len, raw.splitlines())) <= 78
    return email.message_from_bytes(raw, policy=default)


def body(message: EmailMessage, kind: str) -> str:
    part: Any = message.get_body((kind,))
    return str(part.get_content())


def test_a_mail_has_a_subject_a_text_and_a_page_that_say_the_same() -> None:
    happened = [
        renamed("Før", "Nyt navn"),
        change("unit.closed", "2", after="2018-04-23"),
        change("location_number.closed", "5790000000001", carriers=3),
    ]
    message = mail(empty_report(happened), recipients=("a@example.org", "b@example.org"))
    assert message["To"] == "a@example.org, b@example.org"
    assert message["Subject"] == "SOR 24. april 2018: 1 lukket, 1 lokationsnummer, 1 omdøbt"
    assert message["Auto-Submitted"] == "auto-generated"
    for kind in ("plain", "html"):
        assert "Lokationsnummer lukket" in body(message, kind)
        assert "3 åbne enheder har stadig dette lukkede nummer" in body(message, kind)
    assert "\x1b" not in body(message, "plain")
    assert "<del" in body(message, "html")


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_a_name_from_outside_is_inert_in_a_mail(kind: str) -> None:
    message = mail(empty_report([renamed("x", HOSTILE), renamed(HOSTILE, "y", "2")]))
    assert message["Bcc"] is None
    assert "<script" not in body(message, "html")
    assert "⟨U+202E⟩" in body(message, kind)


def test_a_subject_says_that_somebody_must_decide() -> None:
    held = HeldRun(run=3, day=DAY, state="held", reason=None)
    report = empty_report()
    waits = Catalogue("da")
    assert write_subject(report, waits) == "SOR 24. april 2018: ingen ændringer"
    for state, runs in (("held", ()), ("accepted", (held,))):
        head = report.headline
        told = empty_report(headline=_with(head, state=state, held_runs=runs))
        assert write_subject(told, waits).startswith("SOR 24. april 2018: TILBAGEHOLDT, ")


def _with(head: Any, **instead: Any) -> Any:
    from msgspec.structs import replace

    return replace(head, **instead)
