"""The morning of a held night, in Chromium from beginning to end: seen, understood, looked into, released; the subscribers get it."""

from __future__ import annotations

import itertools
import threading
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

import httpx
import pytest
from httpx_sse import connect_sse

from sordiff.service.ingest.read_snapshot import read_with_settings
from sordiff.settings import Settings
from sordiff.snapshot import ReadOptions
from tests.browser.test_access import faults
from tests.browser.test_site import DESK, PHONE, visiting
from tests.cli.calling import events
from tests.http.holding import NIGHTS, SETTINGS, Held, copy_held
from tests.http.serve_process import ServeProcess
from tests.http.test_webhooks import await_until
from tests.http.webhook_receiver import SECRET, Receiver
from tests.kafka.replicas import OVER_HTTP, Replica

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

WHY = "Varslet i nyhedsbrevet den 5. marts."
HOOK = """decide = true
[serve.webhooks.clinic]
url = "{url}"
secret_env = "CLINIC_SECRET"
"""


@pytest.fixture
def held(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Held:
    return copy_held(tmp_path_factory, tmp_path)


def streamed(address: str, seen: list[str], heard: threading.Event) -> None:
    """The ids of all 46 events, as a client of server-sent events takes them."""
    with (
        suppress(httpx.HTTPError),  # the server ends before, where the test fails
        httpx.Client(timeout=120, trust_env=False) as client,
        connect_sse(client, "GET", f"{address}/v1/stream") as source,
    ):
        for event in itertools.islice(source.iter_sse(), 46):
            seen.append(event.id)
            if len(seen) == 13:
                heard.set()


def look_at_three_units(page: Page) -> list[str]:
    """From the samples to the pages of units and back."""
    from playwright.sync_api import expect

    names = []
    for sample in ("Omdøbt", "Flyttet", "Enhedstype skiftet"):
        panel = page.locator(".samples section", has=page.get_by_role("heading", name=sample))
        panel.locator("a[href^='/units/']").first.click()
        expect(page.locator("h1")).to_be_visible()
        names.append(page.locator("h1").inner_text())
        page.go_back()
    return names


def test_the_morning_of_a_held_night(browser: Browser, held: Held) -> None:
    from playwright.sync_api import expect

    seen: list[str] = []
    heard = threading.Event()
    config = held.folder / "sordiff.toml"
    with Receiver() as clinic, ExitStack() as stack:
        config.write_text(SETTINGS.format(folder=held.folder, serve=HOOK.format(url=clinic.url)))
        server = stack.enter_context(ServeProcess(held.folder, CLINIC_SECRET=SECRET))
        replica = Replica(server.address, held.folder / "mirror.db", script=OVER_HTTP)
        streaming = threading.Thread(target=streamed, args=(server.address, seen, heard))
        streaming.start()
        try:
            # All subscribers have what was accepted before, and nothing of the held night.
            replica.await_units(_read(1).__eq__)
            assert heard.wait(120)
            await_until(lambda: len(clinic.ids()) == 13)

            with visiting(browser, f"{server.address}/", viewport=DESK) as found:
                page = found.page
                expect(page.locator(".alert.held")).to_contain_text("venter på en afgørelse")
                page.locator(".waits .onward a").click()
                expect(page.locator("#unusual-heading + .alert")).to_contain_text("2 omdøbte")
                page.locator("main").get_by_role("link", name="Log ind").click()
                # By keyboard alone, from here to the end of signing in.
                page.get_by_label("Adgangsnøgle").focus()
                page.keyboard.insert_text(held.decide)
                page.keyboard.press("Tab")
                page.keyboard.press("Enter")
                page.wait_for_url("**/nights/3/decide")
                assert look_at_three_units(page) == [
                    "Lægehuset Strandkær",
                    "Lægehuset Strandkær",
                    "Akutmodtagelsen",
                ]
                release = page.get_by_role("form", name="Frigiv kørslen")
                expect(release).to_contain_text("alle abonnenter får dem")
                assert faults(found) == []
                assert len(clinic.ids()) == len(seen) == 13
                release.get_by_label("Begrundelse").fill(WHY)
                page.keyboard.press("Tab")
                page.keyboard.press("Enter")
                expect(page.get_by_role("status")).to_contain_text("Kørsel 3 er frigivet")
                expect(page.get_by_role("status")).to_contain_text(WHY)
                assert found.complaints == []

            await_until(lambda: len(clinic.ids()) == 46)
            replica.await_units(_read(2).__eq__)
            streaming.join(120)
            told = events(held.folder)
            assert clinic.taken == told
            assert seen == [event["sequence"] for event in told]
            said = server.said()
            assert 'audit release run=3 outcome=done by="decide-r (token)"' in said
            assert held.decide not in said
            assert server.end() == 0
        finally:
            replica.kill()
            server.kill()
            streaming.join(120)


def _read(night: int) -> object:
    return read_with_settings(NIGHTS[night], Settings(), ReadOptions()).units


def test_the_pages_of_deciding_are_for_everybody(browser: Browser, held: Held) -> None:
    """On a telephone, in the dark, without JavaScript, in English, by keyboard and for a screen reader."""
    with held.deciding() as client:
        address = str(client.base_url).rstrip("/")
        phone = {"viewport": PHONE, "color_scheme": "dark", "locale": "en"}
        width = "document.documentElement.scrollWidth"
        with visiting(browser, f"{address}/sign-in", **phone) as found:
            found.page.get_by_label("Token").fill("wrong")
            found.page.get_by_role("button", name="Sign in").click()
            assert "not known" in found.page.get_by_role("alert").inner_text()
            assert faults(found) == []
        without = {**phone, "java_script_enabled": False}
        with visiting(browser, f"{address}/sign-in?next=/nights/3/decide", **without) as found:
            page = found.page
            page.get_by_label("Token").fill(held.decide)
            page.get_by_role("button", name="Sign in").click()
            page.get_by_label("Reason").last.fill("The wrong file.")
            assert page.evaluate(width) <= PHONE["width"]
            page.get_by_role("button", name="Reject the run").click()
            assert "Run 3 is rejected" in page.get_by_role("status").inner_text()
            assert page.get_by_role("button", name="Reject the run").count() == 0
            page.goto(f"{address}/nights/2/decide")
            page.get_by_text("This run was wrong").click()
            assert page.get_by_label("The snapshot that is right").input_value() == "1"
            page.goto(f"{address}/sign-in")
            page.get_by_role("button", name="Sign out").click()
            page.goto(f"{address}/nights/2/decide")
            assert page.get_by_role("button", name="Correct the run").count() == 0
