"""Write the bill of materials of a release, as CycloneDX: `python scripts/sbom.py LOCK FILE`.

What is in it is what deploy/requirements.lock says: each library with its version, the SHA-256 of
its files, and what needs it. It is built from that file alone, without a look at what is installed
or at any index, so that it names no host, and is the same each time. It is held against the schema
of CycloneDX before it is written.
"""

import os
import re
import sys
import tomllib
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.model import Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

NAME = "sordiff"
PINNED = re.compile(r"(?P<name>[\w.-]+)==(?P<version>[^ ;\\]+)(?: ; (?P<marker>[^\\]+?))? ?\\?")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
NEEDED_BY = re.compile(r" {4}#(?: via|  ) ([\w.-]+)(?: \(pyproject\.toml\))?")


class Pinned(NamedTuple):
    """A library of the lock. needed_by: the names of others, or of sordiff itself."""

    name: str
    version: str
    marker: str | None
    hashes: list[str]
    needed_by: list[str]


def read_lock(text: str) -> Iterator[Pinned]:
    """Each library, in the order of the lock."""
    last: Pinned | None = None
    for line in text.splitlines():
        if found := PINNED.fullmatch(line):
            if last is not None:
                yield last
            last = Pinned(found["name"], found["version"], found["marker"], [], [])
        elif last is not None:
            last.hashes.extend(HASH.findall(line))
            if found := NEEDED_BY.fullmatch(line):
                last.needed_by.append(found[1])
    if last is not None:
        yield last


def build_bom(lock: str, version: str, moment: int) -> Bom:
    """The bill; what a library needs stands in it as the lock tells it."""
    own = build_component(NAME, version, ComponentType.APPLICATION)
    libraries = list(read_lock(lock))
    components = {
        each.name: build_component(each.name, each.version, ComponentType.LIBRARY)
        for each in libraries
    }
    bom = Bom(
        components=components.values(), serial_number=uuid5(NAMESPACE_URL, f"{version}\n{lock}")
    )
    bom.metadata.component = own
    bom.metadata.timestamp = datetime.fromtimestamp(moment, timezone.utc)
    needs: dict[str, list[Component]] = {}
    for each in libraries:
        component = components[each.name]
        for digest in each.hashes:
            component.properties.add(Property(name="sordiff:file:sha256", value=digest))
        if each.marker is not None:
            component.properties.add(Property(name="sordiff:marker", value=each.marker))
        for above in each.needed_by:
            needs.setdefault(above, []).append(component)
    for name, component in {NAME: own, **components}.items():
        bom.register_dependency(component, needs.get(name, []))
    return bom


def build_component(name: str, version: str, kind: ComponentType) -> Component:
    """A library of PyPI, or sordiff itself."""
    purl = PackageURL("pypi", name=name, version=version)
    return Component(name=name, version=version, type=kind, purl=purl, bom_ref=str(purl))


def main() -> None:
    """Write it; leave with a sentence where it is not as the schema says."""
    lock, file = map(Path, sys.argv[1:])
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    moment = int(os.environ["SOURCE_DATE_EPOCH"])
    bom = build_bom(lock.read_text(encoding="utf-8"), project["version"], moment)
    text = JsonV1Dot6(bom).output_as_string(indent=1)
    if wrong := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        sys.exit(f"The bill of materials is not as CycloneDX says: {wrong}")
    file.write_text(f"{text}\n", encoding="utf-8")
    sys.stdout.write(f"{file}: {len(bom.components)} libraries\n")


if __name__ == "__main__":
    main()
