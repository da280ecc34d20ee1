"""Codes that a list has several times: with periods of validity, or contradicting each other."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from tests.scenarios.stories.nights import zipped

from .calling import called, events, good, rows
from .practice import MONDAY, THURSDAY, TUESDAY, WEDNESDAY, night, practice, write_night, xml

if TYPE_CHECKING:
    from pathlib import Path


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
    "of the data model": _named("VirkningFra", "VirkningTil"),
    "inclusive": _named("GyldigFraOgMed", "GyldigTilOgMed"),
    "validity": _named("Gyldighedsstart", "Gyldighedsslut"),
    "with a time": _named("FromDateTime", "ToDateTime"),
    "effective": _named("EffectiveTime", "EndTime"),
    "period": _named("PeriodStart", "PeriodEnd"),
    "activation": _named("ActivationDate", "InactivationDate"),
}


PLAIN = NAMED_PERIODS["plain"]


def _in_block(first: str, last: str | None = None) -> str:
    inside = PLAIN(first, last)
    return f"<SorStatus>{inside}</SorStatus>"


@pytest.mark.parametrize("written", [*NAMED_PERIODS.values(), _in_block], ids=[*NAMED_PERIODS, "-"])
def test_periods_are_read_by_their_names_in_both_languages(tmp_path: Path, written: Any) -> None:
    past = written("2010-01-01", "2018-03-31")
    good(
        tmp_path,
        "ingest",
        write_night(tmp_path, MONDAY, _periods(("a", past), ("z", written(MONDAY)))),
    )
    assert _texts(tmp_path) == [("1", "z")]


@pytest.mark.parametrize("written", [PLAIN, NAMED_PERIODS["Danish"], _in_block])
def test_of_periods_without_an_end_the_one_that_began_last_counts(
    tmp_path: Path, written: Any
) -> None:
    early, late, ahead = written("2010-01-01"), written("2018-04-01"), written(TUESDAY)
    types = _periods(("a", early), ("z", late), ("b", ahead))
    good(tmp_path, "ingest", write_night(tmp_path, MONDAY, types))
    assert _texts(tmp_path) == [("1", "z")]
    assert "code_twice" not in good(tmp_path, "check", f"{MONDAY}.zip")
    good(tmp_path, "ingest", write_night(tmp_path, TUESDAY, types))
    assert _texts(tmp_path) == [("1", "b")]


def test_a_block_within_an_entry_counts_less_than_its_own_days(tmp_path: Path) -> None:
    own, below = PLAIN, _in_block("2010-01-01", "2011-01-01")
    types = _periods(("a", own("2010-01-01", "2018-03-31")), ("z", own("2018-04-01") + below))
    good(tmp_path, "ingest", write_night(tmp_path, MONDAY, types))
    assert _texts(tmp_path) == [("1", "z")]


def test_blocks_that_repeat_within_an_entry_say_nothing_of_its_period(tmp_path: Path) -> None:
    early = _in_block("2010-01-01", "2015-12-31") + _in_block("2016-01-01", "2017-12-31")
    late = _in_block("2001-01-01", "2005-12-31") + _in_block("2018-01-01")
    good(tmp_path, "ingest", write_night(tmp_path, MONDAY, _periods(("z", early), ("a", late))))
    assert _texts(tmp_path) == [("1", None)]


def test_of_two_periods_that_share_a_day_the_later_one_counts_on_it(tmp_path: Path) -> None:
    written = PLAIN
    types = _periods(("a", written("2010-01-01", MONDAY)), ("z", written(MONDAY)))
    good(tmp_path, "ingest", write_night(tmp_path, MONDAY, types))
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
        return f"{PLAIN(first, last)}{more}"

    # A list of which all entries say so.
    others = "<EntityType><Code>2</Code><Name>c</Name><Art>X</Art></EntityType>"
    others += "<EntityType><Code>3</Code><Name>d</Name><Art>Y</Art></EntityType>"
    types = _periods(("m", written(*first)))
    good(tmp_path, "ingest", write_night(tmp_path, MONDAY, types + others))
    types = _periods(("a", written(*first)), ("z", written(*second)))
    good(tmp_path, "ingest", write_night(tmp_path, TUESDAY, types + others))
    assert _texts(tmp_path) == [("1", "m"), ("2", "c"), ("3", "d")]
    assert [told[0] for told in _told_with_causes(tmp_path)] == ["entry_changed"]
    assert "classification.code_twice" in good(tmp_path, "check", f"{TUESDAY}.zip")


def test_entries_below_two_parents_do_not_follow_each_other(tmp_path: Path) -> None:
    written = PLAIN
    early, late = _periods(("a", written("2010-01-01"))), _periods(("b", written("2018-01-01")))
    other = "<EntityType><Code>2</Code><Name>c</Name></EntityType>"
    types = f"<Some>{early}{other}</Some><Some>{late}</Some>"
    good(tmp_path, "ingest", write_night(tmp_path, MONDAY, types))
    assert _texts(tmp_path) == [("1", None), ("2", "c")]


def test_of_periods_that_all_lie_ahead_the_first_one_counts(tmp_path: Path) -> None:
    written = PLAIN
    types = _periods(("z", written("2030-01-01")), ("a", written("2031-01-01")))
    good(tmp_path, "ingest", write_night(tmp_path, MONDAY, types))
    assert _texts(tmp_path) == [("1", "z")]


def test_a_text_that_changes_as_its_day_comes_has_that_cause(tmp_path: Path) -> None:
    written = PLAIN
    now, later = ("b", written("2010-01-01", MONDAY)), ("a", written(TUESDAY))
    good(tmp_path, "ingest", write_night(tmp_path, MONDAY, _periods(now, later)))
    good(tmp_path, "ingest", write_night(tmp_path, TUESDAY, _periods(now, later)))
    text, entry = _told_with_causes(tmp_path)
    assert text == ("text_changed", "date_elapsed", "b", "a")
    assert entry[:2] == ("entry_changed", "date_elapsed")
    assert entry[2]["FromDate"] == "2010-01-01"
    assert entry[3]["FromDate"] == TUESDAY
    gone = {"text": "b", "attributes/FromDate": "2010-01-01", "attributes/ToDate": MONDAY}
    assert entry[3]["other_entries()"] == [gone]


def test_a_text_that_is_corrected_on_the_day_it_comes_is_changed(tmp_path: Path) -> None:
    written = PLAIN
    now = ("b", written("2010-01-01", MONDAY))
    good(tmp_path, "ingest", write_night(tmp_path, MONDAY, _periods(now, ("a", written(TUESDAY)))))
    good(tmp_path, "ingest", write_night(tmp_path, TUESDAY, _periods(now, ("c", written(TUESDAY)))))
    assert [told[1] for told in _told_with_causes(tmp_path)] == ["data_changed", "data_changed"]


def test_a_text_that_is_new_on_the_day_from_which_it_is_valid_is_changed(tmp_path: Path) -> None:
    written = PLAIN
    known = (("p", written("2001-01-01", "2009-12-31")), ("b", written("2010-01-01", MONDAY)))
    good(tmp_path, "ingest", write_night(tmp_path, MONDAY, _periods(*known)))
    good(
        tmp_path,
        "ingest",
        write_night(tmp_path, TUESDAY, _periods(*known, ("a", written(TUESDAY)))),
    )
    assert _told_with_causes(tmp_path)[0] == ("text_changed", "data_changed", "b", "a")


def test_what_changes_of_an_entry_that_is_not_valid_yet_is_told(tmp_path: Path) -> None:
    written = PLAIN
    now = ("b", written("2010-01-01", WEDNESDAY))
    good(
        tmp_path,
        "ingest",
        write_night(tmp_path, MONDAY, _periods(now, ("a", written("2030-01-01")))),
    )
    good(
        tmp_path,
        "ingest",
        write_night(tmp_path, TUESDAY, _periods(now, ("c", written("2030-01-01")))),
    )
    (entry,) = _told_with_causes(tmp_path)
    assert entry[0] == "entry_changed"
    assert [each["text"] for each in entry[2]["other_entries()"]] == ["a"]
    assert [each["text"] for each in entry[3]["other_entries()"]] == ["c"]


def _unnamed(*listed: tuple[str, ...]) -> str:
    """A column that nothing tells to be that of the lists, and lists of no field."""
    return "".join(
        f"<Row><Art>{name}</Art><Code>{code}</Code><Text>{text}</Text>{''.join(more)}</Row>"
        for name, code, text, *more in listed
    )


CLEAR = (("X", "7", "m"), ("X", "8", "c"))


def test_a_code_with_contradicting_entries_keeps_its_last_text(tmp_path: Path) -> None:
    """The two may be of two lists: no text of either is told as the code's."""
    good(tmp_path, "ingest", write_night(tmp_path, MONDAY, _unnamed(*CLEAR)))
    types = _unnamed(*CLEAR, ("Y", "7", "b"))
    good(tmp_path, "ingest", write_night(tmp_path, TUESDAY, types))
    types = _unnamed(CLEAR[0], ("X", "8", "d"), ("Y", "7", "0"))
    good(tmp_path, "ingest", write_night(tmp_path, WEDNESDAY, types))
    assert _texts(tmp_path) == [("7", "m"), ("8", "d")]
    came, turned, text = _told_with_causes(tmp_path)
    assert [came[0], turned[0]] == ["entry_changed", "entry_changed"]
    assert came[2] == {"Art": "X"}
    assert [each["text"] for each in turned[2]["contradicting_entries()"]] == ["b", "m"]
    assert [each["text"] for each in turned[3]["contradicting_entries()"]] == ["0", "m"]
    assert text == ("text_changed", "data_changed", "c", "d")
    assert events(tmp_path)[-1]["subject"] == "Row/8"


def test_contradicting_entries_of_the_first_night_give_no_text(tmp_path: Path) -> None:
    night = write_night(tmp_path, MONDAY, _unnamed(("X", "7", "a"), ("Y", "7", "b"), CLEAR[1]))
    good(tmp_path, "ingest", night)
    assert _texts(tmp_path) == [("7", None), ("8", "c")]
    said = rows(tmp_path, "SELECT attributes FROM classification_entries WHERE code = '7'")
    assert json.loads(said[0][0]).keys() == {"contradicting_entries()"}
    assert "different contents" in good(tmp_path, "check", night)


def test_contradicting_entries_are_no_correction_of_the_lists(tmp_path: Path) -> None:
    good(tmp_path, "ingest", write_night(tmp_path, MONDAY, _unnamed(*CLEAR)))
    night = write_night(tmp_path, TUESDAY, _unnamed(*CLEAR, ("Y", "7", "b")))
    good(tmp_path, "ingest", night)
    again = called(tmp_path, "ingest", night)
    assert "already recorded" in again.stdout
    assert "differ" not in again.stderr


def test_a_code_turns_beside_one_with_contradicting_entries(tmp_path: Path) -> None:
    written = PLAIN
    types = _periods(("b", written("2010-01-01", MONDAY)), ("a", written(TUESDAY)))
    types += "".join(
        f"<EntityType><Code>2</Code><Name>{text}</Name></EntityType>" for text in ("x", "y")
    )
    good(tmp_path, "ingest", write_night(tmp_path, MONDAY, types))
    good(tmp_path, "ingest", write_night(tmp_path, TUESDAY, types))
    assert _texts(tmp_path) == [("1", "a"), ("2", None)]


def test_an_entry_that_stands_twice_is_a_finding_and_no_contradiction(tmp_path: Path) -> None:
    night = write_night(tmp_path, MONDAY, _unnamed(*CLEAR, CLEAR[0]))
    good(tmp_path, "ingest", night)
    assert rows(tmp_path, "SELECT text, attributes FROM classification_entries") == [
        ("m", '{"Art":"X"}'),
        ("c", '{"Art":"X"}'),
    ]
    assert "the code is in the list twice" in good(tmp_path, "check", night)


def test_what_all_entries_of_a_code_say_is_told(tmp_path: Path) -> None:
    """They differ beside the text: it is clear, and so is its change."""
    first = _unnamed(("X", "7", "a"), ("Y", "7", "a"), CLEAR[1])
    good(tmp_path, "ingest", write_night(tmp_path, MONDAY, first))
    assert _texts(tmp_path) == [("7", "a"), ("8", "c")]
    second = _unnamed(("X", "7", "b"), ("Y", "7", "b"), CLEAR[1])
    good(tmp_path, "ingest", write_night(tmp_path, TUESDAY, second))
    assert ("text_changed", "data_changed", "a", "b") in _told_with_causes(tmp_path)


def test_diff_says_the_same_of_contradicting_entries(tmp_path: Path) -> None:
    old = write_night(tmp_path, MONDAY, _unnamed(*CLEAR))
    new = write_night(tmp_path, TUESDAY, _unnamed(*CLEAR, ("Y", "7", "b")))
    for road in ([], ["--no-fast"]):
        lines = good(tmp_path, "diff", *road, old, new, "--format", "jsonl").splitlines()
        assert [json.loads(line)["type"] for line in lines] == [
            "sordiff.classification.entry_changed.v1"
        ]


def _read_as_before(folder: Path, code: str = "1") -> None:
    """As if an earlier release had read the lists, and known one entry of the code alone: `a`."""
    with closing(sqlite3.connect(folder / "sordiff.db")) as connection, connection:
        known = "UPDATE classification_entries SET text = 'a', attributes = '{}' WHERE code = ?"
        connection.execute(known, [code])
        connection.execute("UPDATE runs SET reading_rules = 1")
        connection.execute("UPDATE classifications SET reading_rules = 0")


@pytest.mark.parametrize("missing", [False, True])
def test_what_an_earlier_release_did_not_read_of_a_code_is_adopted(
    tmp_path: Path, *, missing: bool
) -> None:
    """It knew one entry of a code alone, the first by content where none was chosen.

    So it is where the list is missing on the first nights after the update.
    """
    types = _unnamed(("X", "7", "z"), ("Y", "7", "a"), CLEAR[1])
    good(tmp_path, "ingest", write_night(tmp_path, MONDAY, types))
    _read_as_before(tmp_path, "7")
    again = called(tmp_path, "ingest", f"{MONDAY}.zip")
    assert "the code lists differ" not in again.stderr
    if missing:
        good(tmp_path, "ingest", night(tmp_path, TUESDAY, practice(name="Lægerne")))
    changed = types.replace(">c<", ">d<") + _unnamed(
        ("X", "9", "e", PLAIN("2010-01-01", MONDAY)), ("X", "9", "f", PLAIN(TUESDAY))
    )
    good(tmp_path, "ingest", write_night(tmp_path, WEDNESDAY, changed))
    told = [(e["type"].split(".")[2], e["subject"]) for e in events(tmp_path)]
    assert told == [("text_changed", "Row/8"), ("code_added", "Row/9")]
    assert rows(tmp_path, "SELECT DISTINCT subject FROM adoptions") == [("Row/7",)]
    good(tmp_path, "ingest", write_night(tmp_path, THURSDAY, changed.replace(">z<", ">y<")))
    assert [e["subject"] for e in events(tmp_path)][2:] == ["Row/7"]
    assert rows(tmp_path, "SELECT DISTINCT reading_rules FROM classifications") == [(2,)]


def test_an_entry_that_stands_twice_is_one_beside_others(tmp_path: Path) -> None:
    """As without its copy: nothing of it is edited, and no day has passed."""
    early, late = ("a", PLAIN("2010-01-01")), ("z", PLAIN("2018-01-01"))
    good(tmp_path, "ingest", write_night(tmp_path, MONDAY, _periods(early, late)))
    again = write_night(tmp_path, TUESDAY, _periods(early, late, late, early))
    good(tmp_path, "ingest", again)
    assert events(tmp_path) == []
    assert _texts(tmp_path) == [("1", "z")]
    assert "the code is in the list twice" in good(tmp_path, "check", again)


def test_an_end_in_the_farthest_future_is_none(tmp_path: Path) -> None:
    ends = ("9999-12-31", "31-12-9999", "2999-12-31")
    for day, end in zip((MONDAY, TUESDAY, WEDNESDAY), ends, strict=True):
        types = _periods(("a", PLAIN("2010-01-01", end)), ("b", PLAIN("2018-01-01", end)))
        good(tmp_path, "ingest", write_night(tmp_path, day, types))
        assert _texts(tmp_path) == [("1", "b")]


def test_two_days_of_one_meaning_are_no_period(tmp_path: Path) -> None:
    """Which of them counts nothing tells."""
    one = "<StartDate>2001-01-01</StartDate><ValidFrom>2020-01-01</ValidFrom>"
    other = "<StartDate>2002-01-01</StartDate><ValidFrom>2019-01-01</ValidFrom>"
    good(tmp_path, "ingest", write_night(tmp_path, MONDAY, _periods(("a", one), ("b", other))))
    assert _texts(tmp_path) == [("1", None)]
    same = "<StartDate>2021-01-01</StartDate><ValidFrom>2021-01-01</ValidFrom>"
    types = _periods(("a", PLAIN("2010-01-01")), ("b", same))
    good(tmp_path, "ingest", write_night(tmp_path, TUESDAY, types))
    assert _texts(tmp_path) == [("1", "b")]


def test_a_second_name_may_differ_between_entries_that_follow_each_other(tmp_path: Path) -> None:
    def named(text: str, danish: str, since: str) -> tuple[str, str]:
        updated = f"<Updated>{since}</Updated>"
        return text, f"<Dansk>{danish}</Dansk><Version>1</Version>{updated}{PLAIN(since)}"

    other = "<EntityType><Code>2</Code><Name>c</Name><Dansk>cd</Dansk><Version>1</Version><Updated>2010-01-01</Updated></EntityType>"
    types = _periods(named("a", "ad", "2010-01-01"), named("b", "bd", TUESDAY)) + other
    good(tmp_path, "ingest", write_night(tmp_path, MONDAY, types))
    good(tmp_path, "ingest", write_night(tmp_path, TUESDAY, types))
    assert _told_with_causes(tmp_path)[0] == ("text_changed", "date_elapsed", "a", "b")


def test_a_contradicting_code_has_no_attribute_that_no_entry_has(tmp_path: Path) -> None:
    first = ("c", PLAIN("2010-01-01", TUESDAY))
    good(tmp_path, "ingest", write_night(tmp_path, MONDAY, _periods(first)))
    types = _periods(first, ("f", PLAIN(WEDNESDAY)), ("g", PLAIN(WEDNESDAY)))
    for day in (TUESDAY, WEDNESDAY):
        good(tmp_path, "ingest", write_night(tmp_path, day, types))
    ((text, attributes),) = rows(tmp_path, "SELECT text, attributes FROM classification_entries")
    assert text == "c"
    said = json.loads(attributes)
    assert said.keys() == {"contradicting_entries()", "other_entries()"}
    assert [each["text"] for each in said["contradicting_entries()"]] == ["f", "g"]
    assert [each["text"] for each in said["other_entries()"]] == ["c"]
    assert [told[1] for told in _told_with_causes(tmp_path)] == ["data_changed", "date_elapsed"]


def test_own_columns_are_told_from_the_entries_of_a_code(tmp_path: Path) -> None:
    def said(value: str) -> str:
        column = f"<other_entries>{value}</other_entries><all_entries>{value}</all_entries>"
        return _periods(
            ("a", "<ToDate>2001-01-01</ToDate>"), ("b", f"<FromDate>2001-01-02</FromDate>{column}")
        )

    good(tmp_path, "ingest", write_night(tmp_path, MONDAY, said("1")))
    good(tmp_path, "ingest", write_night(tmp_path, TUESDAY, said("2")))
    (entry,) = _told_with_causes(tmp_path)
    assert (entry[2]["other_entries"], entry[3]["other_entries"]) == ("1", "2")
    assert (entry[2]["all_entries"], entry[3]["all_entries"]) == ("1", "2")


def _write_two_files(folder: Path, day: str, first: str, second: str) -> str:
    files = {"Sor.xml": xml(day, practice()), "SorDataTypes.xml": first, "X.xml": second}
    wrapped = {
        name: said if isinstance(said, bytes) else f"<SorDataTypes>{said}</SorDataTypes>".encode()
        for name, said in files.items()
    }
    (folder / f"{day}.zip").write_bytes(zipped(wrapped))
    return f"{day}.zip"


def test_a_second_file_adds_periods_of_texts_that_are_known(tmp_path: Path) -> None:
    first = _periods(
        ("a", PLAIN("2010-01-01", "2014-12-31")), ("b", PLAIN("2015-01-01", "2023-12-31"))
    )
    second = _periods(("a", PLAIN("2024-01-01")))
    good(tmp_path, "ingest", _write_two_files(tmp_path, MONDAY, first, second))
    assert _texts(tmp_path) == [("1", "a")]
    later = _periods(("a", PLAIN("2024-01-01", "2031-01-01")))
    good(tmp_path, "ingest", _write_two_files(tmp_path, TUESDAY, first, later))
    assert [told[0] for told in _told_with_causes(tmp_path)] == ["entry_changed"]
    brief = _periods(("a", ""), ("b", ""))
    good(tmp_path, "ingest", _write_two_files(tmp_path, WEDNESDAY, first, brief))
    assert _texts(tmp_path) == [("1", "b")]


def test_a_fault_in_one_file_is_no_contradiction_of_two(tmp_path: Path) -> None:
    other = "<EntityType><Code>7</Code><Name>x</Name></EntityType>"
    done = called(
        tmp_path,
        "ingest",
        _write_two_files(tmp_path, MONDAY, _periods(("c", ""), ("d", "")), other),
    )
    assert "not compared" not in done.stderr
    assert _texts(tmp_path) == [("1", None), ("7", "x")]
    night = _write_two_files(tmp_path, TUESDAY, _periods(("c", "")), _periods(("d", "")))
    assert "1 codes" in called(tmp_path, "ingest", night).stderr


def test_a_code_with_two_periods_leaves_its_lists_told_apart(tmp_path: Path) -> None:
    def listed(*first: tuple[str, ...]) -> str:
        return _unnamed(
            *first, ("EntityType", "2", "b"), ("SystemType", "1", "x"), ("SystemType", "7", "y")
        )

    good(tmp_path, "ingest", write_night(tmp_path, MONDAY, listed(("EntityType", "1", "a"))))
    turned = listed(
        ("EntityType", "1", "a", PLAIN("2010-01-01", MONDAY)),
        ("EntityType", "1", "n", PLAIN(TUESDAY)),
    )
    done = called(tmp_path, "ingest", write_night(tmp_path, TUESDAY, turned))
    assert done.stderr == ""
    assert _told_with_causes(tmp_path)[0] == ("text_changed", "data_changed", "a", "n")
    assert events(tmp_path)[0]["subject"] == "EntityType/1"


def test_parents_that_are_named_after_lists_tell_them_apart_without_a_clash(tmp_path: Path) -> None:
    """Else a second period, or a clash, would make other lists of them from one night to the next."""

    def listed(first: str, second: str) -> str:
        said = "<EntityTypes><Value><Code>1</Code><Text>a</Text></Value>{}</EntityTypes>"
        other = "<SystemTypes><Value><Code>7</Code><Text>x</Text></Value>{}</SystemTypes>"
        more = "<Value><Code>{}</Code><Text>{}</Text></Value>"
        return said.format(more.format("2", first)) + other.format(more.format("8", second))

    good(tmp_path, "ingest", write_night(tmp_path, MONDAY, listed("b", "y")))
    clashing = listed("B", "Y") + "<SystemTypes/>"
    clashing = clashing.replace(
        "</SystemTypes>", "<Value><Code>1</Code><Text>z</Text></Value></SystemTypes>", 1
    )
    good(tmp_path, "ingest", write_night(tmp_path, TUESDAY, clashing))
    told = [(e["type"].split(".")[2], e["subject"]) for e in events(tmp_path)]
    assert told == [
        ("text_changed", "EntityTypes/2"),
        ("code_added", "SystemTypes/1"),
        ("text_changed", "SystemTypes/8"),
    ]


@pytest.mark.parametrize(
    "settings",
    ["[lists.EntityType]\npath = 'Item/Value'\n", "[data_types.Value]\nnamed_by = 'Art'\n"],
)
def test_a_list_that_the_configuration_names_is_one_wherever_its_entries_stand(
    tmp_path: Path, settings: str
) -> None:
    (tmp_path / "sordiff.toml").write_text(settings, encoding="utf-8")
    types = "".join(
        f"<Item><Value><Code>1</Code><Art>EntityType</Art><Name>{text}</Name>{PLAIN(since)}</Value></Item>"
        for text, since in (("z", "2010-01-01"), ("a", "2018-01-01"))
    )
    good(tmp_path, "ingest", write_night(tmp_path, MONDAY, types))
    assert _texts(tmp_path) == [("1", "a")]


def test_alarms_count_no_new_reading_behind_a_retracted_run(tmp_path: Path) -> None:
    (tmp_path / "sordiff.toml").write_text(
        '[alarms.counts]\n"classification.text_changed" = { count = 0 }\n', encoding="utf-8"
    )
    types = _periods(("a", PLAIN("2010-01-01", "2015-01-01")), ("z", PLAIN("2015-01-02")))
    good(tmp_path, "ingest", write_night(tmp_path, MONDAY, types))
    good(tmp_path, "ingest", night(tmp_path, TUESDAY, practice(name="Lægerne")))
    good(tmp_path, "publish", "--to", "ndjson:out")
    good(tmp_path, "retract", "2", "--reason", "told")
    _read_as_before(tmp_path)
    done = called(tmp_path, "ingest", write_night(tmp_path, WEDNESDAY, types))
    assert done.exit == 0, done.stderr


def test_a_run_that_an_earlier_release_held_is_released_as_it_was_read(tmp_path: Path) -> None:
    (tmp_path / "sordiff.toml").write_text(
        '[alarms.counts]\n"unit.renamed" = { count = 0 }\n', encoding="utf-8"
    )
    types = _periods(("a", PLAIN("2010-01-01", "2015-01-01")), ("z", PLAIN("2015-01-02")))
    good(tmp_path, "ingest", write_night(tmp_path, MONDAY, types))
    held = called(tmp_path, "ingest", write_night(tmp_path, TUESDAY, types, practice()))
    assert held.exit == 3
    _read_as_before(tmp_path)
    good(tmp_path, "release", "2", "--reason", "told")
    good(tmp_path, "ingest", write_night(tmp_path, WEDNESDAY, types, practice()))
    assert [e["type"].split(".")[1] for e in events(tmp_path)] == ["unit"]
    assert _texts(tmp_path) == [("1", "z")]


def test_what_a_released_run_knows_of_a_code_is_compared(tmp_path: Path) -> None:
    (tmp_path / "sordiff.toml").write_text(
        '[alarms.counts]\n"unit.renamed" = { count = 0 }\n', encoding="utf-8"
    )
    early, late = ("a", PLAIN("2010-01-01", "2015-01-01")), ("z", PLAIN("2015-01-02"))
    good(tmp_path, "ingest", write_night(tmp_path, MONDAY, _periods(early, late)))
    _read_as_before(tmp_path)
    held = write_night(tmp_path, TUESDAY, _periods(early, late), practice())
    assert called(tmp_path, "ingest", held).exit == 3
    good(tmp_path, "release", "2", "--reason", "told")
    changed = _periods(("b", early[1]), late)
    good(tmp_path, "ingest", write_night(tmp_path, WEDNESDAY, changed, practice()))
    assert [e["type"].split(".")[2] for e in events(tmp_path)] == ["renamed", "entry_changed"]


def test_a_new_reading_is_a_change_and_no_quiet_night(tmp_path: Path) -> None:
    types = _periods(("a", PLAIN("2010-01-01", "2015-01-01")), ("z", PLAIN("2015-01-02")))
    good(tmp_path, "ingest", write_night(tmp_path, MONDAY, types))
    _read_as_before(tmp_path)
    done = called(tmp_path, "ingest", write_night(tmp_path, TUESDAY, types))
    assert "adopted without an event: 1" in done.stdout
    assert done.stderr == ""


def test_an_unchanged_list_is_known_to_be_read_by_new_rules(tmp_path: Path) -> None:
    good(tmp_path, "ingest", write_night(tmp_path, MONDAY, _periods(("a", ""))))
    _read_as_before(tmp_path)
    good(tmp_path, "ingest", write_night(tmp_path, TUESDAY, _periods(("a", ""))))
    good(tmp_path, "ingest", write_night(tmp_path, WEDNESDAY, _periods(("a", ""), ("b", ""))))
    assert [told[0] for told in _told_with_causes(tmp_path)] == ["entry_changed"]


def test_a_second_file_may_say_an_entry_in_brief(tmp_path: Path) -> None:
    first = _periods(("a", f"<Kort>A</Kort>{PLAIN('2010-01-01')}"))
    for day, second in ((MONDAY, PLAIN("2010-01-01")), (TUESDAY, "")):
        written = _write_two_files(tmp_path, day, first, _periods(("a", second)))
        good(tmp_path, "ingest", written)
        ((said,),) = rows(tmp_path, "SELECT attributes FROM classification_entries")
        assert json.loads(said) == {"FromDate": "2010-01-01", "Kort": "A"}


def test_parts_of_one_list_stay_one(tmp_path: Path) -> None:
    """Its entries say of which list they are, whatever the parents are called."""
    kept = "<EntityType><Code>{}</Code><Name>{}</Name></EntityType>"
    types = (
        f"<SystemTypes>{kept.format(1, 'a')}</SystemTypes><Others>{kept.format(2, 'b')}</Others>"
    )
    good(tmp_path, "ingest", write_night(tmp_path, MONDAY, types))
    assert rows(tmp_path, "SELECT DISTINCT list FROM classification_entries") == [("EntityType",)]
