"""SorDataTypes.xml in the layouts that it may have: lists in one list, named beside, with periods, or none at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .calling import called, events, good, rows
from .practice import GENERAL_PRACTICE, MONDAY, TUESDAY, WEDNESDAY, write_night

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


def _told(folder: Path) -> list[tuple[str, Any, Any]]:
    return [(e["subject"], e["data"]["before"], e["data"]["after"]) for e in events(folder)]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_lists_in_one_layout_or_another_are_told_apart(tmp_path: Path, layout: Any) -> None:
    good(tmp_path, "ingest", write_night(tmp_path, MONDAY, layout(OLD)))
    found = rows(tmp_path, "SELECT list, count(*) FROM classification_entries GROUP BY list")
    assert found == [("EntityType", 2), ("SystemSupplier", 2), ("SystemType", 2)]
    good(tmp_path, "ingest", write_night(tmp_path, TUESDAY, layout(NEW)))
    assert _told(tmp_path) == [("SystemType/7", "Bakkens Journal", "Aaens Journal")]


def test_what_nothing_tells_apart_is_not_compared_and_said(tmp_path: Path) -> None:
    def melted(listed: Listed) -> str:
        return "".join(
            f"<Row><Code>{code}</Code><Text>{text}</Text></Row>"
            for _, code, text in (*listed, ("?", "8", "Dalens Journal"))
        )

    done = called(tmp_path, "ingest", write_night(tmp_path, MONDAY, melted(OLD)))
    assert done.exit == 0
    assert "2 codes stand in it several times" in done.stderr
    assert "[lists]" in done.stderr
    good_again = called(tmp_path, "ingest", write_night(tmp_path, TUESDAY, melted(NEW)))
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
    good(tmp_path, "ingest", write_night(tmp_path, MONDAY, layout(OLD)))
    good(tmp_path, "ingest", write_night(tmp_path, TUESDAY, layout(NEW)))
    names = {name for (name,) in rows(tmp_path, "SELECT DISTINCT list FROM classification_entries")}
    first = "Enhedstype" if "Enhedstype" in settings else "EntityType"
    assert names == {first, "SystemSupplier", "SystemType"}
    assert _told(tmp_path) == [("SystemType/7", "Bakkens Journal", "Aaens Journal")]


def test_a_path_that_is_none_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "sordiff.toml").write_text("[lists.X]\npath = 'Row['\n", encoding="utf-8")
    done = called(tmp_path, "ingest", write_night(tmp_path, MONDAY, by_column(OLD)))
    assert done.exit == 2
    assert "[lists.X]" in done.stderr


def test_a_configured_list_that_is_not_there_is_said(tmp_path: Path) -> None:
    (tmp_path / "sordiff.toml").write_text("[lists.X]\npath = 'Elsewhere'\n", encoding="utf-8")
    done = called(tmp_path, "ingest", write_night(tmp_path, MONDAY, by_column(OLD)))
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

    good(tmp_path, "ingest", write_night(tmp_path, MONDAY, periods("lægepraksis")))
    (text,) = rows(tmp_path, "SELECT text FROM classification_entries")
    assert text == ("lægepraksis",)
    good(tmp_path, "ingest", write_night(tmp_path, TUESDAY, periods("almen lægepraksis")))
    subject = f"EntityType/{GENERAL_PRACTICE}"
    assert _told(tmp_path) == [(subject, "lægepraksis", "almen lægepraksis")]
    assert "classification.code_twice" not in good(tmp_path, "check", f"{TUESDAY}.zip")


def test_a_code_of_which_all_periods_have_passed_keeps_its_last_text(tmp_path: Path) -> None:
    types = "".join(
        f"<EntityType><Code>1</Code><Name>{text}</Name><ValidFrom>{since}</ValidFrom>"
        f"<ValidTo>{until}</ValidTo></EntityType>"
        for text, since, until in (
            ("b", "2011-01-01", "2012-12-31"),
            ("a", "2001-01-01", "2010-12-31"),
        )
    )
    good(tmp_path, "ingest", write_night(tmp_path, MONDAY, types))
    assert rows(tmp_path, "SELECT code, text FROM classification_entries") == [("1", "b")]


def test_entries_below_entries_are_one_list(tmp_path: Path) -> None:
    """Municipalities below their regions are no lists of each region."""
    types = "".join(
        f"<Region><RegionCode>{code}</RegionCode><RegionName>{name}</RegionName>"
        f"<Municipality><MunicipalityCode>{code}1</MunicipalityCode>"
        f"<MunicipalityName>{name} K</MunicipalityName></Municipality></Region>"
        for code, name in (("1", "Nord"), ("2", "Syd"))
    )
    good(tmp_path, "ingest", write_night(tmp_path, MONDAY, types))
    found = rows(tmp_path, "SELECT list, code FROM classification_entries ORDER BY list, code")
    assert found == [
        ("Municipality", "11"),
        ("Municipality", "21"),
        ("Region", "1"),
        ("Region", "2"),
    ]


def test_where_nothing_fits_the_names_for_the_configuration_are_shown(tmp_path: Path) -> None:
    types = "".join(f"<Emne><Noegle>{n}</Noegle><Ord>o{n}</Ord></Emne>" for n in range(3))
    done = called(tmp_path, "ingest", write_night(tmp_path, MONDAY, types))
    assert done.exit == 0
    assert "Emne (3 times: Noegle, Ord)" in done.stderr
    assert "[lists]" in done.stderr
    settings = "[lists.Emne]\npath = 'Emne'\ncode = 'Noegle'\ntext = 'Ord'\n"
    (tmp_path / "sordiff.toml").write_text(settings, encoding="utf-8")
    good(tmp_path, "ingest", write_night(tmp_path, TUESDAY, types))
    assert rows(tmp_path, "SELECT count(*) FROM classification_entries") == [(3,)]
