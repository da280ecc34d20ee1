"""A register as the bytes of a nightly extract, in any of the forms that XML leaves open."""

from __future__ import annotations

import random
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from . import elements
from .plain import Element

if TYPE_CHECKING:
    from pathlib import Path

    from .elements import Version
    from .plain import PlainList, PlainRegister

Prefixes = Literal["usual", "odd", "swapped", "local"]
Encoding = Literal["utf-8", "utf-16", "iso-8859-1"]

_USUAL_PREFIXES: dict[bool, dict[str, str]] = {
    True: {
        elements.XKOM_ADDRESS: "xkom-1",
        elements.DKCC: "dkcc",
        elements.DKCC2005: "dkcc2005",
        elements.DKCC2005_2: "dkcc2005-2",
        elements.XKOM: "xkom",
    },
    False: {
        elements.OSAK: "osak",
        elements.CPR: "cpr",
        elements.CVR: "cvr",
        elements.XKOM_ADDRESS: "xkom",
        elements.V1: "sor1",
        elements.DKCC: "dkcc",
        elements.DKCC2005: "dkcc2005",
        elements.KMS: "kms",
        elements.XKOM: "xkom1",
        elements.DKCC2005_2: "dkcc2005-2",
    },
}
_ASIDES = (
    "<!-- natkørsel -->",
    "<!-- </OrganizationalUnitEntity></HealthInstitutionEntity> <InstitutionOwnerEntity> -->",
    "<?sor </HealthInstitutionEntity>?>",
    "<?x?>",
    "<!---->",
)


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How an extract is written; none of it changes what it says.

    prefixes: as usual; "odd", every namespace with another prefix and none as default; "swapped", the namespace of
    version 1 as default where it isn't; "local", each element declares its own. indent None: all on one line.
    shuffle: seed of another order of units, specialities, replaces and unknown elements. sprinkle: seed of comments,
    processing instructions and CDATA. pad: white space around and within texts. no_number, digits, zone: see Shaper.
    """

    encoding: Encoding = "utf-8"
    bom: bool = True
    declaration: bool = True
    newline: Literal["\n", "\r\n"] = "\n"
    indent: str | None = "\t"
    prefixes: Prefixes = "usual"
    wrapper: Literal["OptionalEanLocationCode", "EanLocationCodeOption"] | None = None
    no_number: Literal["false", "empty", "absent"] = "false"
    digits: bool = False
    zone: Literal["", "Z", "+02:00"] = ""
    pad: bool = False
    shuffle: int | None = None
    sprinkle: int | None = None


def random_layout(rng: random.Random) -> Layout:
    """Any layout at all; the usual one when every draw is the lowest."""
    return Layout(
        encoding=rng.choice(("utf-8", "utf-8", "utf-8", "utf-16", "iso-8859-1")),
        bom=rng.choice((True, False)),
        declaration=rng.choice((True, True, False)),
        newline=rng.choice(("\n", "\r\n")),
        indent=rng.choice(("\t", None, "  ")),
        prefixes=rng.choice(("usual", "usual", "odd", "swapped", "local")),
        wrapper=rng.choice((None, "OptionalEanLocationCode", "EanLocationCodeOption")),
        no_number=rng.choice(("false", "empty", "absent")),
        digits=rng.choice((False, False, True)),
        zone=rng.choice(("", "", "Z", "+02:00")),
        pad=rng.choice((False, False, True)),
        shuffle=rng.choice((None, rng.randint(0, 999))),
        sprinkle=rng.choice((None, None, rng.randint(0, 999))),
    )


class _Writer:
    """Turns elements into text; holds the prefixes declared on the root."""

    def __init__(self, layout: Layout, prefixes: dict[str, str]) -> None:
        self.layout = layout
        self.prefixes = prefixes
        self.rng = None if layout.sprinkle is None else random.Random(layout.sprinkle)
        self.out: list[str] = []
        # Of a leaf without attributes nothing but the text is new each time, unless dice are thrown.
        self.has_plain_leaves = self.rng is None and not layout.pad and layout.prefixes != "local"
        self.tags: dict[tuple[str, str, str], tuple[str, str]] = {}

    def write(self, element: Element, depth: int, scope: str) -> None:
        """One element. scope: the default namespace in force around it."""
        out, prefix, declared = self.out, self.prefixes.get(element.namespace), ""
        if depth == 0:
            declared = "".join(_declaration(prefix, uri) for uri, prefix in self.prefixes.items())
            scope = next((uri for uri, prefix in self.prefixes.items() if not prefix), "")
        if prefix is None or (prefix == "" and scope != element.namespace):
            prefix = ""
            if scope != element.namespace:
                declared += f' xmlns="{element.namespace}"'
            scope = element.namespace
        elif self.layout.prefixes == "local" and depth and depth % 3 == 0:
            prefix = f"l{depth}"
            declared = _declaration(prefix, element.namespace)
        name = f"{prefix}:{element.local}" if prefix else element.local
        out.append(f"<{name}{declared}{self.attributes(element)}")
        text = element.text or ""
        if not element.children and not text:
            out.append(
                "/>" if self.layout.indent is None or element.text is None else f"></{name}>"
            )
            return
        out.append(">")
        out.append(self.text(text))
        if element.children:
            self.content(element, depth, scope)
        out.append(f"</{name}>")

    def content(self, element: Element, depth: int, scope: str) -> None:
        """The children, each on its line if there are lines, with asides between."""
        out, indent = self.out, self.layout.indent
        line = "" if indent is None else "\n" + indent * (depth + 1)
        for child in element.children:
            out.append(line)
            if self.rng is not None and self.rng.random() < 0.1:
                out.append(self.rng.choice(_ASIDES) + line)
            if self.has_plain_leaves and child.text and not child.children and not child.attributes:
                begin, end = self.leaf_tags(child.namespace, child.local, scope)
                out += (begin, _escape(child.text), end)
            else:
                self.write(child, depth + 1, scope)
        if indent is not None:
            out.append("\n" + indent * depth)

    def leaf_tags(self, namespace: str, local: str, scope: str) -> tuple[str, str]:
        """The tags around the text of a leaf without attributes."""
        key = namespace, local, scope
        if key not in self.tags:
            prefix = self.prefixes.get(namespace)
            is_default = not prefix
            declared = f' xmlns="{namespace}"' if is_default and scope != namespace else ""
            name = local if is_default else f"{prefix}:{local}"
            self.tags[key] = f"<{name}{declared}>", f"</{name}>"
        return self.tags[key]

    def attributes(self, element: Element) -> str:
        """The attributes; one in a namespace brings its own declaration."""
        said = ""
        if not element.attributes:
            return said
        for number, (name, value) in enumerate(element.attributes.items()):
            safe = (
                _escape(value).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")
            )
            if name.startswith("{"):
                namespace, local = name[1:].split("}")
                said += f'{_declaration(f"a{number}", namespace)} a{number}:{local}="{safe}"'
            else:
                said += f' {name}="{safe}"'
        return said

    def text(self, text: str) -> str:
        """A text, escaped, padded, as CDATA or with a comment in its midst."""
        if self.layout.pad and text:
            text = f"\n\t{text.replace(' ', '  ' + chr(10))} "
        if self.rng is None or not text or self.rng.random() < 0.7:
            return _escape(text)
        middle = self.rng.randint(0, len(text))
        left, right = text[:middle], text[middle:]
        if self.rng.random() < 0.5:
            return _escape(left) + self.rng.choice(_ASIDES) + _escape(right)
        if (
            "]]>" in right
            or "\r" in right
            or (self.layout.encoding == "iso-8859-1" and not _is_latin(right))
        ):
            return _escape(text)
        return f"{_escape(left)}<![CDATA[{right}]]>"


def _escape(text: str) -> str:
    if "&" in text or "<" in text or ">" in text or "\r" in text:
        return (
            text.replace("&", "&amp;")
            .replace("<", "&lt;")
            .replace(">", "&gt;")
            .replace("\r", "&#13;")
        )
    return text


def _is_latin(text: str) -> bool:
    return all(ord(character) < 256 for character in text)


def _declaration(prefix: str, uri: str) -> str:
    return f' xmlns:{prefix}="{uri}"' if prefix else f' xmlns="{uri}"'


def _prefixes(version: Version, layout: Layout) -> dict[str, str]:
    """Namespace to prefix, "" for the default, in the order of their declarations."""
    default, usual = elements.DEFAULT[version], _USUAL_PREFIXES[version == 1]
    if layout.prefixes == "odd":
        return {uri: f"ns{number}" for number, uri in enumerate((*usual, default))}
    if layout.prefixes == "swapped" and version != 1:
        return {**usual, elements.V1: "", default: "nsi"}
    return {**usual, default: ""}


def _encode(root: Element, layout: Layout, prefixes: dict[str, str]) -> bytes:
    """The whole document as bytes."""
    writer = _Writer(layout, prefixes)
    if layout.declaration or layout.encoding == "iso-8859-1":
        writer.out.append(
            f'<?xml version="1.0" encoding="{layout.encoding}"?>'
            + "\n" * (layout.indent is not None)
        )
    if writer.rng is not None:
        writer.out.append(writer.rng.choice(_ASIDES))
    writer.write(root, 0, "")
    if writer.rng is not None:
        writer.out.append(writer.rng.choice(_ASIDES))
    text = "".join(writer.out)
    if layout.newline != "\n":
        text = text.replace("\n", layout.newline)
    mark = b"\xef\xbb\xbf" if layout.bom and layout.encoding == "utf-8" else b""
    return mark + text.encode(layout.encoding, "xmlcharrefreplace")


def write_snapshot(
    register: PlainRegister, *, version: Version = 2, layout: Layout | None = None
) -> bytes:
    """The extract of this register. The same arguments give the same bytes."""
    layout = layout or Layout()
    rng = None if layout.shuffle is None else random.Random(layout.shuffle)

    def scatter(known: list[Element], others: list[Element]) -> None:
        for other in others:
            known.insert(len(known) if rng is None else rng.randint(0, len(known)), other)

    shaper = elements.Shaper(
        version,
        wrapper=layout.wrapper,
        no_number=layout.no_number,
        digits=layout.digits,
        zone=layout.zone,
        shuffle=None if rng is None else rng.shuffle,
        scatter=scatter,
    )
    return _encode(shaper.tree(register), layout, _prefixes(version, layout))


def write_data_types(
    lists: list[PlainList], *, as_attributes: bool = False, layout: Layout | None = None
) -> bytes:
    """A plausible SorDataTypes.xml: SorDataTypes/EntityTypeCollection/EntityType/{EntityTypeIdentifier,Name, fields}.

    as_attributes: code, text and fields as attributes of the entry. The root has the namespace of version 2. A layout
    that shuffles puts lists and entries in another order.
    """
    home, layout = elements.DEFAULT[2], layout or Layout()
    rng = None if layout.shuffle is None else random.Random(layout.shuffle)
    collections = []
    for codes in lists:
        entries = []
        for entry in codes.entries:
            said = {
                codes.name + "Identifier": entry.code,
                codes.name + "Name": entry.text,
                **entry.fields,
            }
            parts = {name: text for name, text in said.items() if text is not None}
            if as_attributes:
                entries.append(Element(home, codes.name, None, parts))
            else:
                children = tuple(Element(home, name, text) for name, text in parts.items())
                entries.append(Element(home, codes.name, children=children))
        if rng is not None:
            rng.shuffle(entries)
        collections.append(Element(home, codes.name + "Collection", children=tuple(entries)))
    if rng is not None:
        rng.shuffle(collections)
    return _encode(Element(home, "SorDataTypes", children=tuple(collections)), layout, {home: ""})


def write_zip(path: Path, sor_xml: bytes, data_types_xml: bytes | None = None) -> Path:
    """Sor.zip as it is delivered; without data types when there are none. Returns the path."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("Sor.xml"), sor_xml)
        if data_types_xml is not None:
            archive.writestr(zipfile.ZipInfo("SorDataTypes.xml"), data_types_xml)
    return path
