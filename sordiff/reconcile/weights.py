"""How much each piece of evidence for a successor weighs, as log odds.

Fitted on simulated take-overs, moves, mergers, splits, imports and plain closings with known truth:
`python -m benchmarks.succession --fit` prints them anew. They are to be read together: what always
comes together shares its weight, so that one of the two may be below zero.
"""

from typing import Final

WEIGHTS: Final = {
    "same_location_number": 5.49,
    "same_provider_number": 4.01,
    "same_shak": 4.04,
    "same_p_number": 0.2,
    "same_cvr": 2.96,
    "same_owner": -1.39,
    "same_parent": -1.39,
    "same_address": 2.27,
    "same_phone": 4.74,
    "same_email": 2.23,
    "same_name": 1.74,
    "similar_name": 0.96,
    "opened_then": -2.51,
    "base": -0.71,
    "other_type": -1.09,
    "other_town": -1.05,
    "other_numbers": -0.82,
    "opened_before": 1.69,
}
