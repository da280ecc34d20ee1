"""Keeping lists in the changelog, and using them again."""

from collections.abc import Mapping

from msgspec.structs import replace

from sordiff.changelog import QueryableChangelog
from sordiff.errors import SordiffError
from sordiff.reconcile.columns import recognise_columns
from sordiff.reconcile.identifiers import ColumnKind
from sordiff.reconcile.kept_list import KeptList, ListMembers, ListRule
from sordiff.reconcile.table import Table
from sordiff.service.reconcile.members import demand_kept, find_members
from sordiff.service.reconcile.reconcile import KnownShare


def keep_table(
    changelog: QueryableChangelog,
    name: str,
    table: Table,
    given: Mapping[str, ColumnKind | None],
    *,
    now: str,
) -> KeptList:
    """Keep a list as it was read, with its columns recognised."""
    with changelog.open_to_query() as session:
        columns = recognise_columns(table, given, KnownShare(session))
    kept = KeptList(
        name=name,
        source=table.name,
        kept_at=now,
        table=replace(table, text=""),
        columns=columns,
    )
    return _keep(changelog, kept)


def keep_rule(changelog: QueryableChangelog, name: str, rule: ListRule, *, now: str) -> KeptList:
    """Keep a rule by which units are meant; SordiffError where there are none: a mistyped code."""
    with changelog.open_to_query() as session:
        first = session.listed.find_first_runs(rule.under)
    unknown = [sor_id for sor_id in rule.under if sor_id not in first]
    if unknown:
        message = f"No accepted snapshot had a unit {unknown[0]}."
        raise SordiffError(message, advice="Give --under a whole SOR id.")
    kept = KeptList(name=name, source="", kept_at=now, rule=rule)
    if not members_of(changelog, kept).units:
        message = f"The rule of the list {name} means no unit."
        raise SordiffError(
            message, advice="`sordiff show ID --format json` has the codes of a unit."
        )
    return _keep(changelog, kept)


def _keep(changelog: QueryableChangelog, kept: KeptList) -> KeptList:
    """Notices tell what happens from now on, so that the last run counts as told."""
    with changelog.open_to_publish() as session, session.transaction():
        session.kept_lists.keep(kept)
        last = session.runs.find_last_accepted()
        if last is not None:
            session.kept_lists.mark_told(kept.name, last.id)
    return kept


def find_kept(changelog: QueryableChangelog, name: str) -> KeptList:
    """The list of that name; SordiffError where there is none."""
    with changelog.open_to_read() as session:
        return demand_kept(session, name)


def find_all_kept(changelog: QueryableChangelog) -> list[KeptList]:
    """All lists, by name."""
    with changelog.open_to_read() as session:
        found = (session.kept_lists.find(name) for name in session.kept_lists.list_names())
        return [kept for kept in found if kept is not None]


def remove_kept(changelog: QueryableChangelog, name: str) -> None:
    """Forget a list; SordiffError where there is none."""
    with changelog.open_to_publish() as session, session.transaction():
        is_gone = session.kept_lists.remove(name)
    if not is_gone:
        message = f"There is no list {name}."
        raise SordiffError(message, advice="`sordiff list show` names those that are kept.")


def members_of(changelog: QueryableChangelog, kept: KeptList) -> ListMembers:
    """The units and numbers that a list is about now."""
    with changelog.open_to_query() as session:
        return find_members(session, kept)
