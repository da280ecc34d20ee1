import json
import sys
from collections import Counter
from pathlib import Path

import pytest

from benchmarks import full_size, inflate, naive
from benchmarks.full_size import Options, make_pair, write_zip
from sordiff.service.ingest.check import check_snapshot
from sordiff.service.ingest.compare import compare_files
from sordiff.settings import Settings
from tests.roads.roads import same_by_all, touched

SMALL = 0.005


@pytest.mark.parametrize(
    "options",
    [
        Options(scale=SMALL),
        Options(scale=SMALL, seed=2, changes=700),
        Options(scale=SMALL, seed=3, changes=0, created=200),
        Options(scale=SMALL, seed=4, changes=50, created=50, indent=False),
    ],
)
def test_a_pair_gives_the_events_that_its_maker_counted(tmp_path: Path, options: Options) -> None:
    old, new = tmp_path / "old.xml", tmp_path / "new.xml"

    made = make_pair(old, new, options)

    events = compare_files(old, new, Settings(), lambda found: found.events)
    assert Counter(event.name for event in events) == made.events
    assert made.changed == options.changes
    for path, units, size in (
        (old, made.old_units, made.old_bytes),
        (new, made.new_units, made.new_bytes),
    ):
        checked = check_snapshot(path, Settings())
        assert checked.units == units
        assert checked.findings == ()
        assert path.stat().st_size == size


@pytest.mark.parametrize("changes", [7, 300])
def test_both_roads_tell_the_same_of_a_pair(tmp_path: Path, changes: int) -> None:
    old, new = tmp_path / "old.xml", tmp_path / "new.xml"
    made = make_pair(old, new, Options(scale=SMALL, seed=5, changes=changes))

    _, recorded = same_by_all(tmp_path, [old, new])

    assert len(recorded["events"]) == sum(made.events.values())
    assert touched(old.read_bytes(), new.read_bytes()).count == made.new_units, "the fast road"


def test_no_change_leaves_only_the_dates_that_pass(tmp_path: Path) -> None:
    made = make_pair(tmp_path / "old", tmp_path / "new", Options(scale=SMALL, changes=0))

    assert set(made.events) <= {"unit.closed", "unit.opened", "location_number.closed"}
    assert sum(made.events.values()) == 3


def test_one_seed_gives_the_same_bytes_and_another_others(tmp_path: Path) -> None:
    def written(options: Options) -> tuple[bytes, bytes]:
        old, new = tmp_path / "old", tmp_path / "new"
        make_pair(old, new, options)
        return old.read_bytes(), new.read_bytes()

    first = written(Options(scale=SMALL))
    assert written(Options(scale=SMALL)) == first
    assert written(Options(scale=SMALL, seed=2))[0] != first[0]
    # Nights of one scale and seed share OLD, whatever changes.
    other = written(Options(scale=SMALL, changes=30, created=9))
    assert other[0] == first[0]
    assert other[1] != first[1]


def test_more_changes_than_units_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="99999 changes are too many"):
        make_pair(tmp_path / "old", tmp_path / "new", Options(scale=SMALL, changes=99_999))


def test_a_pair_from_the_command_line_unpacks_to_what_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = tmp_path / "old.xml", tmp_path / "new.xml"

    full_size.main([str(old), str(new), "--scale", str(SMALL), "--changes", "20", "--zip"])

    made = json.loads(capsys.readouterr().out)
    assert made["changed"] == 20
    assert check_snapshot(new.with_suffix(".zip"), Settings()).units == made["new_units"]
    monkeypatch.setattr(sys, "argv", ["inflate", str(new.with_suffix(".zip"))])
    inflate.main()
    assert int(capsys.readouterr().out) == made["new_bytes"]


def test_a_damaged_zip_is_no_measure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot, archive = tmp_path / "old.xml", tmp_path / "old.zip"
    make_pair(snapshot, tmp_path / "new.xml", Options(scale=SMALL))
    write_zip(snapshot, archive)
    packed = bytearray(archive.read_bytes())
    packed[packed.index(b"PK\x01\x02") + 16] ^= 1  # its sum
    archive.write_bytes(packed)

    monkeypatch.setattr(sys, "argv", ["inflate", str(archive)])
    with pytest.raises(SystemExit, match="damaged"):
        inflate.main()


def test_the_naive_script_sees_the_same_units(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = tmp_path / "old.xml", tmp_path / "new.xml"
    made = make_pair(old, new, Options(scale=SMALL, changes=40))

    monkeypatch.setattr(sys, "argv", ["naive", str(old), str(new)])
    naive.main()

    changed = {line.split()[0] for line in capsys.readouterr().out.splitlines()}
    events = compare_files(old, new, Settings(), lambda found: found.events)
    rewritten = {
        event.subject
        for event in events
        if event.name.startswith("unit.") and event.data.cause == "data_changed"
    }
    assert changed == rewritten
    assert len(naive.read(str(old))) == made.old_units
