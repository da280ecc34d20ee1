"""Text of elements: folded white space, known names, days, booleans."""

import re
from datetime import date, datetime, timezone
from typing import Final
from zoneinfo import ZoneInfo

from lxml import etree

from sordiff.model import Day

_XML_SPACE: Final = " \t\r\n"
_RUNS: Final = re.compile(r"[ \t\r\n]{2,}|[\t\r\n]")
_DAY: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})?", re.A)
_INSTANT: Final = re.compile(
    r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,12}))?(Z|[+-]\d{2}:\d{2})?", re.A
)
_COPENHAGEN: Final = "Europe/Copenhagen"
_FAMILY: Final = (
    "{urn:oio:sundhedsstyrelsen:organisation:",
    "{urn:oio:nsi:",
    "{http://rep.oio.dk/",
)
_LONGEST_TEXT: Final = 65_536
_LONGEST_QUOTE: Final = 80
_EXACT_LINES: Final = 65_534
_TRUE: Final = frozenset({"true", "1"})
_FALSE: Final = frozenset({"false", "0"})


def fold(text: str | None) -> str | None:
    """Trim, and fold runs of XML white space to one space; blank is absent."""
    if text is None:
        return None
    text = text.strip(_XML_SPACE)
    if len(text) > _LONGEST_TEXT:
        raise NotSorError(f"a text of {len(text):,} characters: this is not the register", None)
    return _RUNS.sub(" ", text) or None


def own_text(element: etree._Element) -> str | None:
    """The text of an element itself, without that of its children."""
    if not len(element):
        return fold(element.text)
    return fold("".join([element.text or "", *(child.tail or "" for child in element)]))


class LocalNames(dict[str, str]):
    """Tag -> local name for tags of the SOR family of namespaces, else an empty string.

    The family includes the namespace of the root element; a foreign element is nobody we know.
    """

    def __init__(self, root_tag: str) -> None:
        """Start with the root's own namespace."""
        super().__init__()
        namespace, closed, _ = root_tag.rpartition("}")
        self._own = namespace + closed

    def own(self, local: str) -> str:
        """The tag of that local name in the namespace of the root element."""
        return self._own + local

    def __missing__(self, tag: str) -> str:
        """Look at a tag once."""
        namespace, closed, local = tag.rpartition("}")
        known = not closed or namespace + closed == self._own or tag.startswith(_FAMILY)
        self[tag] = local if known else ""
        return self[tag]


class Days(dict[str, Day | None]):
    """Text -> day, None where it is malformed; a zone behind it is dropped."""

    def __missing__(self, text: str) -> Day | None:
        """Judge a text once: the same days come thousands of times."""
        found = _DAY.fullmatch(text)
        try:
            day = Day(date.fromisoformat(found[1]).isoformat()) if found else None
        except ValueError:
            day = None
        self[text] = day
        return day


def boolean(text: str) -> bool | None:
    """`true`, `1`, `false` and `0`; anything else is None."""
    return True if text in _TRUE else False if text in _FALSE else None


def moment(text: str) -> tuple[str, str] | None:
    """A CreatedAtTime with its offset, and the instant in UTC in a form that sorts.

    Without an offset it is Danish time. None where it is malformed. Up to twelve fractional
    digits count.
    """
    found = _INSTANT.fullmatch(text)
    if not found:
        return None
    try:
        whole = datetime.fromisoformat(found[1] + (found[3] or "").replace("Z", "+00:00"))
        if whole.tzinfo is None:
            whole = whole.replace(tzinfo=ZoneInfo(_COPENHAGEN))
            text += whole.isoformat()[19:]
        in_utc = whole.astimezone(timezone.utc)
    except (ValueError, OverflowError):
        return None
    return text, f"{in_utc.isoformat()[:19]}.{(found[2] or '').ljust(12, '0')}Z"


def quoted(text: str) -> str:
    """A value from the file as it stands in a message: quoted, and never long."""
    return repr(text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…")


class NotSorError(Exception):
    """What no register would hold, and what costs too much to read to its end."""

    def __init__(self, message: str, line: int | None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


def line_of(element: etree._Element) -> int | None:
    """The line in which an element begins.

    Beyond line 65,535 the parser tells the line in which the text before its first child ends.
    """
    line = element.sourceline
    if line is not None and line > _EXACT_LINES:
        line -= (element.text or "").count("\n")
    return line
