"""What `reconcile` writes: the judged list to stdout or into a file, and the corrected list."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path

from sordiff.cli.output import choose_paint, choose_width, say, write_chunks
from sordiff.errors import SordiffError
from sordiff.render.language import Catalogue
from sordiff.render.reconcile.edition import SHOWN_TO_PEOPLE, ListEdition
from sordiff.render.reconcile.formats import ListFormat
from sordiff.render.text.colour import Paint
from sordiff.service.reconcile.reconcile import JudgedList


def write_list(
    judged: JudgedList, form: ListFormat, words: Catalogue, file: Path | None, limit: int | None
) -> None:
    """Write the judged list to stdout, or whole into a file in place of what was there."""
    paint = Paint(wanted=False, width=choose_width(None)) if file else choose_paint(sys.stdout)
    edition = ListEdition(
        told=judged.told,
        table=judged.table,
        language=words,
        paint=paint,
        limit=SHOWN_TO_PEOPLE if limit is None and form.is_for_people else limit,
    )
    if file is None and form.is_binary and sys.stdout.isatty():
        message = f"A terminal can't show {form.name}."
        raise SordiffError(message, advice="Give a file with -o.")
    chunks = form.printer().print_list(edition)
    if file is None:
        write_chunks(chunks)
    else:
        write_whole(file, chunks)


def write_whole(file: Path, chunks: Iterable[bytes]) -> None:
    """Write a file whole, or leave what was there."""
    new = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        with new.open("wb") as stream:
            stream.writelines(chunks)
        new.replace(file)
    except OSError as error:
        new.unlink(missing_ok=True)
        message = f"The list could not be written to {file}: {error.strerror}."
        raise SordiffError(message, advice="Give a file in a folder that is there.") from error


def write_fixed(judged: JudgedList, source: str) -> None:
    """Write the corrected list beside the file, and say how many lines were mended."""
    from sordiff.reconcile.correction import correct
    from sordiff.render.reconcile.corrected import corrected_list
    from sordiff.tables.read_table import STANDARD_INPUT

    if source == STANDARD_INPUT:
        message = "There is no file beside which a corrected list could lie."
        raise SordiffError(message, advice="Give a file instead of standard input.")
    path = Path(source.partition("#")[0])
    is_sheet = path.suffix.lower() == ".xlsx"
    file = path.with_name(f"{path.stem}.fixed{'.xlsx' if is_sheet else '.csv'}")
    fixed = correct(judged.table, judged.columns, judged.judged, judged.facts)
    write_whole(file, corrected_list(fixed, is_sheet=is_sheet))
    say(f"{file}: {len(fixed.changed)} lines mended")
