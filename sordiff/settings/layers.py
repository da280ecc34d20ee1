"""Merge the layers of the settings. Precedence: flag, environment, file, default.

The variable of a setting `table.key` is `SORDIFF_TABLE_KEY`; a list is separated by commas. A
secret never stands in a file or flag: for a secret `key`, setting `SORDIFF_TABLE_KEY` is the same
as naming that variable with `key_env`.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from types import UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct
from msgspec.structs import fields

from sordiff.errors import SordiffError

PREFIX: Final = "SORDIFF_"
DEFAULT: Final = "default"


class Setting(Struct, frozen=True, kw_only=True):
    """A setting with one value: its path, its type and its default."""

    path: str
    type: Any
    default: Any

    @property
    def variable(self) -> str:
        """The name of its environment variable."""
        return name_variable(self.path)


def name_variable(path: str) -> str:
    """`kafka.client_id` -> `SORDIFF_KAFKA_CLIENT_ID`."""
    return PREFIX + path.replace(".", "_").upper()


@cache
def list_settings(settings: type[Struct]) -> tuple[Setting, ...]:
    """List all settings with one value; tables with free keys can stand in the file only."""
    return tuple(_walk_settings(settings, ""))


def _walk_settings(settings: type[Struct], prefix: str) -> Iterator[Setting]:
    hints = get_type_hints(settings, include_extras=True)
    for field in fields(settings):
        path, hint = f"{prefix}{field.encode_name}", hints[field.name]
        if isinstance(hint, type) and issubclass(hint, Struct):
            yield from _walk_settings(hint, f"{path}.")
        elif get_origin(_strip_hint(hint)) is not dict:
            default = None if field.default is msgspec.NODEFAULT else field.default
            yield Setting(path=path, type=hint, default=default)


def merge_layers(
    settings: type[Struct],
    file: Mapping[str, Any],
    environment: Mapping[str, str],
    flags: Mapping[str, str],
    file_name: str,
) -> tuple[dict[str, Any], dict[str, str]]:
    """Merge environment and flags into the tables of the file; return them, and the origins.

    `file_name` is the origin of values from the file.
    """
    values = _copy_table(file)
    known = {setting.path: setting for setting in list_settings(settings)}
    origins = {
        path: file_name if _find_value(values, path) is not None else DEFAULT for path in known
    }
    secrets = [path.removesuffix("_env") for path in known if path.endswith("_env")]
    given = _read_environment(known, environment, secrets)
    for layer in (given, {path: (text, "flag") for path, text in flags.items()}):
        for secret in secrets:
            if _secret_paths(secret) & layer.keys():
                _drop_secret(values, origins, _secret_paths(secret))
        for path, (text, origin) in layer.items():
            named = f"--set {path}" if origin == "flag" else origin
            _set_value(values, _find_setting(known, path), text, named)
            origins[path] = origin
    _refuse_unknown_variables(known, values, environment)
    return values, origins


def _read_environment(
    known: Mapping[str, Setting], environment: Mapping[str, str], secrets: Iterable[str]
) -> dict[str, tuple[str, str]]:
    """The values of the environment by path, each with its variable.

    A secret's own variable counts as `key_env`, unless the environment names another place.
    """
    given = {
        path: (environment[setting.variable], setting.variable)
        for path, setting in known.items()
        if setting.variable in environment
    }
    return given | {
        f"{secret}_env": (name_variable(secret), name_variable(secret))
        for secret in secrets
        if name_variable(secret) in environment and not _secret_paths(secret) & given.keys()
    }


def _secret_paths(secret: str) -> set[str]:
    """The settings that can give a secret; one is enough."""
    return {secret, f"{secret}_file", f"{secret}_env"}


def _drop_secret(values: dict[str, Any], origins: dict[str, str], ways: set[str]) -> None:
    """Remove a secret of weaker layers: the stronger layer gives it in its own way."""
    for path in ways:
        *tables, key = path.split(".")
        table: Any = values
        for name in tables:
            table = table.get(name, {}) if isinstance(table, dict) else {}
        if isinstance(table, dict):
            table.pop(key, None)
        if path in origins:
            origins[path] = DEFAULT


def _refuse_unknown_variables(
    known: Mapping[str, Setting], values: Mapping[str, Any], environment: Mapping[str, str]
) -> None:
    """Refuse variables that begin like those of [kafka] and are no setting."""
    allowed = {setting.variable for setting in known.values()}
    allowed |= {name_variable(path.removesuffix("_env")) for path in known if path.endswith("_env")}
    allowed |= {str(_find_value(values, path)) for path in known if path.endswith("_env")}
    for name in sorted(environment):
        if name.startswith(name_variable("kafka.")) and name not in allowed:
            message = f"The environment variable {name} is no setting."
            raise SordiffError(message, advice="`sordiff config` lists them.")


def _find_setting(known: Mapping[str, Setting], path: str) -> Setting:
    if path in known:
        return known[path]
    message = f"{path} is no setting that has one value."
    raise SordiffError(message, advice="`sordiff config` lists them.")


def _set_value(values: dict[str, Any], setting: Setting, text: str, origin: str) -> None:
    """Convert the text to the type of the setting and store it; no error repeats the value."""
    *tables, key = setting.path.split(".")
    for table in tables:
        values = values.setdefault(table, {})
        if not isinstance(values, dict):
            return  # the file is wrong there; validation will say so
    raw: Any = text
    if get_origin(_strip_hint(setting.type)) is tuple:
        raw = [part.strip() for part in text.split(",") if part.strip()]
    try:
        value = msgspec.convert(raw, setting.type, strict=False)
    except msgspec.ValidationError as error:
        message = f"{origin} can't be used: {error}."
        raise SordiffError(message, advice="See docs/configuration.md.") from error
    values[key] = list(value) if isinstance(value, tuple) else value


def _find_value(values: Mapping[str, Any], path: str) -> Any:
    for key in path.split("."):
        if not isinstance(values, Mapping) or key not in values:
            return None
        values = values[key]
    return values


def _copy_table(table: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: _copy_table(value) if isinstance(value, dict) else value
        for key, value in table.items()
    }


def _strip_hint(hint: Any) -> Any:
    """The type without its limits, and without None."""
    if get_origin(hint) is Annotated:
        return _strip_hint(get_args(hint)[0])
    if get_origin(hint) in {Union, UnionType}:
        (first, *_) = [part for part in get_args(hint) if part is not type(None)]
        return _strip_hint(first)
    return hint
