"""The day of a fetched table: an XML extract says its day itself."""

from pathlib import Path

from sordiff.fetch.folder import FetchFolder
from sordiff.fetch.receipt_day import ReceiptDay, read_receipt_day
from sordiff.fetch.settings import FetchSettings
from sordiff.snapshot import holds_table


def find_table_day(settings: FetchSettings, file: Path) -> ReceiptDay | None:
    """What is known of the day of a fetched file; None where it is no table."""
    if not holds_table(file):
        return None
    receipts = FetchFolder(Path(settings.dir)).list_receipts()
    found = [receipt for receipt in receipts if receipt.file == file.name]
    return read_receipt_day(found[0]) if found else None
