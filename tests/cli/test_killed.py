"""Killed with -9 at any moment: the changelog is as before or as after, and the next call just works."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

import pytest

from tests.cli.chain import NIGHTS, Chain, recorded_chain, stored, stored_in_a_copy
from tests.cli.forked import call_forked
from tests.cli.product import environment

if TYPE_CHECKING:
    from pathlib import Path

KILLS = 27
# Kills itself when SQLite has done so many times twenty steps; says how many it did where it ends.
SELF_KILLER = """
import os, signal, sqlite3, sys
left = start = int(sys.argv.pop(1))
connect = sqlite3.connect
def step():
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
def watched(*words, **named):
    connection = connect(*words, **named)
    connection.set_progress_handler(step, 20)
    return connection
sqlite3.connect = watched
from sordiff.cli import main
try:
    main()
finally:
    print(start - left)
"""


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    return recorded_chain(tmp_path_factory.mktemp("chain"))


def test_killed_at_random_moments(chain: Chain) -> None:
    """Each changelog is killed up to three times, at a moment within what one undisturbed call takes."""
    rng = random.Random(3)
    bare = environment(bare=True)
    seconds = chain.place.process(
        "ingest", *chain.names, "--db", "undisturbed.db", env=bare
    ).seconds
    assert stored(chain.place.folder / "undisturbed.db") == chain.after[NIGHTS]
    undisturbed = chain.place.sordiff("events", "--db", "undisturbed.db").out
    killed = number = kills = runs = 0
    while killed < KILLS:
        database = chain.place.folder / f"killed{number}.db"
        moment = rng.uniform(0.05, 1.0) * seconds
        words = ("ingest", *chain.names, "--db", database.name)
        done = chain.place.process(*words, code=None, env=bare, kill_after=moment)
        assert done.code in {0, -signal.SIGKILL}
        held = stored_in_a_copy(database, chain.place.folder / "looked at")
        assert held in chain.after, f"between two runs, killed after {moment:.3f} s"
        assert chain.after.index(held) >= runs, "what was recorded stays"
        runs = chain.after.index(held)
        if done.code == 0:
            assert runs == NIGHTS
            # A busy machine is another one a moment later: what it takes now is what counts.
            seconds = done.seconds if kills == 0 else seconds
        else:
            killed += 1
            kills += 1
        if kills == 3 or done.code == 0:
            chain.place.ingest(*chain.names, "--db", database.name)
            assert stored(database) == chain.after[NIGHTS]
            assert chain.place.sordiff("events", "--db", database.name).out == undisturbed
            number, kills, runs = number + 1, 0, 0


def self_killing(chain: Chain, database: Path, steps: int) -> tuple[int, str]:
    """How it ended, and what it said."""
    words = (str(steps), "ingest", chain.names[1], "--db", database.name)
    with tempfile.TemporaryFile() as out:
        streams = (out.fileno(), out.fileno())
        bare = environment(bare=True)
        place = chain.place.folder
        left = call_forked(words, place, bare, streams, script=SELF_KILLER, kill_after=120)
        out.seek(0)
        return left.code, out.read().decode()


def test_killed_within_the_transaction(chain: Chain) -> None:
    folder = chain.place.folder
    chain.place.ingest(chain.names[0], "--db", "baseline.db")
    shutil.copy(folder / "baseline.db", folder / "counted.db")
    steps = int(self_killing(chain, folder / "counted.db", 10**9)[1].split()[-1])
    assert stored(folder / "counted.db") == chain.after[2]
    assert steps > 50
    database = folder / "transaction.db"
    for number in range(12):
        for path in folder.glob("transaction.db*"):
            path.unlink()
        shutil.copy(folder / "baseline.db", database)
        moment = steps * (number + 1) // 13
        assert self_killing(chain, database, moment)[0] == -signal.SIGKILL
        held = stored_in_a_copy(database, folder / "looked at 2")
        assert held in chain.after[1:3], f"killed at step {moment} of {steps}"
        if number % 4 == 3:
            chain.place.ingest(*chain.names, "--db", database.name)
            assert stored(database) == chain.after[NIGHTS]


def test_interrupted_by_ctrl_c_leaves_with_130(chain: Chain) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "sordiff", "ingest", *chain.names, "--db", "interrupted.db"],
        cwd=chain.place.folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline(), "the baseline is told when it is recorded"
        os.kill(process.pid, signal.SIGINT)
        said = process.stderr.read().decode()
        process.stdout.read()
        code = process.wait(timeout=60)
    assert code in {0, 130}
    assert "Traceback" not in said
    assert stored(chain.place.folder / "interrupted.db") in chain.after[1:]
