"""Check digits are what the library that knows all numbers says of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean, verhoeff
from stdnum.dk import cvr

from sordiff.check_digits import is_cvr, is_gln, is_sor_id

_DIGITS = "0123456789"
_TEXT = st.text(_DIGITS + "aA٣ ", max_size=20)


@given(st.text(_DIGITS, min_size=15, max_size=15))
def test_one_check_digit_of_ten_is_right(stem: str) -> None:
    right = [digit for digit in _DIGITS if is_sor_id(stem + digit)]
    assert right == [verhoeff.calc_check_digit(stem)]


@given(_TEXT | st.text(_DIGITS, max_size=18) | st.text(_DIGITS, min_size=16, max_size=16))
def test_ids_are_what_the_library_says(text: str) -> None:
    assert is_sor_id(text) == verhoeff.is_valid(text)


@given(st.text(_DIGITS, min_size=12, max_size=12))
def test_numbers_are_what_the_library_says(stem: str) -> None:
    right = [digit for digit in _DIGITS if is_gln(stem + digit)]
    assert right == [ean.calc_check_digit(stem)]


@given(st.text(_DIGITS, min_size=7, max_size=7))
def test_cvr_numbers_are_what_the_library_says(stem: str) -> None:
    several = [stem + digit for digit in _DIGITS]
    assert [*filter(is_cvr, several)] == [*filter(cvr.is_valid, several)]
