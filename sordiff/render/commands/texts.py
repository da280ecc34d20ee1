"""One unit or one location number for people: as it stood on a day, and its life as a table."""

import functools
import json
from importlib.resources import files

from sordiff.render.language import Catalogue


@functools.cache
def looking_texts(language: str) -> Catalogue:
    """The texts of da or en, with those that only `show` and `history` need."""
    entry = files(__package__).joinpath(f"{language}.json")
    return Catalogue(language, also=json.loads(entry.read_text(encoding="utf-8")))
