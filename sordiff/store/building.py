"""A changelog that is made aside, and takes its place whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from sordiff.errors import ChangelogFailed
from sordiff.store.recognised import find_journal, find_log, is_changelog
from sordiff.sync import sync_path

# What lies beside a changelog, each under its name and this.
_BESIDE: Final = (
    *("", "-wal", "-shm", "-journal"),
    *(".mark", ".mark.new", ".writer.lock", ".publisher.lock"),
)


@contextmanager
def build_aside(path: Path) -> Iterator[Path]:
    """The path to write to; what was written there is at `path` when the block has ended well."""
    if is_changelog(path) or find_log(path).exists() or find_journal(path).exists():
        message = f"There is a changelog at {path} already."
        raise ChangelogFailed(message, advice="Name a new file; nothing was changed.")
    aside = path.with_name(f".{path.name}.new")
    try:
        _remove(aside)
        yield aside
        # The mark first: alone it protects nothing and harms nothing.
        for ending in (".mark", ""):
            written = aside.with_name(f"{aside.name}{ending}")
            if written.exists():
                sync_path(written)
                written.replace(path.with_name(f"{path.name}{ending}"))
        sync_path(path.parent)
    except OSError as error:
        message = f"The changelog {path} could not be made: {error.strerror}."
        raise ChangelogFailed(message, advice="Make room, and call again.") from error
    finally:
        with suppress(OSError):  # the next one does so first
            _remove(aside)


def _remove(aside: Path) -> None:
    for ending in _BESIDE:
        aside.with_name(f"{aside.name}{ending}").unlink(missing_ok=True)
