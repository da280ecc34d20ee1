"""The settings file as tables of values; `sordiff.settings` gives them their meaning.

It stands alone, because the commands that need one value of it must start fast.
"""

from pathlib import Path
from typing import Any

from sordiff.errors import SordiffError


def read_table(path: Path, *, demanded: bool) -> dict[str, Any]:
    """The whole file; empty where there is none and it is not demanded.

    A link that leads nowhere is not the same as no file: whoever made it wants other settings than
    the defaults. SordiffError if the file can't be read.
    """
    if not demanded and not path.is_symlink() and not path.exists():
        return {}
    import tomllib

    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        _refuse_nul(path, table, "")
    except FileNotFoundError as error:
        if path.is_symlink():
            message = f"{path} is a link to {path.readlink()}, which does not exist."
            raise SordiffError(message, advice="Mend the link, or remove it.") from error
        raise SordiffError(f"{path} does not exist.", advice="Check --config.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SordiffError(f"{path} can't be read: {error}.", advice="Check the file.") from error
    except tomllib.TOMLDecodeError as error:
        message = f"{path} is not a configuration of sordiff: {error}."
        raise SordiffError(message, advice="See docs/configuration.md.") from error
    except RecursionError:
        raise _nested_too_deeply(path) from None
    return table


def _nested_too_deeply(path: Path) -> SordiffError:
    message = f"{path} is not a configuration of sordiff: it is nested too deeply."
    return SordiffError(message, advice="See docs/configuration.md.")


def _refuse_nul(path: Path, value: Any, place: str) -> None:
    """Refuse a text with a NUL: no file, no host and no header can have one."""
    if isinstance(value, dict):
        for key, below in value.items():
            _refuse_nul(path, below, f"{place}.{key}" if place else key)
    elif isinstance(value, list):
        for below in value:
            _refuse_nul(path, below, place)
    elif isinstance(value, str) and "\0" in value:
        message = f"{path} is not a configuration of sordiff: {place} has a NUL character."
        raise SordiffError(message, advice="See docs/configuration.md.")
