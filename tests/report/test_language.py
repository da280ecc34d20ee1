"""The catalogues: the same keys, the same holes, words for all that can happen."""

import re

import pytest

from sordiff.events import EVENT_TYPES
from sordiff.render.language import LANGUAGES, Catalogue, catalogue, language_file
from sordiff.report import Note, SectionName
from sordiff.report.groups.rules import LEVELS

HOLE = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_languages_have_the_same_keys(language: str) -> None:
    assert list(language_file(language).texts) == list(language_file("en").texts)


@pytest.mark.parametrize("key", sorted(language_file("en").texts))
def test_all_languages_fill_the_same_holes(key: str) -> None:
    if key.startswith("alert."):  # in English the sentence that was recorded is told
        return
    for language in LANGUAGES:
        assert set(HOLE.findall(language_file(language).texts[key])) == set(
            HOLE.findall(language_file("en").texts[key])
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_can_happen_has_words(language: str) -> None:
    words = catalogue(language)
    for name in EVENT_TYPES:
        assert words.title(name)
        assert words.did(name)
    for section in SectionName:
        assert words.section(section)
    for note in Note:
        assert words.text(f"note.{note.value}")
    for levels in LEVELS.values():
        for level in levels:
            assert words.text(f"rule.{level.rule}")


def test_days_and_numbers_are_those_of_the_language() -> None:
    danish, english = Catalogue("da"), Catalogue("en")
    assert danish.day("2018-03-05") == "5. marts 2018"
    assert english.day("2018-03-05") == "5 March 2018"
    assert danish.number(1234567) == "1.234.567"
    assert english.number(1234567) == "1,234,567"
    assert danish.counted("report.nights", 1) == "1 nat"
    assert danish.counted("report.nights", 1200) == "1.200 nætter"
    assert danish.day("not a day") == "not a day"


@pytest.mark.parametrize(
    ("path", "danish"),
    [
        ("postal/municipality_code", "postadresse › kommunekode"),
        ("other/{urn:x}New", "ukendt element New (urn:x)"),
        (
            "other/{http://rep.oio.dk/x/}A/{http://rep.oio.dk/x/}B/@{urn:y}c",
            "ukendt attribut c i A › B (http://rep.oio.dk/x/, urn:y)",
        ),
        ("other/@code", "ukendt attribut code"),
        ("other/text()", "ukendt tekst"),
        ("other/{urn:x}A/text()", "ukendt tekst i A (urn:x)"),
        ("postal/other/A", "postadresse › ukendt element A"),
        ("other/{urn:x", "other/{urn:x"),
    ],
)
def test_a_field_is_named_and_an_unknown_one_too(path: str, danish: str) -> None:
    assert Catalogue("da").field(path) == danish
