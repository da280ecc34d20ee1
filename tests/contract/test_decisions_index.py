"""docs/decisions.md begins with an index of all decisions."""

from tests.contract.decisions_index import DOCUMENT, SECTION, TITLE, document

TEXT = DOCUMENT.read_text(encoding="utf-8")


def test_the_index_is_that_of_the_decisions() -> None:
    assert document(TEXT) == TEXT, "run `make docs` and read the difference"


def test_each_section_says_since_when_it_holds_and_has_decisions() -> None:
    for name, since, body in SECTION.findall(TEXT):
        assert since.startswith("Since 20"), name
        assert TITLE.findall(body), name
