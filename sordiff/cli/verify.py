"""`sordiff verify`."""

from typing import TYPE_CHECKING, Annotated

import typer

from sordiff.cli.changelog import open_changelog
from sordiff.cli.kafka_options import Servers, Setting, collect_flags
from sordiff.cli.language import find_spoken_catalogue
from sordiff.cli.options import DEFAULT_DATABASE, Config, Database

if TYPE_CHECKING:
    from sordiff.report import Contradiction


def verify(
    topics: Annotated[
        bool, typer.Option("--topics", help="Read the topics of Kafka, too, and compare them.")
    ] = False,
    servers: Servers = None,
    setting: Setting = None,
    db: Database = DEFAULT_DATABASE,
    config: Config = None,
) -> None:
    """Prove the changelog against itself; the exit code is 2 where it contradicts itself.

    Every event is undone and told again and must lead to the recorded state. Ids, digests,
    sequences and the outbox are computed again and compared. With --topics, the topics must hold
    exactly what was published.
    """
    from sordiff.cli.output import write_text
    from sordiff.errors import ChangelogFailed, PublishingRefused
    from sordiff.render.commands.verify import contradiction_lines, proved_line
    from sordiff.service.verify.verify import verify as verify_changelog

    changelog = open_changelog(db)
    changelog.demand_sound()
    proof = verify_changelog(changelog)
    apart: list[Contradiction] = []
    if topics:
        from sordiff.kafka.topic_contents import KafkaContents
        from sordiff.service.verify.topics import check_topics
        from sordiff.settings import load_settings

        settings = load_settings(config, collect_flags(servers, setting))
        apart += check_topics(changelog, KafkaContents(settings.kafka))
    if found := [*proof.contradictions, *apart]:
        write_text(contradiction_lines(found, find_spoken_catalogue()))
    if proof.contradictions:
        message = f"The changelog {db} contradicts itself."
        advice = "Restore a backup, or make it anew with `sordiff rebuild`; see docs/operations.md."
        raise ChangelogFailed(message, advice=advice)
    if apart:
        message = f"The changelog {db} is sound, and the topics do not hold what it tells."
        advice = (
            "Call `sordiff publish` if a run waits. `sordiff publish --state` writes the whole"
            " state anew, and `sordiff replay --same-topics --since SEQUENCE` sends events again."
        )
        raise PublishingRefused(message, advice=advice)
    write_text([proved_line(proof, str(db), find_spoken_catalogue())])
