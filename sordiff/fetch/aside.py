"""What came and is no snapshot: kept with the headers of its answer, for whoever looks into it."""

from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from sordiff.fetch.download import Answer
from sordiff.fetch.folder import hash_file
from sordiff.fetch.partial import Partial, write_atomically
from sordiff.fetch.settings import show_url
from sordiff.fetch.timing import COPENHAGEN

_HEADERS: Final = ".headers.json"
_MOST_KEPT: Final = 20


def put_aside(folder: Path, partial: Partial, answer: Answer, reason: str, now: datetime) -> Path:
    """Move it to the folder `aside`, which keeps the newest twenty; the same bytes once."""
    aside = folder / "aside"
    aside.mkdir(exist_ok=True)
    sha256 = hash_file(partial.path)
    same = sorted(aside.glob(f"*-{sha256[:12]}"))
    stamp = now.astimezone(COPENHAGEN).strftime("%Y-%m-%dT%H%M%S")
    path = same[0] if same else aside / f"{stamp}-{sha256[:12]}"
    note = {
        "url": show_url(partial.url),
        "fetched_at": now.isoformat(timespec="seconds"),
        "reason": reason,
        "sha256": sha256,
        "size": partial.size,
        "status": answer.status,
        "headers": list(answer.headers),
    }
    content = msgspec.json.format(msgspec.json.encode(note)) + b"\n"
    write_atomically(path.with_name(f"{path.name}{_HEADERS}"), content)
    partial.path.replace(path)
    partial.discard()
    _remove_older(aside)
    return path


def _remove_older(aside: Path) -> None:
    kept = sorted(path for path in aside.iterdir() if not path.name.endswith((_HEADERS, ".new")))
    for path in kept[:-_MOST_KEPT]:
        path.unlink(missing_ok=True)
        path.with_name(f"{path.name}{_HEADERS}").unlink(missing_ok=True)
