"""Small sound inputs of each kind, from which the fuzzer goes on."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path
from typing import Final

from tests.making.growing import random_register
from tests.making.tables import latin_only, old_rows, plainest, sor2_rows, write_old, write_sor2
from tests.making.xml import write_snapshot

_ROOT: Final = Path(__file__).parents[2]


def make_seeds(target: str) -> list[bytes]:
    match target:
        case "register":
            return [
                write_snapshot(random_register(random.Random(seed), units=3), version=version)
                for seed in range(3)
                for version in (1, 2)
            ]
        case "table":
            plain = plainest(random_register(random.Random(4), units=3))
            old = plainest(random_register(random.Random(4), units=3), old=True)
            return [write_sor2(sor2_rows(plain)), write_old(old_rows(latin_only(old)))]
        case "lists":
            night = min((_ROOT / "fixtures" / "demo").glob("*.zip"))
            with zipfile.ZipFile(night) as archive:
                return [archive.read(name) for name in archive.namelist() if "DataTypes" in name]
        case "own_list":
            rows = (_ROOT / "fixtures" / "demo" / "partners.csv").read_bytes()
            return [rows, b'[{"sor": "300011000016000", "navn": "x"}]', b'{"sor": 1}\n{"sor": 2}\n']
        case "settings":
            return [(_ROOT / "deploy" / "sordiff.toml").read_bytes(), *_small_settings()]
        case _:
            return _messages()


def _small_settings() -> list[bytes]:
    return [
        b'source = "urn:sordiff:sor"\nlang = "da"\n[archive]\ndir = "a"\n',
        b'[alarms.counts]\n"unit.created" = { count = 0 }\n[fields]\nname = ["a", "B/c"]\n',
        b'[kafka]\nbootstrap_servers = "a:1"\n[kafka.sasl]\nmechanism = "PLAIN"\n',
    ]


def _messages() -> list[bytes]:
    story = sorted((_ROOT / "fixtures" / "scenarios").glob("*/events.jsonl"))
    lines = [line for path in story[:6] for line in path.read_bytes().splitlines()[:2]]
    headers = b"content-type=application/json\nce_specversion=1.0\nce_id=x\nce_source=urn:a\nce_type=sordiff.unit.renamed.v1\nce_subject=1\nce_sequence=00000000000000000001\n"
    return [b"\0\0" + line for line in lines] + [
        headers + b"\0" + b"1" + b'\0{"before": "a", "after": "b"}',
        b"ce_sequence=5\0" + b"1\0",
        b"content-type=application/cloudevents+json\0k\0{}",
    ]


def list_kept(target: str) -> list[bytes]:
    """What once made a reader stumble."""
    return [path.read_bytes() for path in sorted((_ROOT / "fixtures" / "fuzz" / target).glob("*"))]
