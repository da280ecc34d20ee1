"""docs/stories.md: the scenarios with their events; `make docs` writes it, a test compares it."""

import json
from collections import Counter
from pathlib import Path

from sordiff.events import EVENT_TYPES
from sordiff.wire import find_short_name
from tests.scenarios.telling import ROOT, folders, nights

DOCUMENT = ROOT / "docs" / "stories.md"
HEAD = """# Stories

Each story is a folder in `fixtures/scenarios`. `about.md` says what happened, and what a subscriber
must learn from it. The nights are beside it as files, with the output of sordiff: `events.jsonl`
(the events of all nights), `diff.txt` (each night as text), `ingest.txt` and `runs.txt`. Most
stories follow the register's own news of 2012 to 2018, with invented units.

`make docs` writes this page, and a test compares it with the folders.

"""


def document() -> str:
    """The whole page."""
    return HEAD + "\n".join(_story(folder) for folder in folders())


def _story(folder: Path) -> str:
    about = (folder / "about.md").read_text(encoding="utf-8")
    title, _, rest = about.partition("\n")
    news = rest.strip().partition("\n\n")[0].replace("\n", " ")
    number = folder.name.partition("-")[0]
    names = nights(folder)
    lines = (folder / "events.jsonl").read_text(encoding="utf-8").splitlines()
    counted = Counter(find_short_name(json.loads(line)["type"]) for line in lines)
    told = ", ".join(f"`{name}` × {counted[name]:,}" for name in EVENT_TYPES if counted[name])
    return (
        f"## {number} · {title.removeprefix('# ').strip()}\n\n"
        f"{news}\n\n"
        f"{len(names)} nights; events: {told or 'none'}.\n"
        f"[Read it](../fixtures/scenarios/{folder.name}/about.md) · "
        f"[as text](../fixtures/scenarios/{folder.name}/diff.txt) · "
        f"[as events](../fixtures/scenarios/{folder.name}/events.jsonl)\n"
    )


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
