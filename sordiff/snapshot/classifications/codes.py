"""What a list says of a code: by its one entry, or by several of which one is chosen, or none."""

from collections.abc import Sequence

from sordiff.findings import Finding
from sordiff.model import Day, Entry
from sordiff.several_entries import ALL_ENTRIES, OTHER_ENTRIES, add_entries
from sordiff.snapshot.classifications.entries import ReadEntry
from sordiff.snapshot.classifications.validity import choose_valid
from sordiff.snapshot.format.unknown_elements import sort_key


class ReadCode:
    """The entries of one code of a list, as they are on a day.

    `left`: the contents of those that their periods leave; several where it is not clear which one
    counts. `others`: those of the rest.
    """

    def __init__(self, reads: Sequence[ReadEntry], day: Day) -> None:
        """`reads`: all entries of the code."""
        self._all = _list_contents(reads)
        chosen = reads if len(self._all) == 1 else choose_valid(reads, day)
        self.left = _list_contents(chosen)
        self.is_twice = len(chosen) > len(self.left)

    @property
    def is_unclear(self) -> bool:
        """Whether several entries say different things of the code."""
        return len(self.left) > 1

    def build_entry(self) -> Entry:
        """The entry that counts, with the others as an attribute.

        Where it is not clear which one counts, the entry has what all of them say.
        """
        if not self.is_unclear:
            (entry,) = self.left
            others = [each for each in self._all if each != entry]
            return add_entries(entry, OTHER_ENTRIES, others) if others else entry
        first, *further = self.left
        attributes = {
            name: value
            for name, value in first.attributes.items()
            if all(each.attributes.get(name) == value for each in further)
        }
        text = first.text if all(each.text == first.text for each in further) else None
        agreed = Entry(code=first.code, text=text, attributes=attributes)
        return add_entries(agreed, ALL_ENTRIES, self._all)

    def list_findings(self, list_name: str) -> list[Finding]:
        """A finding where the code stands in the list several times."""
        if self.is_unclear:
            message = "the code is in the list with different contents: it keeps its last text"
        elif self.is_twice:
            message = "the code is in the list twice"
        else:
            return []
        subject = f"{list_name}/{self.left[0].code}"
        return [Finding(code="classification.code_twice", subject=subject, message=message)]


def _list_contents(reads: Sequence[ReadEntry]) -> list[Entry]:
    """The different entries among these, by their content."""
    contents = {sort_key([read.entry.text, read.entry.attributes]): read.entry for read in reads}
    return [contents[key] for key in sorted(contents)]
