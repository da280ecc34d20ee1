"""`python -m tests.mutants FILE… --tests TEST…`: which small wrong changes of these modules does no test notice?"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import pytest

from tests.mutants.plugin import MutantTrier


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--tests", nargs="+", required=True)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--again", type=Path, help="only those in this report of earlier ones")
    parser.add_argument("--report", type=Path, default=Path(".cache/mutants.tsv"))
    asked = parser.parse_args()
    files = [
        path.resolve()
        for given in asked.files
        for path in (sorted(given.rglob("*.py")) if given.is_dir() else [given])
    ]
    asked.report.parent.mkdir(exist_ok=True)
    again = None if asked.again is None else set(asked.again.read_text("utf-8").splitlines())
    trier = MutantTrier(files, time.monotonic() + 60 * asked.minutes, asked.report, again)
    flags = ["-q", "-p", "no:cacheprovider", "--no-header"]
    sys.exit(pytest.main([*flags, *asked.tests], plugins=[trier]))


if __name__ == "__main__":
    main()
