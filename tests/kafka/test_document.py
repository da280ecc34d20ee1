"""What docs/publishing.md shows is what there is; the settings come from file, environment and flags, in that order."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import fields

from sordiff.kafka.settings import KafkaSettings, TopicNames
from sordiff.kafka.topics import list_wanted_topics
from tests.cli.calling import called, good
from tests.scenarios.telling import ROOT

DOCUMENT = (ROOT / "docs" / "publishing.md").read_text(encoding="utf-8")
KEYS = {field.encode_name for field in fields(KafkaSettings)}


def test_the_example_is_accepted_and_uses_every_key_but_the_alternatives() -> None:
    [block] = re.findall(r"^```toml\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)
    example = tomllib.loads(block)["kafka"]
    settings = msgspec.convert(example, KafkaSettings)
    assert set(example) == KEYS - {"tls_key_password_env", "sasl_password_env"}
    assert settings.topics == TopicNames()
    assert set(example["topics"]) == {field.encode_name for field in fields(TopicNames)}


def test_every_key_is_explained_and_every_topic_told() -> None:
    assert set(re.findall(r"^\| `([a-z_]+)` \|", DOCUMENT, re.MULTILINE)) == KEYS
    named = re.findall(r"^\| (sor\.[a-z-]+) \|", DOCUMENT, re.MULTILINE)
    assert named == [topic.name for topic in list_wanted_topics(KafkaSettings())]


def configured(folder: Path, *flags: str) -> dict[str, tuple[Any, str]]:
    found = json.loads(good(folder, "config", "--format", "json", *flags))
    return {setting["path"]: (setting["value"], setting["origin"]) for setting in found}


def test_flags_win_over_the_environment_and_that_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sordiff.toml").write_text(
        'source = "urn:file"\n[kafka]\nbootstrap_servers = ["file:1"]\nclient_id = "file"\npartitions = 2\n'
    )
    monkeypatch.setenv("SORDIFF_KAFKA_BOOTSTRAP_SERVERS", "one:1, two:2")
    monkeypatch.setenv("SORDIFF_KAFKA_PARTITIONS", "3")
    monkeypatch.setenv("SORDIFF_NOTICES_METRICS_FILE", "here.prom")
    found = configured(tmp_path, "--set", "partitions=4", "--set", "topics.units=mine")
    assert found["source"] == ("urn:file", "sordiff.toml")
    assert found["kafka.client_id"] == ("file", "sordiff.toml")
    assert found["kafka.bootstrap_servers"] == (
        ["one:1", "two:2"],
        "SORDIFF_KAFKA_BOOTSTRAP_SERVERS",
    )
    assert found["kafka.partitions"] == (4, "flag")
    assert found["kafka.topics.units"] == ("mine", "flag")
    assert found["notices.metrics_file"] == ("here.prom", "SORDIFF_NOTICES_METRICS_FILE")
    assert found["kafka.mode"] == ("binary", "default")
    found = configured(tmp_path, "--bootstrap-servers", "flag:9")
    assert found["kafka.bootstrap_servers"] == (["flag:9"], "flag")


def test_a_secret_is_found_in_file_or_environment_and_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SORDIFF_KAFKA_SASL_PASSWORD", "hemmeligt")
    monkeypatch.setenv("SORDIFF_NOTICES_WEBHOOK_URL", "https://example.org/hook/hemmeligt")
    (tmp_path / "word").write_text("hemmeligt")
    found = configured(
        tmp_path, "--set", "sasl_user=sordiff", "--set", "tls_key_password_file=word"
    )
    assert found["kafka.sasl_password"] == (
        "********",
        "environment variable SORDIFF_KAFKA_SASL_PASSWORD",
    )
    assert found["kafka.tls_key_password"] == ("********", "file word")
    assert found["notices.webhook_url"][0] == "********"
    text = good(tmp_path, "config", "--set", "tls_key_password_file=none")
    assert "hemmeligt" not in text
    assert "kafka.tls_key_password = not set  (file none, where nothing is)" in text
    (tmp_path / "sordiff.toml").write_text('[kafka]\nsasl_password_file = "word"\n')
    monkeypatch.delenv("SORDIFF_KAFKA_SASL_PASSWORD")
    found = configured(tmp_path)
    assert found["kafka.sasl_password"] == ("********", "file word")


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--set", "sasl_password=hemmeligt"), "kafka.sasl_password is no setting"),
        (("--set", "partitions=hemmeligt"), "--set kafka.partitions can't be used: Expected `int`"),
        (("--set", "partitions"), "a setting is KEY=VALUE"),
        (("--bootstrap-servers", "kafka"), "bootstrap_servers must each be HOST:PORT"),
        (("--bootstrap-servers", "kafka:99999"), "bootstrap_servers must each be HOST:PORT"),
        (("--bootstrap-servers", "kafka:0"), "bootstrap_servers must each be HOST:PORT"),
        (("--set", "topics.units=sor.unit-events"), "each topic must have a name of its own"),
        (("--set", "security_protocol=SASL_SSL"), "needs sasl_user and sasl_password_file"),
        (("--set", "replication=0"), "replication must be -1"),
        (("--set", "delivery_timeout_seconds=1"), "must not be less than timeout_seconds"),
        (("--set", "sasl_password_file=a", "--set", "sasl_password_env=b"), "in one way only"),
    ],
)
def test_what_can_not_work_is_refused_without_repeating_it(
    tmp_path: Path, flags: tuple[str, ...], said: str
) -> None:
    done = called(tmp_path, "config", *flags)
    assert done.exit == 2
    assert said in done.stderr
    assert "hemmeligt" not in done.stderr


def test_a_typing_error_in_the_environment_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SORDIFF_KAFKA_BOOTSTRAP_SERVER", "kafka:9092")
    done = called(tmp_path, "config")
    assert done.exit == 2
    assert "SORDIFF_KAFKA_BOOTSTRAP_SERVER is no setting" in done.stderr
    monkeypatch.setenv("SORDIFF_KAFKA_SASL_PASSWORD_ENV", "SORDIFF_KAFKA_BOOTSTRAP_SERVER")
    good(tmp_path, "config")


def test_the_changelog_is_named_in_layers_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo = ROOT / "fixtures" / "demo" / "2024-03-04.zip"
    (tmp_path / "sordiff.toml").write_text('db = "file.db"\n')
    (tmp_path / "other.toml").write_text('db = "other.db"\n')
    good(tmp_path, "ingest", demo)
    good(tmp_path, "ingest", demo, "--config", "other.toml")
    monkeypatch.setenv("SORDIFF_DB", "environment.db")
    good(tmp_path, "ingest", demo)
    good(tmp_path, "ingest", demo, "--db", "flag.db")
    assert {path.name for path in tmp_path.glob("*.db")} == {
        "file.db",
        "other.db",
        "environment.db",
        "flag.db",
    }
    assert "environment.db" in good(tmp_path, "status")
