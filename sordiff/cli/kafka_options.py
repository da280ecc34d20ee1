"""What the commands of Kafka have in common."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

_SUFFIX = re.compile(r"[A-Za-z0-9._-]{0,100}\Z")

if TYPE_CHECKING:
    from sordiff.kafka.settings import KafkaSettings

Servers: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--bootstrap-servers",
        help="The Kafka brokers; overrides all settings.",
        metavar="HOST:PORT,...",
    ),
]
Setting: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        help="Another setting of [kafka], such as partitions=12; overrides file and environment.",
        metavar="KEY=VALUE",
    ),
]


def _judged(suffix: str) -> str:
    if not _SUFFIX.match(suffix):
        raise typer.BadParameter("letters, digits, dots, dashes and underscores make a topic.")
    return suffix


Suffix: TypeAlias = Annotated[
    str,
    typer.Option(
        "--topic-suffix",
        help="A suffix for the name of each topic; used for the topics of a replay.",
        metavar="TEXT",
        callback=_judged,
    ),
]


def load_kafka_settings(
    config: Path | None, servers: str | None, settings: list[str] | None
) -> "KafkaSettings":
    """[kafka] as it holds for this call."""
    from sordiff.settings import load_settings

    return load_settings(config, collect_flags(servers, settings)).kafka


def collect_flags(servers: str | None, settings: list[str] | None) -> dict[str, str]:
    """The settings that the flags give, by their paths."""
    given = {} if servers is None else {"kafka.bootstrap_servers": servers}
    for setting in settings or []:
        key, equals, value = setting.partition("=")
        if not equals:
            raise typer.BadParameter("a setting is KEY=VALUE.", param_hint="--set")
        given[f"kafka.{key}"] = value
    return given
