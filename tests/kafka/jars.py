"""Apache Kafka as Maven brought it: where its jars are, and whether it can be run here."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).parents[2]
POM, LOGGING = ROOT / "broker" / "pom.xml", ROOT / "broker" / "log4j2.xml"
_VERSION = (
    "{http://maven.apache.org/POM/4.0.0}properties/{http://maven.apache.org/POM/4.0.0}kafka.version"
)


def version() -> str:
    found = ElementTree.parse(POM).findtext(_VERSION)
    assert found is not None
    return found


def folder() -> Path:
    return ROOT / ".cache" / "kafka" / version()


def archive() -> Path:
    """The classes as `tests.kafka.archive` leaves them."""
    return folder() / "classes.jsa"


def formatted() -> Path:
    """What Kafka's tool writes into the empty folder of a broker; the same for each, for none has another node id."""
    return folder() / "formatted"


def keep_formatted(data: Path) -> None:
    """Keep it for the next broker. Whole or not at all: another process may keep its own just now."""
    aside = Path(tempfile.mkdtemp(prefix="formatted-", dir=folder()))
    shutil.copytree(data, aside, dirs_exist_ok=True)
    try:
        aside.rename(formatted())
    except OSError:  # the other was faster
        shutil.rmtree(aside)


def java() -> str | None:
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=Path(home, "bin") if home else None)


def missing() -> str | None:
    """Why Apache Kafka cannot be started here, as one sentence."""
    if java() is None:
        return "Apache Kafka needs Java 17 or newer, and there is no `java` here."
    if not (folder() / "installed").exists():
        return "The jars of Apache Kafka are not here: `make kafka` fetches them, by Maven."
    return None


def command(main: str, *arguments: str, options: tuple[str, ...] = ()) -> list[str]:
    """A call of one of its classes."""
    program = java()
    assert program is not None
    logging = f"-Dlog4j2.configurationFile={LOGGING}"
    shared = [f"-XX:SharedArchiveFile={archive()}"] if archive().exists() else []
    return [program, "-cp", f"{folder()}/*", *shared, logging, *options, main, *arguments]
