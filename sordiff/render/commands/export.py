"""What was exported, for people."""

from typing import Final

from sordiff.render.language import Catalogue
from sordiff.report import Exported
from sordiff.visible import visible

_COUNTED: Final = {
    "units": "export.units",
    "location_numbers": "export.location_numbers",
    "changes": "export.changes",
    "runs": "status.runs",
}


def exported_line(exported: Exported, folder: str, texts: Catalogue) -> str:
    """Where the files lie, of which day they are, and how many rows each has."""
    rows = {file.table: texts.counted(_COUNTED[file.table], file.rows) for file in exported.files}
    return texts.say(
        "export.done",
        folder=visible(folder),
        day=exported.day,
        run=str(exported.run),
        **rows,
    )
