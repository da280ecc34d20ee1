"""Every secret that can be configured, walked through the calls that use it: it stands in nothing that a call says or leaves."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from sordiff.cli.main import build_command
from sordiff.settings import Settings
from sordiff.settings.layers import list_settings
from tests.cli.product import COMMAND, environment, sordiff

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import click

DEMO = sorted((Path(__file__).parents[2] / "fixtures" / "demo").glob("*.zip"))
# Of each setting that names the place of a secret; the word is looked for in all that is said and written.
SECRETS = {
    setting.path.removesuffix("_env"): f"canary-{number}-Q7x"
    for number, setting in enumerate(list_settings(Settings))
    if setting.path.endswith("_env")
}
# Nobody listens on these ports.
SETTINGS = """
[publish]
to = ["kafka"]
[kafka]
bootstrap_servers = ["127.0.0.1:1"]
security_protocol = "{protocol}"
timeout_seconds = 1
sasl_mechanism = "SCRAM-SHA-512"
sasl_user = "sordiff"
{kafka}
[notices]
webhook_attempts = 1
smtp_host = "127.0.0.1"
smtp_port = 1
smtp_user = "sordiff"
mail_from = "sordiff@example.dk"
mail_to = ["somebody@example.dk"]
{notices}
"""
CALLS = (
    ("config",),
    ("config", "--format", "json"),
    ("run", str(DEMO[0])),
    ("publish",),
    ("topics", "check"),
    ("notices", "test"),
    ("status",),
    ("run", str(DEMO[1]), "--log-format", "json"),
    ("verify", "--topics"),
)


def configured(folder: Path, way: str) -> dict[str, str]:
    """A folder in which every secret is configured; what stands in the environment."""
    variables = environment()
    found: dict[str, list[str]] = {"kafka": [], "notices": []}
    for path, word in SECRETS.items():
        if path == "kafka.tls_key_password":
            continue  # it needs a key, and has a test of its own
        table, name = path.split(".")
        value = f"http://127.0.0.1:1/{word}" if name == "webhook_url" else word
        if way == "env":
            variables[f"CANARY_{name}"] = value
            found[table].append(f'{name}_env = "CANARY_{name}"')
        else:
            (folder / f"{name}.secret").write_text(value)
            found[table].append(f'{name}_file = "{name}.secret"')
    text = SETTINGS.format(
        protocol="SASL_PLAINTEXT",
        kafka="\n".join(found["kafka"]),
        notices="\n".join(found["notices"]),
    )
    (folder / "sordiff.toml").write_text(text)
    return {**variables, "SORDIFF_DEBUG": "1"}


def left_in(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix != ".secret":
            yield path.name, path.read_bytes()


@pytest.mark.parametrize("way", ["env", "file"])
def test_no_call_says_or_writes_a_secret(tmp_path: Path, way: str) -> None:
    assert len(SECRETS) >= 5
    variables = configured(tmp_path, way)
    said = []
    for words in CALLS:
        done = sordiff(*words, folder=tmp_path, env=variables)
        said.append((words, done.code, done.out + done.err))
    assert [code for _, code, _ in said][:2] == [0, 0]
    assert any("127.0.0.1:1" in text for _, _, text in said)
    told = [(words, text) for words, _, text in said if any(w in text for w in SECRETS.values())]
    assert told == []
    written = [
        name
        for name, content in left_in(tmp_path)
        if any(word.encode() in content for word in SECRETS.values())
    ]
    assert written == []


@pytest.mark.parametrize("way", ["env", "file"])
@pytest.mark.parametrize("opens", [True, False])
def test_no_call_says_or_writes_the_password_of_a_key(
    tmp_path: Path, way: str, opens: bool
) -> None:
    word = SECRETS["kafka.tls_key_password"]
    issued = trustme.CA().issue_cert("sordiff.example.dk")
    issued.cert_chain_pems[0].write_to_path(tmp_path / "certificate.pem")
    key = load_pem_private_key(issued.private_key_pem.bytes(), None)
    lock = BestAvailableEncryption(word.encode() if opens else b"another")
    (tmp_path / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock))
    (tmp_path / "word.secret").write_text(word)
    secret = (
        'tls_key_password_env = "CANARY"'
        if way == "env"
        else 'tls_key_password_file = "word.secret"'
    )
    (tmp_path / "sordiff.toml").write_text(
        '[publish]\nto = ["kafka"]\n[kafka]\nbootstrap_servers = ["127.0.0.1:1"]\n'
        'security_protocol = "SSL"\ntimeout_seconds = 1\ntls_certificate_file = "certificate.pem"\n'
        f'tls_key_file = "key.pem"\n{secret}\n'
    )
    variables = {**environment(), "CANARY": word, "SORDIFF_DEBUG": "1"}
    said = ""
    for words in CALLS:
        done = sordiff(*words, folder=tmp_path, env=variables)
        said += done.out + done.err
    assert ("TLS of [kafka] can't be set up" in said) is not opens
    assert not opens or "127.0.0.1:1" in said
    assert word not in said
    assert [name for name, content in left_in(tmp_path) if word.encode() in content] == []


@pytest.mark.parametrize(
    ("text", "words", "variables"),
    [
        ('[kafka]\nsasl_password = "canary-Q7x"\n', ("config",), {}),
        ('[kafka]\ntls_key_password = "canary-Q7x"\n', ("publish",), {}),
        ('[notices]\nwebhook_secret = "canary-Q7x"\n', ("config",), {}),
        ('[notices]\nsmtp_password = "canary-Q7x"\n', ("notices", "test"), {}),
        ('[notices]\nwebhook_url = "http://a:canary-Q7x@b/c"\n', ("config",), {}),
        ('[notices]\nwebhook_url = "canary-Q7x"\n', ("config",), {}),
        ("", ("config", "--set", "sasl_password=canary-Q7x"), {}),
        ("", ("publish", "--set", "sasl_password=canary-Q7x"), {}),
        ("", ("config",), {"SORDIFF_NOTICES_WEBHOOK_URL": "canary-Q7x"}),
        ("", ("config",), {"SORDIFF_KAFKA_SASL_PASSWORD": "canary-Q7x-æ"}),
        ("", ("config",), {"SORDIFF_KAFKA_SASL_PASSWORT": "canary-Q7x"}),
        ("", ("fetch", "--url", "http://a:canary-Q7x@127.0.0.1:1/b"), {}),
        ("", ("fetch", "--url", "http://127.0.0.1:1/b?key=canary-Q7x"), {}),
        (
            '[kafka]\nsasl_user = "a"\nsasl_password_env = "X"\n',
            ("publish",),
            {"X": "canary-Q7x-æ"},
        ),
    ],
)
def test_a_secret_in_the_wrong_place_is_refused_without_it(
    tmp_path: Path, text: str, words: tuple[str, ...], variables: Mapping[str, str]
) -> None:
    (tmp_path / "sordiff.toml").write_text(text)
    env = {**environment(), **variables, "SORDIFF_DEBUG": "1"}
    done = sordiff(*words, folder=tmp_path, env=env)
    assert "canary" not in done.out + done.err, done


def test_no_option_takes_a_secret() -> None:
    """What stands on the command line is in the list of processes, for everybody."""
    names = [option for _, option in list_options(build_command()) if is_secret(option)]
    assert names == []


def is_secret(option: str) -> bool:
    return any(word in option for word in ("password", "secret", "token", "credential", "key"))


def list_options(command: Any, above: str = "") -> Iterator[tuple[str, str]]:
    group: click.Group = command
    for name in group.list_commands(context(group)) if hasattr(group, "list_commands") else ():
        below = group.get_command(context(group), name)
        yield from list_options(below, f"{above} {name}")
    for option in command.params:
        for name in option.opts:
            yield above, name


def context(command: Any) -> Any:
    import click

    return click.Context(command)


def test_a_process_with_a_secret_shows_it_to_nobody(tmp_path: Path) -> None:
    """Neither in the list of processes nor in a core file; /proc/PID/environ is for its own user alone."""
    (tmp_path / "hook").write_text("http://127.0.0.1:1/canary-Q7x")
    (tmp_path / "sordiff.toml").write_text(
        '[kafka]\nbootstrap_servers = ["127.0.0.1:1"]\nsecurity_protocol = "SASL_PLAINTEXT"\n'
        'sasl_user = "a"\nsasl_password_env = "CANARY"\n[publish]\nto = ["kafka"]\n'
    )
    assert sordiff("ingest", str(DEMO[0]), folder=tmp_path, env=environment()).code == 0
    env = {**environment(), "CANARY": "canary-Q7x"}
    process = subprocess.Popen(
        [*COMMAND, "publish", "--follow"],
        cwd=tmp_path,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        proc = Path(f"/proc/{process.pid}")
        until = time.monotonic() + 30
        limits = ""
        while time.monotonic() < until:
            limits = next(
                line for line in (proc / "limits").read_text().splitlines() if "core file" in line
            )
            if limits.split()[4] == "0":
                break
            time.sleep(0.1)
        assert limits.split()[4] == "0", limits
        assert b"canary" not in (proc / "cmdline").read_bytes()
        assert (proc / "environ").stat().st_mode & 0o077 == 0
    finally:
        process.kill()
        out, _ = process.communicate()
    assert b"canary" not in out
