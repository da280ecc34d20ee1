"""State as the fold of events and adoptions, forwards and backwards."""

from sordiff.replay.adoption import adoptions_of, root_adoptions
from sordiff.replay.fold import ROOT, Adoption, Fold

__all__ = ["ROOT", "Adoption", "Fold", "adoptions_of", "root_adoptions"]
