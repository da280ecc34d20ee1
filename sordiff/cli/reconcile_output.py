"""What `reconcile` writes: the judged list to stdout or into a file, and the corrected list."""

import sys
from pathlib import Path

from sordiff.cli.output import choose_paint, choose_width, say
from sordiff.cli.output_file import demand_no_terminal, write_result, write_whole_file
from sordiff.errors import SordiffError
from sordiff.model import SorId
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
        names=_find_names(judged),
        paint=paint,
        limit=SHOWN_TO_PEOPLE if limit is None and form.is_for_people else limit,
    )
    demand_no_terminal(file, form.name, is_binary=form.is_binary)
    write_result(form.printer().print_list(edition), file)


def _find_names(judged: JudgedList) -> dict[SorId, str]:
    known = ((one, judged.facts.known(one)) for row in judged.told.rows for one in row.candidates)
    return {sor_id: unit.name for sor_id, unit in known if unit is not None and unit.name}


def write_fixed(judged: JudgedList, source: str) -> None:
    """Write the corrected list beside the file, and say how many lines were mended."""
    from sordiff.list_files.read_table import STANDARD_INPUT
    from sordiff.reconcile.correction import correct
    from sordiff.render.reconcile.corrected import corrected_list

    if source == STANDARD_INPUT:
        message = "There is no file beside which a corrected list could lie."
        raise SordiffError(message, advice="Give a file instead of standard input.")
    path = Path(source.partition("#")[0])
    is_sheet = path.suffix.lower() == ".xlsx"
    file = path.with_name(f"{path.stem}.fixed{'.xlsx' if is_sheet else '.csv'}")
    fixed = correct(judged.table, judged.columns, judged.judged, judged.facts)
    write_whole_file(file, corrected_list(fixed, is_sheet=is_sheet))
    say(f"{file}: {len(fixed.changed)} lines mended")
