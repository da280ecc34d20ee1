"""The nights of an archive, for people."""

from collections.abc import Iterator, Sequence

from sordiff.render.language import Catalogue
from sordiff.render.text.colour import Paint
from sordiff.report import ArchivedNight, Verification
from sordiff.visible import visible

_MOST_NIGHTS = 12


def added_line(day: str, sha256: str, texts: Catalogue) -> str:
    """That a night is in the archive, by this call or from before."""
    return texts.say("archive.added", day=visible(day), sha256=sha256)


def restored_line(day: str, file: str, texts: Catalogue) -> str:
    """Where a restored night lies."""
    return texts.say("archive.restored", day=visible(day), file=visible(file))


def night_lines(nights: Sequence[ArchivedNight], texts: Catalogue, paint: Paint) -> Iterator[str]:
    """A line a night, and the sum below."""
    head = (texts.text(f"archive.{key}") for key in ("day", "size", "packed", "leans"))
    yield paint("{:<10}  {:>9}  {:>9}  {}".format(*head), "bold")
    days = {night.file: night.day for night in nights}
    for night in nights:
        leans = night.leans_on and days.get(night.leans_on, night.leans_on)
        size, packed = _megabytes(night.size, texts), _kilobytes(night.packed_size, texts)
        below = visible(leans) if leans else texts.text("archive.whole")
        yield f"{visible(night.day):<10}  {size:>9}  {packed:>9}  {below}"
    total = sum(night.packed_size for night in nights)
    yield texts.counted("archive.sum", len(nights), packed=texts.decimal(total / 1e6))


def verified_line(found: Verification, texts: Catalogue) -> str:
    """That all nights can be restored."""
    return texts.counted(
        "archive.verified",
        found.nights,
        files=texts.number(found.frames),
        packed=texts.decimal(found.packed_size / 1e6),
    )


def fault_lines(found: Verification, texts: Catalogue) -> Iterator[str]:
    """A line for each damaged file, with the nights that it costs."""
    for fault in found.faults:
        reason = visible(texts.sentence(fault.reason))
        nights = _days(fault.nights, texts)
        yield texts.say("archive.fault", file=fault.file, reason=reason, nights=nights)


def pruned_line(days: Sequence[str], texts: Catalogue) -> str:
    """How many nights are gone."""
    return texts.counted("archive.pruned", len(days))


def _days(days: Sequence[str], texts: Catalogue) -> str:
    if not days:
        return texts.text("archive.no.night")
    named = ", ".join(map(visible, days[:_MOST_NIGHTS]))
    more = len(days) - _MOST_NIGHTS
    return named if more <= 0 else f"{named} {texts.counted('archive.more', more)}"


def _megabytes(size: int, texts: Catalogue) -> str:
    return f"{texts.decimal(size / 1e6)} MB"


def _kilobytes(size: int, texts: Catalogue) -> str:
    return f"{texts.decimal(size / 1e3)} kB"
