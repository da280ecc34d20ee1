"""The example in docs/configuration.md is a configuration, and the keys it explains are those that there are."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from msgspec.structs import fields

from sordiff.list_shape import ListPlace, ListShape
from sordiff.settings import Settings, load_settings
from tests.scenarios.telling import ROOT

DOCUMENT = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
EXAMPLE = re.findall(r"^```toml\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)


def test_the_example_is_accepted(tmp_path: Path) -> None:
    [example] = EXAMPLE
    path = tmp_path / "sordiff.toml"
    path.write_text(example, encoding="utf-8")
    settings = load_settings(path)
    read = tomllib.loads(example)
    assert settings.source == read["source"]
    assert set(settings.data_types) == set(read["data_types"])


def test_the_example_uses_every_setting() -> None:
    read = tomllib.loads(EXAMPLE[0])
    assert set(read) == {field.encode_name for field in fields(Settings)}
    used = {key for shape in read["data_types"].values() for key in shape}
    assert used == {field.encode_name for field in fields(ListShape)}
    assert {key for place in read["lists"].values() for key in place} == {"path"}


def test_every_setting_is_explained() -> None:
    headings = set(re.findall(r"^## (\w+)$", DOCUMENT, re.MULTILINE))
    assert headings == {field.encode_name for field in fields(Settings)}
    heads = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", DOCUMENT, re.MULTILINE)
    explained = {key for head in heads for key in re.findall(r"\w+", head)}
    assert explained == {f.encode_name for of in (ListShape, ListPlace) for f in fields(of)}
