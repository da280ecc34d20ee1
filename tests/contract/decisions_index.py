"""The index at the head of docs/decisions.md: `python -m tests.contract.decisions_index` writes it anew."""

from __future__ import annotations

import re

from tests.scenarios.telling import ROOT

DOCUMENT = ROOT / "docs" / "decisions.md"
INDEX = re.compile(
    r"(?<=<!-- index: begin, by `make docs` -->\n).*?(?=<!-- index: end -->)", re.DOTALL
)
SECTION = re.compile(r"^## (.+)\n+(?:\*(.+)\*\n)?([\s\S]*?)(?=^## |\Z)", re.MULTILINE)
TITLE = re.compile(r"^\*\*(.+?)\*\*", re.MULTILINE | re.DOTALL)


def document(text: str) -> str:
    """The page with an index of its sections and of the decisions in each."""
    entries = "\n".join(_entry(name, since, body) for name, since, body in SECTION.findall(text))
    return INDEX.sub(lambda _: f"\n{entries}\n\n", text, count=1)


def _entry(name: str, since: str, body: str) -> str:
    anchor = name.lower().replace(" ", "-")
    titles = " · ".join(" ".join(title.split()).rstrip(".") for title in TITLE.findall(body))
    return f"- [**{name}**](#{anchor}) ({since.rstrip('.').lower()}): {titles}"


if __name__ == "__main__":
    DOCUMENT.write_text(document(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
