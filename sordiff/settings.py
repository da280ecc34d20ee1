"""What holds: defaults, and over them the file sordiff.toml."""

import tomllib
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta, Struct

from sordiff.anomalies import Limits
from sordiff.errors import SordiffError
from sordiff.notices.settings import NoticeSettings
from sordiff.wire import DEFAULT_SOURCE

DEFAULT_FILE: Final = Path("sordiff.toml")

# The unit field whose codes a list explains; "none": no field of a unit has codes of this list.
Served: TypeAlias = Literal[
    "none",
    "unit_type",
    "specialities",
    "location_number/system",
    "location_number/system_supplier",
    "location_number/network",
    "location_number/administrator",
    "location_number/region",
    "address/municipality_code",
]


class ListSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[data_types.NAME]: how the list of the repeated element NAME is to be read."""

    name: Annotated[str, Meta(pattern="^[^/]+$")] | None = None
    code: str | None = None
    text: str | None = None
    serves: Served | None = None
    ignore: bool = False


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that can be configured."""

    source: Annotated[str, Meta(min_length=1)] = DEFAULT_SOURCE
    data_types: dict[str, ListSettings] = {}
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
