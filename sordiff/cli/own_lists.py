"""A list that a command is given: a file, standard input, or the name of a kept one."""

from pathlib import Path
from typing import TYPE_CHECKING

from sordiff.errors import SordiffError
from sordiff.reconcile.kept_list import KeptList

if TYPE_CHECKING:
    from sordiff.changelog import QueryableChangelog
    from sordiff.reconcile.identifiers import ColumnKind
    from sordiff.reconcile.table import Table


def wanted_list(changelog: "QueryableChangelog", source: str) -> KeptList:
    """The kept list of that name, or what is read from a file, with its columns recognised."""
    from sordiff.list_files.read_table import read_table
    from sordiff.reconcile.columns import recognise_columns
    from sordiff.service.reconcile.keep import find_kept
    from sordiff.service.reconcile.reconcile import KnownShare

    if not _is_file(source):
        return find_kept(changelog, source)
    table = read_table(source)
    with changelog.open_to_query() as session:
        columns = recognise_columns(table, {}, KnownShare(session))
    return KeptList(name=source, source=source, kept_at="", table=table, columns=columns)


def wanted_table(
    changelog: "QueryableChangelog", source: str
) -> "tuple[Table, dict[str, ColumnKind | None]]":
    """The table to judge, and what is known of its columns."""
    from sordiff.list_files.read_table import read_table

    kept = None if _is_file(source) else _find(changelog, source)
    if kept is None:
        return read_table(source), {}
    if kept.table is None:
        message = f"The list {source} is a rule, which is always true."
        raise SordiffError(message, advice=f"`sordiff report --list {source}` tells what changed.")
    kinds = {column.place: column.kind for column in kept.columns}
    return kept.table, {name: kinds.get(i) for i, name in enumerate(kept.table.columns)}


def _is_file(source: str) -> bool:
    return source == "-" or "#" in source or Path(source).exists()


def _find(changelog: "QueryableChangelog", name: str) -> KeptList | None:
    with changelog.open_to_read() as session:
        return session.kept_lists.find(name)
