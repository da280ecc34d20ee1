"""`make pictures`: the pictures of README, taken of stories and of the demo as the product tells them today.

The terminal as an SVG that names no font of its own and fetches none, the pages as Chromium shows them.
"""

import io
import re
import tempfile
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from sordiff.render.language import catalogue
from sordiff.render.report.text import report_text
from sordiff.render.text.colour import Paint
from sordiff.report import Asked, Report
from sordiff.service.query.report import read_report
from sordiff.store.changelog import SqliteChangelog
from tests.browser.conftest import chromium
from tests.http.asking import serving
from tests.scenarios.telling import REASON, SCENARIOS, nights, sordiff

DEMO: Final = Path(__file__).parents[2] / "fixtures" / "demo"
PICTURES: Final = Path(__file__).parents[2] / "docs" / "pictures"
WIDTH: Final = 96
OF_THE_TERMINAL: Final = ("17-branch-names", Asked(limit=20))
OF_THE_PAGE: Final = ("10-private-actors", "3")
OF_THE_UNIT: Final = "/units/610111000016006"
THEME: Final = TerminalTheme(
    (27, 34, 39),
    (224, 228, 230),
    [
        (27, 34, 39),
        (244, 155, 145),
        (121, 207, 149),
        (226, 180, 90),
        (143, 184, 245),
        (201, 164, 239),
        (103, 201, 211),
        (224, 228, 230),
    ],
)


def recorded(story: str, folder: Path) -> Path:
    """The changelog of a story."""
    database = folder / f"{story}.db"
    told = ("--accept", "--reason", REASON, "--db", str(database))
    sordiff("ingest", *nights(SCENARIOS / story), *told, folder=SCENARIOS / story)
    return database


def record_demo(folder: Path) -> Path:
    """The changelog of the nights of the demo."""
    database = folder / "demo.db"
    told = ("--accept", "--reason", REASON, "--db", str(database))
    sordiff("ingest", *map(str, sorted(DEMO.glob("*.zip"))), *told, folder=folder)
    return database


def terminal(report: Report) -> str:
    """The report in the colours of a terminal, as an SVG."""
    language = catalogue("en")
    lines = report_text(report, language, Paint(wanted=True, width=WIDTH))
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    console.print(Text("$ sordiff report", style="bold"))
    console.print(Text.from_ansi("\n".join(lines)))
    svg = console.export_svg(title="sordiff report", theme=THEME, unique_id="sordiff")
    svg = re.sub(r"@font-face\s*\{.*?\}", "", svg, flags=re.DOTALL)
    svg = svg.replace("Fira Code", "ui-monospace, DejaVu Sans Mono")
    return re.sub(r"[ \t]+$", "", svg, flags=re.MULTILINE)


def main() -> None:
    """Take all pictures."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        story, asked = OF_THE_TERMINAL
        svg = terminal(read_report(SqliteChangelog(recorded(story, Path(folder))), asked))
        (PICTURES / "report-terminal.svg").write_text(svg, encoding="utf-8")
        story, run = OF_THE_PAGE
        page = Path(folder) / "page.html"
        told = ("--run", run, "--format", "html", "--lang", "en", "-o", str(page))
        sordiff("report", "--db", str(recorded(story, Path(folder))), *told, folder=Path(folder))
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        shown = browser.new_page(viewport={"width": 1180, "height": 1180})
        shown.goto(page.as_uri())
        shown.click("details.card summary")
        shown.mouse.move(0, 0)
        shown.screenshot(path=PICTURES / "report-page.png")
        with serving(record_demo(Path(folder))) as client:
            shown.goto(str(client.base_url.join(f"{OF_THE_UNIT}?lang=en")))
            shown.screenshot(path=PICTURES / "unit-page.png")
        browser.close()


if __name__ == "__main__":
    main()
