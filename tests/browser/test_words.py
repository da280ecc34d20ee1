"""The words of the page: none that nobody says."""

from pathlib import Path

import sordiff.http
import sordiff.render.pages
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


def test_every_word_of_the_site_is_said() -> None:
    site = Path(sordiff.render.pages.__file__).parent
    sources = "".join(
        path.read_text()
        for folder in (site, Path(sordiff.http.__file__).parent)
        for path in folder.rglob("*")
        if path.suffix in {".py", ".jinja"}
    )
    for key in language_file("da").texts:
        if not key.startswith("site."):
            continue
        said = key.removesuffix(".one").removesuffix(".none")
        menu, status = f'"{key.removeprefix("site.")}"', key.startswith("site.problem.")
        assert f'"{said}"' in sources or f"'{said}'" in sources or menu in sources or status, key
