"""How much each piece of evidence for a successor weighs, as log odds.

Fitted on simulated take-overs, moves, mergers, splits, imports and plain closings with known truth:
`python -m benchmarks.succession --fit` prints them anew. They are to be read together: what always
comes together shares its weight, so that one of the two may be below zero.
"""

from typing import Final

WEIGHTS: Final = {
    "same_location_number": 8.12,
    "same_provider_number": 6.79,
    "same_shak": 8.63,
    "same_p_number": 0.18,
    "same_cvr": 4.87,
    "same_owner": 1.04,
    "same_parent": 1.04,
    "same_address": 4.17,
    "same_phone": 6.8,
    "same_email": 2.52,
    "same_name": 4.66,
    "similar_name": 1.18,
    "opened_then": -3.8,
    "base": -1.7,
    "other_type": -0.94,
    "other_town": -1.86,
    "other_numbers": -1.01,
    "opened_before": 1.92,
}
