"""What `sordiff check --coverage` counted, for people."""

from collections.abc import Iterator, Mapping
from typing import Final

from sordiff.coverage import block_of
from sordiff.model import Kind
from sordiff.render.text.colour import Paint
from sordiff.report import CoverageReport
from sordiff.visible import visible

_HEADS: Final = {
    Kind.OWNER: "owners",
    Kind.INSTITUTION: "institutions",
    Kind.ORGANIZATIONAL_UNIT: "org. units",
}
_FIELD: Final = 38
_COUNT: Final = 13
_LONGEST_SAMPLE: Final = 40


def coverage_lines(result: CoverageReport, paint: Paint) -> Iterator[str]:
    """Each field that some unit carries, then those that none does, then what nobody knows."""
    header = result.header
    yield paint(visible(result.file), "bold")
    yield f"  snapshot {header.snapshot_date}, version {visible(header.version)}"
    yield f"  {result.units:,} units"
    yield ""
    heads = "".join(f"{head:>{_COUNT}}" for head in _HEADS.values())
    yield paint(f"{'field':<{_FIELD}}{heads}  read from", "bold")
    for field in result.fields:
        if field.units:
            counts = _counts(field.carriers)
            yield f"{field.field:<{_FIELD}}{counts}  {', '.join(map(visible, field.read_from))}"
    empty = {field.field for field in result.fields if not field.units}
    none = [f.field for f in result.fields if f.field in empty and block_of(f.field) not in empty]
    if none:
        yield ""
        yield f"Carried by no unit: {', '.join(none)}."
    yield ""
    if not result.unknown:
        yield "Nothing unknown."
        return
    yield paint("unknown", "bold")
    for unknown in result.unknown:
        yield f"{_counts(unknown.carriers)}  {visible(unknown.path)}"
        samples = ", ".join(f'"{_short(sample)}"' for sample in unknown.samples)
        yield paint(f"{'':{len(_HEADS) * _COUNT}}  such as {samples}", "dim")


def _counts(carriers: Mapping[Kind, int]) -> str:
    return "".join(f"{carriers.get(kind, 0):>{_COUNT},}" for kind in _HEADS)


def _short(sample: str) -> str:
    shown = visible(sample)
    return shown if len(shown) <= _LONGEST_SAMPLE else f"{shown[:_LONGEST_SAMPLE]}…"
