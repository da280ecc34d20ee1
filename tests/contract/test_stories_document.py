"""docs/stories.md lists the stories as they are."""

from tests.contract.stories_document import DOCUMENT, document


def test_the_page_of_stories_is_up_to_date() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "run `make docs`"
