"""A rebaseline is all adoptions: they alone lead from the old state to the new one, and back."""

from hypothesis import given, settings

from sordiff.diff import compare
from sordiff.model import Entry
from sordiff.register import Register
from sordiff.replay import Fold, derive_adoptions, derive_root_adoptions
from sordiff.service.ingest.read_snapshot import build_register
from tests.laws.pairs import VERSIONS, Version, read
from tests.making.plain import PlainRegister
from tests.making.strategies import nights


def entries(register: Register) -> dict[str, Entry]:
    return {
        f"{name}/{code}": entry
        for name, listed in register.lists.items()
        for code, entry in listed.entries.items()
    }


@settings(max_examples=100)
@given(nights(intensity=8), VERSIONS, VERSIONS)
def test_adoptions_alone_lead_from_old_to_new_and_back(
    pair: tuple[PlainRegister, PlainRegister], version_old: Version, version_new: Version
) -> None:
    old, new = read(pair[0], version_old), read(pair[1], version_new)
    changes = compare(build_register(old), build_register(new))
    adoptions = (
        *derive_adoptions(changes, ()),
        *derive_root_adoptions(old.header.other, new.header.other),
    )
    fold = Fold(old.units.values(), entries(changes.old), old.header.other)
    fold.forwards((), adoptions)
    assert fold.as_units() == new.units
    assert fold.entries == entries(changes.new)
    assert fold.root == new.header.other
    fold.backwards((), adoptions)
    assert fold.as_units() == old.units
    assert fold.entries == entries(changes.old)
    assert fold.root == old.header.other
