"""The words for people: one file a language, all with the same keys.

A language is there when its file is: nothing else names it.
"""

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from sordiff.render.language.sentences import Sentences
from sordiff.render.language.unknown import unknown_at

if TYPE_CHECKING:  # each command imports this, also one that only shows its help
    from sordiff.model import Day

ENGLISH: Final = "en"
_FOLDER: Final = Path(__file__).parent
LANGUAGES: Final = tuple(sorted(entry.stem for entry in _FOLDER.glob("*.json")))


class LanguageFile(NamedTuple):
    """A language as it lies in the package: texts by key, and sentences by their English template.

    English has no sentences: they stand in the code.
    """

    texts: dict[str, str]
    sentences: dict[str, str]


@functools.cache
def language_file(language: str) -> LanguageFile:
    """The file of one of LANGUAGES."""
    import msgspec

    written = (_FOLDER / f"{language}.json").read_bytes()
    read = msgspec.json.decode(written, type=dict[str, dict[str, str]])
    return LanguageFile(texts=read["texts"], sentences=read.get("sentences", {}))


class Catalogue:
    """The texts of one language by key, with its dates and numbers.

    A text has {holes}; of what is counted, KEY.one stands beside KEY, and KEY.none where nothing
    is said otherwise.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        file = language_file(language)
        self._texts: Mapping[str, str] = file.texts
        self._sentences = file.sentences

    def text(self, key: str) -> str:
        """The text of a key, its holes open."""
        return self._texts[key]

    def known(self, key: str) -> str | None:
        """The same where there is one."""
        return self._texts.get(key)

    def say(self, key: str, **values: str) -> str:
        """The text of a key with its holes filled."""
        return self._texts[key].format(**values)

    def counted(self, key: str, count: int, **values: str) -> str:
        """The text for one, for many, or for none."""
        few = {0: f"{key}.none", 1: f"{key}.one"}.get(count)
        text = None if few is None else self._texts.get(few)
        return (text or self._texts[key]).format(count=self.number(count), **values)

    def sentence(self, english: str) -> str:
        """A sentence of an error, a warning, an alarm or a finding, as it was written or recorded.

        What nobody has translated stays as it is.
        """
        return self._translations.translate(english) if self._sentences else english

    @functools.cached_property
    def _translations(self) -> Sentences:
        return Sentences(
            self._sentences,
            thousands=self._texts["thousands"],
            decimal=self._texts["decimal"],
            quoted=self._texts["quoted"],
        )

    def number(self, number: int) -> str:
        """A number with its thousands marked."""
        return f"{number:,}".replace(",", self._texts["thousands"])

    def decimal(self, number: float) -> str:
        """A number with one decimal."""
        whole, _, part = f"{number:,.1f}".partition(".")
        return whole.replace(",", self._texts["thousands"]) + self._texts["decimal"] + part

    def day(self, day: "Day | str") -> str:
        """A day in words; what is no day stays as it is."""
        year, _, rest = day.partition("-")
        month, _, number = rest.partition("-")
        if not (month.isdigit() and number.isdigit()):
            return day
        name = self._texts.get(f"month.{int(month)}", month)
        return self.say("day", day=str(int(number)), month=name, year=year)

    def moment(self, at: str) -> str:
        """A time (ISO 8601) in words, in its own zone and to the minute."""
        day, _, time = at.partition("T")
        zone = "UTC" if time.endswith(("+00:00", "Z")) else time[-6:]
        return f"{self.day(day)} {time[:5]} {zone}" if time else self.day(day)

    def month(self, day: "Day | str") -> str:
        """The name of a day's month."""
        return self._texts[f"month.{int(day.split('-')[1])}"]

    def title(self, name: str) -> str:
        """What an event is called at the head of a list."""
        return self._texts[f"title.{name}"]

    def did(self, name: str) -> str:
        """What an event is called behind its units: "created"."""
        return self._texts[f"did.{name}"]

    def section(self, name: str) -> str:
        """The heading of a section."""
        return self._texts[f"section.{name}"]

    def finding(self, code: str) -> str:
        """The heading of the findings of one code."""
        return self._texts.get(f"finding.{code}", code)

    def state(self, state: str) -> str:
        """The state of a run."""
        return self._texts[f"state.{state}"]

    def field(self, path: str) -> str:
        """A field by its path; below a block both are named, and what nobody knows last."""
        above, known, below = path.partition("other/")
        if known and (not above or above.endswith("/")):
            unknown = unknown_at(known + below, self._texts)
            if unknown is None:
                return path
            return " › ".join([*self._parts(above.removesuffix("/")), unknown])
        return " › ".join(self._parts(path))

    def _parts(self, path: str) -> list[str]:
        return [self._texts.get(f"field.{part}", part) for part in path.split("/") if part]


@functools.cache
def catalogue(language: str) -> Catalogue:
    """The catalogue of one of LANGUAGES."""
    return Catalogue(language)
