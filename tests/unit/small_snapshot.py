"""A small good snapshot with known lines, and what the reader says when something in it is spoiled."""

from pathlib import Path

import pytest

from sordiff.errors import Problem, SnapshotRefused
from sordiff.snapshot import Snapshot, read_snapshot

GOOD = """\
<?xml version="1.0" encoding="utf-8"?>
<SorTree xmlns="urn:oio:nsi:2.0.0" xmlns:sor1="urn:oio:sundhedsstyrelsen:organisation:1.0.0">
  <sor1:CreatedAtTime>2024-09-02T01:00:29.6269718+02:00</sor1:CreatedAtTime>
  <sor1:SnapshotDate>2024-09-02</sor1:SnapshotDate>
  <InstitutionOwnerEntity><InstitutionOwner><sor1:SorIdentifier>1101</sor1:SorIdentifier>
      <sor1:EntityName>Lægehus Ærø</sor1:EntityName>
      <sor1:SorStatus>
        <sor1:FromDate>2001-01-01</sor1:FromDate>
        <sor1:ToDate>2031-12-31</sor1:ToDate>
        <sor1:UpdatedAt>2002-02-02</sor1:UpdatedAt>
        <sor1:FirstFromDate>2003-03-03</sor1:FirstFromDate>
      </sor1:SorStatus>
    </InstitutionOwner>
    <HealthInstitutionEntity><HealthInstitution><sor1:SorIdentifier>1202</sor1:SorIdentifier>
        <sor1:EntityName>Klinik</sor1:EntityName>
        <EanLocationCodeOption>
          <EanLocationCodeEntity>
            <sor1:EanLocationCode>5790000000012</sor1:EanLocationCode>
            <sor1:SorStatus>
              <sor1:FromDate>2004-04-04</sor1:FromDate>
              <sor1:ToDate>2034-12-31</sor1:ToDate>
            </sor1:SorStatus>
          </EanLocationCodeEntity>
        </EanLocationCodeOption>
      </HealthInstitution>
      <OrganizationalUnitEntity><OrganizationalUnit><sor1:SorIdentifier>1303</sor1:SorIdentifier>
        </OrganizationalUnit>
      </OrganizationalUnitEntity>
    </HealthInstitutionEntity>
  </InstitutionOwnerEntity>
</SorTree>
"""
UNITS = {"1101", "1202", "1303"}
HEADER = GOOD.partition("  <InstitutionOwnerEntity>")[0]


def spoiled(old: str, new: str, text: str = GOOD) -> str:
    """The text with its one `old` changed; that there is one is part of the test."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    return text.replace(old, new)


def line_of(needle: str, text: str = GOOD, *, nth: int = 1) -> int:
    """The line, from 1, in which the nth `needle` begins."""
    place = -1
    for _ in range(nth):
        place = text.index(needle, place + 1)
    return text.count("\n", 0, place) + 1


def read(folder: Path, content: str | bytes, name: str = "Sor.xml") -> Snapshot:
    """Read this content from a file."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_snapshot(path)


def problems(folder: Path, content: str | bytes, name: str = "Sor.xml") -> tuple[Problem, ...]:
    """The problems for which this content is refused; that it is refused is part of the test."""
    with pytest.raises(SnapshotRefused) as caught:
        read(folder, content, name)
    assert caught.value.exit_code == 5
    assert caught.value.problems
    assert caught.value.file == str(folder / name)
    return caught.value.problems


def said(folder: Path, content: str | bytes, name: str = "Sor.xml") -> list[tuple[str, int | None]]:
    """Code and line of each problem."""
    return [(problem.code, problem.line) for problem in problems(folder, content, name)]
