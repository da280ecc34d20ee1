"""What the units of a snapshot say by themselves, looked at while they are read.

The coverage and the findings of a single unit depend on no other unit. Of a first night all are
wanted: each process of the fast road looks at the units that it reads.
"""

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from sordiff.coverage import CarrierCounter
from sordiff.findings import Finding, find_own_findings
from sordiff.model import Kind, Unit


class OwnFacts(Struct, frozen=True, array_like=True):
    """How many units carry each path, by kind; and the findings of their own, in no order."""

    carriers: list[tuple[str, Kind, int]]
    findings: list[Finding]

    def count_carriers(self) -> Counter[tuple[str, Kind]]:
        """The carriers by path and kind."""
        found: Counter[tuple[str, Kind]] = Counter()
        for path, kind, count in self.carriers:
            found[path, kind] += count
        return found

    def join(self, other: "OwnFacts") -> "OwnFacts":
        """Those of the units of both."""
        return OwnFacts([*self.carriers, *other.carriers], [*self.findings, *other.findings])


class OwnLook:
    """Looks at units, some at a time."""

    def __init__(self) -> None:
        """Nothing is looked at yet."""
        self._carriers = CarrierCounter()
        self._findings: list[Finding] = []

    def add(self, units: Iterable[Unit]) -> None:
        """Look at these."""
        units = [*units]
        self._carriers.add(units)
        self._findings.extend(find_own_findings(units))

    def tell(self) -> OwnFacts:
        """What was found in all of them."""
        counted = self._carriers.count().items()
        return OwnFacts([(path, kind, count) for (path, kind), count in counted], self._findings)
