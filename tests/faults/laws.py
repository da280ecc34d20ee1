"""What must hold after a call whose disk failed: as before or as after, said in plain words, and put right by the next call."""

from __future__ import annotations

import re
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.faults.layer import EVER, Mode, Plan
from tests.faults.tries import (
    Ended,
    State,
    call_with_faults,
    demand_sound_archive,
    digest_files,
    read_state,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.faults.situations import Situation

# What fails, by the name that it has in figures: how, and until which call.
FAULTS: Final = {
    "no room, once": (Mode.NO_ROOM, 0),
    "a fault, once": (Mode.FAULT, 0),
    "a short write": (Mode.SHORT, 0),
    "short, then full": (Mode.SHORT, EVER),
    "full from then on": (Mode.FULL, EVER),
    "dead from then on": (Mode.FAULT, EVER),
    "killed": (Mode.DIES, 0),
}
_WRITES: Final = re.compile(r"(p?write|sendfile)(v|64)? ")
_NEVER: Final = ("Traceback", 'File "', "unexpected", "Please report", "Exception")
_NOTHING: Final = "Nothing of the running step was recorded"
_LINE: Final = re.compile(r"sordiff: .+|  .+")
# A cache may hold what it likes; a lock says nothing.
_UNJUDGED: Final = ("archive/cache/", "tmp")


@dataclass(frozen=True, kw_only=True)
class Undisturbed:
    """A situation as it goes without faults. before, after, end: the states around the call and what follows it.

    between: what the changelogs hold where it needs several transactions, and is ended behind one of them.
    judged: what came of a next call, by the bytes that it found.
    """

    folder: Path
    before: State
    after: State
    end: State
    calls: tuple[str, ...]
    between: list[list[object]] = field(default_factory=list)
    judged: dict[bytes, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What came of a try: whether the changelog was as after; broken: the laws that it broke."""

    is_after: bool
    code: int
    message: str
    broken: tuple[str, ...]


@contextmanager
def undisturbed(situation: Situation) -> Iterator[Undisturbed]:
    """How it goes without faults; the folder is as the call finds it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "before"
        folder.mkdir()
        situation.prepare(folder)
        with copied(folder) as other:
            before = read_state(other)
            ended = call_with_faults(other, situation.words, Plan())
            assert ended.code == situation.code, ended
            after = read_state(other)
            follow(other, situation)
            end = read_state(other)
        known = Undisturbed(folder=folder, before=before, after=after, end=end, calls=ended.calls)
        if situation.steps > 1:
            known.between.extend(_list_between(situation, known))
        yield known


def _list_between(situation: Situation, known: Undisturbed) -> list[list[object]]:
    """What a kill behind each wait for the disk leaves; a kill comes between no two parts of a transaction."""
    found: list[list[object]] = []
    for number, call in enumerate(known.calls, start=1):
        if call.startswith(("fsync", "fdatasync")):
            with copied(known.folder) as folder:
                call_with_faults(
                    folder, situation.words, Plan(mode=Mode.DIES, first=number + 1, last=number + 1)
                )
                state = _of_changelogs(situation, read_state(folder))
                if state not in found:
                    found.append(state)
    ends = [_of_changelogs(situation, state) for state in (known.before, known.after)]
    between = [state for state in found if state not in ends]
    assert len(between) < situation.steps, [len(between), situation.steps]
    return between


def _of_changelogs(situation: Situation, state: State) -> list[object]:
    """What they hold; one without a run is as none."""
    return [state.get(name) or {} for name in situation.names]


@contextmanager
def copied(folder: Path) -> Iterator[Path]:
    """A copy of a folder, always in the same place, so that paths in messages and rows are the same."""
    to = folder.with_name("tried")
    shutil.copytree(folder, to)
    try:
        yield to
    finally:
        shutil.rmtree(to)


def follow(folder: Path, situation: Situation) -> None:
    """The calls that come later."""
    for words in situation.then:
        ended = call_with_faults(folder, words, Plan())
        assert ended.code in {0, 3}, ended


def list_tries(calls: tuple[str, ...], fault: str) -> list[int]:
    """The numbers of the calls to disturb: only a write can be cut short."""
    is_short = FAULTS[fault][0] is Mode.SHORT
    return [n for n, call in enumerate(calls, start=1) if not is_short or _WRITES.match(call)]


def try_fault(situation: Situation, known: Undisturbed, fault: str, number: int) -> Tried:
    """Let that call fail, judge what is left, and call again."""
    mode, last = FAULTS[fault]
    with copied(known.folder) as folder:
        ended = call_with_faults(
            folder, situation.words, Plan(mode=mode, first=number, last=last or number)
        )
        left = read_state(folder)
        broken = [
            *judge_changelogs(situation, known, left),
            *judge_archive(known, left, folder),
            *judge_words(situation, known, left, ended),
            *_judge_once(situation, known, left, folder),
        ]
        return Tried(
            is_after=is_as_after(situation, known, left),
            code=ended.code,
            message=ended.err.strip(),
            broken=tuple(broken),
        )


def judge_changelogs(situation: Situation, known: Undisturbed, left: State) -> Iterator[str]:
    """As before, or as after; of several transactions each is whole."""
    ends = [_of_changelogs(situation, state) for state in (known.before, known.after)]
    if _of_changelogs(situation, left) not in [*ends, *known.between]:
        yield f"{situation.names} are neither as before nor as after"


def is_as_after(situation: Situation, known: Undisturbed, left: State) -> bool:
    return _of_changelogs(situation, left) == _of_changelogs(situation, known.after)


def judge_archive(known: Undisturbed, left: State, folder: Path) -> Iterator[str]:
    """Nothing that it had is lost, and nothing is in it that does not belong there."""
    name = "archive/manifest.jsonl"
    before, after, found = (state.get(name, ()) for state in (known.before, known.after, left))
    assert isinstance(before, tuple)
    assert isinstance(after, tuple)
    assert isinstance(found, tuple)
    whole = tuple(line for line in found if line.endswith(b"\n"))
    if whole[: len(before)] != before or whole != after[: len(whole)]:
        yield "the manifest is neither as before nor on its way to as after"
    try:
        files = {name: what for name, what in left.items() if name.startswith("archive/")}
        demand_sound_archive(folder / "archive", files)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is told
        yield f"the archive is not sound: {error!r}"


def judge_words(
    situation: Situation, known: Undisturbed, left: State, ended: Ended
) -> Iterator[str]:
    """Plain words, and true ones."""
    if ended.code < 0:
        return
    if any(word in ended.err for word in _NEVER) or ended.code not in {0, 2, 3, 4}:
        yield f"left with {ended.code}: {ended.err}"
    if not all(_LINE.fullmatch(line) for line in ended.err.splitlines()):
        yield f"no plain words: {ended.err}"
    is_after = is_as_after(situation, known, left)
    if ended.code == situation.code and not is_after:
        yield f"it left with {ended.code}, and nothing was recorded"
    if ended.code == situation.code and not ended.err and list_others(left, known.after):
        yield f"it was silent of what is otherwise: {list_others(left, known.after)}"
    if ended.code not in {0, situation.code} and not ended.err:
        yield f"it left with {ended.code} without a word"
    if _NOTHING in ended.err and is_after and situation.steps == 1:
        yield f"it said that nothing was recorded, and all was: {ended.err}"


def _judge_once(
    situation: Situation, known: Undisturbed, left: State, folder: Path
) -> tuple[str, ...]:
    """As `judge_next_call`: where the same bytes were left before, the same comes of it."""
    digest = digest_files(folder)
    if digest not in known.judged:
        known.judged[digest] = tuple(judge_next_call(situation, known, left, folder))
    return known.judged[digest]


def judge_next_call(
    situation: Situation, known: Undisturbed, left: State, folder: Path
) -> Iterator[str]:
    """The same call again, and those that follow, give what an undisturbed one would have given."""
    again = call_with_faults(folder, situation.words, Plan())
    is_done = _of_changelogs(situation, left) != _of_changelogs(situation, known.before)
    if again.code != situation.code and not (is_done and again.code == 2):
        yield f"the next call left with {again.code}: {again.err}"
    try:
        follow(folder, situation)
    except AssertionError as error:
        yield f"a later call failed: {error}"
    end = read_state(folder)
    if others := list_others(end, known.end):
        told = "; ".join(_tell_difference(end.get(name), known.end.get(name)) for name in others)
        yield f"after the next call these are others: {others}: {told[:1000]}"


def list_others(found: State, expected: State) -> list[str]:
    """The files that are otherwise than they should be."""
    return sorted(
        name
        for name in found.keys() | expected.keys()
        if found.get(name) != expected.get(name) and not name.startswith(_UNJUDGED)
    )


def _tell_difference(found: object, expected: object) -> str:
    if isinstance(found, dict) and isinstance(expected, dict):
        tables = [
            name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name)
        ]
        return ", ".join(
            f"{name}: {sorted(set(found.get(name, ())) ^ set(expected.get(name, ())))[:2]}"
            for name in tables
        )
    return f"{found!r:.300} is not {expected!r:.300}"
