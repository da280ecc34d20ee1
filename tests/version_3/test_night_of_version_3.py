"""docs/v3.md, step by step: its commands are run in their order, and no dialect tells one false event."""

from __future__ import annotations

import json
import re
import shlex
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.calling import Called, called, events, good
from tests.coverage.nights import register
from tests.making.plain import PlainEntry, PlainList, PlainRegister, walk
from tests.making.xml import write_data_types, write_snapshot
from tests.version_3.dialects import DIALECTS, Dialect, translate

if TYPE_CHECKING:
    from collections.abc import Mapping

GUIDE = Path(__file__).parents[2] / "docs" / "v3.md"
STEP = re.compile(r"^## (\d)\. .*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ sordiff (.+)$", re.MULTILINE)
PROPOSED = re.compile(r"write under \[fields\] in sordiff\.toml: ([^;\n]*?)(?=; |\. |\n|$)")
LISTS = [
    PlainList(
        name="EntityType",
        entries=[PlainEntry(code=f"{500 + n}", text=f"enhedstype {n}") for n in range(59)],
    ),
    PlainList(
        name="Speciality",
        entries=[PlainEntry(code=f"{700 + n}", text=f"speciale {n}") for n in range(59)],
    ),
]


def night(day: str, *, levels: bool = False) -> PlainRegister:
    made = register(day)
    for index, unit in enumerate(walk(made)):
        if index % 9 == 1:
            unit.location_number, unit.location_number_inherited = None, True
        if levels:
            unit.organisational_level = f"{1 + index % 4}"
    return made


def written(path: Path, entries: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)


def made(folder: Path, dialect: Dialect) -> None:
    """An ordinary night, the night of version 3 with two changes, and the next one with another."""
    first, second, third = (
        night(day, levels=day > "2024-05-02") for day in ("2024-05-02", "2024-05-03", "2024-05-04")
    )
    for later in (second, third):
        later.units[0].children[7].name = "Et nyt navn"
        later.units[0].children[11].provider_number = "099999"
    third.units[0].children[12].provider_number = "088888"
    usual = {"Sor.xml": write_snapshot(first), "SorDataTypes.xml": write_data_types(LISTS)}
    written(folder / "v2.zip", usual)
    for name, register_ in (("v3.zip", second), ("v3-next.zip", third)):
        content = translate(write_snapshot(register_, version=3), dialect)
        written(folder / name, {"SORXMLv3.xml": content, **dialect.lists(LISTS)})


class Guide:
    """The commands of the guide, by their steps, run in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        text = GUIDE.read_text(encoding="utf-8")
        self.steps = {found[1]: COMMAND.findall(found[0]) for found in STEP.finditer(text)}

    def follow(self, step: str) -> list[Called]:
        assert self.steps[step], step
        return [called(self.folder, *shlex.split(command)) for command in self.steps[step]]


def proposed(said: str) -> dict[str, str]:
    """The lines that the alerts propose, by field."""
    found = {}
    for lines in PROPOSED.findall(" ".join(said.split())):
        for line in re.findall(r'"?[\w/]+"? = \[[^]]*\]', lines):
            found[line.partition(" = ")[0]] = line
    return found


def settings(dialect: Dialect, lines: Mapping[str, str]) -> str:
    fields = "\n".join(["[fields]", *lines.values(), *dialect.fields])
    ending = f"[anomalies.coverage]\nending = {json.dumps(dialect.ending)}"
    return f"{fields}\n{ending}\n{dialect.placed(LISTS)}"


def carriers(folder: Path, name: str) -> dict[str, int]:
    told = json.loads(good(folder, "check", "--coverage", "--format", "json", name))
    return {field["field"]: field["units"] for field in told["fields"]}


@pytest.fixture(params=DIALECTS, ids=lambda dialect: dialect.name, scope="module")
def followed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The guide, followed to its end."""
    dialect, folder = request.param, tmp_path_factory.mktemp("v3")
    made(folder, dialect)
    reader = Guide(folder)
    ends = {step: reader.follow(step) for step in "123"}
    [held] = ends["2"]
    lines = proposed(held.stderr)
    (folder / "sordiff.toml").write_text(settings(dialect, lines), encoding="utf-8")
    ends |= {step: reader.follow(step) for step in "567"}
    return folder, dialect, ends, lines


def test_the_first_file_is_held_and_tells_nothing(followed: Any) -> None:
    _, _, ends, _ = followed
    assert [call.exit for call in ends["1"] + ends["2"] + ends["3"]] == [0, 3, 0, 0]
    assert "0 of them still do" in ends["2"][0].stderr


def test_the_lines_make_it_readable(followed: Any) -> None:
    folder, dialect, ends, lines = followed
    assert [call.exit for call in ends["5"] + ends["6"] + ends["7"]] == [0] * 6
    assert set(lines) == dialect.proposed
    before, after = carriers(folder, "v2.zip"), carriers(folder, "v3.zip")
    assert after.pop("organisational_level") == 59
    before.pop("organisational_level")
    gone = {field for field, units in before.items() if units and not after[field]}
    assert gone == set(dialect.ending)
    assert {f: u for f, u in before.items() if f not in gone} == {
        f: u for f, u in after.items() if f not in gone
    }


def test_only_what_really_changed_is_told(followed: Any) -> None:
    folder, _, ends, _ = followed
    assert "would be held" not in ends["5"][1].stderr
    assert "~1 renamed · ~1 provider number" in ends["6"][0].stdout
    told = [
        (event["type"].split(".")[2], event["data"]["unit"]["name"], event["data"]["after"])
        for event in events(folder)
    ]
    assert told == [
        ("renamed", "Et nyt navn", "Et nyt navn"),
        ("provider_number_changed", "Enhed 12", "099999"),
        ("provider_number_changed", "Enhed 13", "088888"),
    ]


def test_the_lists_are_those_of_the_night_before(followed: Any) -> None:
    folder, _, ends, _ = followed
    for call in ends["5"] + ends["6"]:
        assert "classifications" not in call.stderr
        assert "a first" not in call.stdout
    shown = good(folder, "show", register("2024-05-03").units[0].children[3].sor_id)
    assert "enhedstype 4" in shown
    assert "speciale 4 (704)" in shown
