"""Measure the report page of the April night: `python -m benchmarks.page [CHANGES]`.

Writes the page with so many changes (60,000), opens it from a file in Chromium, and prints its
size, the time of writing, the time to the first paint, and the time of each filter, from the key
stroke to the next frame. Each is the best of five: other work on the machine only adds time.
"""

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from sordiff.render.report.html import report_html
from tests.browser.conftest import chromium
from tests.browser.making import april

TIMES = 5
FILTERS = (
    ("search", "østergaard"),
    ("search", "østergaard skive"),
    ("search", "600000001200010"),
    ("search", ""),
    ("owner", "møller"),
    ("owner", ""),
    ("region", "2"),
    ("region", ""),
)
_FILTERED = """async ([id, value]) => {
  const field = document.getElementById(id), said = document.getElementById("shown");
  const began = performance.now();
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await new Promise((done) => new MutationObserver((_, observer) => {
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(done));
  }).observe(said, { childList: true, characterData: true, subtree: true }));
  return performance.now() - began;
}"""
_SORTED = """async () => {
  const card = document.querySelector("details.card");
  card.open = true;
  await new Promise((done) => setTimeout(done, 300));
  const began = performance.now();
  card.querySelector("thead button").click();
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - began;
}"""


def measure_page(page: Page, address: str) -> dict[str, float]:
    """One opening: seconds to the first paint and to the end of loading, and for each filter."""
    page.goto(address)
    paints: list[dict[str, Any]] = page.evaluate(
        "performance.getEntriesByType('paint').map((one) => one.toJSON())"
    )
    loaded = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    found = {
        "first paint": max(paint["startTime"] for paint in paints) / 1000,
        "ready": loaded / 1000,
    }
    page.wait_for_timeout(1500)
    for field, value in FILTERS:
        told = f"filter: {field} {value}".rstrip() if value else f"filter: no {field}"
        found[told] = page.evaluate(_FILTERED, [field, value]) / 1000
    found["sort the largest group"] = page.evaluate(_SORTED) / 1000
    return found


def main() -> None:
    """Measure and say."""
    changes = int(sys.argv[1]) if len(sys.argv) > 1 else 60_000
    report = april(changes)
    began = time.perf_counter()
    html = report_html(report, "da")
    print(f"{changes:,} changes: {len(html) / 1e6:.1f} MB", end="")
    print(f", written in {time.perf_counter() - began:.1f} s")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "page.html"
        file.write_bytes(html)
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        runs = [measure_page(browser.new_page(), file.as_uri()) for _ in range(TIMES)]
        browser.close()
    for name in runs[0]:
        seconds = sorted(run[name] for run in runs)
        print(f"{name:32} {seconds[0]:6.3f} s  (slowest {seconds[-1]:.3f} s)")


if __name__ == "__main__":
    main()
