"""Clients for Node and Go, with the CloudEvents libraries of their languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kafka.clients.published import ABORTED, Published, said
from tests.kafka.jars import ROOT

NODE, GO = ROOT / ".cache" / "node_clients", ROOT / ".cache" / "go_clients"


def test_kafkajs_reads_what_is_committed(
    published: Published, structured: Published, tmp_path: Path
) -> None:
    for topics in (published, structured):
        words = [topics.bootstrap, f"{topics.prefix}units", str(len(topics.history))]
        told = said(["node", str(NODE / "read.js"), *words], tmp_path)
        assert sorted(told) == sorted(topics.told)


@pytest.mark.parametrize("client", ["franz-go", "sarama"])
def test_clients_for_go_read_what_is_committed_when_told(
    client: str, published: Published, structured: Published, tmp_path: Path
) -> None:
    for topics in (published, structured):
        call = [str(GO), client, topics.bootstrap, f"{topics.prefix}units"]
        count = len(topics.history)
        committed = said([*call, str(count), "committed"], tmp_path)
        assert sorted(committed) == sorted(topics.told)
    told = said([*call, str(count + 1)], tmp_path)
    assert sorted(told) == sorted([*topics.told, f"{ABORTED} no event"])
