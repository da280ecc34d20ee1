"""Where the changes of a run concentrate, by real events."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from sordiff.anomalies import Limits, facts_of_events, judge
from sordiff.anomalies.concentration import Concentration
from sordiff.anomalies.measures import MEASURES, TOTAL
from sordiff.service.reading import register_of
from tests.laws.pairs import between, read
from tests.making.plain import PlainList, PlainNumber, valid_gln
from tests.unit.facts import run
from tests.unit.small import IDS, night, unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sordiff.events import Event
    from sordiff.model import SorId
    from tests.making.plain import PlainRegister
