"""The layers of the settings: the file, over it the environment, over that the flags.

A setting `table.key` is `SORDIFF_TABLE_KEY` in the environment, a list separated by commas. A
secret is given by neither file nor flag: `SORDIFF_TABLE_KEY` for a secret `key` is the same as
naming that variable with `key_env`.
"""

from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct
from msgspec.structs import fields

from sordiff.errors import SordiffError

PREFIX: Final = "SORDIFF_"
DEFAULT: Final = "default"


class Leaf(Struct, frozen=True, kw_only=True):
    """A setting that has one value: its path, its type, and its default."""

    path: str
    type: Any
    default: Any

    @property
    def variable(self) -> str:
        """The variable of the environment that gives it."""
        return variable_of(self.path)


def variable_of(path: str) -> str:
    """`kafka.client_id` -> `SORDIFF_KAFKA_CLIENT_ID`."""
    return PREFIX + path.replace(".", "_").upper()


def leaves(settings: type[Struct], prefix: str = "") -> Iterator[Leaf]:
    """Every setting that has one value; tables of free keys can only stand in the file."""
    hints = get_type_hints(settings, include_extras=True)
    for field in fields(settings):
        path, hint = f"{prefix}{field.encode_name}", hints[field.name]
        if isinstance(hint, type) and issubclass(hint, Struct):
            yield from leaves(hint, f"{path}.")
        elif get_origin(_plain(hint)) is not dict:
            default = None if field.default is msgspec.NODEFAULT else field.default
            yield Leaf(path=path, type=hint, default=default)


def overlaid(
    settings: type[Struct],
    file: Mapping[str, Any],
    environment: Mapping[str, str],
    flags: Mapping[str, str],
    file_name: str,
) -> tuple[dict[str, Any], dict[str, str]]:
    """The file's tables with what is stronger put over them, and where each value is from."""
    values = _copied(file)
    known = {leaf.path: leaf for leaf in leaves(settings)}
    origins = {path: file_name if _found(values, path) is not None else DEFAULT for path in known}
    given = {
        path: (environment[leaf.variable], leaf.variable)
        for path, leaf in known.items()
        if leaf.variable in environment
    }
    secrets = [path.removesuffix("_env") for path in known if path.endswith("_env")]
    # A secret's own variable is the same as naming it, unless the environment names another way.
    given |= {
        f"{secret}_env": (variable_of(secret), variable_of(secret))
        for secret in secrets
        if variable_of(secret) in environment and not _ways(secret) & given.keys()
    }
    for layer in (given, {path: (text, "flag") for path, text in flags.items()}):
        for secret in secrets:
            if _ways(secret) & layer.keys():
                _forget(values, origins, _ways(secret))
        for path, (text, origin) in layer.items():
            told = f"--set {path}" if origin == "flag" else origin
            _put(values, _known(known, path), text, told)
            origins[path] = origin
    _refuse_typing_errors(known, values, environment)
    return values, origins


def _ways(secret: str) -> set[str]:
    """The settings that give a secret, of which one is enough."""
    return {secret, f"{secret}_file", f"{secret}_env"}


def _forget(values: dict[str, Any], origins: dict[str, str], ways: set[str]) -> None:
    """A stronger layer gives the secret in its own way: with another beside it, two would speak."""
    for path in ways:
        *tables, key = path.split(".")
        table: Any = values
        for name in tables:
            table = table.get(name, {}) if isinstance(table, dict) else {}
        if isinstance(table, dict):
            table.pop(key, None)
        if path in origins:
            origins[path] = DEFAULT


def _refuse_typing_errors(
    known: Mapping[str, Leaf], values: Mapping[str, Any], environment: Mapping[str, str]
) -> None:
    """A variable that begins as those of [kafka] do and is none of them."""
    allowed = {leaf.variable for leaf in known.values()}
    allowed |= {variable_of(path.removesuffix("_env")) for path in known if path.endswith("_env")}
    allowed |= {str(_found(values, path)) for path in known if path.endswith("_env")}
    for name in sorted(environment):
        if name.startswith(variable_of("kafka.")) and name not in allowed:
            message = f"The environment variable {name} is no setting."
            raise SordiffError(message, advice="`sordiff config` lists them.")


def _known(known: Mapping[str, Leaf], path: str) -> Leaf:
    if path in known:
        return known[path]
    message = f"{path} is no setting that has one value."
    raise SordiffError(message, advice="`sordiff config` lists them.")


def _put(values: dict[str, Any], leaf: Leaf, text: str, origin: str) -> None:
    """Read the text as the setting's type and put it in its place; the error repeats no value."""
    *tables, key = leaf.path.split(".")
    for table in tables:
        values = values.setdefault(table, {})
        if not isinstance(values, dict):
            return  # the file is wrong there, and will be told so
    raw: Any = text
    if get_origin(_plain(leaf.type)) is tuple:
        raw = [part.strip() for part in text.split(",") if part.strip()]
    try:
        value = msgspec.convert(raw, leaf.type, strict=False)
    except msgspec.ValidationError as error:
        message = f"{origin} can't be used: {error}."
        raise SordiffError(message, advice="See docs/configuration.md.") from error
    values[key] = list(value) if isinstance(value, tuple) else value


def _found(values: Mapping[str, Any], path: str) -> Any:
    for key in path.split("."):
        if not isinstance(values, Mapping) or key not in values:
            return None
        values = values[key]
    return values


def _copied(table: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: _copied(value) if isinstance(value, dict) else value for key, value in table.items()
    }


def _plain(hint: Any) -> Any:
    """The type without its limits and without None."""
    if get_origin(hint) is Annotated:
        return _plain(get_args(hint)[0])
    if get_origin(hint) in {Union, UnionType}:
        (first, *_) = [part for part in get_args(hint) if part is not type(None)]
        return _plain(first)
    return hint
