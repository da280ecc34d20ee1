"""Apache Kafka on this machine: one node in KRaft mode on free ports of 127.0.0.1, in a folder of its own.

`python -m tests.kafka.broker` starts one in the foreground, for trying things out: `make broker`.
"""

from __future__ import annotations

import base64
import contextlib
import ctypes
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from tests.kafka import jars

# Below the ports that the system hands out by itself: a restarted broker must find its own free.
_PORTS = range(20_000, 32_000)
STARTED = "Kafka Server started"
_PATIENCE = 120
# Few threads, no time spent on optimising: tests start many brokers, and none lives for long.
QUICK = ("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData")
SERVING = ("-Xmx1g", "-XX:+UseG1GC", "-XX:-UsePerfData")
_CLUSTER = "c29yZGlmZi1icm9rZXItMQ"
_PLAIN = {
    "process.roles": "broker,controller",
    "auto.create.topics.enable": "false",
    "num.partitions": "1",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "2",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "2",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "group.initial.rebalance.delay.ms": "0",
    # By itself it notes twice a second that there is nothing to note, which is half of what an idle one does.
    "metadata.max.idle.interval.ms": "0",
    "num.network.threads": "2",
    "num.io.threads": "4",
    "log.retention.ms": "-1",
    # After a kill -9 it may come back only when its former life is held for dead.
    "broker.heartbeat.interval.ms": "300",
    "broker.session.timeout.ms": "2500",
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "PLAINTEXT",
}


class BrokerFailed(AssertionError):
    """It did not start, or not as it was told."""


@dataclass(frozen=True, kw_only=True)
class Security:
    """What a broker needs to offer TLS, and SASL over TLS and without.

    keystore: a PEM file with the private key (PKCS #8) and the certificates. truststore: whose client certificates
    are believed. users: name to password, known to SCRAM-SHA-256, SCRAM-SHA-512 and PLAIN alike. authorize: a user
    may only what an access list says; who comes without a name may everything, and so may the trusted ones and who
    shows a certificate.
    """

    keystore: Path
    truststore: Path
    users: Mapping[str, str] = field(default_factory=dict)
    authorize: bool = False
    trusted: tuple[str, ...] = ()

    def properties(self) -> dict[str, str]:
        plain = " ".join(f'user_{name}="{word}"' for name, word in self.users.items())
        module = "org.apache.kafka.common.security"
        found = {
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": str(self.keystore),
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": str(self.truststore),
            "ssl.client.auth": "requested",
            "sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
        }
        for listener in ("sasl_ssl", "sasl_plaintext"):
            jaas = f"listener.name.{listener}"
            for mechanism in ("scram-sha-256", "scram-sha-512"):
                found[f"{jaas}.{mechanism}.sasl.jaas.config"] = (
                    f"{module}.scram.ScramLoginModule required;"
                )
            found[f"{jaas}.plain.sasl.jaas.config"] = (
                f"{module}.plain.PlainLoginModule required {plain};"
            )
        if self.authorize:
            found["authorizer.class.name"] = (
                "org.apache.kafka.metadata.authorizer.StandardAuthorizer"
            )
            names = ("ANONYMOUS", "CERTIFIED", *self.trusted)
            found["super.users"] = ";".join(f"User:{name}" for name in names)
            found["ssl.principal.mapping.rules"] = "RULE:^.*$/CERTIFIED/"
        return found

    def format_options(self) -> list[str]:
        return [
            option
            for name, word in self.users.items()
            for mechanism in ("SCRAM-SHA-256", "SCRAM-SHA-512")
            for option in ("--add-scram", f"{mechanism}=[name={name},password={word}]")
        ]


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now, and that the system gives to no outgoing connection."""
    found: list[int] = []
    for port in random.SystemRandom().sample(_PORTS, 200):
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                tried.bind(("127.0.0.1", port))
                found.append(port)
        if len(found) == count:
            return found
    raise BrokerFailed("There are no free ports")


def _dies_with_its_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class Broker:
    """One node. Its folder survives `kill` and `stop`, so that `start` goes on where it was."""

    def __init__(
        self,
        folder: Path,
        *,
        security: Security | None = None,
        properties: Mapping[str, str] | None = None,
        java: tuple[str, ...] = QUICK,
        ports: list[int] | None = None,
        node: int = 1,
    ) -> None:
        self.folder = folder
        self.node = node
        self.log = folder / "broker.log"
        self._java = java
        self._security = security
        self._extra = dict(properties or {})
        names = ["PLAINTEXT", "CONTROLLER"]
        names += ["SSL", "SASL_SSL", "SASL_PLAINTEXT"] if security else []
        self.ports = dict(zip(names, ports or free_ports(len(names)), strict=True))
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def bootstrap(self) -> str:
        return self.listener("PLAINTEXT")

    def listener(self, name: str) -> str:
        """The address of PLAINTEXT, SSL, SASL_SSL or SASL_PLAINTEXT."""
        return f"127.0.0.1:{self.ports[name]}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def begin(self) -> None:
        """Start without waiting."""
        assert not self.runs
        if not (self.folder / "data" / "meta.properties").exists():
            self._format()
        self._said = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                jars.command("kafka.Kafka", str(self._settings), options=self._java),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # a Ctrl-C is for the tests
                preexec_fn=_dies_with_its_parent,  # noqa: PLW1509  one thread starts brokers
            )

    def wait(self) -> None:
        """Until it serves."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            if STARTED in self._words(self._said):
                return
            if not self.runs:
                break
            time.sleep(0.05)
        self.kill()
        raise BrokerFailed(f"Kafka did not start; the end of {self.log}:\n{self.words()[-3000:]}")

    def start(self) -> Self:
        self.begin()
        self.wait()
        return self

    def stop(self, *, seconds: float = 20) -> None:
        """In peace; what is frozen, or has not ended after so long, is killed."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """As a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def await_end(self) -> None:
        """Until somebody else has killed it."""
        assert self._process is not None
        self._process.wait(_PATIENCE)

    def restart(self, *, hard: bool = False) -> None:
        (self.kill if hard else self.stop)()
        self.start()

    def pause(self) -> None:
        """It keeps its connections and answers nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def words(self) -> str:
        """What it wrote, over all its starts."""
        return self._words(0)

    def _words(self, since: int) -> str:
        if not self.log.exists():
            return ""
        with self.log.open("rb") as log:
            log.seek(since)
            return log.read().decode("utf-8", "replace")

    def __enter__(self) -> Self:
        return self if self.runs else self.start()

    def __exit__(self, *_: object) -> None:
        self.kill()

    @property
    def _settings(self) -> Path:
        return self.folder / "server.properties"

    def _format(self) -> None:
        """Only who may come in is told to Kafka's tool itself; else what it wrote for another broker serves as well."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._settings.write_text("".join(f"{k}={v}\n" for k, v in self._properties().items()))
        self._settings.chmod(0o600)
        data = self.folder / "data"
        options = self._security.format_options() if self._security else []
        if options or not jars.formatted().exists():
            self._call_the_tool(options)
            if not options:
                jars.keep_formatted(data)
        else:
            shutil.copytree(jars.formatted(), data)
        if self.node != 1:
            self._rename_node(data / "meta.properties")

    def _rename_node(self, properties: Path) -> None:
        """A node of a cluster: its own id, and its own id for the folder."""
        directory = base64.urlsafe_b64encode(uuid.uuid4().bytes).rstrip(b"=").decode()
        own = {"node.id": str(self.node), "directory.id": directory}
        lines = (line.partition("=") for line in properties.read_text().splitlines())
        properties.write_text(
            "".join(f"{name}{is_}{own.get(name, said)}\n" for name, is_, said in lines)
        )

    def _call_the_tool(self, options: list[str]) -> None:
        words = ["format", "-t", _CLUSTER, "-c", str(self._settings), *options]
        ran = subprocess.run(
            jars.command("kafka.tools.StorageTool", *words, options=QUICK),
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode:
            raise BrokerFailed(f"Kafka could not format its folder:\n{ran.stdout}{ran.stderr}")

    def _properties(self) -> dict[str, str]:
        addresses = {name: f"{name}://{self.listener(name)}" for name in self.ports}
        public = ",".join(at for name, at in addresses.items() if name != "CONTROLLER")
        return {
            **_PLAIN,
            "node.id": str(self.node),
            "listeners": ",".join(addresses.values()),
            "advertised.listeners": public,
            "listener.security.protocol.map": ",".join(
                f"{name}:{'PLAINTEXT' if name == 'CONTROLLER' else name}" for name in addresses
            ),
            "controller.quorum.voters": f"{self.node}@{self.listener('CONTROLLER')}",
            "log.dirs": str(self.folder / "data"),
            **(self._security.properties() if self._security else {}),
            **self._extra,
        }
