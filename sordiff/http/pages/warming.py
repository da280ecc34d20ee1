"""What the first visitor after a night would wait for is made while nobody waits."""

from typing import Final

from sordiff.changelog import ServedChangelog
from sordiff.errors import SordiffError
from sordiff.http.epoch import find_current_epoch
from sordiff.http.pages.nights import answer_front
from sordiff.http.pages.page import Asked
from sordiff.http.request_reader import RequestReader
from sordiff.render.language import LANGUAGES, catalogue
from sordiff.render.pages.site import Visit

# The front page says how old the newest snapshot is, in hours.
_LONGEST_PAUSE_SECONDS: Final = 60.0


async def keep_front_warm(reader: RequestReader, *, decides: bool, signs_in: bool) -> None:
    """Make the front page of each language anew after each night and each hour, until cancelled.

    `decides` and `signs_in` are those of a visit.
    """
    while not reader.watch.ended:
        turn = reader.watch.turn
        try:
            await reader.read(lambda changelog: _find_epoch(reader, changelog))
            for language in LANGUAGES:
                words = catalogue(language)
                visit = Visit(words=words, path="/", decides=decides, signs_in=signs_in)
                await answer_front(reader, Asked(visit=visit, query={}, path={}))
        except SordiffError:
            pass  # what can't be read just now is told to whoever asks
        await reader.watch.wait_beyond(turn, _LONGEST_PAUSE_SECONDS)


def _find_epoch(reader: RequestReader, changelog: ServedChangelog) -> None:
    with changelog.open_to_query() as session:
        find_current_epoch(reader, session)
