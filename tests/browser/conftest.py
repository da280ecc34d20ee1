"""A real Chromium, and pages opened in it from a file, with everything they ask for or complain of."""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import (
        Browser,
        ConsoleMessage,
        Dialog,
        Error,
        Page,
        Request,
        ViewportSize,
    )

# A group draws its rows when it hears that it was opened, which is a moment later.
_DRAWN = """[...document.querySelectorAll("details[data-part][open]")].every(
  (group) => group.hidden || group.querySelector(".list table"))"""
# Clicked by the page itself: for each click of a person's the browser lays out and draws the page three times.
_SHOW_EVERY_ROW = """(() => {
  const more = [...document.querySelectorAll("[data-step=every]")].filter((one) => one.checkVisibility());
  more.forEach((one) => one.click());
  return more.length;
})()"""
# What a page can be told after it was made, and what it is told where a test says nothing.
_CHANGED_LATER = {"viewport", "color_scheme"}
_VIEWPORT: ViewportSize = {"width": 1280, "height": 720}
NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """Where the system has its Chromium."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium: `make browser` must have installed one")
        pytest.skip("NO CHROMIUM HERE, THE PAGE IS NOT TESTED: run `make browser`")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # Root may have no sandbox, a small /dev/shm is no reason to fail, and nobody looks at it.
        launched = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )
        yield launched
        launched.close()


@dataclass
class Opened:
    """A page, what it asked for beside its own file, and what it complained of."""

    page: Page
    address: str
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def listen(self) -> None:
        """Hear what the page asks for and complains of."""
        self.page.on("request", self._on_request)
        self.page.on("console", self._on_console)
        self.page.on("pageerror", self._on_error)
        self.page.on("dialog", self._on_dialog)

    def ignore(self) -> None:
        """Hear nothing any more."""
        self.page.remove_listener("request", self._on_request)
        self.page.remove_listener("console", self._on_console)
        self.page.remove_listener("pageerror", self._on_error)
        self.page.remove_listener("dialog", self._on_dialog)

    def _on_request(self, request: Request) -> None:
        if request.url != self.address:
            self.asked.append(request.url)

    def _on_console(self, said: ConsoleMessage) -> None:
        if said.type in {"error", "warning"}:
            self.complaints.append(said.text)

    def _on_error(self, error: Error) -> None:
        self.complaints.append(str(error))

    def _on_dialog(self, dialog: Dialog) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def drawn(self) -> list[int]:
        """The places in Report.changes of the rows that are drawn, as they stand on the page."""
        keys: list[str] = self.page.locator("table.rows tbody tr").evaluate_all(
            "rows => rows.filter((row) => row.checkVisibility()).map((row) => row.dataset.k)"
        )
        return [int(key.split(" ")[3]) for key in keys]

    def unfold(self) -> None:
        """Open every group and show every row."""
        self.page.evaluate(
            "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
        )
        while not self.page.evaluate(_DRAWN):
            self.page.wait_for_timeout(20)
        while self.page.evaluate(_SHOW_EVERY_ROW):
            self.page.wait_for_timeout(20)

    def until(self, text: str) -> None:
        """Wait until this is said of how many rows are shown."""
        from playwright.sync_api import expect

        expect(self.page.locator("#shown")).to_contain_text(text, timeout=10_000)

    def told(self) -> str:
        """What is said of how many rows are shown."""
        return self.page.locator("#shown").inner_text()


@pytest.fixture(scope="session")
def usual_page(browser: Browser) -> Iterator[Page]:
    """The page in which most tests open theirs: another one takes the browser longer than the test."""
    with closing(browser.new_context()) as context:
        yield context.new_page()


@pytest.fixture
def opened(browser: Browser, usual_page: Page, tmp_path: Path) -> Iterator[Callable[..., Opened]]:
    """Open a page that was written to a file; what else is said goes to the browser's context."""
    with ExitStack() as stack:
        files: list[Path] = []

        def open_page(html: str, **context: Any) -> Opened:
            files.append(tmp_path / f"page-{len(files)}.html")
            files[-1].write_text(html, encoding="utf-8")
            if len(files) == 1 and context.keys() <= _CHANGED_LATER:
                page = stack.enter_context(_prepared(usual_page, **context))
            else:
                page = stack.enter_context(closing(browser.new_context(**context))).new_page()
            found = Opened(page, files[-1].as_uri())
            found.listen()
            stack.callback(found.ignore)
            found.page.goto(found.address)
            return found

        yield open_page


@contextmanager
def _prepared(
    page: Page,
    *,
    viewport: ViewportSize | None = None,
    color_scheme: Literal["light", "dark"] = "light",
) -> Iterator[Page]:
    """As new, and afterwards again without what was kept in it."""
    page.set_viewport_size(viewport or _VIEWPORT)
    page.emulate_media(color_scheme=color_scheme, media="null")
    page.mouse.move(0, 0)
    yield page
    page.evaluate("localStorage.clear(); sessionStorage.clear();")
