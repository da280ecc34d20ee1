"""docs/export.md has the columns as they are."""

from tests.contract.export_document import DOCUMENT, document


def test_the_columns_are_up_to_date() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "run `make docs`"
