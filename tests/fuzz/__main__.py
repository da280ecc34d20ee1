"""`python -m tests.fuzz TARGET [FLAG…]`: let atheris look for bytes that a reader neither reads nor refuses.

It needs atheris, which `make fuzz` installs beside. FLAGs are libFuzzer's: -max_total_time=60, -runs=100000. What it finds is
written into .cache/fuzz_found; what it learns stays in .cache/fuzz_corpus.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from pathlib import Path
from typing import Final

import atheris

with atheris.instrument_imports(include=["sordiff", "csv", "tomllib"]):
    from tests.fuzz.targets import PACKAGES, TARGETS

    # What a reader imports only when it is called would be blind to the fuzzer.
    for package in PACKAGES:
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)

from tests.fuzz.seeds import list_kept, make_seeds

_CACHE: Final = Path(__file__).parents[2] / ".cache"
_WORD: Final = re.compile(rb"[A-Za-z][\w:.-]{2,60}|\d{2,20}|[0-9T:.+-]{10,40}")
_FLAGS: Final = ("-max_len=65536", "-timeout=20", "-rss_limit_mb=3000", "-print_final_stats=1")


def main() -> None:
    target, *flags = sys.argv[1:]
    corpus, found = _CACHE / "fuzz_corpus" / target, _CACHE / "fuzz_found"
    for folder in (corpus, found):
        folder.mkdir(parents=True, exist_ok=True)
    seeds = [*make_seeds(target), *list_kept(target)]
    for number, seed in enumerate(seeds):
        (corpus / f"seed-{number}").write_bytes(seed)
    words = sorted({word for seed in seeds for word in _WORD.findall(seed)})
    dictionary = corpus.with_suffix(".dict")
    dictionary.write_text("".join(f'"{word.decode()}"\n' for word in words))
    prefix = f"-artifact_prefix={found}/{target}-"
    atheris.Setup(
        ["fuzz", *_FLAGS, prefix, f"-dict={dictionary}", *flags, str(corpus)], TARGETS[target]
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
