"""Whether a notice was delivered, for people."""

from collections.abc import Iterator, Mapping

from sordiff.render.language import Catalogue


def delivery_lines(delivered: Mapping[str, bool], texts: Catalogue) -> Iterator[str]:
    """A line for each way in which notices are sent."""
    for way, is_delivered in delivered.items():
        outcome = "notices.delivered" if is_delivered else "notices.undelivered"
        yield texts.say(outcome, way=texts.text(f"notices.{way}"))
