"""A pair of snapshots of full size: `python -m benchmarks.full_size OLD.xml NEW.xml --changes 300`.

Both nights come of one seed, tree by tree, so that no more than a tree is in memory; NEW is OLD
one night later. What was made is printed as JSON: units, bytes, and the events to come of it.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import re
import shutil
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from .invented_register import NEW_DATE, OLD_DATE, TreeBuilder, Unit, plan_trees
from .night_changes import NightChanges, let_dates_pass
from .snapshot_text import TAIL, write_header, write_unit

_A_DATE_PASSES_IN = 10_000  # units
_CREATED_AT_ONCE = (3, 4, 5)
_LINES = re.compile(r"\n\t*")


@dataclass(frozen=True, kw_only=True)
class Options:
    """What pair is wanted.

    scale: 1 is the real register's size. created: so many units in new private trees.
    """

    scale: float = 1.0
    changes: int = 300
    created: int = 0
    seed: int = 1
    indent: bool = True


@dataclass(frozen=True, kw_only=True)
class Made:
    """What was made, how many units were changed, and the events that must come of it."""

    old_units: int
    new_units: int
    old_bytes: int
    new_bytes: int
    changed: int
    events: dict[str, int]


class _File:
    """One of the two files, and its size."""

    def __init__(self, out: IO[bytes], *, indent: bool) -> None:
        self.out, self.indent, self.size, self.units = out, indent, 0, 0

    def write(self, text: str) -> None:
        data = (text if self.indent else _LINES.sub("", text)).encode()
        self.size += len(data)
        self.out.write(data)


def make_pair(old_path: Path, new_path: Path, options: Options) -> Made:
    """Write both nights. The same options give the same bytes."""
    with old_path.open("wb", 1 << 20) as old_out, new_path.open("wb", 1 << 20) as new_out:
        maker = _Maker(options)
        old = _File(old_out, indent=options.indent)
        new = _File(new_out, indent=options.indent)
        old.write(write_header(OLD_DATE))
        new.write(write_header(NEW_DATE))
        for before, after in maker.trees():
            old.write(before)
            new.write(after)
        old.write(TAIL)
        new.write(TAIL)
    return Made(
        old_units=maker.total,
        new_units=maker.units,
        old_bytes=old.size,
        new_bytes=new.size,
        changed=maker.night.changed,
        events=dict(sorted((+maker.events).items())),
    )


class _Maker:
    """Makes the trees of both nights in the order of the files."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.plan = plan_trees(options.scale, options.seed)
        self.total = sum(size for _, size in self.plan)
        rng = random.Random(f"{options.seed} night {options.changes} {options.created}")
        self.created = _created_sizes(rng, options.created)
        self.night = NightChanges(rng, self.total + options.created)
        self.events = self.night.events
        self.units = 0
        self._serial = self.total

    def trees(self) -> Iterator[tuple[str, str]]:
        """Each tree as it is in OLD and in NEW; a new one is empty in OLD."""
        options, night = self.options, self.night
        passing = self._spread(
            random.Random(f"{options.seed} passing"), max(3, self.total // _A_DATE_PASSES_IN)
        )
        changes = self._spread(night.rng, options.changes)
        serial = late = left = 0
        for index, (shape, size) in enumerate(self.plan):
            grower = TreeBuilder(f"{options.seed} {index}", serial)
            owner = grower.build_tree(shape, size)
            serial += size
            late = let_dates_pass(owner, grower.rng, passing[index] + late, self.events)
            before = write_unit(owner)
            night.is_last = index == len(self.plan) - 1
            left = night.change(owner, changes[index] + left)
            yield before, self._counted(owner)
            yield from self._new_trees((index + 1) / len(self.plan))
        if left:
            message = f"{options.changes} changes are too many for {self.total} units"
            raise ValueError(message)

    def _spread(self, rng: random.Random, number: int) -> Counter[int]:
        """So many things by the number of the tree, in proportion to its units."""
        ends = list(itertools.accumulate(size for _, size in self.plan))
        return Counter(rng.choices(range(len(ends)), cum_weights=ends, k=number))

    def _new_trees(self, share: float) -> Iterator[tuple[str, str]]:
        """The created trees that are due when this share of the file is written."""
        due = round(self.options.created * share)
        while self.created and self._serial - self.total < due:
            size = self.created.pop()
            grower = TreeBuilder(
                f"{self.options.seed} created {self._serial}", self._serial, new=True
            )
            owner = grower.build_tree("private", size)
            self._serial += size
            self.events["unit.created"] += size
            numbers = sum(unit.number is not None for unit in owner.below())
            self.events["location_number.assigned"] += numbers
            yield "", self._counted(owner)

    def _counted(self, owner: Unit) -> str:
        self.units += len(owner.below())
        return write_unit(owner)


def _created_sizes(rng: random.Random, units: int) -> list[int]:
    """Sizes of private trees that make so many units together."""
    sizes = []
    while units:
        size = rng.choice(_CREATED_AT_ONCE)
        if units - size < _CREATED_AT_ONCE[0]:
            size = units
        sizes.append(size)
        units -= size
    return sizes


def write_zip(snapshot: Path, archive: Path) -> None:
    """Sor.zip as it is delivered, without the code lists."""
    entry = zipfile.ZipInfo("Sor.xml", (2024, 3, 6, 1, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    with (
        zipfile.ZipFile(archive, "w") as packed,
        packed.open(entry, "w") as out,
        snapshot.open("rb") as read,
    ):
        shutil.copyfileobj(read, out, 1 << 20)


def main(arguments: Sequence[str] | None = None) -> None:
    """Make a pair and say what was made."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.full_size", description=__doc__)
    parser.add_argument("old", type=Path, metavar="OLD.xml")
    parser.add_argument("new", type=Path, metavar="NEW.xml")
    parser.add_argument("--scale", type=float, default=1.0, help="1 is about 150,000 units")
    parser.add_argument("--changes", type=int, default=300, help="changed units")
    parser.add_argument("--created", type=int, default=0, help="units in new private trees")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-indent", action="store_true", help="all on one line")
    parser.add_argument("--zip", action="store_true", help="OLD.zip and NEW.zip as well")
    said = parser.parse_args(arguments)
    options = Options(
        scale=said.scale,
        changes=said.changes,
        created=said.created,
        seed=said.seed,
        indent=not said.no_indent,
    )
    made = make_pair(said.old, said.new, options)
    if said.zip:
        for path in (said.old, said.new):
            write_zip(path, path.with_suffix(".zip"))
    print(json.dumps(asdict(made), indent=2))


if __name__ == "__main__":
    main()
