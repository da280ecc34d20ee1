"""Write the nights of all stories anew, or of those whose numbers or folder names are given."""

import importlib
import pkgutil
import sys
from collections.abc import Callable
from pathlib import Path

import tests.scenarios.stories as home
from tests.scenarios.telling import SCENARIOS, SUFFIXES

Builder = Callable[[], dict[str, bytes]]


def builders() -> dict[str, Builder]:
    """Folder name to builder, over all modules story_*.py."""
    found: dict[str, Builder] = {}
    for module in pkgutil.iter_modules(home.__path__):
        if module.name.startswith("story_"):
            nights: dict[str, Builder] = importlib.import_module(
                f"{home.__name__}.{module.name}"
            ).NIGHTS
            if twice := found.keys() & nights.keys():
                raise SystemExit(f"told twice: {', '.join(sorted(twice))}")
            found |= nights
    return dict(sorted(found.items()))


def write(folder: Path, nights: dict[str, bytes]) -> None:
    """Put the nights into the folder in place of those that stand there."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.suffix in SUFFIXES and path.name not in nights:
            path.unlink()
    for name, content in nights.items():
        (folder / name).write_bytes(content)


def main() -> None:
    wanted = set(sys.argv[1:])
    for slug, build in builders().items():
        if not wanted or slug in wanted or slug.partition("-")[0] in wanted:
            write(SCENARIOS / slug, build())
            print(slug)


if __name__ == "__main__":
    main()
