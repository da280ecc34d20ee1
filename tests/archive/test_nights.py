"""Nights in the archive: byte for byte, small, restored with the zstd command alone."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from sordiff.archive import Archive, NewNight
from sordiff.archive.base_cache import BaseCache
from sordiff.archive.frames import (
    Base,
    Room,
    SharedRooms,
    Unpacker,
    demand_unpacks,
    pack,
    pack_again,
)
from sordiff.archive.manifest import Manifest
from sordiff.archive.places import STEPS, base_step, find_place
from sordiff.archive.records import Frame, Pruned
from sordiff.errors import ArchiveFailed, Locked
from tests.archive.keeping import AT, contents, day_of, keep, keep_all, new_night
from tests.full_disk import mount_small_disk

if TYPE_CHECKING:
    from pathlib import Path

NIGHTS = 75


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[bytes]]:
    folder = tmp_path_factory.mktemp("kept") / "archive"
    return folder, keep_all(folder, NIGHTS)


def frames(folder: Path) -> dict[str, dict[str, Any]]:
    lines = (json.loads(line) for line in (folder / "manifest.jsonl").read_text().splitlines())
    return {line["sha256"]: line for line in lines if line["line"] == "frame"}


def test_every_night_comes_back_byte_for_byte(
    kept: tuple[Path, list[bytes]], tmp_path: Path
) -> None:
    folder, written = kept
    archive = Archive.open(folder)
    nights = archive.list_nights()
    assert [night.day for night in nights] == [day_of(number) for number in range(NIGHTS)]
    for night, content in zip(nights, written, strict=True):
        archive.get(archive.find(night.day), tmp_path / "back")
        assert (tmp_path / "back").read_bytes() == content


def test_no_night_is_more_than_three_patches_from_a_whole_one(
    kept: tuple[Path, list[bytes]],
) -> None:
    by_key = frames(kept[0])
    depths = []
    for frame in by_key.values():
        depth, below = 0, frame
        while below["leans_on"] is not None:
            depth, below = depth + 1, by_key[below["leans_on"]]
        depths.append(depth)
    assert depths[:2] == [0, 1]
    assert depths[21:23] == [2, 3]
    assert max(depths) == 3
    assert sum(depth == 0 for depth in depths) == 1


def test_the_nights_take_a_tenth_of_what_they_take_one_by_one(
    kept: tuple[Path, list[bytes]],
) -> None:
    by_key = list(frames(kept[0]).values())
    assert 10 * sum(frame["packed_size"] for frame in by_key) < NIGHTS * by_key[0]["packed_size"]


def test_the_step_below() -> None:
    below = {step: base_step(step) for step in (1, 6, 7, 8, 14, 21, 27, 28, 35, 42, 49, 391)}
    assert below == {
        **dict.fromkeys((1, 6, 7, 14, 28, 49), 0),
        8: 7,
        21: 14,
        27: 21,
        35: 28,
        42: 28,
        391: 385,
    }
    assert STEPS == 392


def test_behind_the_longer_chains_of_an_earlier_build_there_are_three_patches_at_most() -> None:
    chain: dict[str, Frame] = {}
    for step in range(14):  # each on the one before
        chain[str(step)] = Frame(
            file="",
            series="content",
            sha256=str(step),
            size=1,
            packed_sha256="",
            packed_size=1,
            leans_on=str(step - 1) if step else None,
            step=step,
        )
    assert find_place(chain, "content") == (14, chain["0"])
    del chain["13"]
    assert find_place(chain, "content") == (13, chain["2"])


def test_the_zstd_command_alone_restores_a_night(
    kept: tuple[Path, list[bytes]], tmp_path: Path
) -> None:
    zstd = shutil.which("zstd")
    assert zstd, "apt-get install zstd"
    folder, written = kept
    by_key = frames(folder)

    def restore(frame: dict[str, Any]) -> Path:  # the chain of nights below it first
        to: Path = tmp_path / frame["sha256"]
        packed = folder / frame["file"]
        if frame["packed_twice"]:
            subprocess.run([zstd, "-d", "-q", packed, "-o", f"{to}.zst"], check=True)
            packed = to.with_name(f"{to.name}.zst")
        words = [zstd, "-d", "-q", "--long=31", packed, "-o", to]
        if frame["leans_on"] is not None:
            words.append(f"--patch-from={restore(by_key[frame['leans_on']])}")
        if not to.exists():
            subprocess.run(words, check=True)
        return to

    last = list(by_key.values())[-1]
    assert restore(last).read_bytes() == written[-1]


def test_a_night_in_another_form_is_whole_and_the_next_ones_lean_on_it(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    keep_all(folder, 3)
    others = list(contents(2, seed=2))
    for number, content in enumerate(others, start=3):
        keep(folder, number, content)
    by_key = list(frames(folder).values())
    assert [frame["step"] for frame in by_key] == [0, 1, 2, 0, 1]
    assert by_key[4]["leans_on"] == by_key[3]["sha256"]


def test_what_is_kept_already_is_kept_once(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    lists = b"<SorDataTypes>" + b"x" * 100
    first = keep(folder, 0, b"night" * 99, lists)
    before = (folder / "manifest.jsonl").read_bytes()
    assert keep(folder, 0, b"night" * 99, lists) == first
    assert (folder / "manifest.jsonl").read_bytes() == before
    keep(folder, 1, b"later" * 99, lists)
    assert len(frames(folder)) == 3
    Archive.open(folder).get_lists(first, tmp_path / "lists")
    assert (tmp_path / "lists").read_bytes() == lists
    # The same night with other lists is another one to be kept.
    again = keep(folder, 0, b"night" * 99, b"others")
    Archive.open(folder).get_lists(again, tmp_path / "lists")
    assert (tmp_path / "lists").read_bytes() == b"others"


def test_empty_and_tiny_nights(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    for number, content in enumerate((b"", b"a", b"abcdefghij", b"abcdefghijk")):
        night = keep(folder, number, content)
        Archive.open(folder).get(night, tmp_path / "back")
        assert (tmp_path / "back").read_bytes() == content


def test_a_file_that_changed_is_not_kept(tmp_path: Path) -> None:
    file = tmp_path / "Sor.xml"
    file.write_bytes(b"other bytes")
    night = NewNight(day=day_of(0), created_at="x", name="Sor.xml", at=AT, sha256="0" * 64)
    archive = Archive.open(tmp_path / "archive")
    with pytest.raises(ArchiveFailed, match="written to meanwhile"):
        archive.add(night, file)
    assert archive.list_nights() == []
    assert not list((tmp_path / "archive").rglob("*.zst*"))


def test_a_wrong_base_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    keep_all(folder, 2)
    whole, _ = frames(folder).values()
    # Another night of the same length in place of the one that the patch leans on.
    (other,) = contents(1, seed=3)
    (tmp_path / "other").mkdir()
    keep(tmp_path / "other" / "archive", 0, other)
    (frame,) = (tmp_path / "other" / "archive").glob("nights/*/*.zst")
    (folder / whole["file"]).write_bytes(frame.read_bytes())
    night = Archive.open(folder).find(day_of(1))
    with pytest.raises(ArchiveFailed, match=f"{whole['file']}.*it is not as it was written"):
        Archive.open(folder).get(night, tmp_path / "back")
    assert not (tmp_path / "back").exists()


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("place", [0, 5, -1])
def test_a_changed_byte_of_a_frame_is_found(tmp_path: Path, which: int, place: int) -> None:
    folder = tmp_path / "archive"
    keep_all(folder, 2)
    changed = list(frames(folder).values())[which]["file"]
    content = bytearray((folder / changed).read_bytes())
    content[place] ^= 1
    (folder / changed).write_bytes(content)
    archive = Archive.open(folder)
    with pytest.raises(ArchiveFailed, match=changed):
        archive.get(archive.find(day_of(1)), tmp_path / "back")
    assert not (tmp_path / "back").exists()


def test_a_new_frame_that_does_not_unpack_does_not_count() -> None:
    base, content = contents(2)
    (other,) = contents(1, seed=3)
    frame = pack(content, Base(base))
    demand_unpacks(frame, Base(base), len(content), packed_twice=False)
    demand_unpacks(pack_again(frame), Base(base), len(content), packed_twice=True)
    for wrong, size in ((Base(other), len(content)), (Base(base), len(content) + 1)):
        with pytest.raises(ArchiveFailed):
            demand_unpacks(frame, wrong, size, packed_twice=False)
    with pytest.raises(ArchiveFailed):
        demand_unpacks(frame[:-9], Base(base), len(content), packed_twice=False)


def test_a_room_is_filled_with_what_is_right_and_nothing_else() -> None:
    base, content = contents(2)
    (other,) = contents(1, seed=3)
    frame, room = pack(content, Base(base)), Room()
    Unpacker(base).unpack_into(room.take(len(content)), frame)
    assert room.take(len(content)) == content
    changed = frame[:-1] + bytes([frame[-1] ^ 1])  # its checksum is there
    wrongs = (frame[:-9], changed, b"", b"no frame", pack(content + b"x", Base(base)))
    for wrong in wrongs:
        with pytest.raises(ArchiveFailed):
            Unpacker(base).unpack_into(room.take(len(content)), wrong)
    with pytest.raises(ArchiveFailed):
        Unpacker(other).unpack_into(room.take(len(content)), frame)
    with pytest.raises(ArchiveFailed):
        Unpacker(base).unpack_into(room.take(len(content) - 1), frame)


@pytest.mark.parametrize("which", [0, 1, 7])
def test_a_damaged_night_that_is_added_again_is_whole(tmp_path: Path, which: int) -> None:
    folder = tmp_path / "archive"
    written = keep_all(folder, 9)
    lists = b"of all nights"
    keep(folder, 9, list(contents(10))[9], lists)
    archive = Archive.open(folder)
    before, nights = frames(folder), archive.list_kept()
    key = list(before)[which]
    path = folder / before[key]["file"]
    path.write_bytes(path.read_bytes()[:-3])
    assert archive.verify().faults
    keep(folder, which, written[which])
    assert Archive.open(folder).verify().faults == ()
    assert Archive.open(folder).list_kept() == nights
    mended = frames(folder)
    assert list(mended) == list(before)
    assert mended[key]["leans_on"] == before[key]["leans_on"]
    assert mended[key]["step"] == before[key]["step"]
    archive.get(archive.find(day_of(which)), tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == written[which]


def test_a_mended_frame_may_have_other_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "archive"
    written = keep_all(folder, 2)
    before = next(iter(frames(folder).values()))
    (folder / before["file"]).unlink()
    monkeypatch.setattr("sordiff.archive.frames._WHOLE_LEVEL", 1)
    keep(folder, 0, written[0])
    after = next(iter(frames(folder).values()))
    assert after["packed_sha256"] != before["packed_sha256"]
    assert Archive.open(folder).verify().faults == ()
    assert [night.day for night in Archive.open(folder).list_nights()] == [day_of(0), day_of(1)]


def test_an_old_damage_does_not_keep_a_new_night_out(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    first, second = contents(2)
    keep(folder, 0, first, b"lists" * 99)
    lists = list(frames(folder).values())[1]
    (folder / lists["file"]).unlink()
    keep(folder, 1, second, b"lists" * 99)
    assert [night.day for night in Archive.open(folder).list_nights()] == [day_of(0), day_of(1)]
    (fault,) = Archive.open(folder).verify().faults
    assert fault.file == lists["file"]
    keep(folder, 1, second, b"lists" * 99)
    assert Archive.open(folder).verify().faults == ()


def test_a_missing_file_of_lists_is_there_when_its_night_is_added_again(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    (content,) = contents(1)
    keep(folder, 0, content, b"lists" * 99)
    _, lists = frames(folder).values()
    (folder / lists["file"]).unlink()
    keep(folder, 0, content, b"lists" * 99)
    assert Archive.open(folder).verify().faults == ()
    lines = (folder / "manifest.jsonl").read_text().splitlines()
    keep(folder, 0, content, b"lists" * 99)  # nothing is damaged, and nothing is written
    assert (folder / "manifest.jsonl").read_text().splitlines() == lines


def test_what_leans_on_a_damaged_night_is_added_after_it(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    written = keep_all(folder, 2)
    whole, patch = frames(folder).values()
    for one in (whole, patch):
        (folder / one["file"]).unlink()
    with pytest.raises(ArchiveFailed, match=whole["file"]):
        keep(folder, 1, written[1])
    for number in range(2):
        keep(folder, number, written[number])
    assert Archive.open(folder).verify().faults == ()


def test_a_frame_with_something_behind_it_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    keep_all(folder, 2)
    whole, _ = frames(folder).values()
    with (folder / whole["file"]).open("ab") as file:
        file.write(b"x")
    archive = Archive.open(folder)
    with pytest.raises(ArchiveFailed, match=whole["file"]):
        archive.get(archive.find(day_of(1)), tmp_path / "back")


def test_rooms_are_used_again_when_nobody_has_them() -> None:
    rooms = SharedRooms()
    first, second = rooms.take(5000), rooms.take(6000)
    assert (len(first), len(second)) == (5000, 6000)
    first[:3], second[:3] = b"abc", b"def"
    second_id = id(second)
    view = memoryview(first)
    del first, second
    third = rooms.take(5001)
    assert (id(third), len(third)) == (second_id, 5001)
    assert bytes(view[:3]) == b"abc"
    view.release()
    rooms.forget()
    assert rooms.take(1) is not third


def test_a_room_is_used_again_and_grows() -> None:
    room = Room()
    room.take(3)[:] = b"abc"
    assert bytes(room.take(2)) == b"ab"
    assert len(room.take(5000)) == 5000
    assert len(room.take(0)) == 0


def test_a_line_that_was_being_written_is_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    keep_all(folder, 2)
    manifest = folder / "manifest.jsonl"
    manifest.write_bytes(manifest.read_bytes()[:-20])
    assert [night.day for night in Archive.open(folder).list_nights()] == [day_of(0)]
    second = list(contents(2))[1]
    keep(folder, 1, second)
    Archive.open(folder).get(Archive.open(folder).find(day_of(1)), tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == second


def test_what_is_left_of_a_longer_line_does_no_harm(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    keep_all(folder, 1)
    manifest = folder / "manifest.jsonl"
    whole = manifest.read_bytes()
    manifest.write_bytes(whole + b'{"line":"run","' + b"x" * 5000)
    keep(folder, 1, list(contents(2))[1])
    assert manifest.read_bytes().startswith(whole)
    assert [night.day for night in Archive.open(folder).list_nights()] == [day_of(0), day_of(1)]
    assert Archive.open(folder).verify().faults == ()
    assert manifest.read_bytes().endswith(b"}\n")


@pytest.mark.parametrize("line", [0, 1, 2])
def test_a_changed_line_of_the_manifest_is_found(tmp_path: Path, line: int) -> None:
    folder = tmp_path / "archive"
    keep_all(folder, 2)
    manifest = folder / "manifest.jsonl"
    lines = manifest.read_bytes().splitlines(keepends=True)
    lines[line] = lines[line].replace(b"2024", b"2025", 1)
    manifest.write_bytes(b"".join(lines))
    with pytest.raises(ArchiveFailed, match=f"line {line + 1}"):
        Archive.open(folder).list_nights()
    manifest.write_bytes(b"".join(lines[:line] + lines[line + 1 :]))
    with pytest.raises(ArchiveFailed):
        Archive.open(folder).list_nights()


def test_one_that_has_read_the_manifest_sees_what_becomes_of_it(tmp_path: Path) -> None:
    """Added by itself, added by another, changed in an old line, put back, cut, and gone."""
    folder = tmp_path / "archive"
    keep_all(folder, 2)
    one, other, manifest = Manifest(folder), Manifest(folder), folder / "manifest.jsonl"
    one.append([Pruned(sha256=("a",), at=AT)], one.read())
    other.append([Pruned(sha256=("b",), at=AT)], other.read())
    whole = manifest.read_bytes()
    assert one.read() == other.read() == Manifest(folder).read()
    assert one.read().end == len(whole)
    manifest.write_bytes(whole.replace(b"2024", b"2025", 1))
    with pytest.raises(ArchiveFailed, match="line 1"):
        one.read()
    manifest.write_bytes(whole)
    assert one.read() == Manifest(folder).read()
    manifest.write_bytes(whole[: whole.index(b"\n") + 1])
    assert one.read() == Manifest(folder).read()
    manifest.unlink()
    assert one.read() == Manifest(folder).read()


def test_two_do_not_add_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    archive = Archive.open(folder)

    def during(noted: object, names: object) -> list[Any]:
        assert (noted, names) == ([], None)
        with pytest.raises(Locked):
            keep(folder, 0, b"night")
        return []

    archive.note(during)


@pytest.mark.parametrize("number", range(10))
def test_a_flipped_byte_is_found_with_the_nights_it_costs(tmp_path: Path, number: int) -> None:
    folder = tmp_path / "archive"
    written = keep_all(folder, 10)
    assert Archive.open(folder).verify().faults == ()
    frame = list(frames(folder).values())[number]
    file = folder / frame["file"]
    packed = bytearray(file.read_bytes())
    packed[random.Random(number).randrange(len(packed))] ^= 1 << number % 8
    file.write_bytes(packed)
    (fault,) = Archive.open(folder).verify().faults
    costs = {0: range(10), 7: range(7, 10)}.get(number, (number,))
    assert fault.file == frame["file"]
    assert fault.nights == tuple(day_of(night) for night in costs)
    for night in range(10):
        if night in costs:
            with pytest.raises(ArchiveFailed):
                Archive.open(folder).get(Archive.open(folder).find(day_of(night)), tmp_path / "x")
        else:
            Archive.open(folder).get(Archive.open(folder).find(day_of(night)), tmp_path / "x")
            assert (tmp_path / "x").read_bytes() == written[night]


def test_a_missing_frame_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    keep_all(folder, 3)
    (folder / list(frames(folder).values())[2]["file"]).unlink()
    (fault,) = Archive.open(folder).verify().faults
    assert (fault.nights, "missing" in fault.reason) == ((day_of(2),), True)


def test_pruning_never_takes_what_another_night_leans_on(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    written = keep_all(folder, 20)
    archive = Archive.open(folder)
    dropped = archive.prune(3, AT)
    # 17, 18 and 19 lean on 14, and that on 0.
    assert [night.day for night in archive.list_nights()] == [
        day_of(number) for number in (0, 14, 17, 18, 19)
    ]
    assert len(dropped) == 15
    assert archive.verify().faults == ()
    assert len(list(folder.glob("nights/*/*"))) == 5
    for number in (0, 14, 17, 18, 19):
        archive.get(archive.find(day_of(number)), tmp_path / "x")
        assert (tmp_path / "x").read_bytes() == written[number]
    # And what comes after leans on what is there.
    keep(folder, 20, next(contents(1, seed=1)))
    assert Archive.open(folder).verify().faults == ()
    assert Archive.open(folder).prune(99, AT) == []


def test_the_cache_is_used_and_never_trusted(tmp_path: Path) -> None:
    folder, cache, file = tmp_path / "archive", tmp_path / "cache", tmp_path / "Sor.xml"
    written = list(contents(12))
    for number, content in enumerate(written):
        file.write_bytes(content)
        Archive.open(folder, cache).add(new_night(number), file)
        if number == 3:
            (kept,) = cache.glob("*.base")
            assert kept.read_bytes() == written[0]
            kept.write_bytes(written[2])  # somebody else wrote there
        if number == 5:
            shutil.rmtree(cache)
    (kept,) = cache.glob("*.base")
    assert kept.read_bytes() == written[7]
    assert (cache / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f0688")
    archive = Archive.open(folder)
    assert archive.verify().faults == ()
    for number, content in enumerate(written):
        archive.get(archive.find(day_of(number)), tmp_path / "back")
        assert (tmp_path / "back").read_bytes() == content
    # Without room for it nothing fails.
    (tmp_path / "full").write_text("a file")
    file.write_bytes(b"one more night")
    Archive.open(folder, tmp_path / "full").add(new_night(12), file)


def test_the_cache_leaves_room_for_three_nights(tmp_path: Path) -> None:
    mebibyte = bytes(2**20)
    with mount_small_disk(tmp_path / "disk") as disk:
        cache = BaseCache(disk / "cache")
        cache.put("first", mebibyte)
        assert cache.find("first") is not None
        # What was kept is no use any more, and its room counts as free.
        cache.put("larger", mebibyte * 2)
        assert (cache.find("first"), cache.find("larger")) == (None, None)
        cache.put("again", mebibyte)
        assert cache.find("again") is not None
