"""The nights as an Atom feed (RFC 4287): `/v1/nights.atom`."""

from typing import Final
from xml.etree import ElementTree as ET

from sordiff.changelog import ServedChangelog
from sordiff.http.answer import Answer
from sordiff.http.parameters import NoParameters
from sordiff.http.request_reader import RequestReader
from sordiff.render.language import ENGLISH, Catalogue, catalogue
from sordiff.report import RecordedRun
from sordiff.visible import visible

ATOM_TYPE: Final = "application/atom+xml"

_ATOM: Final = "http://www.w3.org/2005/Atom"
_MOST_NIGHTS: Final = 90
_NEVER: Final = "1970-01-01T00:00:00+00:00"


async def answer_feed(reader: RequestReader, asked: NoParameters) -> Answer:
    """The last nights, newest first: what was recorded, and what is held."""
    return await reader.read_once(("feed", asked), _read_feed)


def _read_feed(changelog: ServedChangelog) -> Answer:
    with changelog.open_to_read() as session:
        runs = session.runs.list_newest(_MOST_NIGHTS)[::-1]
        source = session.identity.find_source() or ""
    words = catalogue(ENGLISH)
    feed = ET.Element("feed", xmlns=_ATOM)
    _add(feed, "id", f"{source}:nights")
    _add(feed, "title", words.text("feed.title"))
    _add(feed, "updated", runs[0].decided_at or runs[0].recorded_at if runs else _NEVER)
    _add(ET.SubElement(feed, "author"), "name", "sordiff")
    for run in runs:
        _add_entry(feed, run, source, words)
    return Answer(body=ET.tostring(feed, "utf-8", xml_declaration=True), media_type=ATOM_TYPE)


def _add_entry(feed: ET.Element, run: RecordedRun, source: str, words: Catalogue) -> None:
    entry = ET.SubElement(feed, "entry")
    _add(entry, "id", f"{source}:run:{run.header.sha256}:{run.id}")
    said = [words.text(f"run.{run.kind}"), words.state(run.state)]
    counted = words.counted("publish.events", run.event_count)
    _add(entry, "title", " · ".join([words.day(run.header.snapshot_date), *said, counted]))
    _add(entry, "updated", run.decided_at or run.recorded_at)
    ET.SubElement(entry, "link", rel="alternate", href=f"/v1/runs/{run.id}/report")
    summary = (*(() if run.reason is None else (run.reason,)), *run.warnings)
    _add(entry, "summary", visible(" ".join(summary)) or counted)


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text
