"""Of which day a fetched file is that has no date of its own: what its server says of it.

A table is written in the night of its day, so that Last-Modified tells it, by the clock of
Copenhagen. A date in the address is the other witness. Where both speak, they must agree.
"""

import re
from datetime import date
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from sordiff.fetch.answer_headers import parse_date
from sordiff.fetch.receipt import Receipt
from sordiff.fetch.timing import COPENHAGEN

_DATE: Final = re.compile(r"(?<!\d)(\d{4})(-?)(\d{2})\2(\d{2})(?!\d)")


class ReceiptDay(Struct, frozen=True, kw_only=True):
    """The days that Last-Modified and the name in the address say; None: that says none."""

    modified: str | None
    named: str | None

    @property
    def day(self) -> str | None:
        """The day, where one is told and none other."""
        days = {self.modified, self.named} - {None}
        return days.pop() if len(days) == 1 else None


def read_receipt_day(receipt: Receipt) -> ReceiptDay:
    """What a receipt says of the day of its file. The name of the file has the day of the fetch."""
    modified = parse_date(receipt.version.last_modified or "")
    return ReceiptDay(
        modified=None if modified is None else modified.astimezone(COPENHAGEN).date().isoformat(),
        named=_find_date(PurePosixPath(unquote(urlsplit(receipt.url).path)).name),
    )


def _find_date(name: str) -> str | None:
    """The one date in a name."""
    days = set()
    for year, _, month, day in _DATE.findall(name):
        try:
            days.add(date(int(year), int(month), int(day)).isoformat())
        except ValueError:
            continue
    return days.pop() if len(days) == 1 else None
