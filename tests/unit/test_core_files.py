"""A process that has read a secret leaves no core file; a key of TLS is one, also without a password."""

from __future__ import annotations

import resource
from typing import TYPE_CHECKING

import pytest
import trustme

from sordiff.kafka.connection import build_client_options
from sordiff.kafka.settings import KafkaSettings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("has_key", [True, False])
def test_who_reads_a_key_leaves_no_core_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_key: bool
) -> None:
    limits: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "setrlimit", lambda _, limit: limits.append(limit))
    issued = trustme.CA().issue_cert("sordiff.example.dk")
    issued.private_key_and_cert_chain_pem.write_to_path(tmp_path / "client.pem")
    certificate = str(tmp_path / "client.pem") if has_key else None
    build_client_options(KafkaSettings(security_protocol="SSL", tls_certificate_file=certificate))
    assert [soft for soft, _ in limits] == ([0] if has_key else [])
