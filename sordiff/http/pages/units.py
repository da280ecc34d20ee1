"""The pages of units, location numbers, searches and the tree."""

from typing import Final

from msgspec import UnsetType

from sordiff.changelog import ServedChangelog
from sordiff.http.answer import Answer
from sordiff.http.pages.links import link_known
from sordiff.http.pages.page import HTML, Asked, build_page
from sordiff.http.pages.questions import read_day, read_id, read_number
from sordiff.http.request_reader import RequestReader
from sordiff.model import Gln
from sordiff.render.commands.rows import named
from sordiff.render.commands.shown_rows import describe_number_block
from sordiff.render.pages.life_page import LifeDay, list_life_days
from sordiff.render.pages.site import render_page
from sordiff.render.pages.unit_page import build_unit_view
from sordiff.render.reconcile.phrases import ListPhrases
from sordiff.report.lookup_results import ShownAbsence, ShownUnit
from sordiff.report.page_results import UnitPage
from sordiff.service.query.register_pages import (
    CHILDREN_SHOWN,
    OWNERS_SHOWN,
    read_number_page,
    read_tree,
    read_unit_page,
    search_register,
)

_CANDIDATES: Final = 8
_RESULTS: Final = 50
_LARGEST_SKIP: Final = 10**7


async def answer_unit(reader: RequestReader, asked: Asked) -> Answer:
    """A unit, as it stands or as it was on a day."""
    sor_id, day = read_id(asked.path["id"]), read_day(asked, "as_of")

    def write(page: UnitPage) -> bytes:
        life = list_life_days(page.life, asked.visit.words) if page.life else ()
        if isinstance(page.shown, ShownUnit):
            return _write_unit(page, page.shown, asked, life)
        return _write_absence(page.shown, asked, life)

    def read(changelog: ServedChangelog) -> Answer:
        page = read_unit_page(changelog, reader.index, sor_id, day)
        return build_page(link_known(write(page), changelog))

    # Of a unit that closed, a successor is looked for, which takes its time.
    key = (asked.key, reader.index.read_mark())
    return await reader.read_once(key, read)


async def answer_number(reader: RequestReader, asked: Asked) -> Answer:
    """A location number: who has it, who had it, who inherits it."""
    number = Gln(read_id(asked.path["gln"]))
    words = asked.visit.words

    def read(changelog: ServedChangelog) -> bytes:
        page = read_number_page(changelog, reader.index, number)
        owners = [
            (owner, tuple(describe_number_block(owner.block, page.shown.codes, words)))
            for owner in page.shown.state.owners
        ]
        return render_page(
            "number.html.jinja",
            asked.visit,
            page=page,
            shown=page.shown,
            owners=owners,
            life_days=list_life_days(page.life, words) if page.life else (),
        )

    return build_page(await reader.read(lambda found: link_known(read(found), found)))


async def answer_search(reader: RequestReader, asked: Asked) -> Answer:
    """What fits a text, as a page: also without JavaScript."""
    text = asked.query.get("q", "").strip()

    def read(changelog: ServedChangelog) -> bytes:
        found = search_register(changelog, reader.index, text, _RESULTS) if text else None
        return render_page("search.html.jinja", asked.visit, result=found)

    return build_page(await reader.read(read))


async def answer_candidates(reader: RequestReader, asked: Asked) -> Answer:
    """What fits a text, as the part of a page that stands below the field."""
    text = asked.query.get("q", "").strip()

    def read(changelog: ServedChangelog) -> bytes:
        found = search_register(changelog, reader.index, text, _CANDIDATES)
        return render_page("candidates.html.jinja", asked.visit, result=found)

    return Answer(body=await reader.read(read), media_type=HTML)


async def answer_tree(reader: RequestReader, asked: Asked) -> Answer:
    """The owners, or what is right below a unit."""
    sor_id = read_id(asked.path["id"]) if "id" in asked.path else None
    skip = read_number(asked.query.get("skip", "0"), _LARGEST_SKIP)

    def read(changelog: ServedChangelog) -> bytes:
        level = read_tree(changelog, reader.index, sor_id, skip)
        most = OWNERS_SHOWN if sor_id is None else CHILDREN_SHOWN
        return render_page("tree.html.jinja", asked.visit, level=level, most=most)

    return build_page(await reader.read(read))


def _write_unit(page: UnitPage, shown: ShownUnit, asked: Asked, life: tuple[LifeDay, ...]) -> bytes:
    state = shown.state
    number = state.effective_location_number
    names = {step.id: step.name or step.id for step in state.path}
    return render_page(
        "unit.html.jinja",
        asked.visit,
        page=page,
        shown=shown,
        unit=state.unit,
        view=build_unit_view(shown, asked.visit.words),
        effective=number,
        source_name=names.get(number.from_unit, number.from_unit) if number else "",
        life_days=life,
    )


def _write_absence(shown: ShownAbsence, asked: Asked, life: tuple[LifeDay, ...]) -> bytes:
    words = asked.visit.words
    told = words.say(
        f"look.absent.{shown.why}",
        unit=named(shown.name, shown.id),
        day=words.day(shown.since.day),
        run=str(shown.since.run),
    )
    successor = (
        ""
        if isinstance(shown.successor, UnsetType)
        else ListPhrases(words).suggestion(shown.successor)
    )
    return render_page(
        "absent.html.jinja",
        asked.visit,
        shown=shown,
        told=told,
        successor=successor,
        life_days=life,
    )
