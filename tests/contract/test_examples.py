"""The two examples of a mirror stand alone, and do the same with an event."""

from __future__ import annotations

from tests.scenarios.telling import ROOT


def applying(name: str) -> str:
    """What an example does with an event, as it is written."""
    text = (ROOT / "examples" / name).read_text("utf-8")
    return text[text.index("def changed(") : text.index("\n\n\n", text.index("def apply("))]


def test_both_mirrors_apply_an_event_alike() -> None:
    assert applying("http_replica.py") == applying("replica.py")
