"""Flags over the environment, that over the file: also for a secret, which has several ways to be given."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.product import environment, sordiff

FILE = '[kafka]\nsecurity_protocol = "SASL_SSL"\nsasl_user = "sordiff"\n'


def held(folder: Path, *words: str, **variables: str) -> dict[str, tuple[object, str]]:
    """What `sordiff config` says of each setting: its value, and where it is from."""
    env = {**environment(), **variables}
    done = sordiff("config", "--format", "json", *words, folder=folder, env=env)
    assert done.code == 0, done.err
    return {one["path"]: (one["value"], one["origin"]) for one in json.loads(done.out)}


def test_flags_over_the_environment_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "sordiff.toml").write_text('[kafka]\nclient_id = "file"\n')
    assert held(tmp_path)["kafka.client_id"] == ("file", "sordiff.toml")
    variable = {"SORDIFF_KAFKA_CLIENT_ID": "environment"}
    assert held(tmp_path, **variable)["kafka.client_id"] == (
        "environment",
        "SORDIFF_KAFKA_CLIENT_ID",
    )
    found = held(tmp_path, "--set", "client_id=flag", **variable)
    assert found["kafka.client_id"] == ("flag", "flag")


@pytest.mark.parametrize(
    ("variables", "words", "strongest"),
    [
        ({}, (), ("sasl_password_file", "sordiff.toml")),
        (
            {"SORDIFF_KAFKA_SASL_PASSWORD": "secret"},
            (),
            ("sasl_password_env", "SORDIFF_KAFKA_SASL_PASSWORD"),
        ),
        (
            {"SORDIFF_KAFKA_SASL_PASSWORD_ENV": "OTHER", "OTHER": "secret"},
            (),
            ("sasl_password_env", "SORDIFF_KAFKA_SASL_PASSWORD_ENV"),
        ),
        (
            {"SORDIFF_KAFKA_SASL_PASSWORD": "secret"},
            ("--set", "sasl_password_file=another.txt"),
            ("sasl_password_file", "flag"),
        ),
        (
            {"OTHER": "secret"},
            ("--set", "sasl_password_env=OTHER"),
            ("sasl_password_env", "flag"),
        ),
    ],
)
def test_the_strongest_way_to_a_secret_stands_alone(
    tmp_path: Path, variables: dict[str, str], words: tuple[str, ...], strongest: tuple[str, str]
) -> None:
    (tmp_path / "sordiff.toml").write_text(f'{FILE}sasl_password_file = "password.txt"\n')
    found = held(tmp_path, *words, **variables)
    ways = {
        name: found[f"kafka.{name}"][1]
        for name in ("sasl_password_file", "sasl_password_env")
        if found[f"kafka.{name}"][1] != "default"
    }
    assert ways == dict([strongest])


def test_two_ways_in_one_place_contradict(tmp_path: Path) -> None:
    (tmp_path / "sordiff.toml").write_text(
        f'{FILE}sasl_password_file = "password.txt"\nsasl_password_env = "OTHER"\n'
    )
    done = sordiff("config", folder=tmp_path)
    assert done.code == 2
    assert "sasl_password is to be given in one way only" in done.err
