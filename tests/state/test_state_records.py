"""The state topics hold the register after every run, written record by record."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from sordiff.service.publish.state_records import build_state_records_of_run
from sordiff.store.changelog import SqliteChangelog
from tests.laws.pairs import VERSIONS, Version
from tests.making.plain import PlainRegister
from tests.making.strategies import chains
from tests.state.recorded import Mirror, Recorded, Taking, apply, read

TAKINGS: st.SearchStrategy[Taking] = st.sampled_from(
    ["accepted"] * 3 + ["released", "rejected", "superseded", "rebaseline", "corrected"]
)
NIGHTS = 5


@settings(max_examples=50)
@given(
    chains(NIGHTS, intensity=6),
    st.lists(TAKINGS, min_size=NIGHTS, max_size=NIGHTS),
    st.lists(VERSIONS, min_size=NIGHTS, max_size=NIGHTS),
)
def test_after_every_run_the_topics_hold_the_register(
    chain: list[PlainRegister], takings: list[Taking], versions: list[Version]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        recorded = Recorded(Path(name))
        for night, taking, version in zip(chain, takings, versions, strict=True):
            if not recorded.take(night, version, taking):
                continue
            assert recorded.mirror == recorded.anew()
            assert read(recorded.mirror) == recorded.expected
            _, newest = max(recorded.written.items())
            told = {(record.topic, record.key) for record in newest}
            assert recorded.changed <= told
            gone = {(record.topic, record.key) for record in newest if record.value is None}
            assert told - recorded.changed <= gone, "written only when something changed"
            assert {(r.sequence, r.time) for r in newest} <= {(recorded.sequence, recorded.time)}
        _assert_told_again_alike(recorded)


def _assert_told_again_alike(recorded: Recorded) -> None:
    """Later runs change nothing of what an earlier one wrote, nor of several runs at once."""
    with SqliteChangelog(recorded.database).open_to_read() as session:
        for run_id, written in recorded.written.items():
            assert list(build_state_records_of_run(session, run_id)) == written
        mirror: Mirror = {}
        for run_id, written in recorded.written.items():
            apply(mirror, written)
            caught_up = dict(mirror)
            last = max(recorded.written)
            apply(caught_up, list(build_state_records_of_run(session, last, after_run=run_id)))
            assert caught_up == recorded.mirror
