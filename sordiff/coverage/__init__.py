"""How many units carry each field: counted, compared with the night before, and what to do.

A field that half of its units lose in one night is hardly a thousand changes: an element has
another name, or the sender left it out. docs/alarms.md says when that holds a night.
"""

from sordiff.coverage.carried import (
    KNOWN_FIELDS,
    MAPPABLE,
    CarrierCounter,
    collect_unknown_texts,
    find_block,
    is_known,
    list_carried_paths,
)
from sordiff.coverage.counts import (
    Coverage,
    Untouched,
    count_coverage,
    count_turns,
    count_turns_between,
    iterate_units_except,
    prepare_untouched,
    update_coverage,
)
from sordiff.coverage.losses import FieldTurn, find_gains, find_losses
from sordiff.coverage.proposals import Replacement, mapping_line, propose_replacement
from sordiff.coverage.said_elements import Places
from sordiff.coverage.vanished import find_vanished_fields, keep_vanished_fields

__all__ = [
    "KNOWN_FIELDS",
    "MAPPABLE",
    "CarrierCounter",
    "Coverage",
    "FieldTurn",
    "Places",
    "Replacement",
    "Untouched",
    "collect_unknown_texts",
    "count_coverage",
    "count_turns",
    "count_turns_between",
    "find_block",
    "find_gains",
    "find_losses",
    "find_vanished_fields",
    "is_known",
    "iterate_units_except",
    "keep_vanished_fields",
    "list_carried_paths",
    "mapping_line",
    "prepare_untouched",
    "propose_replacement",
    "update_coverage",
]
