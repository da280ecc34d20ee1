"""Names of units compared as people write them: Danish letters, abbreviations, forms of company."""

import functools
import re
import unicodedata
from typing import Final

# Folded before anything is compared: å and aa, ø and oe, æ and ae are one letter.
_LETTERS: Final = str.maketrans({"å": "aa", "ø": "oe", "æ": "ae", "ö": "oe", "ä": "ae", "ü": "ue"})
_WORDS: Final = re.compile(r"[a-z0-9]+")
# What stands behind it says who the doctor is, or the form of the company, not which place it is.
_FORMS: Final = frozenset(["aps", "as", "is", "ivs", "amba", "smba", "ks", "ps", "ms", "fmba"])
_FORM: Final = re.compile(r"\b(a/s|i/s|k/s|p/s|m/s)(?=\W|$)", re.IGNORECASE)
_SHORT: Final = {
    "afd": "afdeling",
    "amb": "ambulatorium",
    "hosp": "hospital",
    "sygeh": "sygehus",
    "univ": "universitets",
    "alm": "almen",
    "laegeh": "laegehus",
    "prak": "praksis",
    "kl": "klinik",
    "tandl": "tandlaege",
    "spec": "speciallaege",
    "fys": "fysioterapi",
    "nr": "",
    "v": "ved",
}


def fold_letters(text: str) -> str:
    """A text in small letters from a to z, digits and signs."""
    small = unicodedata.normalize("NFC", text).lower().translate(_LETTERS)
    return unicodedata.normalize("NFKD", small).encode("ascii", "ignore").decode()


@functools.lru_cache(1 << 14)  # 8 MB when full
def fold_name(name: str) -> tuple[str, ...]:
    """The words of a name, folded, without the form of the company."""
    text = fold_letters(_FORM.sub(" ", unicodedata.normalize("NFC", name).lower()))
    words = (_SHORT.get(word, word) for word in _WORDS.findall(text.replace("v/", " v ")))
    return tuple(word for word in words if word and word not in _FORMS)


def is_same_name(one: str, other: str) -> bool:
    """Whether two names are the same but for letters, spaces, abbreviations and company forms."""
    return one == other or fold_name(one) == fold_name(other)


def name_likeness(one: str | None, other: str | None) -> float:
    """From 0 to 1; a number in a name must be in both: Lægehuset 1 is not Lægehuset 2."""
    if not one or not other:
        return 0.0
    left, right = fold_name(one), fold_name(other)
    if not left or not right:
        return 0.0
    if {word for word in left if word.isdigit()} != {word for word in right if word.isdigit()}:
        return 0.0
    from rapidfuzz.distance import JaroWinkler  # loaded late: only succession needs it

    in_order = JaroWinkler.similarity(" ".join(left), " ".join(right))
    sorted_ = JaroWinkler.similarity(" ".join(sorted(left)), " ".join(sorted(right)))
    return max(in_order, sorted_)
