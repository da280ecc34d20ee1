"""`sordiff verify --topics`: what is in the topics is exactly what was published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.kafka.place import DEMO, TOPICS, Place
from tests.kafka.reading import write_record

if TYPE_CHECKING:
    from pathlib import Path

    from tests.kafka.session import Address


def test_topics_are_proved(tmp_path: Path, broker: Address, prefix: str) -> None:
    place = Place(folder=tmp_path, bootstrap=broker.bootstrap, prefix=prefix)
    place.configure()
    place.sordiff("topics", "create")
    place.sordiff("ingest", *DEMO[:2])
    place.sordiff("verify", "--topics")
    place.publish()
    place.sordiff("ingest", DEMO[2])
    # A run that waits is no contradiction.
    place.sordiff("verify", "--topics")
    place.publish()
    assert "is sound" in place.sordiff("verify", "--topics").stdout
    event = place.events()[-1]
    # Somebody else in the same topics is none of ours.
    strange = {"ce_id": "1", "ce_type": "x", "ce_source": "urn:another", "ce_sequence": "7"}
    write_record(broker.bootstrap, prefix + TOPICS["unit_events"], b"{}", strange, "1")
    place.sordiff("verify", "--topics")

    headers = {**event.headers, "ce_id": "another"}
    write_record(broker.bootstrap, event.topic, event.value or b"", headers, event.key or "")
    said = place.sordiff("verify", "--topics", code=2).stdout
    assert "is not one of those that are published here" in said
    assert "stands behind" not in said

    write_record(broker.bootstrap, event.topic, event.value or b"", event.headers, event.key or "")
    assert "is there more than once" in place.sordiff("verify", "--topics", code=2).stdout

    place.write_stranger("9999")
    said = place.sordiff("verify", "--topics", "--lang", "da", code=2).stdout
    assert "har en tilstand for 9999, som ikke findes mere" in said


def test_what_is_missing_or_other_is_found(tmp_path: Path, broker: Address, prefix: str) -> None:
    place = Place(folder=tmp_path, bootstrap=broker.bootstrap, prefix=prefix)
    place.configure(kafka='mode = "structured"')
    place.sordiff("topics", "create")
    place.sordiff("ingest", *DEMO[:2])
    place.publish()
    place.sordiff("verify", "--topics")
    place.sordiff("ingest", DEMO[2])
    # As if the third run had been published, and lost since.
    place.rows(
        "INSERT INTO outbox_marks (sink, outbox_id, published_at)"
        " SELECT 'kafka', id, '2024' FROM outbox WHERE run_id = 3"
    )
    done = place.sordiff("verify", "--topics", code=2)
    assert "is sound, and the topics do not hold what it tells" in done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("Run 3: Kafka at ")
    assert lines[0].endswith("has no such run")
    assert sum("lacks its event" in line for line in lines) == 33
    assert any("another state of" in line for line in lines)
    assert any("no state of" in line for line in lines)
