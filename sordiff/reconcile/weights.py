"""How much each piece of evidence for a successor weighs, as log odds.

Fitted on simulated take-overs, moves, mergers, splits, imports and plain closings with known truth:
`python -m benchmarks.succession --fit` prints them anew. They are to be read together: what always
comes together shares its weight, so that one of the two may be below zero.
"""

from typing import Final

WEIGHTS: Final = {
    "same_location_number": 6.4,
    "same_provider_number": 5.15,
    "same_shak": 6.05,
    "same_p_number": 0.18,
    "same_cvr": 3.28,
    "same_owner": 0.7,
    "same_parent": 0.7,
    "same_address": 3.0,
    "same_phone": 5.36,
    "same_email": 1.6,
    "same_name": 3.56,
    "similar_name": 1.1,
    "opened_then": -2.99,
    "base": -1.31,
    "other_type": -0.9,
    "other_town": -1.53,
    "other_numbers": -0.85,
    "opened_before": 1.57,
}
