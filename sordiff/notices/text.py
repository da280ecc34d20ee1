"""A notice as words for people: one line each, of bearable length, and nothing in it is obeyed.

Titles and messages hold names from outside. A line break in one would begin a new header of a mail
or a new line that looks like ours; a direction mark would turn what follows.
"""

from collections.abc import Callable
from typing import Final, TypeAlias

from msgspec import Struct

from sordiff.notices.notice import Notice
from sordiff.visible import visible

_LONGEST_TITLE: Final = 150
_LONGEST_LINE: Final = 2_000
_MOST_ALERTS: Final = 10


# From an English sentence to the same one in the reader's language.
Translate: TypeAlias = Callable[[str], str]


class Wording(Struct, frozen=True, kw_only=True):
    """What a person reads: the alerts beyond the tenth are only counted."""

    title: str
    text: str
    alerts: tuple[str, ...]
    commands: tuple[str, ...]


def word_notice(notice: Notice, translate: Translate) -> Wording:
    """The words of a notice, harmless in a mail, a chat and a terminal."""
    alerts = tuple(
        fold_to_one_line(translate(f"{alert.severity}: {alert.message}"), _LONGEST_LINE)
        for alert in notice.alerts[:_MOST_ALERTS]
    )
    more = len(notice.alerts) - _MOST_ALERTS
    if more > 0:
        alerts = (*alerts, translate(f"and {more} more"))
    return Wording(
        title=fold_to_one_line(translate(notice.title), _LONGEST_TITLE),
        text=fold_to_one_line(_paragraph(notice, translate), _LONGEST_LINE),
        alerts=alerts,
        commands=tuple(fold_to_one_line(command, _LONGEST_LINE) for command in notice.commands),
    )


def _paragraph(notice: Notice, translate: Translate) -> str:
    """The text; where it is made of the sentences of alerts, each of them is translated."""
    text = notice.text
    for alert in notice.alerts:
        text = text.replace(_begun(alert.message), _begun(translate(alert.message)))
    return translate(notice.text) if text == notice.text else text


def _begun(sentence: str) -> str:
    """As a sentence stands in the paragraph of a notice."""
    bare = sentence.rstrip(".")
    return f"{bare[:1].upper()}{bare[1:]}"


def fold_to_one_line(text: str, longest: int) -> str:
    """The text as one line of at most `longest` characters; harmful ones as ⟨U+009B⟩."""
    flat = " ".join(text.replace("\r", "\n").split("\n")).strip()
    shown = visible(flat)
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"
