"""Who probably goes on with what a unit did that is gone: inferred, scored, and never told as fact.

Numbers decide and names only support. What speaks for a candidate is added up as evidence, and the
candidates compete with each other and with nobody at all: two that look the same halve the score.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from msgspec import Struct

from sordiff.model import Day, SorId
from sordiff.reconcile.evidence import Reason, find_features, opening_span
from sordiff.reconcile.traits import Traits
from sordiff.reconcile.weights import WEIGHTS

# Below it nothing is suggested.
LEAST_SCORE: Final = 0.5


class Successor(Struct, frozen=True):
    """A candidate with its score, from 0 to 1, and what speaks for it."""

    sor_id: SorId
    score: float
    reasons: tuple[Reason, ...]


def weigh(features: Iterable[str], weights: Mapping[str, float]) -> float:
    """The evidence as log odds against nobody having gone on."""
    return sum(weights[feature] for feature in features)


def score_candidates(odds: Sequence[float]) -> list[float]:
    """The probability of each candidate, given that at most one of them goes on."""
    most = max((0.0, *odds))
    parts = [math.exp(one - most) for one in odds]
    whole = sum(parts) + math.exp(-most)
    return [part / whole for part in parts]


def rank_successors(
    gone: Traits,
    closed: Day,
    candidates: Iterable[Traits],
    weights: Mapping[str, float] | None = None,
) -> list[Successor]:
    """The candidates of the unit's kind, the likeliest first; `closed`: its last valid day."""
    chosen = [one for one in candidates if one.kind is gone.kind and one.sor_id != gone.sor_id]
    span = opening_span(closed)
    features = [find_features(gone, span, one) for one in chosen]
    scores = score_candidates([weigh(one, weights or WEIGHTS) for one in features])
    ranked = [
        Successor(one.sor_id, score, tuple(reason for reason in Reason if reason in found))
        for one, found, score in zip(chosen, features, scores, strict=True)
    ]
    return sorted(ranked, key=lambda found: (-found.score, found.sor_id))
