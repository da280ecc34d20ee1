"""State as the fold of events and adoptions, forwards and backwards."""

from sordiff.replay.adoption import derive_adoptions, derive_root_adoptions
from sordiff.replay.fold import ROOT, Adoption, Fold
from sordiff.replay.part import PartFold, list_concerned

__all__ = [
    "ROOT",
    "Adoption",
    "Fold",
    "PartFold",
    "derive_adoptions",
    "derive_root_adoptions",
    "list_concerned",
]
