"""How many units carry each field: counted, compared with the night before, and what to do.

A field that half of its units lose in one night is hardly a thousand changes: an element has
another name, or the sender left it out. docs/alarms.md says when that holds a night.
"""

from sordiff.coverage.carried import (
    KNOWN_FIELDS,
    MAPPABLE,
    block_of,
    carried,
    is_known,
    unknown_texts,
)
from sordiff.coverage.counts import (
    Coverage,
    Untouched,
    coverage_after,
    coverage_of,
    turned,
    turned_between,
    units_but,
    untouched_in,
)
from sordiff.coverage.losses import FieldTurn, gains_in, losses_in
from sordiff.coverage.proposals import Replacement, mapping_line, replacement_of
from sordiff.coverage.said_elements import Places
from sordiff.coverage.vanished import vanished_fields, with_standing

__all__ = [
    "KNOWN_FIELDS",
    "MAPPABLE",
    "Coverage",
    "FieldTurn",
    "Places",
    "Replacement",
    "Untouched",
    "block_of",
    "carried",
    "coverage_after",
    "coverage_of",
    "gains_in",
    "is_known",
    "losses_in",
    "mapping_line",
    "replacement_of",
    "turned",
    "turned_between",
    "units_but",
    "unknown_texts",
    "untouched_in",
    "vanished_fields",
    "with_standing",
]
