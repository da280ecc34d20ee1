"""What the whole session shares: the broker of the tests of Kafka, the marks and the order of the tests."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest

from tests.kafka.session import BrokerOfSession
from tests.marks import set_marks, turn
from tests.temporary_files import write_into_memory

# Each look for garbage takes as long as there are objects, and Python's 700 are for programs of a few megabytes.
_OBJECTS_BEFORE_A_LOOK: Final = 10_000


def pytest_configure(config: pytest.Config) -> None:
    # The workers of xdist have that of the terminal, by which the product would break its lines.
    os.environ.pop("COLUMNS", None)
    gc.disable()  # until all is collected: next to nothing of it is garbage
    _keep_bytecode()
    _hear_ctrl_c()
    if hasattr(config, "workerinput") or config.getoption("dist", "no") == "no":
        _give_hypothesis_time()
    write_into_memory()
    config.pluginmanager.register(BrokerOfSession(config=config), "sordiff-broker")
    measuring = config.pluginmanager.getplugin("_cov")
    if measuring is not None and hasattr(config, "workerinput"):
        # pytest-cov begins to measure twice in a worker, and pauses the second alone where it shall not measure.
        measuring.cov_controller.cov.stop()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    folder = config.rootpath / "tests"
    for item in items:
        set_marks(item)
    items.sort(key=lambda item: turn(item, folder))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    with _without_the_loop_of_the_browser(item):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    with _without_the_loop_of_the_browser(item):
        return (yield)


@contextmanager
def _without_the_loop_of_the_browser(item: pytest.Item) -> Iterator[None]:
    """Playwright's loop counts as running in this thread until its browser is closed: no other could begin."""
    loop = None if item.get_closest_marker("browser") else asyncio._get_running_loop()
    if loop is None:
        yield
        return
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(loop)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """What six thousand tests are made of stays to the end: no look for garbage needs to go through it again."""
    gc.freeze()
    gc.enable()
    gc.set_threshold(_OBJECTS_BEFORE_A_LOOK, 10, 10)


def _keep_bytecode() -> None:
    """Compile each module once, not once in each worker and in each process that a test starts.

    Images of containers often forbid it: then every call of the product compiles the whole product.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def _hear_ctrl_c() -> None:
    """A shell that starts the session in the background has it pass over Ctrl-C, and all that the tests start, too."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _give_hypothesis_time() -> None:
    """On a busy machine one example may take its time, to be made as to be tried, and that is no fault."""
    from hypothesis import (
        HealthCheck,
        settings,
    )  # not before bytecode is kept: pytest compiles it as it does tests

    settings.register_profile(
        "patient",
        parent=settings.default,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("patient")
