"""Sentences of the program in another language, recognised by their English templates.

Errors, warnings, alarms and findings are written in English where they arise, and recorded so. A
template has {holes}: what stands there is a name or a text from outside and stays as it is. In
`{count:n}` stands a number, which is printed with the marks of the language; in `{reason:s}` a
sentence, or a part of one, which is translated in turn. What fits no template stays as it is; a
reason that other software gave is then quoted, so that no sentence is in two languages.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

HOLE: Final = re.compile(r"\{(\w+)(?::([ns]))?\}")
_NUMBER: Final = r"-?\d[\d,]*(?:\.\d+)?"
# `Error: {message:s}`: words of its own, and behind a colon the sentence that they lead up to.
_LEAD: Final = re.compile(r"[A-Z][a-z].*: \{\w+:s\}\Z")
# The holes in which the words of other software may stand.
_REASONS: Final = frozenset({"reason", "cause", "answer"})
# What stands between two sentences.
_BETWEEN: Final = re.compile(r"; |(?<=[.)]) ")


class _Template(NamedTuple):
    """`kinds`: what the holes hold; `is_bare`: the template has no words of its own."""

    pattern: re.Pattern[str]
    translation: str
    kinds: Mapping[str, str | None]
    is_bare: bool


class Sentences:
    """The sentences of one language."""

    def __init__(
        self, translations: Mapping[str, str], *, thousands: str, decimal: str, quoted: str
    ) -> None:
        """`translations`: by the English template; `quoted`: a `{text}` between quotation marks."""
        self._quoted = quoted
        self._exact = {key: text for key, text in translations.items() if not HOLE.search(key)}
        by_length = sorted(translations, key=_rank)
        self._templates = [
            _template(key, translations[key]) for key in by_length if HOLE.search(key)
        ]
        self._marks = str.maketrans(",.", thousands + decimal)

    def translate(self, text: str) -> str:
        """The text in this language, as far as it is known."""
        known = self._known(text)
        if known is not None:
            return known
        for found in _BETWEEN.finditer(text):
            before = self._known(text[: found.start()])
            if before is not None:
                return before + found[0] + self.translate(text[found.end() :])
        return text

    def _known(self, text: str) -> str | None:
        """A text of which every sentence is known."""
        return self._exact.get(text) or self._parts(text) or self._filled(text)

    def _parts(self, text: str) -> str | None:
        """Sentences beside each other, which the last hole of the first one would swallow."""
        for found in _BETWEEN.finditer(text):
            begin = text[: found.start()]
            before = self._exact.get(begin) or self._filled(begin)
            after = before and self._known(text[found.end() :])
            if after:
                return f"{before}{found[0]}{after}"
        return None

    def _filled(self, text: str) -> str | None:
        for template in self._templates:
            found = template.pattern.fullmatch(text)
            if found is not None:
                facts = self._facts(template, found.groupdict())
                if facts is not None:
                    return HOLE.sub(_filling(facts), template.translation)
        return None

    def _facts(self, template: _Template, said: Mapping[str, str]) -> dict[str, str] | None:
        """What stands in the holes; without words of its own, a template needs known ones there."""
        facts = {}
        for name, fact in said.items():
            kind = template.kinds[name]
            if kind == "n":
                facts[name] = fact.translate(self._marks)
            elif kind == "s":
                known = self._known(fact)
                if known is None and template.is_bare:
                    return None
                facts[name] = known or self._translate_or_quote(name, fact)
            else:
                facts[name] = fact
        return facts

    def _translate_or_quote(self, name: str, fact: str) -> str:
        translated = self.translate(fact)
        if name in _REASONS and translated == fact != "":
            return self._quoted.format(text=fact)
        return translated


def _rank(key: str) -> tuple[bool, int, str]:
    """The template with the most words of its own is the one that was meant.

    A frame around a whole sentence goes first: else a template that begins with a hole takes the
    words of the frame for a name.
    """
    is_frame = key.endswith("{message:s}") or _LEAD.match(key) is not None
    return (not is_frame, -len(HOLE.sub("", key)), key)


def _filling(facts: Mapping[str, str]) -> Callable[[re.Match[str]], str]:
    return lambda hole: facts[hole[1]]


def _template(key: str, translation: str) -> _Template:
    kinds = {hole[1]: hole[2] for hole in HOLE.finditer(key)}
    pattern = re.compile("".join(_pattern(key)), re.DOTALL)
    is_bare = not re.search(r"[A-Za-z]", HOLE.sub("", key))
    return _Template(pattern, translation, kinds, is_bare)


def _pattern(key: str) -> Iterator[str]:
    end = 0
    for hole in HOLE.finditer(key):
        yield re.escape(key[end : hole.start()])
        yield f"(?P<{hole[1]}>{_NUMBER if hole[2] == 'n' else '.*?'})"
        end = hole.end()
    yield re.escape(key[end:])
