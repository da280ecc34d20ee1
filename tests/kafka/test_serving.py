"""`make broker` says in a sentence why it can't have its ports."""

from __future__ import annotations

import socket

from tests.kafka.serve import find_hindrance


def test_a_port_that_is_taken_is_named_with_the_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = find_hindrance([port])
    assert said.startswith(f"Port {port} can't be used: Address already in use.")
    assert said.endswith("make broker PORT=9192")
    assert find_hindrance([port]) == ""
