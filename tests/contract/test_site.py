"""The site of the documents is built with every link in order, and its pages fetch nothing from elsewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from tests.made_once import make_once
from tests.scenarios.telling import ROOT

if TYPE_CHECKING:
    from pathlib import Path

FETCHED = {("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src")}
LINKS = {"stylesheet", "icon", "preload", "preconnect", "dns-prefetch", "manifest"}


class Fetches(HTMLParser):
    """What a page makes a browser fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.places: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.places += [value for name, value in attrs if (tag, name) in FETCHED and value]
        if tag == "link" and LINKS & set((given.get("rel") or "").split()):
            self.places.append(given.get("href") or "")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_once(tmp_path_factory, "site", build)


def build(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_its_pages_fetch_nothing_from_elsewhere(site: Path) -> None:
    pages = list(site.glob("*.html"))
    assert {"index.html", "CONTRIBUTING.html", "cli.html"} <= {page.name for page in pages}
    for page in pages:
        parser = Fetches()
        parser.feed(page.read_text(encoding="utf-8"))
        assert parser.places
        assert not [place for place in parser.places if "//" in place], page.name
    for sheet in site.rglob("*.css"):
        assert "url(http" not in sheet.read_text(encoding="utf-8"), sheet.name


def test_its_navigation_names_each_page_once() -> None:
    pages = re.findall(
        r"^ +- .+: (\S+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(pages) > 15
    assert sorted(pages) == sorted(set(pages))


def test_its_search_knows_danish_words(site: Path) -> None:
    index = (site / "search" / "search_index.json").read_text(encoding="utf-8")
    assert "ydernummer" in index
    assert '"lang":["en","da"]' in index.replace(" ", "")
