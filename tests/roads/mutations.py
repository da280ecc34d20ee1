"""Files changed at random places, read by every road: `python -m tests.roads.mutations --files 50000`.

Each file begins as an ordinary night in one of many layouts. Then something is put in, taken out, doubled, moved or
renamed: bytes, tags, comments, whole elements. All roads must read the same units, or refuse for the same reasons.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from sordiff.errors import SordiffError
from sordiff.snapshot import KnownRecords, ReadOptions, read_snapshot
from tests.making.growing import random_register
from tests.making.plain import copy_register
from tests.making.xml import Layout, random_layout, write_snapshot
from tests.roads.roads import ROADS, Road, ordinary, plainly, taking
from tests.version_3.dialects import DIALECTS, translate

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.making.elements import Version

_BASES = 60
_NAMES = (
    *("InstitutionOwnerEntity", "HealthInstitutionEntity", "OrganizationalUnitEntity"),
    *("InstitutionOwner", "HealthInstitution", "OrganizationalUnit"),
)
_PUT_IN = (
    *(
        b"<!-- x -->",
        b"<!-- </InstitutionOwnerEntity> -->",
        b"<!-- <InstitutionOwnerEntity> -->",
        b"<!--",
        b"-->",
    ),
    *(
        b"<?x y?>",
        b"<?x </InstitutionOwnerEntity> ?>",
        b"<![CDATA[x]]>",
        b"<![CDATA[</InstitutionOwnerEntity>]]>",
    ),
    *(
        b"<![CDATA[",
        b"]]>",
        b"&amp;",
        b"&#65;",
        b"&x;",
        b"&",
        b"<x/>",
        b"<x>1</x>",
        b'<x a="1"/>',
        b"x",
        b" \n ",
        b"\r",
    ),
    *(
        b"</InstitutionOwnerEntity>",
        b"<InstitutionOwnerEntity>",
        b"</HealthInstitutionEntity>",
        b"</SorTree>",
        b"<SorTree>",
    ),
    *(
        b'<y xmlns="urn:y">',
        b"</y>",
        b'<x:y xmlns:x="urn:oio:nsi:2.0.0">1</x:y>',
        b"\xc3",
        b"\xef\xbf\xbe",
        b"\x00",
    ),
    *(
        b'<InstitutionOwnerEntity of="x"/>',
        b"<SnapshotDate>2024-09-02</SnapshotDate>",
        b"--",
        b"?>",
    ),
)
_INTO_A_TAG = (
    b' a="1"',
    b" ",
    b"\n",
    b' xmlns="urn:other"',
    b' xmlns:sor1="urn:other"',
    b' xmlns:q="urn:q"',
    b' a="',
    b"/",
)


def _cut(content: bytes, dice: random.Random) -> bytes:
    return content[: dice.randrange(len(content))]


def _change_byte(content: bytes, dice: random.Random) -> bytes:
    place = dice.randrange(len(content))
    byte = dice.choice([bytes([dice.choice(b"<>&/x1 \"'-!?\xc3\xef\n\x00\x01")]), b""])
    return content[:place] + byte + content[place + dice.choice([0, 1, 1, 30]) :]


def _put_in(content: bytes, dice: random.Random) -> bytes:
    """Something, most often behind a tag."""
    places = [found.end() for found in re.finditer(rb">", content)] or [0]
    place = dice.choice(places) if dice.random() < 0.8 else dice.randrange(len(content))
    return content[:place] + dice.choice(_PUT_IN) + content[place:]


def _change_tag(content: bytes, dice: random.Random) -> bytes:
    place = dice.choice([found.start() for found in re.finditer(rb"(?<=\w)>", content)] or [0])
    return content[:place] + dice.choice(_INTO_A_TAG) + content[place:]


def _elements(content: bytes, name: bytes) -> list[tuple[int, int]]:
    """Places from a start tag to the next end tag of the same name."""
    return [found.span() for found in re.finditer(rb"<%b>.*?</%b>" % (name, name), content, re.S)]


def _choose(content: bytes, dice: random.Random) -> tuple[int, int] | None:
    leaf = re.compile(rb"<([\w:]+)>[^<]*</\1>")
    if dice.random() < 0.5:
        found = [match.span() for match in leaf.finditer(content)]
    else:
        found = _elements(content, dice.choice(_NAMES).encode())
    return dice.choice(found) if found else None


def _move(content: bytes, dice: random.Random) -> bytes:
    """An element taken out, doubled, or put behind some other tag."""
    span = _choose(content, dice)
    if span is None:
        return content
    element = content[slice(*span)]
    if dice.random() < 0.6:
        content = content[: span[0]] + content[span[1] :]
    if dice.random() < 0.6:
        ends = [found.end() for found in re.finditer(rb"</[\w:]+>", content)] or [0]
        place = dice.choice(ends)
        content = content[:place] + element + content[place:]
    return content


def _rename(content: bytes, dice: random.Random) -> bytes:
    """One tag, or both of an element, or every one of that name."""
    names = sorted({*re.findall(rb"<([\w:]+)", content)}) or [b"x"]
    name = dice.choice(names)
    other = dice.choice([*names, b"Unknown", b"sor1:Unknown", b"nope:x", name.rpartition(b":")[2]])
    times = dice.choice([1, 2, 2, -1])
    return re.sub(rb"(</?)%b(?=[\s/>])" % name, rb"\g<1>" + other, content, count=max(times, 0))


def _change_text(content: bytes, dice: random.Random) -> bytes:
    texts = [found.span(1) for found in re.finditer(rb">([^<>]+)<", content)] or [(0, 0)]
    start, end = dice.choice(texts)
    texts_like = [
        b"",
        b" ",
        b"2024-02-30",
        b"true",
        b"maybe",
        b"5790000000005",
        b"  a  b ",
        b"\xc3\xa6",
        b'"',
        b"a" * 70_000,
    ]
    texts_like.append(content[slice(*dice.choice(texts))])
    return content[:start] + dice.choice(texts_like) + content[end:]


_CHANGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    *(_cut, _change_byte, _change_byte, _put_in, _put_in, _put_in, _change_tag, _change_tag),
    *(_move, _move, _rename, _change_text, _change_text),
)


@cache
def _base(number: int) -> bytes:
    """A small night: plain or with what is unknown, in one of the versions, written in one of many ways."""
    dice = random.Random(number)
    register = random_register(dice, units=dice.choice([3, 8, 14, 30]))
    register = dice.choice([plainly, plainly, ordinary, copy_register])(register)
    layout = Layout(indent=dice.choice(["\t", None]), newline=dice.choice(["\n", "\n", "\r\n"]))
    if dice.random() < 0.25:
        layout = random_layout(dice)
    version: Version = dice.choice([1, 2, 2, 3])
    content = write_snapshot(register, version=version, layout=layout)
    if version == 3 and layout.sprinkle is None and dice.random() < 0.5:
        content = translate(content, dice.choice(DIALECTS))
    return content


def mutate(seed: int) -> tuple[bytes, bytes]:
    """The file of this number: as it was before, and changed."""
    dice = random.Random(f"mutated {seed}")
    before = content = _base(dice.randrange(_BASES))
    for _ in range(dice.choice([0, 1, 1, 1, 1, 2, 3, 5])):
        content = dice.choice(_CHANGES)(content, dice) if content else content
    return before, content


def read_by(road: Road, path: Path, known: KnownRecords | None = None) -> Any:
    """Everything that is said of a file; but for lines and findings, which the fast road does not know."""
    options = ReadOptions(plain=road != "fast", note_lines=known is None, known=known)
    try:
        with taking(road):
            found = read_snapshot(path, options)
    except SordiffError as error:
        return (
            error.message,
            error.advice,
            [str(problem) for problem in getattr(error, "problems", ())],
        )
    said = (found.header, found.units, found.warnings)
    return said if road == "fast" or known is not None else (*said, found.lines, found.findings)


def compare_roads(before: bytes, content: bytes, path: Path) -> bool:
    """Read a file by all roads; whether it is a good one. AssertionError if they differ.

    The plain road does so also with what it knows of the file before.
    """
    known = KnownRecords()
    path.write_bytes(before)
    read_by("plain", path, known)
    path.write_bytes(content)
    fast, plain, elements = (read_by(road, path) for road in ROADS)
    assert plain == elements
    assert fast == (plain[:3] if isinstance(plain[1], dict) else plain)
    assert read_by("plain", path, known) == fast
    return isinstance(plain[1], dict)


def main() -> None:
    """Mutate and read until a file is read differently."""
    parser = argparse.ArgumentParser(prog="python -m tests.roads.mutations", description=__doc__)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0, help="the number of the first")
    arguments = parser.parse_args()
    good, begun = 0, time.monotonic()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "Sor.xml"
        for number in range(arguments.first, arguments.first + arguments.files):
            try:
                good += compare_roads(*mutate(number), path)
            except AssertionError:
                sys.exit(f"file {number}: the roads differ")
            if number % 1000 == 999:
                seconds = time.monotonic() - begun
                print(f"{number + 1} files, {good} of them good, {seconds:.0f} s", flush=True)
    print(f"{arguments.files} files from {arguments.first}, {good} of them good: all roads agree")


if __name__ == "__main__":
    main()
