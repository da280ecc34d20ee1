"""What `sordiff serve` begins for a decision: a process of its own, `python -m` this module.

It reads an order as JSON from stdin, and writes what came of it as one line of JSON to stdout; then
it publishes. A process of its own, because SQLite would lose the server's locks where the file is
opened and closed within it, and because a large night takes time and memory that the server needs
for others. The order comes by stdin, so that no reason stands in a list of processes.
"""

import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sordiff.service.ingest.decision_order import (
        DecisionOrder,
        DecisionPlace,
        DecisionResult,
    )

_WAIT_SECONDS: Final = 0.5


def main(database: str, config: str, waits: str) -> None:
    """Carry out the order of stdin. `config` may be empty.

    `waits`: how often half a second is waited for another sordiff that is at work.
    """
    import msgspec

    from sordiff.cli.archive_options import find_configured_archive
    from sordiff.cli.changelog import open_changelog
    from sordiff.cli.output import say_error, say_warning
    from sordiff.errors import SordiffError
    from sordiff.service.ingest.decision_order import (
        DecisionOrder,
        DecisionPlace,
        DecisionResult,
        note_decided,
    )
    from sordiff.settings import load_settings

    order = msgspec.json.decode(sys.stdin.buffer.read(), type=DecisionOrder)
    answer, sys.stdout = sys.stdout, sys.stderr  # what else is said is for the server's log
    try:
        settings = load_settings(Path(config) if config else None)
        with tempfile.TemporaryDirectory(prefix="sordiff-") as folder:
            place = DecisionPlace(
                changelog=open_changelog(Path(database)),
                settings=settings,
                archive=find_configured_archive(settings),
                database=Path(database).absolute(),
                folder=Path(folder),
            )
            result = _carry_out_patiently(order, place, int(waits))
    except SordiffError as error:
        say_error(error)
        result = DecisionResult(outcome="refused", message=error.message, advice=error.advice)
        place = None
    answer.buffer.write(msgspec.json.encode(result) + b"\n")
    answer.flush()
    answer.close()
    if place is None or result.outcome != "done":
        return
    try:
        note_decided(place)
    except SordiffError as error:
        say_warning(f"{error.message} {error.advice}")
    if result.run is not None and result.run.publish:
        _publish(place)


def _carry_out_patiently(
    order: "DecisionOrder", place: "DecisionPlace", waits: int
) -> "DecisionResult":
    from sordiff.cli.clock import read_clock
    from sordiff.service.ingest.decision_order import carry_out

    result = carry_out(order, place, read_clock())
    while result.outcome == "locked" and waits > 0:
        time.sleep(_WAIT_SECONDS)
        waits -= 1
        result = carry_out(order, place, read_clock())
    return result


def _publish(place: "DecisionPlace") -> None:
    """As `sordiff release` does; what fails is said in the log, and waits for the next `run`."""
    from sordiff.cli.output import say_error
    from sordiff.cli.sinks import (
        build_configured_sinks,
        build_publish_options,
        publish_recorded_into,
    )
    from sordiff.errors import SordiffError

    try:
        publish_recorded_into(
            place.changelog, build_configured_sinks(place.settings), build_publish_options()
        )
    except SordiffError as error:
        say_error(error)


if __name__ == "__main__":
    main(*sys.argv[1:])
