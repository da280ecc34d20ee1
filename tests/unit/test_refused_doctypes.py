"""No DOCTYPE of any kind, however it is hidden, and nothing that is not SOR at all."""

import random
from pathlib import Path

import pytest

from tests.unit.small_snapshot import GOOD, line_of, problems, read, said, spoiled

DECLARATION, _, BODY = GOOD.partition("\n")
DOCTYPES = {
    "empty": "<!DOCTYPE SorTree>",
    "internal": "<!DOCTYPE SorTree [<!ENTITY a 'b'>]>",
    "unclosed": "<!DOCTYPE SorTree [<!ENTITY a 'b'>",
    "attributes by default": "<!DOCTYPE SorTree [<!ATTLIST InstitutionOwner a CDATA 'b'>]>",
    "system": '<!DOCTYPE SorTree SYSTEM "sor.dtd">',
    "system, a file": '<!DOCTYPE SorTree SYSTEM "file:///etc/passwd">',
    "public": '<!DOCTYPE SorTree PUBLIC "-//SOR//DTD" "http://localhost:9/sor.dtd">',
    "external entity": '<!DOCTYPE SorTree [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    "parameter entity": '<!DOCTYPE SorTree [<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;]>',
    "over lines": "<!DOCTYPE\nSorTree\n[\n]\n>",
    "html": "<!DOCTYPE html>",
}
COVERS = {
    "nothing": "",
    "spaces": " \n\t \r\n",
    "a comment": "<!-- SOR -->\n",
    "a comment about one": "<!-- <!DOCTYPE nothing> -->\n<!-- -->",
    "an instruction": "<?sor ?>\n<?sor <!-- ?>",
    "a long comment": f"<!--{' ' * 200_000}-->",
    "a long instruction": f"<?sor {'x' * 200_000}?>\n",
    "many comments": "<!---->\n" * 20_000,
    "the edge of a block": f"<!--{' ' * (65_536 - 49)}-->",
}


@pytest.mark.parametrize("doctype", DOCTYPES.values(), ids=DOCTYPES.keys())
def test_a_doctype_of_any_kind_is_refused_at_its_line(tmp_path: Path, doctype: str) -> None:
    content = f"{DECLARATION}\n\n{doctype}\n{BODY}"
    assert said(tmp_path, content) == [("doctype", 3)]
    assert said(tmp_path, b"\xef\xbb\xbf" + content.encode()) == [("doctype", 3)]


@pytest.mark.parametrize("cover", COVERS.values(), ids=COVERS.keys())
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_doctype_hidden_behind_something(tmp_path: Path, cover: str, encoding: str) -> None:
    before = f'<?xml version="1.0" encoding="{encoding}"?>{cover}'
    content = f"{before}{DOCTYPES['internal']}{BODY}"
    assert said(tmp_path, content.encode(encoding)) == [("doctype", before.count("\n") + 1)]


@pytest.mark.parametrize("edge", range(65_536 - 9, 65_536 + 2))
def test_a_doctype_across_the_edge_of_a_block(tmp_path: Path, edge: int) -> None:
    cover = f"<!--{' ' * (edge - len(DECLARATION) - 7)}-->"
    assert len(DECLARATION + cover) == edge
    content = f"{DECLARATION}{cover}{DOCTYPES['internal']}{BODY}"
    assert said(tmp_path, content) == [("doctype", 1)]


def test_a_doctype_behind_megabytes_is_refused_one_way_or_another(tmp_path: Path) -> None:
    cover = f"<!--{' ' * 3_000_000}-->"
    assert said(tmp_path, f"{DECLARATION}{cover}{DOCTYPES['internal']}{BODY}")


def test_a_doctype_in_lower_case_or_in_the_wrong_place_is_not_well_formed(tmp_path: Path) -> None:
    for doctype in ("<!doctype SorTree>", "<!Doctype html>", "<! DOCTYPE SorTree>"):
        assert said(tmp_path, f"{DECLARATION}\n{doctype}\n{BODY}") == [("not_well_formed", 2)]
    inside = spoiled("</InstitutionOwner>", "<!DOCTYPE SorTree></InstitutionOwner>")
    assert said(tmp_path, inside) == [("not_well_formed", line_of("</InstitutionOwner>"))]
    assert said(tmp_path, GOOD + "<!DOCTYPE SorTree>")[0][0] == "not_well_formed"


def test_an_entity_that_nobody_declared_is_not_well_formed(tmp_path: Path) -> None:
    assert said(tmp_path, spoiled("Klinik", "&klinik;")) == [("not_well_formed", line_of("Klinik"))]
    assert "Klinik & <Co>" in {
        unit.name
        for unit in read(tmp_path, spoiled("Klinik", "Klinik &amp; &#60;Co&gt;")).units.values()
    }


def test_nothing_is_included_from_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "secret.xml").write_text("<secret>hemmelig</secret>", encoding="utf-8")
    include = '<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="secret.xml"/>'
    snapshot = read(tmp_path, spoiled("</InstitutionOwner>", include + "</InstitutionOwner>"))
    assert "hemmelig" not in repr(snapshot.units)
    style = '<?xml-stylesheet href="secret.xml"?>\n<SorTree '
    assert "hemmelig" not in repr(read(tmp_path, spoiled("<SorTree ", style)).units)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<html><body/></html>", "html"),
        (b"<!DOCTYPE html>\n<html><body><p>Log ind<br></body></html>", "html"),
        (b"<html><body><p>Log ind<br></body></html>", "html"),
        (b"<SorDataTypes xmlns='urn:oio:nsi:2.0.0'><EntityType/></SorDataTypes>", "not_sor"),
        (b"<InstitutionOwnerEntity xmlns='urn:oio:nsi:2.0.0'/>", "not_sor"),
        (
            b"<s:Envelope xmlns:s='urn:soap'><SorTree xmlns='urn:oio:nsi:2.0.0'/></s:Envelope>",
            "not_sor",
        ),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), None),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", None),
        (b'{"units": []}', None),
        (b"SorIdentifier;EntityName\r\n1;Klinik\r\n", None),
        (b"\x00" * 5000, None),
        (b"MZ" + bytes(5000), None),
        (random.Random(1).randbytes(5000), None),
    ],
)
def test_what_is_not_sor(tmp_path: Path, content: bytes, code: str | None) -> None:
    codes = [found for found, _ in said(tmp_path, content)]
    if code is None:
        assert set(codes) <= {"not_well_formed", "not_sor", "encoding", "cut_off"}
    else:
        assert code in codes


def test_a_tree_inside_something_else_is_not_read(tmp_path: Path) -> None:
    wrapped = GOOD.replace("<SorTree ", "<Envelope><SorTree ").replace(
        "</SorTree>", "</SorTree></Envelope>"
    )
    assert "not_sor" in [problem.code for problem in problems(tmp_path, wrapped)]
