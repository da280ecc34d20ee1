"""What the commands of Kafka have in common."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

if TYPE_CHECKING:
    from sordiff.kafka.settings import KafkaSettings

Servers: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--bootstrap-servers", help="Where Kafka is; over [kafka].", metavar="HOST:PORT,..."
    ),
]


def kafka_settings(config: Path | None, servers: str | None) -> "KafkaSettings":
    """[kafka] as it holds for this call."""
    from sordiff.settings import load_settings

    given = {} if servers is None else {"kafka.bootstrap_servers": servers}
    return load_settings(config, given).kafka
