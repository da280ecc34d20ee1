"""The settings. Precedence: flag, environment, file (sordiff.toml), default."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, Struct

from sordiff.anomalies.coverage_rules import CoverageRules
from sordiff.anomalies.limits import Limits
from sordiff.errors import SordiffError
from sordiff.fetch.settings import FetchSettings
from sordiff.kafka.settings import KafkaSettings
from sordiff.list_shape import ListPlace, ListShape
from sordiff.notices.settings import NoticeSettings
from sordiff.render.language import LANGUAGES
from sordiff.settings.archive import ArchiveSettings
from sordiff.settings.fields import refuse_unknown_columns, refuse_unknown_fields
from sordiff.settings.publish import PublishSettings
from sordiff.settings.serve import ServeSettings
from sordiff.settings_file import read_table
from sordiff.table_kinds import TableKind
from sordiff.wire import DEFAULT_SOURCE

DEFAULT_FILE: Final = Path("sordiff.toml")


class Anomalies(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table [anomalies]: when fields that come and go all at once are too many."""

    coverage: CoverageRules = CoverageRules()


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that can be configured."""

    source: Annotated[str, Meta(min_length=1)] = DEFAULT_SOURCE
    db: Annotated[str, Meta(min_length=1)] = "sordiff.db"
    lang: str | None = None
    data_types: dict[str, ListShape] = {}
    lists: dict[str, ListPlace] = {}
    fields: dict[str, tuple[str, ...]] = {}
    columns: dict[TableKind, dict[str, tuple[str, ...]]] = {}
    alarms: Limits = Limits()
    anomalies: Anomalies = Anomalies()
    notices: NoticeSettings = NoticeSettings()
    fetch: FetchSettings = FetchSettings()
    publish: PublishSettings = PublishSettings()
    archive: ArchiveSettings = ArchiveSettings()
    kafka: KafkaSettings = KafkaSettings()
    serve: ServeSettings = ServeSettings()

    def __post_init__(self) -> None:
        """Refuse what no setting may say: no typing error may pass unnoticed."""
        refuse_unknown_fields(self.fields)
        refuse_unknown_columns(self.columns)
        if self.source != DEFAULT_SOURCE:
            _refuse_unless_reference(self.source)
        for language in (self.lang, self.notices.lang):
            if language is not None and language not in LANGUAGES:
                raise ValueError(f"{language} is none of: {', '.join(LANGUAGES)}")


def _refuse_unless_reference(source: str) -> None:
    from sordiff.settings.uri_reference import is_uri_reference  # the grammar is large

    if not is_uri_reference(source):
        raise ValueError(f"source {source} is no URI reference (RFC 3986)")


class LoadedSettings(Struct, frozen=True, kw_only=True):
    """The settings, and the origin of each: the path of a setting -> where its value is from."""

    settings: Settings
    origins: dict[str, str]


def load_settings(path: Path | None, flags: Mapping[str, str] | None = None) -> Settings:
    """Load the file at `path`, or else sordiff.toml in the working directory if there is one.

    `flags`: values of settings by their paths, such as `kafka.client_id`. SordiffError if the file
    can't be read or a value is not valid.
    """
    return load_with_origins(path, flags).settings


def load_with_origins(path: Path | None, flags: Mapping[str, str] | None = None) -> LoadedSettings:
    """Load the settings as `load_settings` does, with the origin of each value."""
    from sordiff.settings.layers import merge_layers  # imported late: it inspects types

    chosen = path or DEFAULT_FILE
    file = read_table(chosen, demanded=path is not None)
    values, origins = merge_layers(Settings, file, os.environ, flags or {}, str(chosen))
    try:
        return LoadedSettings(settings=msgspec.convert(values, Settings), origins=origins)
    except msgspec.ValidationError as error:
        above = sorted(set(origins.values()) - {"default", str(chosen)})
        beside = f" with {', '.join(above)}" if above else ""
        told = _name_keys(str(error), values)
        message = f"{chosen}{beside} is not a configuration of sordiff: {told}."
        raise SordiffError(message, advice="See docs/configuration.md.") from error


def _name_keys(told: str, values: dict[str, Any]) -> str:
    """The error with the key of a table where msgspec says only `[...]`.

    msgspec names no key of a table with free keys. The key is found by converting the table with
    one key at a time.
    """
    before, placeholder, _ = told.partition("[...]")
    if not placeholder:
        return told
    path = before.rpartition("$.")[2].split(".")
    *above, last = path
    table: Any = values
    for name in above:
        table = table[name]
    for key, value in table[last].items():
        try:
            msgspec.convert(_nest(path, {key: value}), Settings)
        except msgspec.ValidationError as error:
            if str(error) == told:
                return told.replace("[...]", f".{key}", 1)
    return told


def _nest(path: list[str], value: Any) -> Any:
    """`["alarms", "counts"]`, value -> `{"alarms": {"counts": value}}`."""
    for name in reversed(path):
        value = {name: value}
    return value
