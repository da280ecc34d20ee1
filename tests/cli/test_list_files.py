"""Several files of lists beside the register: each is read, whatever its name; what contradicts itself is not compared."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING

from tests.making.plain import PlainRegister
from tests.making.xml import write_snapshot
from tests.scenarios.stories.nights import created_at

from .calling import called, events, good
from .practice import GENERAL_PRACTICE, MONDAY, TUESDAY, practice

if TYPE_CHECKING:
    from pathlib import Path

TYPES = {GENERAL_PRACTICE: "lægepraksis", "550411000005105": "privat virksomhed"}
SYSTEMS = {"7": "Bakkens Journal", "9": "Havnens Journal"}


def listed(name: str, entries: dict[str, str], more: str = "") -> bytes:
    inside = "".join(
        f"<{name}><{name}Identifier>{code}</{name}Identifier><{name}Name>{text}</{name}Name>{more}</{name}>"
        for code, text in entries.items()
    )
    return f"<Lists>{inside}</Lists>".encode()


def night(folder: Path, day: str, **files: bytes) -> str:
    register = PlainRegister(
        created_at=created_at(day), snapshot_date=day, units=[practice(name="Lægerne")]
    )
    with zipfile.ZipFile(folder / f"{day}.zip", "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
        archive.writestr("Sor.xml", write_snapshot(register, version=2))
    return f"{day}.zip"


def lists_of(folder: Path, name: str) -> dict[str, int]:
    found: dict[str, int] = json.loads(good(folder, "check", "--format", "json", name))["lists"]
    return found


def test_each_file_is_read_and_a_change_in_any_is_told(tmp_path: Path) -> None:
    types, systems = listed("EntityType", TYPES), listed("SystemType", SYSTEMS)
    first = night(tmp_path, MONDAY, SorDataTypes_xml=types, SorDataTypeCodes_xml=systems)
    changed = listed("SystemType", {**SYSTEMS, "7": "Aaens Journal"})
    second = night(tmp_path, TUESDAY, SorDataTypes_xml=types, SorDataTypeCodes_xml=changed)
    assert lists_of(tmp_path, first) == {"EntityType": 2, "SystemType": 2}
    good(tmp_path, "ingest", first, second)
    assert [(e["type"], e["subject"]) for e in events(tmp_path)] == [
        ("sordiff.classification.text_changed.v1", "SystemType/7")
    ]


def test_one_file_of_any_name(tmp_path: Path) -> None:
    only = night(tmp_path, MONDAY, Koder_xml=listed("EntityType", TYPES))
    assert lists_of(tmp_path, only) == {"EntityType": 2}


def test_what_two_files_say_alike_stands_there_once(tmp_path: Path) -> None:
    types = listed("EntityType", TYPES)
    more = listed("EntityType", {**TYPES, "1": "klinik"}, "<Version>3</Version>")
    both = night(tmp_path, MONDAY, SorDataTypeCodes_xml=more, SorDataTypes_xml=types)
    found = json.loads(good(tmp_path, "check", "--format", "json", both))
    assert found["lists"] == {"EntityType": 3}
    assert not [f for f in found["findings"] if f["code"].startswith("classification")]
    # Tomorrow without the second file: only what it alone had is gone.
    good(tmp_path, "ingest", both, night(tmp_path, TUESDAY, SorDataTypes_xml=types))
    assert [(e["type"], e["subject"]) for e in events(tmp_path)] == [
        ("sordiff.classification.code_removed.v1", "EntityType/1")
    ]


def test_files_that_contradict_each_other_are_not_compared(tmp_path: Path) -> None:
    types = listed("EntityType", TYPES)
    first = night(tmp_path, MONDAY, SorDataTypes_xml=types)
    other = listed("EntityType", {**TYPES, GENERAL_PRACTICE: "almen praksis"})
    second = night(tmp_path, TUESDAY, SorDataTypes_xml=types, SorDataTypeCodes_xml=other)
    good(tmp_path, "ingest", first)
    ran = called(tmp_path, "ingest", second)
    assert (ran.exit, events(tmp_path)) == (0, [])
    assert "the list EntityType is left out" in ran.stderr
    found = json.loads(good(tmp_path, "check", "--format", "json", second))["findings"]
    assert "classification.not_told_apart" in {finding["code"] for finding in found}


def test_a_schema_is_no_list_and_what_has_none_is_named(tmp_path: Path) -> None:
    schema = (
        b"<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>"
        b"<xs:element id='a' name='b'/><xs:element id='c' name='d'/></xs:schema>"
    )
    about = b"<About><By>SDS</By></About>"
    types = listed("EntityType", TYPES)
    name = night(tmp_path, MONDAY, SorDataTypes_xml=types, Sor_xsd=schema, About_xml=about)
    ran = called(tmp_path, "check", "--format", "json", name)
    assert json.loads(ran.stdout)["lists"] == {"EntityType": 2}
    assert ran.stderr.count("no list was recognised in") == 1
    assert "no list was recognised in About.xml" in ran.stderr


def test_a_list_that_is_placed_may_stand_in_any_file(tmp_path: Path) -> None:
    (tmp_path / "sordiff.toml").write_text(
        "[lists.EntityType]\npath = \"Row[@of='1']\"\ncode = 'K'\ntext = 'T'\n"
    )
    rows = b"<R><Row of='1'><K>1</K><T>a</T></Row><Row of='2'><K>1</K><T>b</T></Row></R>"
    name = night(tmp_path, MONDAY, SorDataTypes_xml=listed("SystemType", SYSTEMS), B_xml=rows)
    ran = called(tmp_path, "check", "--format", "json", name)
    assert json.loads(ran.stdout)["lists"] == {"EntityType": 1, "SystemType": 2}
    assert ran.stderr == ""


def test_a_file_that_is_named_stands_for_all_in_the_zip(tmp_path: Path) -> None:
    (tmp_path / "mine.xml").write_bytes(listed("EntityType", TYPES))
    name = night(tmp_path, MONDAY, A_xml=listed("SystemType", SYSTEMS))
    found = good(tmp_path, "check", "--format", "json", "--data-types", "mine.xml", name)
    assert json.loads(found)["lists"] == {"EntityType": 2}


def test_the_same_night_with_another_file_of_lists_is_known_for_it(tmp_path: Path) -> None:
    types, systems = listed("EntityType", TYPES), listed("SystemType", SYSTEMS)
    good(tmp_path, "ingest", night(tmp_path, MONDAY, A_xml=types, B_xml=systems))
    again = called(tmp_path, "ingest", night(tmp_path, MONDAY, B_xml=systems, A_xml=types))
    assert "already recorded" in again.stderr
    assert "lists" not in again.stderr
    other = listed("SystemType", {**SYSTEMS, "7": "Aaens Journal"})
    changed = called(tmp_path, "ingest", night(tmp_path, MONDAY, A_xml=types, B_xml=other))
    assert "already recorded" in changed.stderr
    assert changed.stderr != again.stderr
