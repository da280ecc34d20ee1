"""A verdict in words: what became of a line, what to do, who goes on and why that is likely."""

from collections.abc import Iterator, Mapping
from typing import Final

from sordiff.model import SorId
from sordiff.reconcile.verdict import ReconciledRow, Suggestion, Verdict
from sordiff.render.commands.rows import named
from sordiff.render.language import Catalogue
from sordiff.visible import visible

_OWN: Final = "unit_has_number"
_MOST_UNITS: Final = 5


class ListPhrases:
    """The phrases of one language; `names`: what units are called that a line only has as ids."""

    def __init__(self, language: Catalogue, names: Mapping[SorId, str] | None = None) -> None:
        self.language = language
        self._names = names or {}

    def title(self, verdict: Verdict) -> str:
        """The verdict as the head of a group of lines."""
        return self.language.text(f"reconcile.verdict.{verdict}")

    def advice(self, verdict: Verdict) -> str:
        """What to do about such lines."""
        return self.language.text(f"reconcile.do.{verdict}")

    def subject(self, row: ReconciledRow, own_name: str = "") -> str:
        """The number that decided, and the unit it leads to; else what the list itself calls it."""
        parts = [visible(row.value)] if row.value else []
        if row.unit_id is not None and row.unit_id != row.value:
            parts.append(named(row.name, row.unit_id))
        elif row.name or own_name:
            parts.append(visible(row.name or own_name))
        return " · ".join(parts) or "–"

    def details(self, row: ReconciledRow) -> Iterator[str]:
        """Since when and by which event, what else is known, and what to write."""
        since = " · ".join(self._since(row))
        if since:
            yield since
        for note in row.notes:
            yield self.language.text(f"reconcile.note.{note}")
        if row.candidates:
            shown = row.candidates[:_MOST_UNITS]
            units = ", ".join(named(self._names.get(one), one) for one in shown)
            more = " …" if len(row.candidates) > _MOST_UNITS else ""
            key = (
                "reconcile.owners"
                if row.verdict is Verdict.NUMBER_MOVED
                else "reconcile.candidates"
            )
            yield self.language.say(key, units=units + more)
        if row.suggestion is not None:
            yield self.suggestion(row.suggestion, row.verdict)

    def _since(self, row: ReconciledRow) -> Iterator[str]:
        if row.since is not None:
            key = "reconcile.from" if row.verdict is Verdict.CLOSING else "reconcile.since"
            yield self.language.say(key, day=visible(self.language.day(row.since)))
        if row.event is not None and row.event.sequence is not None and row.event.type is not None:
            yield self.language.say(
                "reconcile.event", type=row.event.type, sequence=str(row.event.sequence)
            )

    def suggestion(self, suggestion: Suggestion, verdict: Verdict | None = None) -> str:
        """What to write instead; of what is inferred, how likely it is and why."""
        unit = named(suggestion.name, suggestion.unit_id)
        number = visible(suggestion.number or "")
        if _OWN in suggestion.reasons:
            key = "reconcile.now" if number else "reconcile.now.none"
            return self.language.say(key, unit=unit, number=number)
        if verdict is Verdict.RENAMED:
            return self.language.say("reconcile.called", name=visible(suggestion.name or ""))
        reached = self.language.say("reconcile.reached", number=number) if number else ""
        if suggestion.is_certain:
            return self.language.say("reconcile.replaced_by", unit=unit) + reached
        return self.probably(suggestion) + reached

    def probably(self, suggestion: Suggestion) -> str:
        """That a unit goes on is likely, and no more."""
        return self.language.say(
            "reconcile.probably",
            unit=named(suggestion.name, suggestion.unit_id),
            score=self.score(suggestion.score),
            reasons=", ".join(map(self.reason, suggestion.reasons)),
        )

    def reason(self, reason: str) -> str:
        """One reason in words."""
        return self.language.text(f"reconcile.reason.{reason}")

    def score(self, score: float) -> str:
        """A probability with two decimals; what is inferred is never shown as one."""
        shown = f"{min(score, 0.99):.2f}" if score < 1 else "1"
        return shown.replace(".", self.language.text("decimal"))
