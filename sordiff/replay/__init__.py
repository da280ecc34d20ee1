"""State as the fold of events and adoptions, forwards and backwards."""

from sordiff.replay.adoption import adoptions_of, root_adoptions
from sordiff.replay.fold import ROOT, Adoption, Fold
from sordiff.replay.part import PartFold, concerned

__all__ = [
    "ROOT",
    "Adoption",
    "Fold",
    "PartFold",
    "adoptions_of",
    "concerned",
    "root_adoptions",
]
