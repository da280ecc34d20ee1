"""Certificates for a broker and its clients, made in the test."""

from __future__ import annotations

from pathlib import Path

import trustme
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)


def write_authority(authority: trustme.CA, folder: Path, name: str = "authority.pem") -> Path:
    """The certificate that a client (or a broker) believes in."""
    path = folder / name
    authority.cert_pem.write_to_path(str(path))
    return path


def write_pair(authority: trustme.CA, folder: Path, *hosts: str) -> tuple[Path, Path]:
    """Certificates and key of a server or client, in two files."""
    issued = authority.issue_cert(*hosts)
    chain, key = folder / f"{hosts[0]}-chain.pem", folder / f"{hosts[0]}-key.pem"
    chain.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
    key.write_bytes(_pkcs8(issued))
    key.chmod(0o600)
    return chain, key


def write_keystore(authority: trustme.CA, folder: Path, *hosts: str) -> Path:
    """Key and certificates in the one file that Kafka wants."""
    chain, key = write_pair(authority, folder, *hosts)
    path = folder / f"{hosts[0]}-keystore.pem"
    path.write_bytes(key.read_bytes() + chain.read_bytes())
    path.chmod(0o600)
    return path


def _pkcs8(issued: trustme.LeafCert) -> bytes:
    """The only form of a key that Kafka reads."""
    key = load_pem_private_key(issued.private_key_pem.bytes(), None)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
