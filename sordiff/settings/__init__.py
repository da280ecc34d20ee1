"""What holds: defaults, and over them the file sordiff.toml."""

import tomllib
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from sordiff.anomalies import Limits
from sordiff.errors import SordiffError
from sordiff.list_shape import ListShape
from sordiff.notices.settings import NoticeSettings
from sordiff.wire import DEFAULT_SOURCE

DEFAULT_FILE: Final = Path("sordiff.toml")


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that can be configured."""

    source: Annotated[str, Meta(min_length=1)] = DEFAULT_SOURCE
    data_types: dict[str, ListShape] = {}
    alarms: Limits = Limits()
    notices: NoticeSettings = NoticeSettings()


def load_settings(path: Path | None) -> Settings:
    """The file named, or sordiff.toml in the working directory if there is one, or the defaults."""
    chosen = path or DEFAULT_FILE
    try:
        text = chosen.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        if path is None:
            return Settings()
        raise SordiffError(f"{path} does not exist.", advice="Check --config.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SordiffError(f"{chosen} can't be read: {error}.", advice="Check the file.") from error
    try:
        return msgspec.convert(tomllib.loads(text), Settings)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        message = f"{chosen} is not a configuration of sordiff: {error}."
        raise SordiffError(message, advice="See docs/configuration.md.") from error
