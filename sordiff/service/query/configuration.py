"""`sordiff config`: each setting, what holds, and where it is from; secrets are not shown."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from sordiff.report import EffectiveSetting
from sordiff.settings import LoadedSettings, Settings, load_with_origins
from sordiff.settings.layers import list_settings, name_variable

MASKED: Final = "********"
# An address that is a secret in itself.
_SECRETS: Final = frozenset({"notices.webhook_url"})


def list_effective_settings(
    path: Path | None, flags: Mapping[str, str]
) -> Iterator[EffectiveSetting]:
    """The settings that have one value, in the order of the tables."""
    loaded = load_with_origins(path, flags)
    for leaf in list_settings(Settings):
        value = _value(loaded.settings, leaf.path)
        if leaf.path in _SECRETS and value is not None:
            value = MASKED
        origin = loaded.origins[leaf.path]
        yield EffectiveSetting(path=leaf.path, value=value, origin=origin, variable=leaf.variable)
        if leaf.path.endswith("_env"):
            yield from _secret(loaded, leaf.path.removesuffix("_env"))


def _secret(loaded: LoadedSettings, path: str) -> Iterator[EffectiveSetting]:
    """A secret that is configured, masked, and whether it is where it should be."""
    if path in loaded.origins:
        return  # it may also stand in the file, and is told of there
    env, file = _value(loaded.settings, f"{path}_env"), _value(loaded.settings, f"{path}_file")
    if env is None and file is None:
        return
    there = bool(os.environ.get(env)) if env is not None else Path(file).is_file()
    place = f"environment variable {env}" if env is not None else f"file {file}"
    yield EffectiveSetting(
        path=path,
        value=MASKED if there else None,
        origin=place if there else f"{place}, where nothing is",
        variable=name_variable(path),
    )


def _value(settings: Settings, path: str) -> Any:
    value: Any = settings
    for key in path.split("."):
        value = getattr(value, key)
    return value
