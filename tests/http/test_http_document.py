"""docs/http.md: its lines run and say what is shown, its table names the paths that there are, and its settings are those that there are."""

from __future__ import annotations

import os
import re

from msgspec.structs import fields

from sordiff.http.deciding.operations import DECISIONS
from sordiff.http.operations import OPERATIONS
from sordiff.settings.serve import ProxySignInSettings, ServeSettings
from sordiff.webhooks.settings import WebhookSettings
from tests.contract.shell_examples import demand_shown, demand_tools
from tests.contract.test_console_examples import examples
from tests.http.asking import Client
from tests.scenarios.telling import ROOT

NAME = "docs/http.md"
TEXT = (ROOT / NAME).read_text("utf-8")


def test_its_lines_say_what_is_shown(client: Client) -> None:
    demand_tools(NAME, "curl", "jq")
    at = str(client.base_url)
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "SOR": at, "NO_PROXY": "127.0.0.1"}
    told = examples(NAME)
    assert len(told) > 5
    for command, shown in told:
        if command == "export SOR=http://127.0.0.1:8017":
            continue
        demand_shown(command, shown, environment)


def test_its_table_names_all_paths() -> None:
    table = TEXT[TEXT.index("| path |") : TEXT.index("## Follow")]
    named = {path.partition("?")[0] for path in re.findall(r"`(/[^`]*)`", table)}
    assert named == {operation.path for operation in (*OPERATIONS, *DECISIONS)}


def test_the_settings_of_signing_in_are_told() -> None:
    text = (ROOT / "docs" / "deciding.md").read_text("utf-8")
    table = text[
        text.index("| key of `[serve.proxy_sign_in]`") : text.index("The headers are believed")
    ]
    told = set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))
    assert told == {field.name for field in fields(ProxySignInSettings)}


def test_its_settings_are_those_that_there_are() -> None:
    explained = set(
        re.findall(r"`(\w+)`", " ".join(re.findall(r"^\| (`\w.*?) \| [A-Z]", TEXT, re.MULTILINE)))
    )
    assert explained == {
        field.name for of in (ServeSettings, WebhookSettings) for field in fields(of)
    }
