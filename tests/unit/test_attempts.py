"""So many a minute for each, forgotten after it, and never more kept than fits."""

from __future__ import annotations

import pytest

from sordiff.http.sign_in.attempts import Attempts, name_network


def test_a_minute_has_an_end_and_nobody_waits_for_others() -> None:
    now = [0.0]
    attempts = Attempts(2, lambda: now[0])
    attempts.note("a")
    now[0] = 50.5
    attempts.note("a")
    assert (attempts.find_pause("a"), attempts.find_pause("b")) == (10, 0)
    now[0] = 60
    assert attempts.find_pause("a") == 0
    attempts.note("a")
    assert attempts.find_pause("a") == 0


def test_of_too_many_those_of_longest_ago_are_forgotten() -> None:
    attempts = Attempts(1, lambda: 0.0)
    for number in range(10_001):
        attempts.note(str(number))
    assert [attempts.find_pause(key) for key in ("0", "1", "10000")] == [0, 60, 60]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("somewhere", "somewhere"),
    ],
)
def test_whom_a_limit_holds_for(address: str, network: str) -> None:
    assert name_network(address) == network
