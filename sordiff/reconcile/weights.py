"""How much each piece of evidence for a successor weighs, as log odds.

Fitted on simulated take-overs, moves, mergers, splits, imports and plain closings with known truth:
`python -m benchmarks.succession --fit` writes them anew.
"""

from typing import Final

WEIGHTS: Final = {
    "same_location_number": 5.0,
    "same_provider_number": 4.0,
    "same_shak": 3.0,
    "same_p_number": 3.0,
    "same_cvr": 1.0,
    "same_owner": 0.0,
    "same_parent": 0.0,
    "same_address": 2.0,
    "same_phone": 2.0,
    "same_email": 1.0,
    "same_name": 2.0,
    "similar_name": 1.0,
    "opened_then": 2.0,
    "base": -5.0,
    "other_type": -1.0,
    "other_town": -1.0,
    "other_numbers": -1.0,
    "opened_before": -1.0,
}
