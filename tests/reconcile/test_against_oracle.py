"""Every line of random lists over random nights has the verdict that the oracle gives."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

import pytest

from sordiff.reconcile.identifiers import ColumnKind
from sordiff.reconcile.table import Table, TableRow
from sordiff.service.reconcile.reconcile import reconcile
from sordiff.store.changelog import SqliteChangelog
from tests.looking.recording import recorded
from tests.making.growing import random_register
from tests.making.nights import random_night
from tests.making.plain import valid_gln, valid_sor_id
from tests.reconcile.oracle import Oracle

if TYPE_CHECKING:
    from tests.looking.recording import Told

# More of both, to be sure: SORDIFF_LIST_REGISTERS=200 SORDIFF_LIST_NIGHTS=20.
REGISTERS = int(os.environ.get("SORDIFF_LIST_REGISTERS", "6"))
NIGHTS = int(os.environ.get("SORDIFF_LIST_NIGHTS", "6"))
COLUMNS = {"SOR": ColumnKind.SOR_ID, "GLN": ColumnKind.LOCATION_NUMBER}


def random_list(rng: random.Random, told: list[Told]) -> Table:
    """Every unit and number that ever was, alone and in pairs, with some that never were."""
    units = sorted({one for night in told for one in night.register.units})
    numbers = sorted({one for night in told for one in night.register.numbers()})
    ids = [*units, valid_sor_id(99), "1234100001600" + "0", *units[:3]]
    glns = [one for one in [*numbers, valid_gln(99), "5790000000000"] if len(one) == 13]
    lines = [(one, "") for one in ids] + [("", one) for one in glns]
    lines += [(rng.choice(ids), rng.choice(glns)) for _ in range(2 * len(ids))]
    # Pairs that once belonged together are the ones that may no longer do so.
    for night in told:
        register = night.register
        for unit in register.units.values():
            number = register.effective_number(unit)
            if number in glns:
                lines.append((unit.sor_id, str(number)))
    rows = tuple(TableRow(line, cells) for line, cells in enumerate(dict.fromkeys(lines), start=2))
    return Table(name="list", columns=tuple(COLUMNS), rows=rows)


@pytest.mark.parametrize("seed", range(REGISTERS))
def test_every_verdict_is_the_oracles(seed: int) -> None:
    rng = random.Random(f"lists {seed}")
    chain = [random_register(rng, units=rng.randint(8, 30))]
    for _ in range(NIGHTS - 1):
        chain.append(random_night(rng, chain[-1], intensity=14))
    with recorded(chain, [2] * NIGHTS, [False] * NIGHTS) as (database, told):
        table = random_list(rng, told)
        assert len(table.rows) > 20
        for until in {len(told), rng.randint(1, len(told))}:
            if until < len(told) and told[until].register.day == told[until - 1].register.day:
                continue  # a day that was issued again is asked for by its last run
            oracle = Oracle([night.register for night in told[:until]])
            found = reconcile(
                SqliteChangelog(database), table, given=dict(COLUMNS), as_of=oracle.day
            )
            for row, judged in zip(table.rows, found.told.rows, strict=True):
                assert judged.verdict == oracle.of_line(*row.cells), (row, judged, oracle.day)
