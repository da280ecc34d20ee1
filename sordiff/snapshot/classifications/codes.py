"""What a list says of a code: by its one entry, or by several of which one is chosen, or none."""

from collections.abc import Sequence

from sordiff.findings import Finding
from sordiff.model import Day, Entry
from sordiff.several_entries import CONTRADICTING_ENTRIES, OTHER_ENTRIES, add_entries
from sordiff.snapshot.classifications.entries import ReadEntry
from sordiff.snapshot.classifications.list_elements import find_root
from sordiff.snapshot.classifications.validity import ListValues, choose_valid, drop_copies


class ReadCode:
    """The entries of one code of a list, as they are on a day.

    `left`: what those say that their periods leave; several where it is not clear which one counts.
    `others`: what the rest says. `is_twice`: some entry stands there twice.
    """

    def __init__(self, reads: Sequence[ReadEntry], day: Day, values: ListValues) -> None:
        """`reads`: all entries of the code; `values`: of all entries of the list."""
        distinct = drop_copies(reads)
        self._reads = choose_valid(distinct, day, values)
        self.left = [read.entry for read in self._reads]
        self.others = [read.entry for read in distinct if read.entry not in self.left]
        self.is_twice = len(distinct) < len(reads)

    @property
    def is_unclear(self) -> bool:
        """Whether several entries say different things of the code."""
        return len(self.left) > 1

    @property
    def is_of_several_files(self) -> bool:
        """Whether these entries come from several files."""
        return len({find_root(read.element) for read in self._reads}) > 1

    def build_entry(self) -> Entry:
        """The entry that counts, with the others as an attribute.

        Where it is not clear which one counts, all of them are one, and the entry has the text that
        they have in common, if there is one.
        """
        entry, *further = self.left
        if further:
            text = entry.text if all(each.text == entry.text for each in further) else None
            entry = Entry(code=entry.code, text=text)
            entry = add_entries(entry, CONTRADICTING_ENTRIES, self.left)
        return add_entries(entry, OTHER_ENTRIES, self.others) if self.others else entry

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
