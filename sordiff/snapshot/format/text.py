"""The text of elements: white space, local names, days, booleans, times."""

import re
from datetime import date, datetime, timezone
from typing import Final
from zoneinfo import ZoneInfo

from sordiff.model import Day
from sordiff.snapshot.loaded_lxml import etree

_XML_SPACE: Final = " \t\r\n"
_RUNS: Final = re.compile(r"[ \t\r\n]{2,}|[\t\r\n]")
_DAY: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})?", re.A)
_INSTANT: Final = re.compile(
    r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,12}))?(Z|[+-]\d{2}:\d{2})?", re.A
)
_COPENHAGEN: Final = "Europe/Copenhagen"
_SOR_NAMESPACES: Final = (
    "{urn:oio:sundhedsstyrelsen:organisation:",
    "{urn:oio:nsi:",
    "{http://rep.oio.dk/",
)
_MAX_TEXT_LENGTH: Final = 65_536
_MAX_QUOTE_LENGTH: Final = 80
_LAST_EXACT_LINE: Final = 65_534
_TRUE: Final = frozenset({"true", "1"})
_FALSE: Final = frozenset({"false", "0"})


def fold_space(text: str | None) -> str | None:
    """Trim, and fold runs of XML white space to one space; None for blank.

    NotSorError if the text is longer than any in a register.
    """
    if text is None:
        return None
    text = text.strip(_XML_SPACE)
    if len(text) > _MAX_TEXT_LENGTH:
        raise NotSorError(f"a text of {len(text):,} characters: this is not the register", None)
    if text.isprintable() and "  " not in text:  # nearly always, and told in a fraction of the time
        return text or None
    return _RUNS.sub(" ", text) or None


def read_own_text(element: etree._Element) -> str | None:
    """The text of an element, folded, without the text of its children."""
    if not len(element):
        return fold_space(element.text)
    return fold_space("".join([element.text or "", *(child.tail or "" for child in element)]))


class LocalNames(dict[str, str]):
    """Tag -> local name; an empty string for a foreign namespace.

    The namespaces of SOR are those that are known, and the namespace of the root element.
    """

    def __init__(self, root_tag: str) -> None:
        """`root_tag`: the tag of the root element, as lxml gives it."""
        super().__init__()
        namespace, closed, _ = root_tag.rpartition("}")
        self._own = namespace + closed

    def build_tag(self, local: str) -> str:
        """The tag of that local name in the namespace of the root element."""
        return self._own + local

    def __missing__(self, tag: str) -> str:
        """Look at each tag once."""
        namespace, closed, local = tag.rpartition("}")
        known = not closed or namespace + closed == self._own or tag.startswith(_SOR_NAMESPACES)
        self[tag] = local if known else ""
        return self[tag]


class Days(dict[str, Day | None]):
    """Text -> day; None if it is malformed. A zone behind the day is dropped."""

    def __missing__(self, text: str) -> Day | None:
        """Parse each text once: the same days come thousands of times."""
        found = _DAY.fullmatch(text)
        try:
            day = Day(date.fromisoformat(found[1]).isoformat()) if found else None
        except ValueError:
            day = None
        self[text] = day
        return day


def parse_boolean(text: str) -> bool | None:
    """True for `true` and `1`, False for `false` and `0`, None for any other text."""
    return True if text in _TRUE else False if text in _FALSE else None


def parse_instant(text: str) -> tuple[str, str] | None:
    """Return a CreatedAtTime with its offset, and the instant in UTC as a text that sorts.

    Without an offset it is Danish time. Up to twelve fractional digits count. None if malformed.
    """
    found = _INSTANT.fullmatch(text)
    if not found:
        return None
    try:
        parsed = datetime.fromisoformat(found[1] + (found[3] or "").replace("Z", "+00:00"))
        if parsed.tzinfo is None:
            parsed = parsed.replace(tzinfo=ZoneInfo(_COPENHAGEN))
            text += parsed.isoformat()[19:]
        in_utc = parsed.astimezone(timezone.utc)
    except (ValueError, OverflowError):
        return None
    return text, f"{in_utc.isoformat()[:19]}.{(found[2] or '').ljust(12, '0')}Z"


def quote_value(text: str) -> str:
    """Quote a value from the file for a message; a long one is cut."""
    return repr(text if len(text) <= _MAX_QUOTE_LENGTH else f"{text[:_MAX_QUOTE_LENGTH]}…")


class NotSorError(Exception):
    """The file is not the register, or would cost too much to read to its end."""

    def __init__(self, message: str, line: int | None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


def find_line(element: etree._Element) -> int | None:
    """The line in which an element begins, from 1.

    Beyond line 65,535 the parser gives the line in which the text before the first child ends.
    """
    line = element.sourceline
    if line is not None and line > _LAST_EXACT_LINE:
        line -= (element.text or "").count("\n")
    return line
