"""Odd files: what is changed in the text of an ordinary snapshot, by the name of the case."""

import re
from collections.abc import Callable

INSTITUTION = "HealthInstitutionEntity"
UNIT = "OrganizationalUnitEntity"


def nth(text: str, pattern: str, n: int) -> re.Match[str]:
    return list(re.finditer(pattern, text, re.S))[n]


def _inserted(pattern: str, what: str, n: int = 1) -> Callable[[str], str]:
    """Something put behind the nth place that the pattern finds."""

    def change(text: str) -> str:
        place = nth(text, pattern, n).end()
        return text[:place] + what + text[place:]

    return change


def _replaced(pattern: str, by: str, n: int = 1) -> Callable[[str], str]:
    def change(text: str) -> str:
        found = nth(text, pattern, n)
        return text[: found.start()] + found.expand(by) + text[found.end() :]

    return change


def blocks(text: str, tag: str) -> list[re.Match[str]]:
    return list(re.finditer(rf"[ \t\r\n]*<{tag}>(?:(?!<{tag}>).)*?</{tag}>", text, re.S))


def _swapped(tag: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        found = blocks(text, tag)
        one, other = found[1], found[-2]
        return (
            text[: one.start()]
            + other.group()
            + text[one.end() : other.start()]
            + one.group()
            + text[other.end() :]
        )

    return change


def _moved(tag: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        found = blocks(text, tag)
        one, place = found[0], found[-1].end()
        return text[: one.start()] + text[one.end() : place] + one.group() + text[place:]

    return change


def _repeated(tag: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        one = blocks(text, tag)[0]
        place = blocks(text, tag)[-1].end()
        return text[:place] + one.group() + text[place:]

    return change


NAME = r"<sor1:EntityName>[^<]*"
AFTER = rf"</{INSTITUTION}>"
NAMED = NAME + "</sor1:EntityName>"


def _inside(wrapper: str, sor_id: int, more: str = "") -> str:
    """A small unit in its wrapper."""
    record = wrapper.removesuffix("Entity")
    named = f"<sor1:SorIdentifier>{sor_id}</sor1:SorIdentifier>{more}"
    return f"<{wrapper}><{record}>{named}</{record}></{wrapper}>"


# Of another kind than the record in which it is put, whose end would else be taken for that one's.
A_UNIT = _inside("InstitutionOwnerEntity", 777)


def _opened(number: int, code: str = "") -> str:
    """A small unit whose wrapper does not end yet."""
    more = f"<LocalCode>{code}</LocalCode>" if code else ""
    return _inside(UNIT, 9000 + number, more).removesuffix(f"</{UNIT}>")


def _ended(times: int) -> str:
    return f"</{UNIT}>" * times


def _levels(units: int, deepest: str = "") -> str:
    """Units one below another, the last with something in its record."""
    opened = "".join(map(_opened, range(units)))
    return f"{opened}{_inside(UNIT, 777, deepest)}{_ended(units)}"


def _addressed(scheme: str) -> str:
    """A small unit with an address, whose country has this scheme."""
    country = (
        f'<dkcc:CountryIdentificationCode scheme="{scheme}">DK</dkcc:CountryIdentificationCode>'
    )
    postal = f"<xkom:AddressPostal>{country}</xkom:AddressPostal>"
    return _inside(UNIT, 779, f"<PostalAddressInformation>{postal}</PostalAddressInformation>")


def _dotted(text: str) -> str:
    return text.replace("sor1:", "s.r:").replace(":sor1", ":s.r")


ODD: dict[str, Callable[[str], str]] = {
    "nothing": lambda text: text,
    "comment with an end tag between": _inserted(AFTER, f"<!-- </{INSTITUTION}> -->"),
    "comment with an end tag in a record": _inserted(NAME, f"<!-- </{INSTITUTION}> -->"),
    "comment with the end of a record": _inserted(NAME, "<!-- </OrganizationalUnit> -->"),
    "comment across records": _inserted(NAME, "<!-- "),
    "processing instruction with an end tag": _inserted(NAME, f"<?x </{INSTITUTION}> ?>"),
    "processing instruction between": _inserted(AFTER, f"<?x </{INSTITUTION}> ?>"),
    "CDATA with an end tag": _inserted(NAME, f"<![CDATA[</{INSTITUTION}>]]>"),
    "CDATA": _inserted(NAME, "<![CDATA[ & Søn]]>"),
    "attribute with a bracket": _replaced(r"<OrganizationalUnit>", '<OrganizationalUnit a="1>2">'),
    "attribute with an end tag": _replaced(
        r"<OrganizationalUnit>", f'<OrganizationalUnit a="</{INSTITUTION}>">'
    ),
    "attributes with quotes": _replaced(
        r"<OrganizationalUnit>", "<OrganizationalUnit a='\"' b=\"'\">"
    ),
    "attribute of a wrapper": _replaced(rf"<{UNIT}>", f'<{UNIT} level="2">'),
    "attribute of the first owner": _replaced(
        "<InstitutionOwnerEntity>", '<InstitutionOwnerEntity level="2">', 0
    ),
    "blank in an end tag": _replaced(AFTER, f"</{INSTITUTION} >"),
    "blank in a start tag": _replaced(rf"<{INSTITUTION}>", f"<{INSTITUTION} >"),
    "another prefix": lambda text: text.replace("sor1:", "s:").replace(":sor1", ":s"),
    "default namespace redeclared in a wrapper": _replaced(
        rf"<{UNIT}>", f'<{UNIT} xmlns="urn:oio:nsi:2.0.0">'
    ),
    "another default namespace in a wrapper": _replaced(
        rf"<{INSTITUTION}>", f'<{INSTITUTION} xmlns="urn:other">'
    ),
    "another default namespace in an owner": _replaced(
        r"<InstitutionOwnerEntity>", '<InstitutionOwnerEntity xmlns="urn:other">'
    ),
    "another default namespace in a record": _replaced(
        r"<OrganizationalUnit>", '<OrganizationalUnit xmlns="urn:other">'
    ),
    "a namespace more on the root": _replaced("<SorTree ", '<SorTree xmlns:more="urn:more" ', 0),
    "a namespace of the root changed": lambda text: re.sub(
        r'xmlns:kms="[^"]*"', 'xmlns:kms="urn:other"', text, count=1
    ),
    "two institutions swapped": _swapped(INSTITUTION),
    "two owners swapped": _swapped("InstitutionOwnerEntity"),
    "two leaves swapped": _swapped(UNIT),
    "an institution to another place": _moved(INSTITUTION),
    "a leaf to another place": _moved(UNIT),
    "an owner to the end": _moved("InstitutionOwnerEntity"),
    "an institution twice": _repeated(INSTITUTION),
    "a leaf twice": _repeated(UNIT),
    "an owner twice": _repeated("InstitutionOwnerEntity"),
    "an id twice": lambda text: text.replace(
        nth(text, r"(?<=<sor1:SorIdentifier>)\d+", 7).group(),
        nth(text, r"(?<=<sor1:SorIdentifier>)\d+", 2).group(),
        1,
    ),
    "an element beside a record": _inserted(r"</OrganizationalUnit>", "<Level>3</Level>"),
    "text beside a record": _inserted(r"</OrganizationalUnit>", " hov "),
    "an unknown element in a record": _inserted(NAME + "</sor1:EntityName>", "<Level>3</Level>"),
    "a bad date": _replaced(r"(?<=FromDate>)2\d{3}", "2x24"),
    "no id": _replaced(r"<sor1:SorIdentifier>\d+</sor1:SorIdentifier>", ""),
    "a record without its wrapper": _replaced(rf"<{UNIT}>", ""),
    "a wrapper without its record": _replaced(rf"</{UNIT}>", f"</{UNIT}><{UNIT}></{UNIT}>"),
    "a wrapper wrongly ended": _replaced(rf"</{UNIT}>", f"</{INSTITUTION}>"),
    "cut off": lambda text: text[: len(text) // 2],
    "cut off in the last tag": lambda text: text.rstrip()[:-2],
    "cut off between": lambda text: text[: nth(text, AFTER, 2).end()],
    "text behind the root": lambda text: text + "x",
    "a comment behind the root": lambda text: text + "<!-- x -->",
    "a second root": lambda text: text + "<SorTree/>",
    "a control character": _replaced(NAME, r"\g<0>" + "\x01"),
    "a reference": _replaced(NAME, r"\g<0> &amp; &#211;"),
    "an unknown reference": _replaced(NAME, r"\g<0> &nbsp;"),
    "an ampersand": _replaced(NAME, r"\g<0> & "),
    "an empty record before a record": _replaced(
        r"<OrganizationalUnit>", '<OrganizationalUnit level="1"/><OrganizationalUnit>'
    ),
    "an empty record": _replaced(
        r"<OrganizationalUnit>.*?</OrganizationalUnit>", '<OrganizationalUnit level="1"/>'
    ),
    "a record that declares a prefix": _replaced(
        r"<OrganizationalUnit>", '<OrganizationalUnit xmlns:x="urn:x" x:level="1">'
    ),
    "a DOCTYPE": _replaced("<SorTree", "<!DOCTYPE SorTree><SorTree", 0),
    "the date missing": lambda text: re.sub(r"<sor1:SnapshotDate>.*?Date>", "", text, count=1),
    "the date at the end": lambda text: re.sub(
        r"(<sor1:SnapshotDate>.*?Date>)(.*)(</SorTree>)", r"\2\1\3", text, count=1, flags=re.S
    ),
    "an element beside the units": _inserted(r"</InstitutionOwnerEntity>", "<Note>x</Note>"),
    "no unit": lambda text: re.sub(
        r"<InstitutionOwnerEntity>.*</InstitutionOwnerEntity>", "", text, flags=re.S
    ),
    "Windows line ends": lambda text: text.replace("\n", "\r\n"),
    "on one line": lambda text: re.sub(r">\s+<", "><", text),
    "a unit in a record": _inserted(NAMED, A_UNIT),
    "a unit in an unknown element of a record": _inserted(NAMED, f"<Level>{A_UNIT}</Level>"),
    "an id twice, once in a record": lambda text: _inserted(
        NAMED, A_UNIT.replace("777", nth(text, r"(?<=<sor1:SorIdentifier>)\d+", 7).group())
    )(text),
    "an empty wrapper in a record": _inserted(NAMED, f"<{INSTITUTION}/>"),
    "an empty wrapper with a prefix in a record": _inserted(NAMED, f"<sor1:{UNIT}/>"),
    "a foreign wrapper in a record": _inserted(NAMED, f'<x:{UNIT} xmlns:x="urn:x"/>'),
    "a unit in the header": _inserted(
        "</sor1:SnapshotDate>", f"<Note>{_inside(INSTITUTION, 777)}</Note>", 0
    ),
    "a foreign wrapper in the header": _inserted(
        "</sor1:SnapshotDate>", f'<x:{UNIT} xmlns:x="urn:x">1</x:{UNIT}>', 0
    ),
    "text between the elements of the header": lambda text: re.sub(
        r"(<SorTree[^>]*>)(.*?)(<sor1:SnapshotDate>.*?Date>)", r"\1a\2b\3c", text, flags=re.S
    ),
    "an unpaired quote in the declaration": lambda text: text.replace('"1.0"', "\"1.0'", 1),
    "an unpaired quote at the encoding": lambda text: text.replace('"utf-8"', "'utf-8\"", 1),
    "a declaration in single quotes": lambda text: text.replace(
        'version="1.0" encoding="utf-8"', "version='1.0' encoding='utf-8'", 1
    ),
    "a prefix with a dot": _dotted,
    "a prefix with a dot, and an end tag without": lambda text: _dotted(text)[::-1].replace(
        "</s.r:EntityName>"[::-1], "</sxr:EntityName>"[::-1], 1
    )[::-1],
    "a control character in an attribute": _inserted("</InstitutionOwner>", _addressed("a\x01b")),
    "U+FFFE in an attribute": _inserted("</InstitutionOwner>", _addressed("a\ufffeb")),
    "a bracket in an attribute": _inserted("</InstitutionOwner>", _addressed("a>b")),
    "an attribute of the country": _inserted("</InstitutionOwner>", _addressed("imk")),
    "a MiB of white space behind the tree": lambda text: text + " " * 1_200_000,
    "a MiB of white space among the units": _inserted(AFTER, " " * 1_200_000),
    "half a MiB of white space among the units": _inserted(AFTER, " " * 500_000),
    "a record of a MiB": _inserted(NAMED, f"<Level>{'<x/>' * 300_000}</Level>"),
    "an owner's records of a MiB before any unit ends": _inserted(
        "</InstitutionOwner>", "".join(_opened(n, "a" * 60_000) for n in range(24)) + _ended(24)
    ),
    "200 units one below another": _inserted("</InstitutionOwner>", _levels(190)),
    "many levels in a record": _inserted(NAMED, "<w>" * 75 + "1" + "</w>" * 75),
    "many levels in a record below many units": _inserted(
        "</InstitutionOwner>", _levels(190, "<w>" * 75 + "1" + "</w>" * 75)
    ),
    "many levels above a speciality below many units": _inserted(
        "</InstitutionOwner>",
        _levels(190, "<w>" * 75 + "<SpecialityIdentifier>1</SpecialityIdentifier>" + "</w>" * 75),
    ),
    "a unit at the root that is no owner": _inserted(
        "</InstitutionOwnerEntity>", f"{_opened(0)}{_inside(INSTITUTION, 778)}</{UNIT}>"
    ),
}
