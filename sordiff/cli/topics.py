"""`sordiff topics`."""

from typing import TYPE_CHECKING

import typer

from sordiff.cli.kafka_options import Servers, Setting, Suffix, load_kafka_settings
from sordiff.cli.language import SpeakingCommand, find_spoken_catalogue
from sordiff.cli.options import Config

if TYPE_CHECKING:
    from sordiff.report import TopicReport

app = typer.Typer(help="The Kafka topics.", no_args_is_help=True, suggest_commands=False)


@app.command("create", cls=SpeakingCommand, short_help="Create the missing topics.")
def create(
    suffix: Suffix = "",
    servers: Servers = None,
    setting: Setting = None,
    config: Config = None,
) -> None:
    """Create the missing topics.

    Existing topics are not changed. Exit 2 if one of them has wrong settings.
    """
    from sordiff.kafka.sink import demand_servers
    from sordiff.kafka.topics import create_topics

    settings = load_kafka_settings(config, servers, setting)
    demand_servers(settings)
    _tell(create_topics(settings, suffix))


@app.command(
    "check", cls=SpeakingCommand, short_help="Check that the topics have the required settings."
)
def check(
    suffix: Suffix = "",
    servers: Servers = None,
    setting: Setting = None,
    config: Config = None,
) -> None:
    """Check that the topics have the required settings.

    Exit 2 if one is missing or has wrong settings.
    """
    from sordiff.kafka.sink import demand_servers
    from sordiff.kafka.topics import check_topics

    settings = load_kafka_settings(config, servers, setting)
    demand_servers(settings)
    _tell(check_topics(settings, suffix))


def _tell(topics: "list[TopicReport]") -> None:
    from sordiff.cli.output import write_text
    from sordiff.errors import SordiffError
    from sordiff.render.commands.publish import topic_lines

    write_text(topic_lines(topics, find_spoken_catalogue()))
    wrong = [topic.name for topic in topics if topic.problems]
    if wrong:
        message = f"Not as they must be: {', '.join(wrong)}."
        advice = "`sordiff topics create` makes what is missing; kafka-configs.sh changes the rest."
        raise SordiffError(message, advice=advice)
