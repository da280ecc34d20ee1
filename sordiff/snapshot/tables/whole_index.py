"""The index of the rows of a table that was read whole."""

from collections.abc import Mapping

from sordiff.model import SorId
from sordiff.row_index import CodeText, RowIndex
from sordiff.snapshot.tables.compared_states import digest_state, write_states_key
from sordiff.snapshot.tables.stated_unit import StatedUnit
from sordiff.snapshot.tables.states import States
from sordiff.snapshot.tables.table_file import TableFile
from sordiff.table_kinds import TableKind


def build_row_index(
    table: TableFile,
    states: States,
    stated: Mapping[SorId, StatedUnit],
    ways: dict[str, str],
) -> RowIndex:
    """The entries of the rows of these units, without the units that have none."""
    said: dict[tuple[CodeText, ...], int] = {}
    rows = stated.values()
    chosen = (states.find_chosen(sor_id) for sor_id in stated)
    is_complete = states.kind is TableKind.COMPLETE
    return RowIndex(
        key=write_states_key(table) if is_complete else table.reading_key,
        ids=[*stated],
        digests=b"".join(digest_state(table, states.states, state) for state in chosen),
        parents=[unit.parent_id for unit in rows],
        said=[said.setdefault(unit.code_texts, len(said)) for unit in rows],
        code_texts=[*said],
        ways=ways,
        mentioned=[],
    )
