"""SorDataTypes.xml in the layouts that it may have: lists in one list, named beside, with periods, or none at all."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from tests.making.plain import PlainRegister
from tests.making.xml import write_snapshot
from tests.scenarios.stories.nights import created_at, zipped

from .calling import called, events, good, rows
from .practice import GENERAL_PRACTICE, MONDAY, TUESDAY, WEDNESDAY, practice

if TYPE_CHECKING:
    from pathlib import Path

# (list, code, text); 7 is a code of two lists.
Listed = tuple[tuple[str, str, str], ...]
OLD: Listed = (
    ("EntityType", GENERAL_PRACTICE, "lægepraksis"),
    ("EntityType", "550411000005105", "privat virksomhed"),
    ("SystemSupplier", "7", "Bakkens Data"),
    ("SystemSupplier", "8", "Dalens Data"),
    ("SystemType", "7", "Bakkens Journal"),
    ("SystemType", "9", "Havnens Journal"),
)
NEW: Listed = (*OLD[:4], ("SystemType", "7", "Aaens Journal"), OLD[5])


def _by_list(listed: Listed) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for name, code, text in listed:
        found.setdefault(name, []).append((code, text))
    return found


def by_column(listed: Listed) -> str:
    """One flat list; a column says of which list an entry is."""
    return "".join(
        f"<Row><Art>{name}</Art><Kind>{name}</Kind><Code>{code}</Code><Text>{text}</Text></Row>"
        for name, code, text in listed
    )


def by_attribute(listed: Listed) -> str:
    """The name of the list in an attribute of the parent."""
    found = ""
    for name, entries in _by_list(listed).items():
        inside = "".join(f"<Value code='{code}' text='{text}'/>" for code, text in entries)
        found += f"<Codes of='{name}'>{inside}</Codes>"
    return found


def by_parent(listed: Listed) -> str:
    """Entries of one name; the parents are named after the lists."""
    found = ""
    for name, entries in _by_list(listed).items():
        inside = "".join(
            f"<Value><Id>{code}</Id><Text>{text}</Text></Value>" for code, text in entries
        )
        found += f"<{name}>{inside}</{name}>"
    return found


LAYOUTS = (by_column, by_attribute, by_parent)


def _night(folder: Path, day: str, types: str) -> str:
    register = PlainRegister(
        created_at=created_at(day), snapshot_date=day, units=[practice(name="Lægerne")]
    )
    parts = {
        "Sor.xml": write_snapshot(register, version=2),
        "SorDataTypes.xml": f"<SorDataTypes>{types}</SorDataTypes>".encode(),
    }
    (folder / f"{day}.zip").write_bytes(zipped(parts))
    return f"{day}.zip"


def _told(folder: Path) -> list[tuple[str, Any, Any]]:
    return [(e["subject"], e["data"]["before"], e["data"]["after"]) for e in events(folder)]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_lists_in_one_layout_or_another_are_told_apart(tmp_path: Path, layout: Any) -> None:
    good(tmp_path, "ingest", _night(tmp_path, MONDAY, layout(OLD)))
    found = rows(tmp_path, "SELECT list, count(*) FROM classification_entries GROUP BY list")
    assert found == [("EntityType", 2), ("SystemSupplier", 2), ("SystemType", 2)]
    good(tmp_path, "ingest", _night(tmp_path, TUESDAY, layout(NEW)))
    assert _told(tmp_path) == [("SystemType/7", "Bakkens Journal", "Aaens Journal")]


def test_what_nothing_tells_apart_is_not_compared_and_said(tmp_path: Path) -> None:
    def melted(listed: Listed) -> str:
        return "".join(
            f"<Row><Code>{code}</Code><Text>{text}</Text></Row>"
            for _, code, text in (*listed, ("?", "8", "Dalens Journal"))
        )

    done = called(tmp_path, "ingest", _night(tmp_path, MONDAY, melted(OLD)))
    assert done.exit == 0
    assert "2 codes stand in it several times" in done.stderr
    assert "[lists]" in done.stderr
    good_again = called(tmp_path, "ingest", _night(tmp_path, TUESDAY, melted(NEW)))
    assert good_again.exit == 0
    assert events(tmp_path) == []
    checked = good(tmp_path, "check", f"{TUESDAY}.zip")
    assert "classification.not_told_apart" in checked


BY_ROW = "".join(
    f"[lists.{name}]\npath = \"Row[Art='{name}']\"\n" for name in dict.fromkeys(n for n, *_ in OLD)
)


@pytest.mark.parametrize(
    ("settings", "layout"),
    [
        ("[data_types.Row]\nnamed_by = 'Art'\n", by_column),
        (BY_ROW, by_column),
        ("[lists.Enhedstype]\npath = \"Codes[@of='EntityType']/Value\"\n", by_attribute),
        ("[lists.Enhedstype]\npath = 'EntityType/Value'\n", by_parent),
    ],
)
def test_the_configuration_names_lists_by_element_attribute_or_path(
    tmp_path: Path, settings: str, layout: Any
) -> None:
    (tmp_path / "sordiff.toml").write_text(settings, encoding="utf-8")
    good(tmp_path, "ingest", _night(tmp_path, MONDAY, layout(OLD)))
    good(tmp_path, "ingest", _night(tmp_path, TUESDAY, layout(NEW)))
    names = {name for (name,) in rows(tmp_path, "SELECT DISTINCT list FROM classification_entries")}
    first = "Enhedstype" if "Enhedstype" in settings else "EntityType"
    assert names == {first, "SystemSupplier", "SystemType"}
    assert _told(tmp_path) == [("SystemType/7", "Bakkens Journal", "Aaens Journal")]


def test_a_path_that_is_none_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "sordiff.toml").write_text("[lists.X]\npath = 'Row['\n", encoding="utf-8")
    done = called(tmp_path, "ingest", _night(tmp_path, MONDAY, by_column(OLD)))
    assert done.exit == 2
    assert "[lists.X]" in done.stderr


def test_a_configured_list_that_is_not_there_is_said(tmp_path: Path) -> None:
    (tmp_path / "sordiff.toml").write_text("[lists.X]\npath = 'Elsewhere'\n", encoding="utf-8")
    done = called(tmp_path, "ingest", _night(tmp_path, MONDAY, by_column(OLD)))
    assert done.exit == 0
    assert "the list X of [lists] was not found at Elsewhere" in done.stderr


def test_the_text_that_is_valid_on_the_day_is_the_code_s(tmp_path: Path) -> None:
    def periods(now: str) -> str:
        said = (
            (now, "2018-04-01", ""),
            ("amtspraksis", "2010-01-01", "<ToDate>2018-03-31</ToDate>"),
            ("fremtidspraksis", WEDNESDAY, "<ToDate>2099-01-01</ToDate>"),
        )
        return "".join(
            f"<EntityType><Code>{GENERAL_PRACTICE}</Code><Name>{text}</Name>"
            f"<FromDate>{since}</FromDate>{until}</EntityType>"
            for text, since, until in said
        )

    good(tmp_path, "ingest", _night(tmp_path, MONDAY, periods("lægepraksis")))
    (text,) = rows(tmp_path, "SELECT text FROM classification_entries")
    assert text == ("lægepraksis",)
    good(tmp_path, "ingest", _night(tmp_path, TUESDAY, periods("almen lægepraksis")))
    subject = f"EntityType/{GENERAL_PRACTICE}"
    assert _told(tmp_path) == [(subject, "lægepraksis", "almen lægepraksis")]
    assert "classification.code_twice" not in good(tmp_path, "check", f"{TUESDAY}.zip")


def _periods(*said: tuple[str, str], column: str = "Name") -> str:
    """Entries of one code: a text, and the elements of its period."""
    return "".join(
        f"<EntityType><Code>1</Code><{column}>{text}</{column}>{period}</EntityType>"
        for text, period in said
    )


def _told_with_causes(folder: Path) -> list[tuple[str, str, Any, Any]]:
    return [
        (e["type"].split(".")[2], e["data"]["cause"], e["data"]["before"], e["data"]["after"])
        for e in events(folder)
    ]


def _texts(folder: Path) -> list[tuple[Any, ...]]:
    return rows(folder, "SELECT code, text FROM classification_entries ORDER BY code")


def _named(since: str, until: str) -> Any:
    def write(first: str, last: str | None = None) -> str:
        return f"<{since}>{first}</{since}>" + (f"<{until}>{last}</{until}>" if last else "")

    return write


NAMED_PERIODS = {
    "plain": _named("FromDate", "ToDate"),
    "English": _named("ValidFrom", "ValidTo"),
    "Danish": _named("GyldigFra", "GyldigTil"),
    "Danish with the day": _named("Gældende_fra_dato", "Ophørt_dato"),
    "Danish, short": _named("DatoFra", "DatoTil"),
    "start and end": _named("Startdato", "Slutdato"),
}


def _in_block(first: str, last: str | None = None) -> str:
    inside = NAMED_PERIODS["plain"](first, last)
    return f"<SorStatus>{inside}</SorStatus>"


@pytest.mark.parametrize("written", [*NAMED_PERIODS.values(), _in_block], ids=[*NAMED_PERIODS, "-"])
def test_periods_are_read_by_their_names_in_both_languages(tmp_path: Path, written: Any) -> None:
    past = written("2010-01-01", "2018-03-31")
    good(
        tmp_path, "ingest", _night(tmp_path, MONDAY, _periods(("a", past), ("z", written(MONDAY))))
    )
    assert _texts(tmp_path) == [("1", "z")]


@pytest.mark.parametrize("written", [NAMED_PERIODS["plain"], NAMED_PERIODS["Danish"], _in_block])
def test_of_periods_without_an_end_the_one_that_began_last_counts(
    tmp_path: Path, written: Any
) -> None:
    early, late, ahead = written("2010-01-01"), written("2018-04-01"), written(TUESDAY)
    types = _periods(("a", early), ("z", late), ("b", ahead))
    good(tmp_path, "ingest", _night(tmp_path, MONDAY, types))
    assert _texts(tmp_path) == [("1", "z")]
    assert "code_twice" not in good(tmp_path, "check", f"{MONDAY}.zip")
    good(tmp_path, "ingest", _night(tmp_path, TUESDAY, types))
    assert _texts(tmp_path) == [("1", "b")]


def test_a_block_within_an_entry_counts_less_than_its_own_days(tmp_path: Path) -> None:
    own, below = NAMED_PERIODS["plain"], _in_block("2010-01-01", "2011-01-01")
    types = _periods(("a", own("2010-01-01", "2018-03-31")), ("z", own("2018-04-01") + below))
    good(tmp_path, "ingest", _night(tmp_path, MONDAY, types))
    assert _texts(tmp_path) == [("1", "z")]


def test_blocks_that_repeat_within_an_entry_say_nothing_of_its_period(tmp_path: Path) -> None:
    early = _in_block("2010-01-01", "2015-12-31") + _in_block("2016-01-01", "2017-12-31")
    late = _in_block("2001-01-01", "2005-12-31") + _in_block("2018-01-01")
    good(tmp_path, "ingest", _night(tmp_path, MONDAY, _periods(("z", early), ("a", late))))
    assert _texts(tmp_path) == [("1", None)]


def test_of_two_periods_that_share_a_day_the_later_one_counts_on_it(tmp_path: Path) -> None:
    written = NAMED_PERIODS["plain"]
    types = _periods(("a", written("2010-01-01", MONDAY)), ("z", written(MONDAY)))
    good(tmp_path, "ingest", _night(tmp_path, MONDAY, types))
    assert _texts(tmp_path) == [("1", "z")]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # Both are valid at once, and neither takes the place of the other.
        (("2010-01-01", "2030-01-01"), ("2018-01-01",)),
        (("2018-01-01",), ("2018-01-01",)),
        # What else they say tells of two lists.
        (("2010-01-01", None, "<Art>X</Art>"), ("2018-01-01", None, "<Art>Y</Art>")),
    ],
)
def test_periods_that_contradict_each_other_choose_no_text(
    tmp_path: Path, first: Any, second: Any
) -> None:
    def written(first: str, last: str | None = None, more: str = "") -> str:
        return f"{NAMED_PERIODS['plain'](first, last)}{more}"

    good(tmp_path, "ingest", _night(tmp_path, MONDAY, _periods(("m", written(*first)))))
    types = _periods(("a", written(*first)), ("z", written(*second)))
    good(tmp_path, "ingest", _night(tmp_path, TUESDAY, types))
    assert _texts(tmp_path) == [("1", "m")]
    assert [told[0] for told in _told_with_causes(tmp_path)] == ["entry_changed"]
    assert "classification.code_twice" in good(tmp_path, "check", f"{TUESDAY}.zip")


def test_entries_below_two_parents_do_not_follow_each_other(tmp_path: Path) -> None:
    written = NAMED_PERIODS["plain"]
    early, late = _periods(("a", written("2010-01-01"))), _periods(("b", written("2018-01-01")))
    other = "<EntityType><Code>2</Code><Name>c</Name></EntityType>"
    types = f"<Some>{early}{other}</Some><Some>{late}</Some>"
    good(tmp_path, "ingest", _night(tmp_path, MONDAY, types))
    assert _texts(tmp_path) == [("1", None), ("2", "c")]


def test_of_periods_that_all_lie_ahead_the_first_one_counts(tmp_path: Path) -> None:
    written = NAMED_PERIODS["plain"]
    types = _periods(("z", written("2030-01-01")), ("a", written("2031-01-01")))
    good(tmp_path, "ingest", _night(tmp_path, MONDAY, types))
    assert _texts(tmp_path) == [("1", "z")]


def test_a_text_that_changes_as_its_day_comes_has_that_cause(tmp_path: Path) -> None:
    written = NAMED_PERIODS["plain"]
    now, later = ("b", written("2010-01-01", MONDAY)), ("a", written(TUESDAY))
    good(tmp_path, "ingest", _night(tmp_path, MONDAY, _periods(now, later)))
    good(tmp_path, "ingest", _night(tmp_path, TUESDAY, _periods(now, later)))
    text, entry = _told_with_causes(tmp_path)
    assert text == ("text_changed", "date_elapsed", "b", "a")
    assert entry[:2] == ("entry_changed", "date_elapsed")
    assert entry[2]["FromDate"] == "2010-01-01"
    assert entry[3]["FromDate"] == TUESDAY
    gone = {"text": "b", "attributes/FromDate": "2010-01-01", "attributes/ToDate": MONDAY}
    assert entry[3]["other_entries"] == [gone]


def test_a_text_that_is_corrected_on_the_day_it_comes_is_changed(tmp_path: Path) -> None:
    written = NAMED_PERIODS["plain"]
    now = ("b", written("2010-01-01", MONDAY))
    good(tmp_path, "ingest", _night(tmp_path, MONDAY, _periods(now, ("a", written(TUESDAY)))))
    good(tmp_path, "ingest", _night(tmp_path, TUESDAY, _periods(now, ("c", written(TUESDAY)))))
    assert [told[1] for told in _told_with_causes(tmp_path)] == ["data_changed", "data_changed"]


def test_a_text_that_is_new_on_the_day_from_which_it_is_valid_is_changed(tmp_path: Path) -> None:
    written = NAMED_PERIODS["plain"]
    known = (("p", written("2001-01-01", "2009-12-31")), ("b", written("2010-01-01", MONDAY)))
    good(tmp_path, "ingest", _night(tmp_path, MONDAY, _periods(*known)))
    good(tmp_path, "ingest", _night(tmp_path, TUESDAY, _periods(*known, ("a", written(TUESDAY)))))
    assert _told_with_causes(tmp_path)[0] == ("text_changed", "data_changed", "b", "a")


def test_what_changes_of_an_entry_that_is_not_valid_yet_is_told(tmp_path: Path) -> None:
    written = NAMED_PERIODS["plain"]
    now = ("b", written("2010-01-01", WEDNESDAY))
    good(tmp_path, "ingest", _night(tmp_path, MONDAY, _periods(now, ("a", written("2030-01-01")))))
    good(tmp_path, "ingest", _night(tmp_path, TUESDAY, _periods(now, ("c", written("2030-01-01")))))
    (entry,) = _told_with_causes(tmp_path)
    assert entry[0] == "entry_changed"
    assert [each["text"] for each in entry[2]["other_entries"]] == ["a"]
    assert [each["text"] for each in entry[3]["other_entries"]] == ["c"]


def _unnamed(*listed: tuple[str, str, str]) -> str:
    """A column that nothing tells to be that of the lists, and lists of no field."""
    return "".join(
        f"<Row><Art>{name}</Art><Code>{code}</Code><Text>{text}</Text></Row>"
        for name, code, text in listed
    )


CLEAR = (("X", "7", "m"), ("X", "8", "c"))


def test_a_code_with_contradicting_entries_keeps_its_last_text(tmp_path: Path) -> None:
    """The two may be of two lists: no text of either is told as the code's."""
    good(tmp_path, "ingest", _night(tmp_path, MONDAY, _unnamed(*CLEAR)))
    types = _unnamed(*CLEAR, ("Y", "7", "b"))
    good(tmp_path, "ingest", _night(tmp_path, TUESDAY, types))
    types = _unnamed(CLEAR[0], ("X", "8", "d"), ("Y", "7", "0"))
    good(tmp_path, "ingest", _night(tmp_path, WEDNESDAY, types))
    assert _texts(tmp_path) == [("7", "m"), ("8", "d")]
    came, turned, text = _told_with_causes(tmp_path)
    assert [came[0], turned[0]] == ["entry_changed", "entry_changed"]
    assert came[2] == {"Art": "X"}
    assert (came[3]["Art"], turned[3]["Art"]) == ("X", "X")
    assert [each["text"] for each in turned[2]["all_entries"]] == ["b", "m"]
    assert [each["text"] for each in turned[3]["all_entries"]] == ["0", "m"]
    assert text == ("text_changed", "data_changed", "c", "d")
    assert events(tmp_path)[-1]["subject"] == "Row/8"


def test_contradicting_entries_of_the_first_night_give_no_text(tmp_path: Path) -> None:
    night = _night(tmp_path, MONDAY, _unnamed(("X", "7", "a"), ("Y", "7", "b"), CLEAR[1]))
    good(tmp_path, "ingest", night)
    assert _texts(tmp_path) == [("7", None), ("8", "c")]
    said = rows(tmp_path, "SELECT attributes FROM classification_entries WHERE code = '7'")
    assert json.loads(said[0][0]).keys() == {"all_entries"}
    assert "different contents" in good(tmp_path, "check", night)


def test_contradicting_entries_are_no_correction_of_the_lists(tmp_path: Path) -> None:
    good(tmp_path, "ingest", _night(tmp_path, MONDAY, _unnamed(*CLEAR)))
    night = _night(tmp_path, TUESDAY, _unnamed(*CLEAR, ("Y", "7", "b")))
    good(tmp_path, "ingest", night)
    again = called(tmp_path, "ingest", night)
    assert "already recorded" in again.stdout
    assert "differ" not in again.stderr


def test_a_code_turns_beside_one_with_contradicting_entries(tmp_path: Path) -> None:
    written = NAMED_PERIODS["plain"]
    types = _periods(("b", written("2010-01-01", MONDAY)), ("a", written(TUESDAY)))
    types += "".join(
        f"<EntityType><Code>2</Code><Name>{text}</Name></EntityType>" for text in ("x", "y")
    )
    good(tmp_path, "ingest", _night(tmp_path, MONDAY, types))
    good(tmp_path, "ingest", _night(tmp_path, TUESDAY, types))
    assert _texts(tmp_path) == [("1", "a"), ("2", None)]


def test_an_entry_that_stands_twice_is_a_finding_and_no_contradiction(tmp_path: Path) -> None:
    night = _night(tmp_path, MONDAY, _unnamed(*CLEAR, CLEAR[0]))
    good(tmp_path, "ingest", night)
    assert rows(tmp_path, "SELECT text, attributes FROM classification_entries") == [
        ("m", '{"Art":"X"}'),
        ("c", '{"Art":"X"}'),
    ]
    assert "the code is in the list twice" in good(tmp_path, "check", night)


def test_what_all_entries_of_a_code_say_is_told(tmp_path: Path) -> None:
    """They differ beside the text: it is clear, and so is its change."""
    first = _unnamed(("X", "7", "a"), ("Y", "7", "a"), CLEAR[1])
    good(tmp_path, "ingest", _night(tmp_path, MONDAY, first))
    assert _texts(tmp_path) == [("7", "a"), ("8", "c")]
    second = _unnamed(("X", "7", "b"), ("Y", "7", "b"), CLEAR[1])
    good(tmp_path, "ingest", _night(tmp_path, TUESDAY, second))
    assert ("text_changed", "data_changed", "a", "b") in _told_with_causes(tmp_path)


def test_diff_says_the_same_of_contradicting_entries(tmp_path: Path) -> None:
    old = _night(tmp_path, MONDAY, _unnamed(*CLEAR))
    new = _night(tmp_path, TUESDAY, _unnamed(*CLEAR, ("Y", "7", "b")))
    for road in ([], ["--no-fast"]):
        lines = good(tmp_path, "diff", *road, old, new, "--format", "jsonl").splitlines()
        assert [json.loads(line)["type"] for line in lines] == [
            "sordiff.classification.entry_changed.v1"
        ]


def test_what_an_earlier_release_did_not_read_of_a_code_is_adopted(tmp_path: Path) -> None:
    """It knew one entry of a code alone, the first by content where none was chosen."""
    types = _unnamed(("X", "7", "z"), ("Y", "7", "a"), CLEAR[1])
    good(tmp_path, "ingest", _night(tmp_path, MONDAY, types))
    with closing(sqlite3.connect(tmp_path / "sordiff.db")) as connection, connection:
        known = "UPDATE classification_entries SET text = 'a', attributes = '{\"Art\":\"Y\"}'"
        connection.execute(f"{known} WHERE code = '7'")
        connection.execute("UPDATE runs SET reading_rules = 1")
    night = _night(tmp_path, TUESDAY, types.replace(">c<", ">d<"))
    good(tmp_path, "ingest", night)
    assert [e["subject"] for e in events(tmp_path)] == ["Row/8"]
    assert rows(tmp_path, "SELECT subject FROM adoptions WHERE run_id = 2") == [("Row/7",)]
    good(tmp_path, "ingest", _night(tmp_path, WEDNESDAY, types.replace(">c<", ">d<")))
    assert len(events(tmp_path)) == 1


def test_a_code_of_which_all_periods_have_passed_keeps_its_last_text(tmp_path: Path) -> None:
    types = "".join(
        f"<EntityType><Code>1</Code><Name>{text}</Name><ValidFrom>{since}</ValidFrom>"
        f"<ValidTo>{until}</ValidTo></EntityType>"
        for text, since, until in (
            ("b", "2011-01-01", "2012-12-31"),
            ("a", "2001-01-01", "2010-12-31"),
        )
    )
    good(tmp_path, "ingest", _night(tmp_path, MONDAY, types))
    assert rows(tmp_path, "SELECT code, text FROM classification_entries") == [("1", "b")]


def test_entries_below_entries_are_one_list(tmp_path: Path) -> None:
    """Municipalities below their regions are no lists of each region."""
    types = "".join(
        f"<Region><RegionCode>{code}</RegionCode><RegionName>{name}</RegionName>"
        f"<Municipality><MunicipalityCode>{code}1</MunicipalityCode>"
        f"<MunicipalityName>{name} K</MunicipalityName></Municipality></Region>"
        for code, name in (("1", "Nord"), ("2", "Syd"))
    )
    good(tmp_path, "ingest", _night(tmp_path, MONDAY, types))
    found = rows(tmp_path, "SELECT list, code FROM classification_entries ORDER BY list, code")
    assert found == [
        ("Municipality", "11"),
        ("Municipality", "21"),
        ("Region", "1"),
        ("Region", "2"),
    ]


def test_where_nothing_fits_the_names_for_the_configuration_are_shown(tmp_path: Path) -> None:
    types = "".join(f"<Emne><Noegle>{n}</Noegle><Ord>o{n}</Ord></Emne>" for n in range(3))
    done = called(tmp_path, "ingest", _night(tmp_path, MONDAY, types))
    assert done.exit == 0
    assert "Emne (3 times: Noegle, Ord)" in done.stderr
    assert "[lists]" in done.stderr
    settings = "[lists.Emne]\npath = 'Emne'\ncode = 'Noegle'\ntext = 'Ord'\n"
    (tmp_path / "sordiff.toml").write_text(settings, encoding="utf-8")
    good(tmp_path, "ingest", _night(tmp_path, TUESDAY, types))
    assert rows(tmp_path, "SELECT count(*) FROM classification_entries") == [(3,)]
