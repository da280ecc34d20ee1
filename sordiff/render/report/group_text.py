"""A group of changes in a sentence."""

from collections.abc import Mapping
from typing import Final

from sordiff.events import TYPE_BY_NAME
from sordiff.model import Kind
from sordiff.render.report.change_text import ChangeText
from sordiff.render.text.rich_text import Line, Piece, filled, joined, outside, words
from sordiff.report import Group


def group_line(group: Group, text: ChangeText) -> Line:
    """A group in a sentence."""
    language = text.language
    found = group.parameters
    key = f"rule.{group.rule}"
    if group.rule == "number.inherited" and len(found.keys() - {"notes"}) == 1:
        key += ".to" if "to_number" in found else ".from"
    if group.rule == "number.handed":
        key += _handed(found)
    values: dict[str, Line | str] = {
        name: _parameter(name, value, group, text) for name, value in found.items()
    }
    values["count"] = language.number(group.count)
    values["did"] = language.did(group.type)
    values["noun"] = language.text(f"noun.{TYPE_BY_NAME[group.type].subject}")
    if "kind" in found:
        values["kinds"] = language.text(f"kinds.{found['kind']}")
    notes = [words(language.text(f"note.{note}")) for note in found.get("notes", "").split()]
    return joined([filled(language.text(key), **values), *notes], ", ")


def without_count(sentence: Line, count: str) -> Line:
    """The sentence of a group without the count that it begins with."""
    if not sentence or sentence[0].text != count:
        return sentence
    first, *rest = sentence[1:]
    return (Piece(first.text.lstrip(), first.element), *rest) if first else sentence


# Parameters that are words of ours, with the family of their keys.
_SAID_BY_KEY: Final = {"from_kind": "kinds", "to_kind": "kinds", "relation": "relation"}


def _handed(found: Mapping[str, str]) -> str:
    """How the old hands stand to the new ones, which is part of the sentence."""
    relation = found["relation"]
    if relation == "other_owner" and found["to_kind"] == Kind.OWNER:
        return ".between_owners"
    return f".{relation}"


def _parameter(name: str, value: str, group: Group, text: ChangeText) -> Line | str:
    if name.endswith("owner"):
        return text.unit(value)
    if name.endswith("_type"):
        known = text.unit_type(value)
        in_words = name != "unit_type" or group.rule == "kind_and_type" or text.knows_type(value)
        return known if in_words else filled(text.language.text("units.of.type"), unit_type=known)
    return _word(name, value, group, text)


def _word(name: str, value: str, group: Group, text: ChangeText) -> Line | str:
    """A parameter that is neither a unit nor a unit type."""
    language = text.language
    if name in _SAID_BY_KEY:
        return language.text(f"{_SAID_BY_KEY[name]}.{value}")
    if name == "list":
        return text.codes_of(value)
    if name == "turn":
        field = TYPE_BY_NAME[group.type].field or group.type
        return language.say(f"turn.{value}", field=language.field(field))
    if name == "paths":
        return outside(", ".join(language.field(path) for path in value.split(" ")))
    return language.day(value) if name == "day" else outside(value)
