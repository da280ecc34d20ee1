"""The numbers by which people know units: their looks, and what spreadsheets do to them."""

import re
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Final

from msgspec import Struct


class ColumnKind(StrEnum):
    """What a column of a list holds; a name supports the numbers, it never identifies."""

    SOR_ID = "sor_id"
    LOCATION_NUMBER = "location_number"
    PROVIDER_NUMBER = "provider_number"
    SHAK = "shak"
    CVR = "cvr"
    P_NUMBER = "p_number"
    NAME = "name"


# Their check digits tell them from any other number; of the others only their shape is known.
CHECKED_KINDS: Final = (ColumnKind.SOR_ID, ColumnKind.LOCATION_NUMBER, ColumnKind.CVR)

_SHAPES: Final = {
    # A sequence, 1000016, 00, and a check digit.
    ColumnKind.SOR_ID: re.compile(r"[1-9][0-9]{0,9}100001600[0-9]\Z"),
    ColumnKind.LOCATION_NUMBER: re.compile(r"[0-9]{13}\Z"),
    ColumnKind.CVR: re.compile(r"[1-9][0-9]{7}\Z"),
    ColumnKind.PROVIDER_NUMBER: re.compile(r"[0-9]{6}\Z"),
    ColumnKind.SHAK: re.compile(r"(?=.*[0-9])(?:[0-9A-Z]{4}|[0-9A-Z]{6}|[0-9A-Z]{7})\Z"),
    ColumnKind.P_NUMBER: re.compile(r"1[0-9]{9}\Z"),
}
_DIGITS_OF: Final = {
    ColumnKind.PROVIDER_NUMBER: 6,
    ColumnKind.LOCATION_NUMBER: 13,
    ColumnKind.SHAK: 4,
}
_GUARD: Final = re.compile(r'=?"+(.*?)"+\Z', re.DOTALL)
_SPACES: Final = re.compile(r"[\s\u00a0\u200b\ufeff]+")
# A number as programs write it that take it for a fraction: 5790008712009.0
_WHOLE: Final = re.compile(r"([0-9]{4,})[.,]0{1,2}\Z")
# With the separators of thousands: 5.790.008.712.009
_GROUPED: Final = re.compile(r"[0-9]{1,3}(?:(?:[.][0-9]{3}){2,}|(?:,[0-9]{3}){2,})\Z")
# A spreadsheet keeps fifteen digits of a number and writes zeros for the others.
_KEPT_DIGITS: Final = 15
_SCIENTIFIC: Final = re.compile(r"[0-9][.,]?[0-9]*E[+]?[0-9]+\Z", re.IGNORECASE)
_LOST: Final = re.compile(r"[1-9][0-9]*10000160[0]+\Z")


class Identifier(Struct, frozen=True, gc=False):
    """A cell as the number it stands for; `is_restored`: digits that were lost are put back."""

    kind: ColumnKind
    text: str
    value: str
    is_valid: bool
    is_restored: bool = False


def clean_text(text: str) -> str:
    """A cell without what exports put around it: `="…"`, quotes, an apostrophe, a tab, spaces."""
    if text[:1].isalnum() and text[-1:].isalnum():
        return text
    plain = text.strip().strip("\u200b\ufeff\t").strip()
    if plain.startswith(("=", '"')) and (guarded := _GUARD.match(plain)):
        plain = guarded[1].strip()
    return plain.removeprefix("'").strip()


def parse_identifier(
    kind: ColumnKind,
    text: str,
    *,
    numeric: bool = False,
    is_known: Callable[[ColumnKind, str], bool] | None = None,
) -> Identifier:
    """The number that a cell of that column holds, valid or not; `numeric`: kept as a number.

    `is_known`: what the register has needs no check of its digits, which takes longer.
    """
    plain = _plain(kind, text)
    if (is_known is not None and is_known(kind, plain)) or is_valid(kind, plain):
        return Identifier(kind, text, plain, is_valid=True)
    restored = _restore(kind, plain, numeric=numeric)
    if restored is not None:
        return Identifier(kind, text, restored, is_valid=True, is_restored=True)
    return Identifier(kind, text, plain, is_valid=False)


def list_likely(kind: ColumnKind, text: str, *, numeric: bool = False) -> Iterator[str]:
    """What to ask the register for: numbers of the right shape, checked or not."""
    plain = _plain(kind, text)
    has_shape = plain.isascii() and bool(_SHAPES[kind].match(plain))
    if has_shape:
        yield plain
    if not has_shape or _LOST.match(plain):
        restored = _restore(kind, plain, numeric=numeric)
        if restored is not None:
            yield restored


def _plain(kind: ColumnKind, text: str) -> str:
    """A number without what stands around and between its digits."""
    if text.isdigit():
        return text
    plain = _SPACES.sub("", clean_text(text))
    if whole := _WHOLE.match(plain):
        return whole[1]
    if _GROUPED.match(plain):
        return plain.replace(".", "").replace(",", "")
    if kind is ColumnKind.CVR:
        return plain.upper().removeprefix("DK")
    return plain.upper() if kind is ColumnKind.SHAK else plain


def is_valid(kind: ColumnKind, value: str) -> bool:
    """Whether a text has the shape, and the check digit, of such a number."""
    if not (value.isascii() and _SHAPES[kind].match(value)):
        return False
    check = _CHECKS.get(kind)
    return check is None or check(value)


def is_cut(one: Identifier) -> bool:
    """Whether a spreadsheet kept only the first digits of a number: 1,42E+15, or …000."""
    return bool(_SCIENTIFIC.match(one.value)) or (
        one.kind is ColumnKind.SOR_ID and len(one.value) > _KEPT_DIGITS and one.value.endswith("00")
    )


def _restore(kind: ColumnKind, value: str, *, numeric: bool) -> str | None:
    """The number with the digits that a spreadsheet dropped, where only one number fits."""
    if not (value.isascii() and value.isdigit()):
        return None
    if kind is ColumnKind.SOR_ID and len(value) > _KEPT_DIGITS and _LOST.match(value):
        return _with_check_digit(value)
    length = _DIGITS_OF.get(kind)
    if length is not None and (numeric or kind is ColumnKind.PROVIDER_NUMBER):
        padded = value.zfill(length)
        if len(value) >= length - 2 and is_valid(kind, padded):
            return padded
    return None


def _with_check_digit(value: str) -> str | None:
    """The one SOR id that begins with the fifteen digits that were kept.

    All of them end in 100001600 and a check digit, which follows from what is before it.
    """
    from stdnum import verhoeff

    stem = value[:-1]
    if not stem.endswith("100001600") or len(stem) < _KEPT_DIGITS:
        return None
    return stem + str(verhoeff.calc_check_digit(stem))


def _is_sor_id(value: str) -> bool:
    from stdnum import verhoeff  # loaded late: not every command needs it

    return bool(verhoeff.is_valid(value))


def _is_location_number(value: str) -> bool:
    """GS1's check digit; stdnum's ean takes other lengths and zeros alone, too."""
    if value.strip("0") == "":
        return False
    digits = [ord(digit) - 48 for digit in value]
    return (sum(digits[::2]) + 3 * sum(digits[1::2])) % 10 == 0


def _is_cvr(value: str) -> bool:
    from stdnum.dk import cvr

    return bool(cvr.is_valid(value))


_CHECKS: Final[Mapping[ColumnKind, Callable[[str], bool]]] = {
    ColumnKind.SOR_ID: _is_sor_id,
    ColumnKind.LOCATION_NUMBER: _is_location_number,
    ColumnKind.CVR: _is_cvr,
}
