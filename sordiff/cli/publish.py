"""`sordiff publish`."""

from typing import Annotated

import typer

from sordiff.cli.kafka_options import Servers, kafka_settings
from sordiff.cli.options import DEFAULT_DATABASE, Config, Database


def publish(
    state: Annotated[
        bool, typer.Option("--state", help="Write the state topics anew, whole.")
    ] = False,
    adopt: Annotated[
        bool,
        typer.Option("--adopt", help="Take unknown runs in the topics as they are, go on behind."),
    ] = False,
    servers: Servers = None,
    db: Database = DEFAULT_DATABASE,
    config: Config = None,
) -> None:
    """Send the recorded runs that wait to Kafka, in order, each whole and once.

    Safe to repeat, whatever happened to the call before.
    """
    import uuid

    from sordiff.cli.clock import now
    from sordiff.cli.output import write_text
    from sordiff.render.publishing_text import published_line
    from sordiff.service.publishing import PublishOptions
    from sordiff.service.publishing import publish as publish_waiting

    options = PublishOptions(now=now, new_name=str(uuid.uuid4()), adopt=adopt, whole_state=state)
    published = publish_waiting(db, kafka_settings(config, servers), options)
    write_text(published_line(row) for row in published)
