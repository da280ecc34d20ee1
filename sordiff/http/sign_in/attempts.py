"""How often something may happen: so many times a minute for each who, and no more."""

import ipaddress
import math
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

_MOST_KEPT: Final = 10_000
_WINDOW_SECONDS: Final = 60.0
_NETWORK_BITS: Final = 64


class Attempts:
    """Counts by key and minute; of more keys than it keeps, those of longest ago are forgotten."""

    def __init__(self, most: int, tick: Callable[[], float]) -> None:
        """`tick` gives seconds that only grow."""
        self._most = most
        self._tick = tick
        self._counts: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def find_pause(self, key: str) -> int:
        """For how many seconds no further one is taken; 0: the next is."""
        since, count = self._find(key)
        return math.ceil(since + _WINDOW_SECONDS - self._tick()) if count >= self._most else 0

    def note(self, key: str) -> None:
        """Count one."""
        since, count = self._find(key)
        self._counts[key] = (since, count + 1)
        self._counts.move_to_end(key)
        while len(self._counts) > _MOST_KEPT:
            self._counts.popitem(last=False)

    def _find(self, key: str) -> tuple[float, int]:
        now = self._tick()
        since, count = self._counts.get(key, (now, 0))
        return (now, 0) if now - since >= _WINDOW_SECONDS else (since, count)


def name_network(address: str) -> str:
    """Whom a limit holds for: an IPv4 address, or the network of an IPv6 address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:  # noqa: PLR2004  # the version of the protocol
        return address
    return str(ipaddress.ip_network((found, _NETWORK_BITS), strict=False))
