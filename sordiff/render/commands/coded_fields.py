"""The fields of a unit that are codes, in the words of their lists."""

from collections.abc import Iterator

from msgspec import UnsetType

from sordiff.model import Unit
from sordiff.render.language import Catalogue
from sordiff.report.code_texts import Codes, find_text
from sordiff.resolved import UnitState
from sordiff.visible import visible


def describe_specialities(state: UnitState) -> Iterator[str]:
    """The specialities in order, each with its code and its type."""
    for speciality in state.specialities:
        text = (
            f"{visible(speciality.text)} ({visible(speciality.code)})"
            if speciality.text
            else visible(speciality.code)
        )
        yield f"{text} [{visible(speciality.type)}]" if speciality.type else text


def describe_geography(unit: Unit, texts: Catalogue) -> Iterator[str]:
    """The relation in words, and the unit if there is one."""
    relation = unit.geographical_parent_relation
    if relation is not None:
        known = texts.known(f"geographical_parent_relation.{relation}")
        yield f"{known} ({visible(relation)})" if known else visible(relation)
    if unit.geographical_parent_id is not None:
        yield visible(unit.geographical_parent_id)


def describe_level(unit: Unit, codes: Codes) -> Iterator[str]:
    """The text of the level, with its code."""
    level = unit.organisational_level
    if not isinstance(level, UnsetType):
        text = find_text("organisational_level", level, codes)
        yield f"{visible(text)} ({visible(level)})" if text else visible(level)
