"""A line in the log for each decision and each refused attempt: who, from where, what came of it.

Never a token, a cookie or a reason: the reason stands with the run.
"""

import json
import re
from collections.abc import Callable
from typing import Final

_PLAIN: Final = re.compile(r"[^\s\"=]+")


class AuditLog:
    """Writes lines; `clock` gives the present moment in UTC, ISO 8601."""

    def __init__(self, write: Callable[[str], None], clock: Callable[[], str]) -> None:
        self._write = write
        self._clock = clock

    def note(self, what: str, **facts: str | int) -> None:
        """What happened, with its facts; those that are empty are left out."""
        told = " ".join(f"{name}={_quote(fact)}" for name, fact in facts.items() if fact != "")
        self._write(f"{self._clock()} audit {what} {told}".rstrip())


def _quote(fact: str | int) -> str:
    text = str(fact)
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=True)
