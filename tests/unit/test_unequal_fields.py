"""Of two records only the fields that differ are written out, each as the whole record has it."""

from __future__ import annotations

import random

from sordiff.fields import Flat, flatten_unequal, flatten_unit
from tests.laws.pairs import read
from tests.making.growing import random_register


def _name_field(path: str) -> str:
    return path.partition("/")[0]


def _leave_out_equal(flat: Flat, other: Flat) -> Flat:
    def select(said: Flat, field: str) -> Flat:
        return {path: value for path, value in said.items() if _name_field(path) == field}

    return {
        path: value
        for path, value in flat.items()
        if select(flat, _name_field(path)) != select(other, _name_field(path))
    }


def test_the_fields_that_differ_are_those_of_the_whole_records() -> None:
    units = [*read(random_register(random.Random(3), units=25)).units.values()]
    for one in units:
        flat = flatten_unit(one)
        assert flatten_unequal(one, one) == ({}, {})
        assert flatten_unequal(None, one) == ({}, flat)
        assert flatten_unequal(one, None) == (flat, {})
        for other in units:
            both = flat, flatten_unit(other)
            expected = _leave_out_equal(*both), _leave_out_equal(*both[::-1])
            assert flatten_unequal(one, other) == expected
