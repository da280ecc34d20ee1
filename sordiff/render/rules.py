"""What a group has in common, as a sentence."""

from collections.abc import Mapping

from sordiff.render.language import Catalogue
from sordiff.render.pieces import Line, filled, joined, outside, words
from sordiff.render.said import Sayer
from sordiff.report import Group, Report


def rule_line(group: Group, report: Report, texts: Catalogue, sayer: Sayer) -> Line:
    """The sentence of a group, with its count at the beginning."""
    found = group.parameters
    values: dict[str, Line | str] = {
        name: _value(name, value, report, texts, sayer) for name, value in found.items()
    }
    values["count"] = texts.number(group.count)
    values["did"] = texts.did(group.type)
    values["noun"] = texts.text(f"noun.{group.type.partition('.')[0]}")
    if "kind" in found:
        values["kinds"] = texts.text(f"kinds.{found['kind']}")
    if "turn" in found:
        field = texts.text(f"field.{group.type}")
        values["turn"] = filled(texts.text(f"turn.{found['turn']}"), field=field)
    return filled(texts.text(_key(group.rule, found)), **values)


def _key(rule: str, found: Mapping[str, str]) -> str:
    if rule == "number.inherited" and "from_number" not in found:
        return "rule.number.inherited.to"
    if rule == "number.inherited" and "to_number" not in found:
        return "rule.number.inherited.from"
    return f"rule.{rule}"


def _value(name: str, value: str, report: Report, texts: Catalogue, sayer: Sayer) -> Line | str:
    if name in {"owner", "from_owner", "to_owner"}:
        return sayer.unit(value)
    if name.endswith("_type"):
        return outside(report.unit_types.get(value, value))
    if name.endswith("_kind"):
        return texts.text(f"kind.{value}")
    if name == "paths":
        return joined([words(texts.field(path)) for path in value.split()], ", ")
    if name == "relation":
        return texts.text(f"relation.{value}")
    return texts.day(value) if name == "day" else outside(value)
