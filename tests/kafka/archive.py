"""The classes of the broker, loaded and checked once: `make kafka` writes them beside the jars.

Java then maps them in place of reading them from the jars at each start, of which the tests have dozens. Without the
archive, or with one that another Java wrote, it starts as ever.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.kafka import jars
from tests.kafka.broker import QUICK, Broker


def main() -> int:
    if jars.missing():
        return 0
    jars.archive().unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        written = jars.archive().with_suffix(".new")
        broker = Broker(
            Path(folder, "broker"), java=(*QUICK, f"-XX:ArchiveClassesAtExit={written}")
        )
        broker.start()
        broker.stop(seconds=180)  # it writes only now, and on a busy machine that takes its time
        if written.exists():
            written.rename(jars.archive())
        else:
            print(f"No archive of classes was written:\n{broker.words()[-1000:]}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
