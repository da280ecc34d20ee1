"""Names that would rather be something else, through every output: none of them has an effect where it is shown."""

from __future__ import annotations

import csv
import email
import io
import json
from email.policy import default
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from sordiff.visible import FORMULAS
from tests.cli.calling import called, events, good
from tests.cli.practice import MONDAY, TUESDAY, WEDNESDAY, night, practice, second
from tests.http.asking import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Each would do something somewhere, and nothing that harms.
NAMES = (
    '<b data-k="1">fed</b><a href="https://example.org">her</a>',
    "\"><img src=x onerror=y> ' onmouseover='z",
    "=1+1",
    "@SUM(A1)",
    "| [her](https://example.org) `kode` *fed* | <i>",
    "Klinik \x9b31m\u202e\u2066\u200f\x85\u2028",
    "{{ 7 * 7 }} {% raw %} ${7*7} %s %(name)s {name}",
)
OBEYED = "\x9b\u202e\u2066\u200f\x85\u2028\u2029\x1b\x7f"
TEXTS = (
    ("runs",),
    ("status",),
    ("report",),
    ("report", "--format", "markdown"),
    ("report", "--format", "json"),
    ("report", "--lang", "da"),
    ("history", "UNIT"),
    ("show", "UNIT"),
    ("show", "UNIT", "--format", "json"),
    ("events",),
    ("check", "b.xml"),
    ("check", "b.xml", "--format", "json"),
    ("diff", "a.xml", "b.xml"),
    ("diff", "a.xml", "b.xml", "--format", "jsonl"),
)
PAGES = (
    "/",
    "/nights/2",
    "/units/UNIT",
    "/search?q=klinik",
    "/tree",
    "/compare?from=2024-03-04&to=2024-03-06",
)


@pytest.fixture(scope="module", params=range(len(NAMES)))
def nights(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three nights: a plain name, a hostile one, another hostile one with something hostile in each text."""
    folder = tmp_path_factory.mktemp("hostile")
    name, other = NAMES[request.param], NAMES[request.param - 1]
    night(folder, MONDAY, practice(), second(), name="a.xml")
    night(folder, TUESDAY, practice(name=name, shak=other), second(name=other), name="b.xml")
    night(folder, WEDNESDAY, practice(name=other), second(name=name, shak=name), name="c.xml")
    good(folder, "ingest", "a.xml", "b.xml", "c.xml", "--accept", "--reason", name)
    return folder


def unit_of(folder: Path) -> str:
    return str(events(folder, "--type", "unit.renamed", "--limit", "1")[0]["subject"])


def test_no_terminal_obeys_them(nights: Path) -> None:
    unit = unit_of(nights)
    for words in TEXTS:
        done = called(nights, *(unit if word == "UNIT" else word for word in words))
        assert done.exit == 0, done
        assert not set(done.stdout + done.stderr) & set(OBEYED), words


class Page(HTMLParser):
    """The elements of a page, with the values of what can lead elsewhere or do something."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.acting: list[tuple[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.acting += [
            (name, value)
            for name, value in attrs
            if name.startswith("on")
            or (name in {"href", "src", "action"} and "example.org" in (value or ""))
        ]


def inert(text: str) -> None:
    page = Page(text)
    assert page.acting == []
    assert "img" not in page.tags
    assert 'data-k="1"' not in text
    assert "49" not in "".join(part for part in text.split("{{")[:1] if "7 * 7" in part)


def test_no_page_obeys_them(nights: Path) -> None:
    inert(good(nights, "report", "--format", "html"))
    inert(good(nights, "report", "--format", "html", "--run", "2", "--lang", "da"))
    unit = unit_of(nights)
    with serving(nights / "sordiff.db") as client:
        for path in PAGES:
            answer = client.get(path.replace("UNIT", unit))
            assert answer.status_code == 200, (path, answer.text)
            inert(answer.text)


def cells(text: str) -> Iterator[str]:
    delimiter = ";" if text.splitlines()[0].count(";") > 3 else ","
    for row in csv.reader(
        io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter, strict=True
    ):
        yield from row


def test_no_spreadsheet_takes_them_for_formulas(nights: Path) -> None:
    excel = good(nights, "report", "--format", "csv", "--csv", "excel", "--run", "2")
    assert not [cell for cell in cells(excel) if cell.startswith(FORMULAS[:4])]
    plain = good(nights, "report", "--format", "csv", "--run", "2")
    assert len(list(cells(plain))) > 10


def test_no_mail_has_another_header(nights: Path) -> None:
    raw = good(nights, "report", "--format", "mail", "--run", "2").encode()
    message: Any = email.message_from_bytes(raw, policy=default)
    assert set(map(str.lower, message.keys())) <= {
        "subject",
        "from",
        "to",
        "date",
        "message-id",
        "mime-version",
        "content-type",
        "auto-submitted",
        "content-language",
    }
    assert not set(message["subject"]) & set(OBEYED)
    inert(str(message.get_body(("html",)).get_content()))


def test_json_is_json(nights: Path) -> None:
    for words in (("report", "--format", "json"), ("show", unit_of(nights), "--format", "json")):
        json.loads(good(nights, *words))
