"""Several nights told as one: what is left at the end, and what came to nothing."""

from typing import Any

import pytest

from sordiff.events import CodedText
from sordiff.model import Day
from sordiff.report import Change, Difference, Note
from sordiff.report.folding import fold_changes, fold_changes_of_type, scheduled_closings
from tests.report.changes import change, renamed

GLN = "5790000000005"


def told(*changes: Change) -> list[tuple[str, Any, Any]]:
    return [(c.type, c.before, c.after) for c in fold_changes(changes).changes]


def test_what_happened_once_is_told_as_it_was() -> None:
    once = renamed("A", "B")
    assert fold_changes([once]).changes == (once,)
    assert fold_changes([once]).undone == ()


def test_a_b_c_is_a_c_in_so_many_steps_on_the_last_day() -> None:
    (found,) = fold_changes([renamed("A", "B"), renamed("B", "C", run=3)]).changes
    assert (found.before, found.after, found.steps, found.run) == ("A", "C", 2, 3)


def test_a_b_a_is_nothing_and_is_counted() -> None:
    result = fold_changes([renamed("A", "B"), renamed("B", "A", run=3), renamed("X", "Y", "2")])
    assert [c.subject for c in result.changes] == ["2"]
    assert [c.after for c in result.undone] == ["A"]


@pytest.mark.parametrize("text", [None, "Another text"])
def test_back_to_the_type_that_it_had_is_nothing_though_the_type_has_another_text(
    text: str | None,
) -> None:
    had, got = CodedText(code="1", text="Clinic"), CodedText(code="1", text=text)
    lost = change("unit.type_changed", before=had, after=None)
    back = change("unit.type_changed", run=3, before=None, after=got)
    result = fold_changes([lost, back])
    assert (result.changes, [c.run for c in result.undone]) == ((), [3])


def test_another_type_is_told_though_the_text_is_the_same() -> None:
    had, got = CodedText(code="1", text="Clinic"), CodedText(code="2", text="Clinic")
    lost = change("unit.type_changed", before=had, after=None)
    assert told(lost, change("unit.type_changed", run=3, before=None, after=got)) == [
        ("unit.type_changed", had, got)
    ]


def test_back_under_its_parent_is_nothing_though_the_parent_moved() -> None:
    there = change("unit.moved", before=("9",), after=("9", "8"))
    back = change("unit.moved", run=3, before=("9", "8"), after=("7", "9"))
    assert told(there, back) == []


def test_changes_of_different_kinds_stay_apart() -> None:
    moved = change("unit.moved", before=("9",), after=("8",), run=3)
    assert told(renamed("A", "B"), moved) == [
        ("unit.moved", ("9",), ("8",)),
        ("unit.renamed", "A", "B"),
    ]


@pytest.mark.parametrize("kind", ["unit.created", "unit.restored"])
def test_a_new_unit_is_told_by_that_alone(kind: str) -> None:
    (found,) = fold_changes([change(kind), renamed("A", "B", run=3)]).changes
    assert (found.type, found.steps, found.notes) == (kind, 2, ())


def test_created_and_closed_again_says_so() -> None:
    closed = change("unit.closed", run=3, after="2024-03-02")
    (found,) = fold_changes([change("unit.created"), closed]).changes
    assert (found.type, found.notes) == ("unit.created", (Note.CLOSED_AGAIN,))


def test_created_and_removed_again_says_so() -> None:
    (found,) = fold_changes([change("unit.created"), change("unit.removed", run=3)]).changes
    assert (found.type, found.notes) == ("unit.created", (Note.REMOVED_AGAIN,))


def test_created_closed_and_reopened_is_only_created() -> None:
    life = [change("unit.created"), change("unit.closed", run=3), change("unit.reopened", run=4)]
    (found,) = fold_changes(life).changes
    assert (found.type, found.notes) == ("unit.created", ())


def test_gone_for_a_while_and_the_same_again_is_nothing() -> None:
    result = fold_changes([change("unit.removed"), change("unit.restored", run=3)])
    assert result.changes == ()
    assert len(result.undone) == 1


def test_gone_for_a_while_and_different_is_told_by_what_differs() -> None:
    life = [renamed("A", "B"), change("unit.removed", run=3), change("unit.restored", run=4)]
    gaps = {("1", 4): (renamed("B", "C", run=4),)}
    (found,) = fold_changes(life, gaps).changes
    assert (found.type, found.before, found.after) == ("unit.renamed", "A", "C")
    assert found.notes == (Note.GONE_BETWEEN,)


def test_what_comes_back_as_it_was_before_it_changed_is_nothing() -> None:
    life = [renamed("A", "B"), change("unit.removed", run=3), change("unit.restored", run=4)]
    assert fold_changes(life, {("1", 4): (renamed("B", "A", run=4),)}).changes == ()


def test_created_gone_for_a_while_and_there_is_created() -> None:
    life = [
        change("unit.created"),
        change("unit.removed", run=3),
        change("unit.restored", run=4),
    ]
    (found,) = fold_changes(life).changes
    assert (found.type, found.notes) == ("unit.created", (Note.GONE_BETWEEN,))


def test_gone_for_a_while_and_gone_again_is_gone() -> None:
    life = [
        change("unit.removed", was_open=True),
        change("unit.restored", run=3),
        change("unit.removed", run=4, was_open=True),
    ]
    (found,) = fold_changes(life).changes
    assert (found.type, found.was_open, found.run) == ("unit.removed", True, 4)


def test_what_happened_before_a_removal_does_not_matter() -> None:
    assert told(renamed("A", "B"), change("unit.removed", run=3)) == [("unit.removed", None, None)]


SINCE = Day("2024-03-01")
CLOSED = change("unit.closed", run=3, before=None, after="2024-03-02")
PURGED = change("unit.removed", run=4, to="2024-03-02")
WENT = {
    "open, closed, removed": ([CLOSED, PURGED], "unit.closed", (Note.REMOVED_LATER,)),
    "scheduled, closed, removed": (
        [change("unit.closure_scheduled", before=None, after="2024-03-02"), CLOSED, PURGED],
        "unit.closed",
        (Note.REMOVED_LATER,),
    ),
    "opened, closed, removed": (
        [change("unit.opened"), CLOSED, PURGED],
        "unit.closed",
        (Note.OPENED_BEFORE, Note.REMOVED_LATER),
    ),
    "closed, reopened, closed, removed": (
        [
            change("unit.closed", before=None, after="2024-03-01"),
            change("unit.reopened", run=3, before="2024-03-01", after="2024-03-03"),
            change("unit.closed", run=4, before="2024-03-03", after="2024-03-03"),
            change("unit.removed", run=5, to="2024-03-03"),
        ],
        "unit.closed",
        (Note.REOPENED_BETWEEN, Note.REMOVED_LATER),
    ),
    "long closed": ([change("unit.removed", run=4, to="2020-01-01")], "unit.removed", ()),
    "closed and removed in one night": ([PURGED], "unit.removed", (Note.CLOSED_WITHIN,)),
    "scheduled, then closed and removed in one night": (
        [change("unit.closure_scheduled", before=None, after="2024-03-02"), PURGED],
        "unit.removed",
        (Note.CLOSED_WITHIN,),
    ),
    "long closed, reopened, closed, removed": (
        [
            change("unit.reopened", before="2020-01-01", after="2024-03-02"),
            CLOSED,
            PURGED,
        ],
        "unit.removed",
        (),
    ),
}


@pytest.mark.parametrize("name", WENT)
def test_whether_a_unit_closed_before_it_went_is_judged_from_the_start(name: str) -> None:
    life, kind, notes = WENT[name]
    (found,) = fold_changes(life, since=SINCE).changes
    assert (found.type, found.notes, found.was_open) == (kind, notes, False)


def test_closed_long_ago_reopened_and_removed_was_closed_at_the_start() -> None:
    life = [
        change("unit.reopened", before="2020-01-01", after=None),
        change("unit.removed", run=3, was_open=True),
    ]
    (found,) = fold_changes(life, since=SINCE).changes
    assert (found.was_open, found.notes) == (False, (Note.REOPENED_BETWEEN,))


def test_a_unit_that_was_open_until_it_went_was_open() -> None:
    life = [renamed("A", "B"), change("unit.removed", run=3, was_open=True)]
    (found,) = fold_changes(life, since=SINCE).changes
    assert (found.was_open, found.notes) == (True, ())


def test_created_and_opened_later_says_so() -> None:
    life = [change("unit.created", effective="2024-03-03"), change("unit.opened", run=3)]
    (found,) = fold_changes(life).changes
    assert (found.type, found.notes) == ("unit.created", (Note.OPENED_LATER,))


LATER = {
    "closed, then removed": ([CLOSED, PURGED], (Note.REMOVED_LATER,)),
    "closed, then reopened": (
        [CLOSED, change("unit.reopened", run=4, before="2024-03-02", after=None)],
        (Note.REOPENED_LATER,),
    ),
    "scheduled, then cancelled": (
        [
            change("unit.closure_scheduled", before=None, after="2024-03-09"),
            change("unit.closure_cancelled", run=3, before="2024-03-09"),
        ],
        (Note.CANCELLED_LATER,),
    ),
    "scheduled, then closed": (
        [change("unit.closure_scheduled", before=None, after="2024-03-02"), CLOSED],
        (Note.CLOSED_LATER,),
    ),
    "opened, then renamed": ([change("unit.opened"), renamed("A", "B", run=3)], ()),
    "created, then closed": ([change("unit.created"), CLOSED], (Note.CLOSED_AGAIN,)),
    "removed, then back": (
        [change("unit.removed"), change("unit.restored", run=3)],
        (Note.GONE_BETWEEN,),
    ),
    "renamed, then removed": ([renamed("A", "B"), PURGED], ()),
}


@pytest.mark.parametrize("name", LATER)
def test_of_one_type_what_came_later_is_said_and_the_rest_is_counted(name: str) -> None:
    life, notes = LATER[name]
    result = fold_changes_of_type(life, life[0].type, since=SINCE)
    (found,) = result.changes
    assert (found.type, found.notes, found.steps) == (life[0].type, notes, 1)
    assert result.others == 1


def test_of_one_type_what_came_back_is_nothing() -> None:
    result = fold_changes_of_type([renamed("A", "B"), renamed("B", "A", run=3)], "unit.renamed")
    assert (result.changes, len(result.undone), result.others) == ((), 1, 0)


def test_of_one_type_what_would_be_of_another_is_told_step_by_step() -> None:
    life = [number("reassigned", "1", "2"), number("reassigned", "3", "4", 4)]
    result = fold_changes_of_type(life, "location_number.reassigned")
    assert [(c.before, c.after) for c in result.changes] == [("1", "2"), ("3", "4")]


def test_closings_to_come_are_those_that_still_stand() -> None:
    def scheduled(subject: str) -> Change:
        return change("unit.closure_scheduled", subject, before=None, after="2024-06-30")

    changes = [
        *map(scheduled, "1234"),
        change("unit.closure_cancelled", "2", run=3, before="2024-06-30", after=None),
        change("unit.closed", "3", run=3, before="2024-06-30", after="2024-03-02"),
        change("unit.removed", "4", run=3, was_open=True),
    ]
    assert [c.subject for c in scheduled_closings(changes)] == ["1"]


CLOSURES = {
    "scheduled, then closed": (
        [
            change("unit.closure_scheduled", before=None, after="2024-03-05"),
            change("unit.closed", run=6, before="2024-03-05", after="2024-03-05"),
        ],
        [("unit.closed", None, "2024-03-05")],
    ),
    "scheduled, then cancelled": (
        [
            change("unit.closure_scheduled", before=None, after="2024-03-05"),
            change("unit.closure_cancelled", run=3, before="2024-03-05", after=None),
        ],
        [],
    ),
    "scheduled twice": (
        [
            change("unit.closure_scheduled", before=None, after="2024-03-05"),
            change("unit.closure_scheduled", run=3, before="2024-03-05", after="2024-04-05"),
        ],
        [("unit.closure_scheduled", None, "2024-04-05")],
    ),
    "put off, then cancelled": (
        [
            change("unit.closure_scheduled", before="2024-03-05", after="2024-04-05"),
            change("unit.closure_cancelled", run=3, before="2024-04-05", after=None),
        ],
        [("unit.closure_cancelled", "2024-03-05", None)],
    ),
    "closed and reopened": (
        [
            change("unit.closed", before=None, after="2024-03-01"),
            change("unit.reopened", run=3, before="2024-03-01", after=None),
        ],
        [],
    ),
    "reopened and closed again": (
        [
            change("unit.reopened", before="2023-01-01", after=None),
            change("unit.closed", run=3, before=None, after="2024-03-02"),
        ],
        [],
    ),
    "reopened until a day, then for good": (
        [
            change("unit.reopened", before="2023-01-01", after="2024-06-01"),
            change("unit.closure_cancelled", run=3, before="2024-06-01", after=None),
        ],
        [("unit.reopened", "2023-01-01", None)],
    ),
    "opened, then a closing scheduled": (
        [
            change("unit.opened"),
            change("unit.closure_scheduled", run=3, before=None, after="2024-06-01"),
        ],
        [("unit.opened", None, None)],
    ),
    "closed, reopened with a last day": (
        [
            change("unit.closed", before=None, after="2024-03-01"),
            change("unit.reopened", run=3, before="2024-03-01", after="2024-06-01"),
        ],
        [("unit.closure_scheduled", None, "2024-06-01")],
    ),
}


@pytest.mark.parametrize("name", CLOSURES)
def test_closings_are_told_from_their_end(name: str) -> None:
    life, expected = CLOSURES[name]
    assert told(*life) == expected


def test_closed_for_good_after_a_reopening_says_so() -> None:
    life = [
        change("unit.closed", before=None, after="2024-03-01"),
        change("unit.reopened", run=3, before="2024-03-01", after=None),
        change("unit.closed", run=4, before=None, after="2024-03-03"),
    ]
    (found,) = fold_changes(life).changes
    assert (found.after, found.notes) == ("2024-03-03", (Note.REOPENED_BETWEEN,))


def test_opened_and_closed_in_one_period_says_so() -> None:
    life = [change("unit.opened"), change("unit.closed", run=3, after="2024-03-02")]
    (found,) = fold_changes(life).changes
    assert (found.type, found.notes) == ("unit.closed", (Note.OPENED_BEFORE,))


def test_details_are_folded_path_by_path() -> None:
    first = (Difference(path="a", before=1, after=2), Difference(path="b", before=1, after=2))
    second = (Difference(path="a", before=2, after=1), Difference(path="c", before=None, after=3))
    (found,) = fold_changes(
        [
            change("unit.details_changed", differences=first),
            change("unit.details_changed", run=3, differences=second),
        ]
    ).changes
    assert found.differences == (
        Difference(path="b", before=1, after=2),
        Difference(path="c", before=None, after=3),
    )


def number(verb: str, before: str | None, after: str | None, run: int = 2, **said: Any) -> Change:
    return change(
        f"location_number.{verb}",
        GLN,
        run=run,
        unit=after or before,
        before=before,
        after=after,
        **said,
    )


def test_a_number_that_went_through_many_hands_went_from_the_first_to_the_last() -> None:
    life = [number("reassigned", "1", "2"), number("reassigned", "2", "3", 3)]
    assert told(*life) == [("location_number.reassigned", "1", "3")]


def test_a_number_released_and_assigned_elsewhere_is_reassigned() -> None:
    life = [number("released", "1", None), number("assigned", None, "2", 3)]
    assert told(*life) == [("location_number.reassigned", "1", "2")]


def test_a_number_that_came_back_is_nothing() -> None:
    life = [number("reassigned", "1", "2"), number("reassigned", "2", "1", 3)]
    assert told(*life) == []


def test_a_number_assigned_to_a_second_owner_stays_an_assignment() -> None:
    life = [number("assigned", None, "2"), number("details_changed", "2", "2", 3)]
    assert [found[0] for found in told(*life)] == [
        "location_number.assigned",
    ]


def test_a_number_closed_and_reopened_is_nothing() -> None:
    life = [number("closed", "1", "1"), number("reopened", "1", "1", 3)]
    assert told(*life) == []


def test_effective_numbers_keep_where_they_came_from() -> None:
    name = "unit.effective_location_number_changed"
    life = [
        change(name, before="A", after="B", origins=("1", "2")),
        change(name, run=3, before="B", after="C", origins=("2", "3")),
    ]
    (found,) = fold_changes(life).changes
    assert (found.before, found.after, found.origins) == ("A", "C", ("1", "3"))


def code(verb: str, before: str | None, after: str | None, run: int = 2) -> Change:
    return change(f"classification.{verb}", "EntityType/1", run=run, before=before, after=after)


def test_codes_that_come_and_go() -> None:
    added, gone = code("code_added", None, "x"), code("code_removed", "x", None, 3)
    assert told(added, gone) == []
    assert told(added, code("text_changed", "x", "y", 3)) == [
        ("classification.code_added", None, "y")
    ]
    assert told(code("text_changed", "a", "x"), gone) == [
        ("classification.code_removed", "a", None)
    ]
    assert told(gone, code("code_added", None, "y", 4)) == [
        ("classification.text_changed", "x", "y")
    ]
