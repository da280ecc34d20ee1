"""What holds: flags over the environment, that over the file sordiff.toml, that over defaults."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, Struct

from sordiff.anomalies import CoverageRules, Limits
from sordiff.errors import SordiffError
from sordiff.kafka.settings import KafkaSettings
from sordiff.list_shape import ListShape
from sordiff.notices.settings import NoticeSettings
from sordiff.settings.fields import refuse_unknown_fields
from sordiff.wire import DEFAULT_SOURCE

DEFAULT_FILE: Final = Path("sordiff.toml")


class Anomalies(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table [anomalies]: what is told of fields that come and go all at once."""

    coverage: CoverageRules = CoverageRules()


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that can be configured."""

    source: Annotated[str, Meta(min_length=1)] = DEFAULT_SOURCE
    db: Annotated[str, Meta(min_length=1)] = "sordiff.db"
    data_types: dict[str, ListShape] = {}
    fields: dict[str, tuple[str, ...]] = {}
    alarms: Limits = Limits()
    anomalies: Anomalies = Anomalies()
    notices: NoticeSettings = NoticeSettings()
    kafka: KafkaSettings = KafkaSettings()

    def __post_init__(self) -> None:
        """Refuse what [fields] can't mean: a typing error must not be silently ignored."""
        refuse_unknown_fields(self.fields)


class Held(Struct, frozen=True, kw_only=True):
    """The settings that hold, and for each that has one value where it is from."""

    settings: Settings
    origins: dict[str, str]


def load_settings(path: Path | None, flags: Mapping[str, str] | None = None) -> Settings:
    """The file named, or sordiff.toml in the working directory if there is one; what is over it.

    `flags`: values of settings by their path, as `kafka.client_id`.
    """
    return held_settings(path, flags).settings


def held_settings(path: Path | None, flags: Mapping[str, str] | None = None) -> Held:
    """The same, with where each value is from."""
    from sordiff.settings.layers import overlaid  # it looks at types, which takes a moment

    chosen = path or DEFAULT_FILE
    file = _read(chosen, demanded=path is not None)
    values, origins = overlaid(Settings, file, os.environ, flags or {}, str(chosen))
    try:
        return Held(settings=msgspec.convert(values, Settings), origins=origins)
    except msgspec.ValidationError as error:
        above = sorted(set(origins.values()) - {"default", str(chosen)})
        beside = f" with {', '.join(above)}" if above else ""
        message = f"{chosen}{beside} is not a configuration of sordiff: {error}."
        raise SordiffError(message, advice="See docs/configuration.md.") from error


def _read(path: Path, *, demanded: bool) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        if not demanded:
            return {}
        raise SordiffError(f"{path} does not exist.", advice="Check --config.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SordiffError(f"{path} can't be read: {error}.", advice="Check the file.") from error
    except tomllib.TOMLDecodeError as error:
        message = f"{path} is not a configuration of sordiff: {error}."
        raise SordiffError(message, advice="See docs/configuration.md.") from error
