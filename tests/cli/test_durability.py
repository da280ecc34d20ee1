"""The changelog beside others, on a full disk, in a folder nobody may write, of another make or age."""

from __future__ import annotations

import contextlib
import errno
import gzip
import hashlib
import json
import mmap
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sordiff.snapshot import read_snapshot
from sordiff.store.migrations import MIGRATIONS
from tests.cli.calling import Called, called
from tests.cli.dumping import dump, write_chain
from tests.cli.limits import limited, without_privilege
from tests.cli.running import Ran, sordiff
from tests.full_disk import mount_small_disk
from tests.made_once import copy_once_made
from tests.notices.receivers import http_receiver, status

if TYPE_CHECKING:
    from collections.abc import Iterator

# Of each migration that was released; a line is added for a new one, none is ever changed.
RELEASED = (
    "ec3645f6b6d1e064ad09b0cbfb4cb0e161b79d4f4c51858306109e320fe5bb37",
    "d4a6e88ef988228a583b45ee83365a71ecbe0fdd2e5caf75ec8cfc1e67cf1c72",
    "3fca46db05b7e78f11b07c32ad64b07df35c56f401f7b774a93b17aa7b65ae51",
    "892cd6effb4be1cc1ffe1bff2910cd644f3d64d50e6b996cf31658665dd14bb0",
    "38a93f444716119ba6d1a12981462b51403a9c429c1153491a2de05573774ad8",
    "9a3f0f785b5424e0fba58002119ba583a35aced54db407e90bf889d0a75b1962",
    "d4c94b3932be621ca949bc332a2e6e700b51289dd750991dd53cbc3d9887937d",
    "caabe87d37122e473aa92611590aa430ac9f43a0c1eb920f6c66ad1b07a94990",
    "fa69e8dec5b4adb700a7afcc1deb435cd163c03de83ec3bee7c98c94b4a249f0",
    "c2dbcfaaf6fa374ff6c830c9f63d6c3453691d32a441b451f24b5ed4e4f828b4",
    "45d2c9c963a1b861051edf158b35f5d41d11cc31ab75b02bc2c767d221a892d4",
    "bf453fa72c40b99444f4f29c62fe60b5ae51ffae70e884bcee56382eebca968a",
    "d531cb46a32e07850903ec77664d96387b643fd192e76389e94bcfed59f165da",
    "d95814aab5fbde4f0f8895f9a7975ad1b1e734fb77ec6aedb57edf8733e4b174",
    "b12257968eddb7bbbdfd8fa91f8e42c16c94428f77854f5f20a80c81ba1aabde",
    "62f40eb5459f4c7ea468cd1636afd92cfdfd84530de1d2324519add773a0e3ae",
    "0e54c512094a436933de6f04f02249dbec77cf6ac9ecc25b62af8d84d6849267",
    "cfdb98a10bb59a6ab5d62a00f7fa3130c968d3b97d5177212e40f8a65059440b",
    "4bd1b2eedb8d502d651b1d94d78b659cb4c4cf8e583a76b85cf097952cb46a87",
    "c7c86a857b98e7d858e5828bf84865ea64b4b4ab82ec797ce9e0443ad1c5572f",
    "466d35eb38202a03cd110052051b08f4a95bb75dc80a162f7321b5b61450e8e3",
    "90301c3a1d47962657315a96f754e2435a8492926c966e23313619fa6a90c62f",
    "a4bce4bce1faf11f5e555c22e6cdeb31b177dcdf0bab55601859747f39fece46",
)
KIB, UNNAMED = 1024, 54321
HOLDER = (
    "import fcntl, sys, time; lock = open(sys.argv[1], 'w'); fcntl.flock(lock, fcntl.LOCK_EX);"
    " print('held', flush=True); time.sleep(600)"
)
READERS = (("events",), ("runs",), ("events", "--run", "2"))


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Path:
    """Three nights, of which two are recorded."""
    return copy_once_made(tmp_path_factory, "durable", record, tmp_path)


def record(folder: Path) -> None:
    nights = write_chain(folder, units=60, nights=3)
    assert called(folder, "ingest", *nights[:2]).exit == 0


def one_sentence(ran: Ran | Called, code: int) -> str:
    assert ran.exit == code, ran.stderr
    assert ran.stderr.startswith("sordiff: error: ")
    assert ran.stderr.endswith(".\n")
    assert ran.stderr.count("\n") == 1
    assert not any(word in ran.stderr for word in ("Traceback", "unexpected"))
    return ran.stderr


@contextlib.contextmanager
def held(database: Path, role: str) -> Iterator[subprocess.Popen[bytes]]:
    lock = database.with_name(f"{database.name}.{role}.lock")
    with subprocess.Popen([sys.executable, "-c", HOLDER, lock], stdout=subprocess.PIPE) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == b"held\n"
            yield holder
        finally:
            holder.kill()


def test_a_second_writer_leaves_and_a_dead_one_holds_nothing(folder: Path) -> None:
    database = folder / "sordiff.db"
    before = dump(database)
    with held(database, "writer") as holder:
        assert "sordiff.db" in one_sentence(called(folder, "ingest", "night-2.xml"), 6)
        assert dump(database) == before
        for words in READERS:
            assert called(folder, *words).exit == 0
        holder.kill()
        holder.wait()
        assert database.with_name("sordiff.db.writer.lock").exists()
        assert called(folder, "ingest", "night-2.xml").exit == 0
    assert len(dump(database)["runs"]) == 3


def test_the_publisher_does_not_hinder_the_writer(folder: Path) -> None:
    with held(folder / "sordiff.db", "publisher"):
        assert called(folder, "ingest", "night-2.xml").exit == 0


def test_readers_do_not_wait_for_a_transaction_of_another(folder: Path) -> None:
    before = [called(folder, *words).stdout for words in READERS]
    with closing(sqlite3.connect(folder / "sordiff.db", isolation_level=None)) as another:
        another.execute("BEGIN IMMEDIATE")
        another.execute("DELETE FROM events")
        for words, shown in zip(READERS, before, strict=True):
            ran = sordiff(folder, *words, forked=True)
            assert (ran.exit, ran.stdout, ran.stderr) == (0, shown, "")
            assert ran.seconds < 20
        another.execute("ROLLBACK")


@pytest.mark.parametrize("kibibytes", [1, 4, 16, 40, 64])
@pytest.mark.parametrize("recorded", [0, 2])
def test_a_file_that_can_grow_no_further(folder: Path, kibibytes: int, recorded: int) -> None:
    database = folder / ("sordiff.db" if recorded else "new.db")
    night = f"night-{recorded}.xml"
    before = dump(database)
    words = ("ingest", night, "--db", database.name)
    ran = sordiff(folder, *words, before=limited(kibibytes), forked=True)
    assert database.name in one_sentence(ran, 2)
    assert not ran.stdout
    assert dump(database) == before
    assert called(folder, "ingest", night, "--db", database.name).exit == 0
    assert len(dump(database)["runs"]) == recorded + 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    with mount_small_disk(tmp_path / "disk") as disk:
        yield disk


def fill(disk: Path, leaving: int) -> Path:
    filler = disk / "filler"
    room = os.statvfs(disk)
    filler.write_bytes(bytes(max(room.f_bavail * room.f_bsize - leaving, 0)))
    return filler


@pytest.mark.parametrize("kibibytes", [0, 8, 36, 64])
def test_a_full_disk(folder: Path, small_disk: Path, kibibytes: int) -> None:
    database = small_disk / "sordiff.db"
    shutil.copy(folder / "sordiff.db", database)
    before = dump(database)
    filler = fill(small_disk, kibibytes * KIB)
    ran = sordiff(folder, "ingest", "night-2.xml", "--db", database, forked=True)
    one_sentence(ran, 2)
    assert "(TMPDIR)" in ran.stderr
    assert dump(database) == before
    filler.unlink()
    assert called(folder, "ingest", "night-2.xml", "--db", database).exit == 0
    assert len(dump(database)["runs"]) == 3


SORT_MUCH = """
import pathlib, sys
from sordiff.errors import ChangelogFailed
from sordiff.store.database import open_to_read
sort = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
    " SELECT hex(randomblob(500)) FROM n ORDER BY 1"
)
try:
    with open_to_read(pathlib.Path(sys.argv[1])) as connection:
        connection.execute("PRAGMA cache_size = -100")
        connection.execute(sort).fetchone()
except ChangelogFailed as failed:
    sys.exit(failed.advice)
"""


def test_a_full_disk_for_what_is_sorted(folder: Path, small_disk: Path) -> None:
    """SQLite says of a full disk for temporary files what it says of one for the changelog."""
    ran = subprocess.run(
        [sys.executable, "-c", SORT_MUCH, folder / "sordiff.db"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "TMPDIR": str(small_disk)},  # read by SQLite when it starts
    )
    assert ran.stderr == "Make room where temporary files lie (TMPDIR), and call again.\n"


def test_a_full_disk_for_what_is_unpacked(folder: Path, small_disk: Path) -> None:
    """A zip file in a gzip file must lie somewhere whole."""
    with zipfile.ZipFile(folder / "big.zip", "w") as archive:
        archive.write(folder / "night-2.xml", "Sor.xml")
        archive.writestr("beside.bin", bytes(80 * KIB * KIB))
    packed = folder / "big.zip.gz"
    packed.write_bytes(gzip.compress((folder / "big.zip").read_bytes(), compresslevel=1))
    before = dump(folder / "sordiff.db")
    ran = sordiff(folder, "ingest", packed.name, env={"TMPDIR": str(small_disk)}, forked=True)
    one_sentence(ran, 2)
    assert dump(folder / "sordiff.db") == before


@pytest.mark.parametrize("packing", ["xml.gz", "zip"])
def test_no_room_to_unpack_is_no_reason_to_refuse(
    folder: Path, small_disk: Path, packing: str
) -> None:
    """The fast road needs the content in one place, the plain one reads it as it comes."""
    content = (folder / "night-2.xml").read_bytes()
    packed = folder / f"night-2.{packing}"
    if packing == "zip":
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("Sor.xml", content)
    else:
        packed.write_bytes(gzip.compress(content))
    fill(small_disk, 0)
    ran = sordiff(folder, "ingest", packed.name, env={"TMPDIR": str(small_disk)}, forked=True)
    assert ran.exit == 0, ran.stderr
    assert len(dump(folder / "sordiff.db")["runs"]) == 3


def test_a_share_without_mmap_is_read_all_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))  # as mmap(2) does there

    read = read_snapshot(folder / "night-2.xml")
    monkeypatch.setattr(mmap, "mmap", refuse)
    assert read_snapshot(folder / "night-2.xml").units == read.units


CUT_WHILE_READ = """
import os, pathlib, sys
from sordiff.cli import main
from sordiff.snapshot import read_snapshot
from sordiff.snapshot.source import mapped_file

def cut_short(mapped):
    os.truncate(sys.argv[-1], 4096)  # another process would do so, at this moment
    start(mapped)

start = mapped_file.MappedFile.start_hashing
mapped_file.MappedFile.start_hashing = cut_short
read_snapshot(pathlib.Path(sys.argv[-1])) if sys.argv[1] == "--library" else main()
"""


def cut_while_read(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-c", CUT_WHILE_READ, *words, "night-2.xml"]
    return subprocess.run(
        call, cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.mark.parametrize("known", [True, False], ids=["a night", "a baseline"])
def test_a_file_that_is_cut_short_while_it_is_read(folder: Path, known: bool) -> None:
    database = folder / ("sordiff.db" if known else "new.db")
    before = dump(database) if known else None
    ran = cut_while_read(folder, "ingest", "--lang", "da", "--db", str(database))
    assert (ran.returncode, ran.stdout) == (5, "")
    assert ran.stderr.startswith("sordiff: fejl: afvist: night-2.xml")
    assert ran.stderr.count("\n") == 1
    if known:
        assert dump(database) == before


def test_run_tells_of_a_file_that_is_cut_short_while_it_is_read(folder: Path) -> None:
    """The notice goes out by the same call, also where two dashes end its options."""
    with http_receiver(status(200)) as receiver:
        (folder / "sordiff.toml").write_text(f'[notices]\nwebhook_url = "{receiver.url}"\n')
        ran = cut_while_read(folder, "run", "--")
    assert (ran.returncode, ran.stderr.count("\n")) == (5, 1), ran.stderr
    (post,) = receiver.posts
    assert json.loads(post.body)["kind"] == "snapshot.refused"
    assert len(dump(folder / "sordiff.db")["runs"]) == 2


def test_a_library_call_ends_when_its_file_is_cut_short(folder: Path) -> None:
    ran = cut_while_read(folder, "--library")
    assert ran.returncode == 5
    assert ran.stderr.startswith("sordiff: night-2.xml was cut short while it was read; nothing")


def become_nameless() -> None:
    """A user of whom nothing but the number is known, as in a container; files are root's still."""
    os.setresuid(UNNAMED, 0, 0)


@pytest.mark.parametrize("at_rest", [True, False])
def test_a_folder_that_one_may_only_read(folder: Path, at_rest: bool) -> None:
    before = dump(folder / "sordiff.db")
    shown = [called(folder, *words).stdout for words in READERS]
    if at_rest:  # readers may leave the files of the write-ahead log, which holds nothing
        for end in ("wal", "shm"):
            (folder / f"sordiff.db-{end}").unlink(missing_ok=True)
    there = sorted(folder.iterdir())
    for path in (*there, folder):
        path.chmod(0o555)
    probe = "open('probe', 'w')"
    tried = sordiff(folder, before=without_privilege, forked=True, script=probe)
    try:
        if not tried.exit:
            pytest.skip("NO READ-ONLY FOLDER WAS TRIED: root's privilege can't be dropped here")
        for words, expected in zip(READERS, shown, strict=True):
            ran = sordiff(folder, *words, before=without_privilege, forked=True)
            assert (ran.exit, ran.stdout, ran.stderr) == (0, expected, "")
        for words in (("night-2.xml",), ("night-0.xml", "--db", "new.db")):
            one_sentence(
                sordiff(folder, "ingest", *words, before=without_privilege, forked=True), 2
            )
        dry = sordiff(
            folder, "ingest", "--dry-run", "night-2.xml", before=without_privilege, forked=True
        )
        assert (dry.exit, "error" in dry.stderr) == (0, False)
    finally:
        folder.chmod(0o755)
    assert (dump(folder / "sordiff.db"), sorted(folder.iterdir())) == (before, there)


def test_a_changelog_that_one_may_only_read(folder: Path) -> None:
    before = dump(folder / "sordiff.db")
    shown = [called(folder, *words).stdout for words in READERS]
    (folder / "sordiff.db").chmod(0o444)
    for words, expected in zip(READERS, shown, strict=True):
        ran = sordiff(folder, *words, before=without_privilege, forked=True)
        assert (ran.exit, ran.stdout, ran.stderr) == (0, expected, "")
    one_sentence(sordiff(folder, "ingest", "night-2.xml", before=without_privilege, forked=True), 2)
    assert dump(folder / "sordiff.db") == before


def test_a_user_without_a_name() -> None:
    if os.getuid():
        pytest.skip("NO NAMELESS USER WAS TRIED: only root can become one")
    nameless = dict.fromkeys(("LOGNAME", "USER", "LNAME", "USERNAME"), "")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        (night,) = write_chain(folder, units=3, nights=1)
        ran = sordiff(folder, "ingest", night, env=nameless, before=become_nameless)
        assert (ran.exit, ran.stderr) == (0, "")


@pytest.mark.parametrize(
    "content", [b"This is a letter, not a database.\n" * 200, b"SQLite", b"\0" * 8192]
)
def test_a_database_that_is_none(folder: Path, content: bytes) -> None:
    database = folder / "letter.db"
    database.write_bytes(content)
    for words in (("ingest", "night-0.xml"), ("ingest", "--dry-run", "night-0.xml"), *READERS):
        assert "letter.db" in one_sentence(called(folder, *words, "--db", "letter.db"), 2)
        assert database.read_bytes() == content


def test_a_database_of_a_newer_sordiff(folder: Path) -> None:
    database = folder / "sordiff.db"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = dump(database)
    for words in (("ingest", "night-2.xml"), ("ingest", "--dry-run", "night-2.xml"), *READERS):
        said = one_sentence(called(folder, *words), 2)
        assert "newer sordiff" in said
        assert "Install" in said
    assert dump(database) == before


def test_released_migrations_are_never_edited() -> None:
    present = [hashlib.sha256(script.encode()).hexdigest() for script in MIGRATIONS]
    assert present[: len(RELEASED)] == [*RELEASED]
    assert len(present) == len(RELEASED), "note the new migration here"
