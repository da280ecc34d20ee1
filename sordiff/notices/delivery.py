"""The result of a delivery: which notices were delivered, and what failed."""

from collections.abc import Iterable

from msgspec import Struct


class DeliveryResult(Struct, frozen=True, kw_only=True):
    """Which notices reached a receiver, and a sentence for each failure.

    `delivered` has one entry for each notice, in their order.
    """

    delivered: tuple[bool, ...]
    failures: tuple[str, ...]


def build_undelivered(count: int, failure: str) -> DeliveryResult:
    """Build the result of `count` notices that all failed for one reason."""
    return DeliveryResult(delivered=(False,) * count, failures=(failure,))


def merge_results(results: Iterable[DeliveryResult]) -> DeliveryResult:
    """Merge the results of all channels: a notice is delivered if one channel delivered it."""
    all_results = tuple(results)
    return DeliveryResult(
        delivered=tuple(
            any(channels)
            for channels in zip(*(result.delivered for result in all_results), strict=True)
        ),
        failures=tuple(failure for result in all_results for failure in result.failures),
    )
