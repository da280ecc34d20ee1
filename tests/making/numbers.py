"""Numbers that pass their checks, made from a sequence: SOR ids (Verhoeff), GLN (GS1), CVR (mod 11)."""

from __future__ import annotations

from functools import cache

_INVERSE = (0, 4, 3, 2, 1, 5, 6, 7, 8, 9)
_PERMUTATION = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)
_CVR_WEIGHTS = (2, 7, 6, 5, 4, 3, 2)


def _dihedral(left: int, right: int) -> int:
    """The product in the symmetry group of the pentagon, on which Verhoeff's check stands."""
    if left < 5:
        return (left + right) % 5 if right < 5 else 5 + (left + right) % 5
    return 5 + (left - right) % 5 if right < 5 else (left - right) % 5


def verhoeff_digit(digits: str) -> str:
    """The check digit that belongs behind these digits."""
    check = 0
    for position, digit in enumerate(reversed(digits), start=1):
        value = int(digit)
        for _ in range(position % 8):
            value = _PERMUTATION[value]
        check = _dihedral(check, value)
    return str(_INVERSE[check])


@cache
def valid_sor_id(sequence: int) -> str:
    """The SOR id issued as number `sequence` (from 1): sequence, 1000016, 00, check digit."""
    digits = f"{sequence}100001600"
    return digits + verhoeff_digit(digits)


@cache
def valid_gln(sequence: int) -> str:
    """The location number 579000 + six digits + check digit; sequence 0…999999."""
    digits = f"579000{sequence:06d}"
    total = sum(int(digit) * (3 if position % 2 else 1) for position, digit in enumerate(digits))
    return digits + str(-total % 10)


def valid_cvr(n: int) -> str:
    """A CVR number, another for every n from 0 to 4499999."""
    for prefix in (1_000_000 + 2 * n, 1_000_001 + 2 * n):
        total = sum(
            int(digit) * weight for digit, weight in zip(str(prefix), _CVR_WEIGHTS, strict=True)
        )
        if total % 11 != 1:
            return f"{prefix}{-total % 11}"
    raise AssertionError  # neighbours differ by 2 mod 11: one of them has a check digit
