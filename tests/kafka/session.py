"""Which broker the tests of one session talk to: one for all workers, started when a test of Kafka is among them.

The controlling process starts it as soon as it hears of such a test, and takes it down; the workers wait for it.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import pytest

from tests.kafka import jars
from tests.kafka.broker import STARTED, Broker

GIVEN = "SORDIFF_TEST_KAFKA"
_WAITING = 150
# Nobody kills this one, so that it need not come back soon; and where the cores are busy it must not be held for dead.
_PATIENT = {"broker.heartbeat.interval.ms": "2000", "broker.session.timeout.ms": "30000"}


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where the broker of the session serves."""

    bootstrap: str


@dataclass(kw_only=True)
class BrokerOfSession:
    """A plugin of pytest, in the controlling process and in each worker."""

    config: pytest.Config
    started: Broker | None = field(default=None, init=False)
    wanted: bool = field(default=False, init=False)
    folder: Path | None = field(default=None, init=False)

    @property
    def worker(self) -> bool:
        return hasattr(self.config, "workerinput")

    @property
    def told(self) -> str:
        """In which words the session names its broker."""
        given = os.environ.get(GIVEN)
        if given:
            return f"the broker at {given}, as {GIVEN} says"
        why = jars.missing()
        if why is None:
            return f"Apache Kafka {jars.version()}, started by the tests"
        return f"NONE; the tests of Kafka are {'an error' if demanded() else 'SKIPPED'}. {why}"

    def begin(self) -> None:
        """Start it without waiting; once."""
        self.wanted = True
        if self.started or self.worker or os.environ.get(GIVEN) or jars.missing():
            return
        self.folder = Path(tempfile.mkdtemp(prefix="sordiff-kafka-"))
        self.started = Broker(self.folder / "shared", properties=_PATIENT)
        self.started.begin()

    def address(self) -> Address:
        """Of the serving broker; waits for it."""
        given = os.environ.get(GIVEN)
        if given:
            return Address(bootstrap=given)
        if why := jars.missing():
            no_broker_here(why)
        if not self.worker:
            self.begin()
            assert self.started is not None
            self.started.wait()
            return Address(bootstrap=self.started.bootstrap)
        return _of_the_controller(self.config)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: object) -> None:
        """The workers are told where to look."""
        node.workerinput["sordiff_broker"] = str(_note(os.getpid()))  # type: ignore[attr-defined]

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        if not self.wanted and any(name.startswith("tests/kafka/") for name in ids):
            self.begin()
            if self.started:
                log = str(self.started.log)
                note = {"bootstrap": self.started.bootstrap, "log": log}
                _note(os.getpid()).write_text(json.dumps(note))

    def pytest_report_header(self) -> str:
        return f"kafka: {self.told}"

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.wanted:
            terminalreporter.section("Kafka")
            terminalreporter.write_line(f"The broker was: {self.told}.")

    def pytest_unconfigure(self) -> None:
        if self.started:
            self.started.kill()
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)
        if not self.worker:
            _note(os.getpid()).unlink(missing_ok=True)


def demanded() -> bool:
    """Whether the tests may not do without Apache Kafka."""
    return os.environ.get("CI", "").lower() == "true"


def no_broker_here(why: str) -> NoReturn:
    """Leave the test out, loudly; where the build demands a broker, fail."""
    if demanded():
        pytest.fail(f"Apache Kafka is demanded when CI=true. {why}")
    pytest.skip(f"No broker. {why}")


def _note(pid: int) -> Path:
    return Path(tempfile.gettempdir()) / f"sordiff-kafka-{pid}.json"


def _of_the_controller(config: pytest.Config) -> Address:
    note = Path(config.workerinput["sordiff_broker"])  # type: ignore[attr-defined]
    end = time.monotonic() + _WAITING
    found: dict[str, str] = {}
    while time.monotonic() < end:
        text = note.read_text() if note.exists() else ""
        found = json.loads(text) if text.endswith("}") else {}
        if found and STARTED in Path(found["log"]).read_text("utf-8", "replace"):
            return Address(bootstrap=found["bootstrap"])
        time.sleep(0.1)
    raise AssertionError(f"The session's broker does not serve: {found}")
