"""The words of the page: the same keys in both languages, and none that nobody says."""

import json
import re
from pathlib import Path

import sordiff.render.report.html

FOLDER = Path(sordiff.render.report.html.__file__).parent


def test_both_languages_say_the_same() -> None:
    da, en = (json.loads((FOLDER / f"{name}.json").read_text()) for name in ("da", "en"))
    assert da.keys() == en.keys()
    for key, text in da.items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", en[key])), key


def test_every_word_is_said() -> None:
    sources = "".join(
        path.read_text() for path in FOLDER.iterdir() if path.suffix in {".py", ".jinja", ".js"}
    )
    for key in json.loads((FOLDER / "da.json").read_text()):
        name = key.removeprefix("page.")
        last = name.rpartition(".")[2]
        assert key in sources or f'"{name}"' in sources or f'"{last}"' in sources, key
