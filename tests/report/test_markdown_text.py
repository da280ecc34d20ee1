"""Markdown says what the text says, whatever a text is, and is escaped no more than it must be."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from sordiff.render.text.markdown import escaped, line_markdown
from sordiff.render.text.rich_text import Piece
from sordiff.visible import visible

MARKDOWN = MarkdownIt("commonmark").enable(["strikethrough", "table"])
# What Markdown is made of, and some words.
NASTY = st.text(alphabet="~*_`#+-=.)(1[]|!<>&\\ :@$^'\"aÆ", max_size=14)


def rendered(markdown: str) -> str:
    return str(MARKDOWN.render(markdown)).strip()


def read(markdown: str) -> str:
    """What one reads, where there is nothing but text."""
    import html

    page = rendered(f"- {markdown}\n")
    found = re.fullmatch(r"<ul>\n<li>(.*)</li>\n</ul>", page, re.DOTALL)
    assert found is not None, page
    assert "<" not in found[1], page
    return " ".join(html.unescape(found[1]).split())


@given(NASTY)
def test_a_text_means_itself_where_a_block_begins(text: str) -> None:
    assert read(escaped(text)) == " ".join(visible(text).split())


@given(NASTY, NASTY)
def test_a_text_means_itself_behind_another(first: str, second: str) -> None:
    said = f"a {escaped(first, begins=False)} {escaped(second, begins=False)}"
    assert read(said) == " ".join(visible(f"a {first} {second}").split())


@given(st.lists(NASTY, max_size=4))
def test_pieces_mean_themselves_together(texts: list[str]) -> None:
    line = tuple(Piece(text) for text in texts)
    assert read(line_markdown(line)) == " ".join(visible("".join(texts)).split())


@pytest.mark.parametrize(
    "text", ["+3 oprettet · −45 lukket · ~2 omdøbt · ~1 ny enhedstype", "a_b", "nr. 3. marts"]
)
def test_what_is_no_markup_there_is_not_escaped(text: str) -> None:
    assert escaped(text) == text


def test_what_is_markup_there_alone_is_escaped() -> None:
    assert escaped("31. marts 2024") == "31\\. marts 2024"
    assert escaped("31. marts 2024", begins=False) == "31. marts 2024"
    assert escaped("# 1") == "\\# 1"
    assert escaped("#1") == "#1"
    assert escaped("~~a~~") == "\\~\\~a\\~\\~"


def test_a_command_is_code_and_what_could_end_it_is_not() -> None:
    command = "sordiff release 5 --reason …"
    assert line_markdown((Piece(command, "code"),)) == f"`{command}`"
    assert rendered(line_markdown((Piece("a`b", "code"),))) == "<p>a`b</p>"
    assert rendered(line_markdown((Piece(" a ", "code"),))) == "<p>a</p>"


def test_old_and_new_read_apart() -> None:
    line = (Piece("lægepraksis", "del"), Piece("almen lægepraksis", "ins"))
    assert line_markdown(line) == "~~lægepraksis~~ **almen lægepraksis**"
    assert (
        rendered(line_markdown(line))
        == "<p><s>lægepraksis</s> <strong>almen lægepraksis</strong></p>"
    )
