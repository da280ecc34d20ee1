"""A zip whose SorDataTypes.xml alone was corrected: the user hears of it, nothing is recorded, and the next night tells it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.calling import called, dump, events, good, rows, said
from tests.cli.practice import GENERAL_PRACTICE, MONDAY, TUESDAY, WEDNESDAY, night, practice, types
from tests.making.xml import write_data_types
from tests.notices.receivers import http_receiver, status

SUBJECT = f"EntityType/{GENERAL_PRACTICE}"
TOLD = f"the code lists differ from those recorded, in {SUBJECT};"


def _two_nights(folder: Path) -> None:
    for day in (MONDAY, TUESDAY):
        good(folder, "ingest", night(folder, day, lists=[types("lægepraksis")], name=f"{day}.zip"))


def test_it_is_told_and_not_recorded_and_the_next_night_tells_it(tmp_path: Path) -> None:
    _two_nights(tmp_path)
    before = dump(tmp_path)
    corrected = night(tmp_path, TUESDAY, lists=[types("almen praksis")], name="corrected.zip")
    done = called(tmp_path, "ingest", corrected)
    assert (done.exit, dump(tmp_path)) == (0, before)
    assert "already recorded as run 2" in done.stdout
    assert TOLD in done.stderr
    good(tmp_path, "ingest", night(tmp_path, WEDNESDAY, lists=[types("almen praksis")]))
    [event] = events(tmp_path)
    assert said([event]) == [("classification.text_changed", SUBJECT)]
    assert event["data"]["before"] == "lægepraksis"


def test_the_same_lists_in_other_bytes_and_an_older_night_are_not_told(tmp_path: Path) -> None:
    _two_nights(tmp_path)
    same = tmp_path / "same.xml"
    same.write_bytes(write_data_types([types("lægepraksis")]).replace(b"><", b">\n<"))
    done = called(tmp_path, "ingest", f"{TUESDAY}.zip", "--data-types", "same.xml")
    assert (done.exit, TOLD in done.stderr) == (0, False)
    older = night(tmp_path, MONDAY, lists=[types("almen praksis")], name="older.zip")
    assert TOLD not in called(tmp_path, "ingest", older).stderr


def test_lists_given_beside_a_known_snapshot_are_compared_too(tmp_path: Path) -> None:
    _two_nights(tmp_path)
    (tmp_path / "types.xml").write_bytes(write_data_types([types("almen praksis")]))
    done = called(tmp_path, "ingest", f"{TUESDAY}.zip", "--data-types", "types.xml", "--lang", "da")
    assert done.exit == 0
    assert f"kodelisterne afviger fra de registrerede, i {SUBJECT}; intet er" in done.stderr


def test_it_is_told_while_the_run_is_held_which_keeps_its_lists(tmp_path: Path) -> None:
    (tmp_path / "sordiff.toml").write_text('[alarms.counts]\n"unit.renamed" = 0\n')
    good(tmp_path, "ingest", night(tmp_path, MONDAY, lists=[types("lægepraksis")]))
    renamed = practice(name="Andre")
    held = night(tmp_path, TUESDAY, renamed, lists=[types("lægepraksis")])
    assert called(tmp_path, "ingest", held).exit == 3
    assert "another SorDataTypes.xml" not in called(tmp_path, "ingest", held).stderr
    before = dump(tmp_path)
    corrected = night(tmp_path, TUESDAY, renamed, lists=[types("almen praksis")], name="new.zip")
    done = called(tmp_path, "ingest", corrected)
    assert (done.exit, dump(tmp_path)) == (3, before)
    assert "run 2 is held with another SorDataTypes.xml" in done.stderr
    good(tmp_path, "release", "2", "--reason", "announced")
    assert TOLD in called(tmp_path, "ingest", corrected).stderr


def test_each_correction_is_one_notice(tmp_path: Path) -> None:
    with http_receiver(status(200)) as receiver:
        (tmp_path / "sordiff.toml").write_text(
            f'[alarms.quiet]\nwarn = false\n[notices]\nwebhook_url = "{receiver.url}"\n'
        )
        _two_nights(tmp_path)
        for text in ("almen praksis", "almen praksis", "almen lægepraksis"):
            name = night(tmp_path, TUESDAY, lists=[types(text)], name="corrected.zip")
            good(tmp_path, "run", name)
    told = [json.loads(post.body) for post in receiver.posts]
    assert [(one["kind"], one["run_id"]) for one in told] == [("classifications.corrected", 2)] * 2
    assert TOLD in told[0]["alerts"][0]["message"]
    assert rows(tmp_path, "SELECT count(*) FROM runs") == [(2,)]
