"""Sentences of the program in another language, recognised by their English templates.

Errors, warnings, alarms and findings are written in English where they arise, and are recorded so.
A template has {holes}; `{count:n}` is a number, which is printed with the marks of the language.
What stands in another hole may be a sentence itself. What no template fits stays as it is.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from msgspec import Struct

HOLE: Final = re.compile(r"\{(\w+)(:n)?\}")
_NUMBER: Final = r"-?\d[\d,]*(?:\.\d+)?"
# Sentences stand beside each other with one of these between.
_BETWEEN: Final = re.compile(r"; |(?<=[.)]) ")


class _Template(Struct, frozen=True):
    pattern: re.Pattern[str]
    numbers: frozenset[str]
    translation: str


class Sentences:
    """The sentences of one language."""

    def __init__(self, translations: Mapping[str, str], *, thousands: str, decimal: str) -> None:
        """`translations`: by the English template."""
        self._exact = {key: text for key, text in translations.items() if not HOLE.search(key)}
        # The template that says most itself is the one that was meant.
        by_length = sorted(translations, key=lambda key: (-len(HOLE.sub("", key)), key))
        self._templates = [
            _template(key, translations[key]) for key in by_length if HOLE.search(key)
        ]
        self._marks = str.maketrans(",.", thousands + decimal)

    def translate(self, text: str) -> str:
        """The text in this language, as far as it is known."""
        known = self._whole(text)
        if known is not None:
            return known
        # The longest beginning that is known, then the rest.
        for found in reversed(list(_BETWEEN.finditer(text))):
            before = self._whole(text[: found.start()])
            if before is not None:
                return before + found[0] + self.translate(text[found.end() :])
        return text

    def _whole(self, text: str) -> str | None:
        """A text that is one sentence, or several of which each is known."""
        if not text:
            return None
        return self._exact.get(text) or self._apart(text) or self._by_template(text)

    def _apart(self, text: str) -> str | None:
        """Several sentences, of which a template with a last hole would swallow the others."""
        for found in _BETWEEN.finditer(text):
            if found[0] != " ":
                continue
            before = self._exact.get(text[: found.start()]) or self._by_template(
                text[: found.start()]
            )
            after = before and self._whole(text[found.end() :])
            if after:
                return f"{before} {after}"
        return None

    def _by_template(self, text: str) -> str | None:
        for template in self._templates:
            found = template.pattern.fullmatch(text)
            if found is not None:
                facts = dict(self._facts(found, template.numbers))
                return HOLE.sub(_filling(facts), template.translation)
        return None

    def _facts(self, found: re.Match[str], numbers: frozenset[str]) -> Iterator[tuple[str, str]]:
        for name, said in found.groupdict().items():
            yield name, said.translate(self._marks) if name in numbers else self.translate(said)


def _filling(facts: Mapping[str, str]) -> Callable[[re.Match[str]], str]:
    return lambda hole: facts[hole[1]]


def _template(key: str, translation: str) -> _Template:
    parts: list[str] = []
    end = 0
    for hole in HOLE.finditer(key):
        parts += [re.escape(key[end : hole.start()]), _group(hole)]
        end = hole.end()
    pattern = re.compile("".join([*parts, re.escape(key[end:])]), re.DOTALL)
    numbers = frozenset(hole[1] for hole in HOLE.finditer(key) if hole[2])
    return _Template(pattern, numbers, translation)


def _group(hole: re.Match[str]) -> str:
    return f"(?P<{hole[1]}>{_NUMBER if hole[2] else '.+?'})"


def skeleton_of(parts: Iterable[str]) -> str:
    """A sentence by what it says itself, its holes nameless: what code and catalogue share."""
    return "{}".join(parts)
