"""The report of a year of 270 changes a night, by both builds: its text, its page, and the page in a browser."""

from __future__ import annotations

import subprocess
from datetime import date, timedelta
from pathlib import Path

from .builds import Build
from .processes import BenchmarkError, Command, print_progress, time_command
from .results import Row
from .rows import Bench
from .timed_rows import Target, build_share_row

_NIGHTS = 365
_FIRST = date(2014, 1, 1)
_MAKE = """
import sys
from pathlib import Path
from benchmarks import ten_years
ten_years.NIGHTS = int(sys.argv[1])
ten_years.make(Path(sys.argv[2]))
"""
_MOST_MEGABYTES = 6
_MOST_SECONDS = 0.3
_OPENINGS = 5
# What the browser needs before any page is painted, with this load of the machine.
_EMPTY = "<!DOCTYPE html><title>empty</title><p>Nothing."
_PAINTED = """() => new Promise((done) => new PerformanceObserver((list) => {
  const found = list.getEntriesByName("first-contentful-paint");
  if (found.length) done(found[0].startTime);
}).observe({ type: "paint", buffered: true }))"""


def measure_report(bench: Bench) -> list[Row]:
    """Time text and page, by both builds in turns."""
    kinds = (("text", "report of a year, text"), ("html", "report of a year, page"))
    builds = (bench.builds.now, bench.builds.before)
    commands = [_report(bench, build, kind) for kind, _ in kinds for build in builds]
    taken = bench.medians(bench.rounds, *commands)
    return [
        build_share_row(Target("report", what, 0.4), taken[2 * place], taken[2 * place + 1])
        for place, (_, what) in enumerate(kinds)
    ]


def measure_page(bench: Bench) -> list[Row]:
    """Write the page of a year, and open it in Chromium."""
    command = _report(bench, bench.builds.now, "html")
    time_command(command)
    size = command.output.stat().st_size / 1e6
    rows = [
        Row(
            name="page",
            what="page of a year, size",
            measured=f"{size:.1f} MB",
            beside="",
            target=f"≤ {_MOST_MEGABYTES} MB",
            met=size <= _MOST_MEGABYTES,
        )
    ]
    empty = bench.nights.directory / "empty.html"
    empty.write_text(_EMPTY, encoding="utf-8")
    paints, of_empty = map(sorted, _time_paints(command.output, empty))
    if paints:
        paint = paints[len(paints) // 2]
        rows.append(
            Row(
                name="page",
                what="page of a year, first paint",
                measured=f"{paint:.2f} s",
                beside=f"{paints[0]:.2f} to {paints[-1]:.2f} s; an empty page"
                f" {of_empty[len(of_empty) // 2]:.2f} s",
                target=f"≤ {_MOST_SECONDS} s",
                met=paint <= _MOST_SECONDS,
            )
        )
    return rows


def _report(bench: Bench, build: Build, kind: str) -> Command:
    last = _FIRST + timedelta(days=_NIGHTS)
    since = (last - timedelta(days=_NIGHTS - 1)).isoformat()
    changelog = _make_year(bench.nights.directory, build)
    words = ("report", "--db", str(changelog), "--since", since, "--format", kind)
    output = bench.nights.directory / f"year-{build.name}.{kind}"
    return Command(words=(build.sordiff, *words), output=output, directory=changelog.parent)


def _make_year(directory: Path, build: Build) -> Path:
    """A changelog of a year, made by the build that reads it."""
    changelog = directory / f"year.{build.name}.db"
    if not changelog.exists():
        print_progress(f"making {changelog.name}")
        ended = subprocess.run(
            (str(build.python), "-c", _MAKE, str(_NIGHTS), str(changelog)),
            check=False,
            cwd=build.folder,
            stdout=subprocess.DEVNULL,
        )
        if ended.returncode:
            raise BenchmarkError(f"{changelog} could not be made")
    return changelog


def _time_paints(*pages: Path) -> list[list[float]]:
    """Seconds to the first paint, of each opening of each page in turns; none without a browser."""
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import chromium

    found: list[list[float]] = [[] for _ in pages]
    path = chromium()
    if path is None:
        print_progress("no Chromium here: the first paint is not measured")
        return found
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for _ in range(_OPENINGS):
            for times, page in zip(found, pages, strict=True):
                opened = browser.new_page()
                opened.goto(page.as_uri())
                times.append(float(opened.evaluate(_PAINTED)) / 1000)
                opened.close()
        browser.close()
    return found
