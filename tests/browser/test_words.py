"""The words of the page: none that nobody says."""

from pathlib import Path

import sordiff.render.report.html
from sordiff.render.language import language_file

FOLDER = Path(sordiff.render.report.html.__file__).parent


def test_every_word_is_said() -> None:
    sources = "".join(
        path.read_text() for path in FOLDER.iterdir() if path.suffix in {".py", ".jinja", ".js"}
    )
    for key in language_file("da").texts:
        if not key.startswith("page."):
            continue
        name = key.removeprefix("page.")
        last = name.rpartition(".")[2]
        assert key in sources or f'"{name}"' in sources or f'"{last}"' in sources, key
