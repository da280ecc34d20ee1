"""The kept lists, for people and for programs."""

from collections.abc import Iterable, Iterator
from typing import Any

from sordiff.reconcile.kept_list import KeptList
from sordiff.render.language import Catalogue
from sordiff.visible import visible


def kept_lines(lists: Iterable[KeptList], texts: Catalogue) -> Iterator[str]:
    """A line for each list."""
    for kept in lists:
        yield f"{visible(kept.name)} · {' · '.join(_parts(kept, texts))}"


def _parts(kept: KeptList, texts: Catalogue) -> Iterator[str]:
    if kept.table is not None:
        columns = (
            f"{visible(kept.table.columns[column.place])}"
            f" ({texts.text(f'reconcile.kind.{column.kind}')})"
            for column in kept.columns
        )
        yield texts.counted("reconcile.lines", len(kept.table.rows))
        yield texts.say("reconcile.columns", columns=", ".join(columns))
    if kept.rule is not None:
        rule = kept.rule
        for key, codes in (
            ("list.under", rule.under),
            ("list.region", rule.regions),
            ("list.type", rule.unit_types),
        ):
            if codes:
                yield texts.say(key, codes=visible(", ".join(codes)))
    if kept.source:
        yield texts.say("list.source", source=visible(kept.source))
    yield texts.day(kept.kept_at[:10])


def describe_kept(kept: KeptList) -> dict[str, Any]:
    """A list in brief, for programs: without its rows."""
    return {
        "name": kept.name,
        "source": kept.source,
        "kept_at": kept.kept_at,
        "lines": None if kept.table is None else len(kept.table.rows),
        "columns": [
            {"name": kept.table.columns[column.place], "kind": column.kind}
            for column in kept.columns
        ]
        if kept.table is not None
        else [],
        "rule": kept.rule,
    }
