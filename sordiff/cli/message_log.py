"""The log of `sordiff run`: a line for each step and message, as cron and journald like it."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Final, Literal

from sordiff.cli.clock import read_clock
from sordiff.cli.streams import write_message
from sordiff.visible import visible

Level = Literal["info", "warning", "error"]

_PLAIN: Final = re.compile(r"[^\s\"=]+")


class LogFormat(StrEnum):
    """How a line is written."""

    TEXT = "text"
    JSON = "json"


class MessageLog:
    """Lines on stderr, each with its time in UTC, its level and its step."""

    def __init__(self, output: LogFormat) -> None:
        """The first step is the call itself."""
        self._output = output
        self._step = "run"
        self._began = time.monotonic()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """What is noted in the block belongs to this step, and its seconds are counted anew."""
        before = (self._step, self._began)
        self._step, self._began = name, time.monotonic()
        try:
            yield
        finally:
            self._step, self._began = before

    def note_done(self, **facts: str | int | None) -> None:
        """That the step was done, or a part of it: what came of it, and how long it took."""
        seconds = round(time.monotonic() - self._began, 3)
        self._write("info", {**facts, "seconds": seconds})

    def note_message(self, level: Level, message: str) -> None:
        """A message for people, in their language."""
        self._write(level, {"message": message})

    def _write(self, level: Level, facts: dict[str, str | int | float | None]) -> None:
        line: dict[str, str | int | float | None] = {
            "time": read_clock(),
            "level": level,
            "step": self._step,
            **{name: fact for name, fact in facts.items() if fact is not None},
        }
        write_message(f"{self._format(line)}\n")

    def _format(self, line: dict[str, str | int | float | None]) -> str:
        if self._output is LogFormat.JSON:
            return json.dumps(line, ensure_ascii=True)
        at, level, step, *_ = line.values()
        facts = " ".join(f"{name}={_quoted(line[name])}" for name in list(line)[3:])
        return visible(f"{at} {level} {step} {facts}")


def _quoted(value: str | float | None) -> str:
    text = str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
