"""What reaches a terminal: colours and progress where they are wanted, and nothing from outside that it would obey."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from tests.making.xml import write_data_types
from tests.scenarios.stories.nights import zipped

from .calling import Called, called, events, good
from .practice import MONDAY, TUESDAY, WEDNESDAY, night, practice, second, types, xml
from .running import command, command_in_turn, sordiff, split_in_turn
from .test_endings import large

if TYPE_CHECKING:
    from pathlib import Path

ESCAPE = "\x1b"
# What a terminal obeys, or shows as what it isn't; all but the first are allowed in XML 1.0.
HARMFUL = "\x9b\u202e\x7f\u2028\u2029\u200f\u2066\x85"
NASTY = f"Læge {'x'.join(HARMFUL)}31m"
COLOURED = {"NO_COLOR": "", "TERM": "xterm-256color"}
# On a busy machine what takes a moment takes a second, and would show its progress.
PATIENT = "from sordiff.cli import output\noutput._QUIET_SECONDS = 600\n"


def _on_a_terminal(
    folder: Path, *calls: list[str], stream: str = "both", **env: str
) -> list[tuple[int, str, str]]:
    """Calls of one process with stdout, stderr or both on a terminal: of each the exit code, what the terminal got, what the other stream got."""
    master, slave = pty.openpty()
    out = slave if stream in {"both", "stdout"} else subprocess.PIPE
    err = slave if stream in {"both", "stderr"} else subprocess.PIPE
    with subprocess.Popen(
        command_in_turn(calls, before=PATIENT),
        cwd=folder,
        stdin=slave,
        stdout=out,
        stderr=err,
        env={**os.environ, **COLOURED, **env},
    ) as process:
        os.close(slave)
        written = _all_of(master)
        piped = process.stdout or process.stderr
        other = split_in_turn(piped.read()) if piped else [(0, "")] * len(calls)
        process.wait(30)
    os.close(master)
    shown = split_in_turn(written, 1 if piped else 2)
    assert len(shown) == len(calls)
    return [(code, said, more) for (code, said), (_, more) in zip(shown, other, strict=True)]


def _all_of(master: int) -> bytes:
    read = bytearray()
    while select.select([master], [], [], 30)[0]:
        try:
            chunk = os.read(master, 65_536)
        except OSError:  # the other end is closed
            break
        if not chunk:
            break
        read += chunk
    return bytes(read)


def _pair(folder: Path) -> tuple[str, str]:
    return night(folder, MONDAY), night(folder, TUESDAY, practice(name="Andre"), second())


def _words(folder: Path) -> list[list[str]]:
    old, new = _pair(folder)
    bad = folder / "bad.xml"
    bad.write_bytes(b"<html/>")
    return [
        ["diff", old, new],
        ["check", old],
        ["ingest", "--dry-run", old, new],
        ["check", "bad.xml"],
    ]


def test_no_colour_where_there_is_no_terminal(tmp_path: Path) -> None:
    for words in _words(tmp_path):
        done = sordiff(tmp_path, *words, env=COLOURED, forked=True)
        assert ESCAPE not in done.stdout + done.stderr


def test_colour_on_a_terminal_and_the_words_are_the_same(tmp_path: Path) -> None:
    calls = _words(tmp_path)
    ended = _on_a_terminal(tmp_path, *calls, COLUMNS="100", LINES="24")
    for words, (code, shown, _) in zip(calls, ended, strict=True):
        plain = sordiff(tmp_path, *words, env=COLOURED, forked=True)
        assert ESCAPE in shown
        assert code == plain.exit
        bare = re.sub(r"\x1b\[[0-9;]*m", "", shown).replace("\r\n", "\n")
        assert bare == plain.stdout + plain.stderr


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_a_terminal_that_wants_no_colour_gets_none(tmp_path: Path, env: dict[str, str]) -> None:
    for _, shown, _ in _on_a_terminal(tmp_path, *_words(tmp_path), **env):
        assert shown
        assert ESCAPE not in shown


def test_each_stream_is_asked_for_itself(tmp_path: Path) -> None:
    (tmp_path / "bad.xml").write_bytes(b"<html/>")
    old, new = _pair(tmp_path)
    diff = ["diff", old, new]
    [(_, shown, _)] = _on_a_terminal(tmp_path, diff, stream="stdout")
    assert ESCAPE in shown
    told, refused = _on_a_terminal(tmp_path, diff, ["check", "bad.xml"], stream="stderr")
    assert told[1] == ""
    assert told[2]
    assert ESCAPE not in told[2]
    assert ESCAPE in refused[1]


def test_data_has_no_colour_even_on_a_terminal(tmp_path: Path) -> None:
    old, new = _pair(tmp_path)
    calls = [["diff", old, new, "--format", form] for form in ("json", "jsonl")]
    for _, shown, _ in _on_a_terminal(tmp_path, *calls):
        assert shown
        assert ESCAPE not in shown


def _slowly(folder: Path, *, until: str = "", **env: str) -> str:
    """What a terminal shows while the second file, a pipe, waits until `until` is seen, or for a while."""
    pipe = folder / "slow.xml"
    os.mkfifo(pipe)
    content = (folder / "big.xml").read_bytes()
    master, slave = pty.openpty()
    with subprocess.Popen(
        command("diff", "big.xml", pipe.name),
        cwd=folder,
        stdin=slave,
        stdout=subprocess.PIPE,
        stderr=slave,
        env={**os.environ, **COLOURED, **env},
    ) as process:
        os.close(slave)
        with pipe.open("wb") as writer:
            writer.write(content[:-100])
            writer.flush()
            shown = _until(master, until)
            writer.write(content[-100:])
        shown += _all_of(master)
        assert process.stdout is not None
        assert "no changes" in process.stdout.read().decode()
        assert process.wait(30) == 0
    os.close(master)
    pipe.unlink()
    return shown.decode()


def _until(master: int, words: str) -> bytes:
    read = b""
    deadline = time.monotonic() + (30 if words else 1.5)
    while not (words and words.encode() in read) and time.monotonic() < deadline:
        if select.select([master], [], [], 0.1)[0]:
            read += os.read(master, 65_536)
    return read


def test_progress_is_for_a_terminal_and_for_more_than_a_second(tmp_path: Path) -> None:
    large(tmp_path / "big.xml", 2_000)
    shown = _slowly(tmp_path, until="reading slow.xml")
    assert "reading big.xml" in shown
    assert _slowly(tmp_path, TERM="dumb") == ""
    again = ["diff", "big.xml", "big.xml"]
    [(_, shown, out)] = _on_a_terminal(tmp_path, again, stream="stderr")
    assert (shown, "no changes" in out) == ("", True)


def _harmless(text: str) -> None:
    for character in HARMFUL:
        assert character not in text, f"U+{ord(character):04X}"
    assert ESCAPE not in text


@pytest.fixture(scope="module")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nights in which all that comes from outside is nasty: names, texts, codes, a header, numbers."""
    folder = tmp_path_factory.mktemp("nasty")
    listed = types(NASTY)
    listed.entries[0].fields["Remark"] = NASTY
    listed.entries[0].code += HARMFUL
    wrong = (
        practice(name=NASTY, cvr=f"1{HARMFUL}", p_number=NASTY, shak=NASTY),
        second(),
    )
    for day, units, lists in (
        (MONDAY, (practice(), second()), types()),
        (TUESDAY, wrong, listed),
        (WEDNESDAY, (practice(name=NASTY[::-1]),), types()),
    ):
        parts = {"Sor.xml": xml(day, *units), "SorDataTypes.xml": write_data_types([lists])}
        (folder / f"{day}.zip").write_bytes(zipped(parts))
    return folder


def test_nothing_harmful_reaches_the_screen(nasty: Path) -> None:
    names = [f"{day}.zip" for day in (MONDAY, TUESDAY, WEDNESDAY)]
    for form in ("text", "json", "jsonl"):
        for pair in (names[:2], names[1:]):
            done = called(nasty, "diff", *pair, "--format", form)
            assert done.exit == 0
            assert "31m" in done.stdout or "m13" in done.stdout
            _harmless(done.stdout + done.stderr)
    for form in ("text", "json"):
        done = called(nasty, "check", names[1], "--format", form)
        assert (done.exit, "cvr.check_digit" in done.stdout) == (0, True)
        _harmless(done.stdout + done.stderr)
    done = called(nasty, "ingest", *names, "--accept", "--reason", NASTY)
    assert done.exit == 0
    _harmless(done.stdout + done.stderr)
    _harmless(good(nasty, "runs"))
    _harmless(good(nasty, "events"))
    # Harmless on the screen, and yet the name itself for a program.
    renamed = events(nasty, "--type", "unit.renamed")
    assert renamed[0]["data"]["after"] == NASTY


def test_nothing_harmful_in_errors_and_file_names(tmp_path: Path) -> None:
    file = f"S\x9b{HARMFUL}{ESCAPE}[31mor.xml"
    night(tmp_path, MONDAY, name=file)
    (tmp_path / f"bad{file}").write_bytes(
        xml(MONDAY, practice(to="2024-99-99")).replace(b"-99-", NASTY.encode())
    )
    (tmp_path / f"{file}.toml").write_text("sauce = 1")
    calls = [
        ("check", file, 0),
        ("ingest", file, 0),
        ("ingest", file, 0),
        ("check", f"bad{file}", 5),
        ("ingest", f"bad{file}", 5),
        ("check", f"no{file}", 2),
        ("diff", file, f"no{file}", 2),
        ("check", file, "--config", f"{file}.toml", 2),
        ("events", "--db", f"no{file}", 2),
        ("events", "--since", NASTY, 2),
        ("schemas", "export", file, 2),
    ]
    found = []
    for *words, code in calls:
        done = called(tmp_path, *map(str, words))
        assert done.exit == code, (words, done)
        if any(c in done.stdout + done.stderr for c in (*HARMFUL, ESCAPE)):
            found.append(words)
    assert found == []


def test_nothing_harmful_in_usage_errors(tmp_path: Path) -> None:
    file = night(tmp_path, MONDAY, name=f"S{NASTY}.xml")
    calls = [
        ("check", file, file),
        ("events", "--type", NASTY),
        ("runs", NASTY),
        (NASTY,),
        ("check", file, "--format", NASTY),
        ("check", file, f"--{NASTY}"),
    ]
    for words in calls:
        done = called(tmp_path, *words)
        assert done.exit == 2
        _harmless(done.stderr)


@pytest.mark.parametrize("raw", [b"S\xe6r.xml", b"S\xff\x9b\xfe.xml"])
def test_a_file_name_that_is_no_utf_8(tmp_path: Path, raw: bytes) -> None:
    path = os.fsdecode(raw)
    night(tmp_path, MONDAY, name=path)
    good(tmp_path, "ingest", path)
    assert json.loads(good(tmp_path, "check", path, "--format", "json"))["units"] == 3
    assert "already recorded" in good(tmp_path, "ingest", path)
    (tmp_path / path).write_bytes(b"<html/>")
    for words in (
        ["check", path],
        ["ingest", path],
        ["check", f"no{path}"],
        ["schemas", "export", path],
    ):
        done = sordiff(tmp_path, *words, forked=True)
        assert done.exit in {2, 5}
        assert "unexpected" not in done.stderr
        assert done.stderr


@pytest.mark.parametrize(
    "locale",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "latin-1"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "da_DK.ISO-8859-1", "PYTHONUTF8": "0"},
    ],
    ids=str,
)
def test_any_locale_gets_utf_8(tmp_path: Path, locale: dict[str, str]) -> None:
    old, new = _pair(tmp_path)
    danish = night(tmp_path, WEDNESDAY, practice(name="Ærø → 医"), name="Sør.xml")
    usual = called(tmp_path, "diff", old, new)
    compared, *good_ones, named = _in_turn(
        tmp_path,
        locale,
        ["diff", old, new],
        ["ingest", danish],
        ["check", danish],
        ["check", danish, "--format", "json"],
        ["runs"],
        ["diff", old, danish],
    )
    assert compared.stdout == usual.stdout
    for done in good_ones:
        assert (done.exit, done.stderr) == (0, "")
    assert "Ærø → 医" in named.stdout
    calls = (["check", "Ærø.xml"], ["foo", "Ærø"], ["Ærø"], ["ingest", old])
    for done in _in_turn(tmp_path, locale, *calls):
        assert done.exit in {2, 5}
        assert "an unexpected" not in done.stderr
        assert "Traceback" not in done.stderr


def _in_turn(folder: Path, locale: dict[str, str], *calls: list[str]) -> list[Called]:
    done = subprocess.run(
        command_in_turn(calls),
        cwd=folder,
        env={**os.environ, "PYTHONIOENCODING": "", "SORDIFF_LANG": "en", **locale},
        capture_output=True,
        check=True,
    )
    out, err = split_in_turn(done.stdout), split_in_turn(done.stderr)
    assert [code for code, _ in out] == [code for code, _ in err]
    assert len(out) == len(calls)
    return [
        Called(exit=code, stdout=said, stderr=warned)
        for (code, said), (_, warned) in zip(out, err, strict=True)
    ]
