"""The texts that stand beside codes in every row, lifted into lists.

Such a list has the codes that some unit carries, and no others: a code that is missing may still be
in the register's own list.
"""

from collections import Counter
from typing import Final

from sordiff.findings import Finding
from sordiff.model import Classification, Entry
from sordiff.row_index import RowIndex

# The field of the unit -> the name of its list, as the columns call it.
LIST_NAMES: Final = {
    "unit_type": "EntityType",
    "specialities": "PrioritizedEntitySpeciality",
    "organisational_level": "OrganisationalLevel",
}
# The same where texts stand for codes, in the words of sor.csv.
TEXT_LIST_NAMES: Final = {
    "unit_type": "Enhedstype",
    "specialities": "Hovedspeciale",
    "location_number/system": "EDB-system",
    "location_number/system_supplier": "Systemleverandør",
    "location_number/network": "Netoperatør",
}


class CodeTexts:
    """The texts of the codes of each field, counted as they are noted."""

    def __init__(self) -> None:
        self._texts: dict[str, dict[str, Counter[str]]] = {}
        self._rows: Counter[tuple[str, str]] = Counter()

    def note(self, field: str, code: str, text: str | None, rows: int = 1) -> None:
        """Note the text that stands beside a code in so many rows."""
        of_code = self._texts.setdefault(field, {}).setdefault(code, Counter())
        self._rows[field, code] += rows
        if text is not None:
            of_code[text] += rows

    def forget(self, field: str, code: str, text: str | None) -> None:
        """Take back what was noted of a row that counts no more."""
        codes = self._texts[field]
        self._rows[field, code] -= 1
        if text is not None:
            codes[code] -= Counter({text: 1})
        if not self._rows[field, code]:
            del codes[code]
            if not codes:
                del self._texts[field]

    def build_lists(self) -> dict[str, Classification]:
        """One list for each field; of several texts of a code, the one that most rows have."""
        return {
            name: Classification(
                name=name,
                serves=field,
                entries={
                    code: Entry(code=code, text=_choose(texts))
                    for code, texts in sorted(self._texts[field].items())
                },
                in_use_only=True,
            )
            for field, name in LIST_NAMES.items()
            if field in self._texts
        }

    def find_several(self) -> dict[str, dict[str, frozenset[str]]]:
        """List -> code -> its texts, where rows give a code more than one."""
        found = {
            LIST_NAMES[field]: {
                code: frozenset(texts) for code, texts in codes.items() if len(texts) > 1
            }
            for field, codes in self._texts.items()
        }
        return {name: codes for name, codes in found.items() if codes}

    def list_findings(self) -> list[Finding]:
        """A finding for each code with more than one text."""
        return [
            Finding(
                code="classification.several_texts",
                subject=f"{name}/{code}",
                message=f"rows give it {len(texts)} texts: {', '.join(sorted(texts))}",
            )
            for name, codes in sorted(self.find_several().items())
            for code, texts in sorted(codes.items())
        ]


def note_code_texts(rows: RowIndex) -> CodeTexts:
    """What all rows of a table say of codes."""
    texts = CodeTexts()
    for said, count in Counter(rows.said).items():
        for field, code, text in rows.code_texts[said]:
            texts.note(field, code, text, count)
    return texts


def _choose(texts: Counter[str]) -> str | None:
    return min(texts, key=lambda text: (-texts[text], text), default=None)
