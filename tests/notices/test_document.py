"""What docs/notices.md shows is what there is."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any, get_args, get_type_hints

import msgspec
from msgspec.structs import fields

from sordiff.notices.metrics import format_metrics
from sordiff.notices.notice import Notice
from sordiff.notices.settings import NoticeSettings
from sordiff.notices.webhook import sign_body
from tests.notices.samples import HELD
from tests.notices.test_metrics import FULL

DOCUMENT = (Path(__file__).parents[2] / "docs" / "notices.md").read_text(encoding="utf-8")


def _block(language: str) -> str:
    [block] = re.findall(rf"^```{language}\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)
    return str(block)


def _rows() -> set[str]:
    return set(re.findall(r"^\| `([a-z_.]+)(?:\{\w+\})?` \|", DOCUMENT, re.MULTILINE))


KEYS = {field.encode_name for field in fields(NoticeSettings)}


def test_the_example_is_accepted_and_uses_every_key_but_the_alternatives() -> None:
    example = tomllib.loads(_block("toml"))["notices"]
    assert msgspec.convert(example, NoticeSettings).has_webhook
    alternatives = {"webhook_url", "webhook_url_env", "webhook_secret_env", "smtp_password_env"}
    assert set(example) == KEYS - alternatives


def test_keys_kinds_and_metrics_are_those_that_there_are() -> None:
    kinds = set(get_args(get_type_hints(Notice)["kind"]))
    metrics = set(re.findall(r"^# TYPE (\w+)", format_metrics(FULL), re.MULTILINE))
    assert _rows() == KEYS | kinds | metrics


def test_the_notice_shown_is_one() -> None:
    shown = json.loads(_block("json"))
    assert msgspec.convert(shown, Notice) == HELD


def test_the_check_of_the_signature_works() -> None:
    defined: dict[str, Any] = {}
    exec(_block("python"), defined)  # noqa: S102 - our own document
    is_genuine = defined["is_genuine"]
    assert is_genuine(b"body", sign_body(b"body", "secret"), b"secret")
    assert not is_genuine(b"body", sign_body(b"body", "other"), b"secret")
