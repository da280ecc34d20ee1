"""`sordiff export`: the tables of the changelog as files in a new folder, all of one moment."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from sordiff.changelog import QueryableChangelog
from sordiff.errors import SordiffError
from sordiff.exported_tables import TABLES
from sordiff.model import Day
from sordiff.report import Exported, ExportedFile
from sordiff.service.query.show import find_answering_run
from sordiff.sync import sync_path
from sordiff.table_files import TableFormat, demand_format, write_table

_DESCRIPTION: Final = "export.json"


def export_tables(
    changelog: QueryableChangelog, folder: Path, chosen: TableFormat, as_of: Day | None = None
) -> Exported:
    """Write all tables as they stand, or stood on a day, and a description of them.

    The folder is there when all of it is written. SordiffError where there is one already.
    """
    demand_format(chosen)
    with changelog.open_to_query() as session:
        run = find_answering_run(session, as_of)
        last = max(one.last_sequence or 0 for one in session.runs.iterate() if one.id <= run.id)
    with _make_folder(folder) as made, changelog.open_to_export(run.id, as_of) as rows:
        files = []
        for table in TABLES:
            file = made / f"{table.name}.{chosen}"
            count = write_table(file, table, rows.iterate_rows(table), chosen)
            sync_path(file)
            files.append(
                ExportedFile(
                    table=table.name, file=file.name, rows=count, columns=dict(table.columns)
                )
            )
        exported = Exported(
            run=run.id,
            day=run.header.snapshot_date,
            source=run.source,
            last_sequence=last,
            files=tuple(files),
        )
        _describe(made / _DESCRIPTION, exported)
    return exported


def _describe(path: Path, exported: Exported) -> None:
    path.write_bytes(msgspec.json.format(msgspec.json.encode(exported), indent=2) + b"\n")
    sync_path(path)


@contextmanager
def _make_folder(folder: Path) -> Iterator[Path]:
    """A folder beside, which takes its name when the block ends well, and else is gone."""
    if folder.exists() or folder.is_symlink():
        message = f"There is a file or folder {folder} already."
        raise SordiffError(message, advice="Name a new folder; nothing was written.")
    try:
        made = folder.absolute().with_name(f".{folder.name}.{os.getpid()}.new")
        shutil.rmtree(made, ignore_errors=True)  # of a call that was killed
        made.mkdir()
        try:
            yield made
            sync_path(made)
            made.rename(folder)
            sync_path(folder.absolute().parent)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    except OSError as error:
        # Of its own files pyarrow says more than the system, in words of its own.
        cause = os.strerror(error.errno) if error.errno else str(error)
        message = f"The export {folder} could not be written: {cause}."
        raise SordiffError(message, advice="Make room, or name another folder.") from error
