"""How often a suggested successor is the right one: fits the weights, measures on other towns, draws the diagram.

python -m benchmarks.succession [--fit] [--picture FILE]
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.successions import iterate_cases
from sordiff.reconcile.evidence import FEATURES, find_features, opening_span
from sordiff.reconcile.succession import rank_successors, score_candidates, weigh
from sordiff.reconcile.weights import WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from benchmarks.successions import Case

FITTED_ON = range(100, 112)
MEASURED_ON = range(10)
PRACTICES = 700
_STEPS = 1500
_RATE = 0.6
_DECAY = 0.0005


@dataclass(frozen=True)
class Bin:
    """Suggestions whose scores lie between two bounds."""

    low: float
    high: float
    count: int
    score: float
    right: float


@dataclass(frozen=True)
class Measured:
    """Precision and recall of suggestions of 0.9 and above, and the bins of the diagram."""

    cases: int
    with_heir: int
    sure: int
    sure_and_right: int
    bins: tuple[Bin, ...]
    wrong: Counter[str]
    found: Counter[str]
    of_kind: Counter[str]

    @property
    def precision(self) -> float:
        return self.sure_and_right / self.sure if self.sure else 1.0

    @property
    def recall(self) -> float:
        return self.sure_and_right / self.with_heir if self.with_heir else 1.0


def measure(cases: Iterable[Case], weights: Mapping[str, float] | None = None) -> Measured:
    """The best suggestion of each case against the truth."""
    scored: list[tuple[float, bool]] = []
    wrong: Counter[str] = Counter()
    found: Counter[str] = Counter()
    of_kind: Counter[str] = Counter()
    total = with_heir = 0
    for case in cases:
        total += 1
        with_heir += bool(case.heirs)
        of_kind[case.kind] += 1
        ranked = rank_successors(case.gone, case.closed, case.candidates, weights)
        if not ranked:
            continue
        is_right = ranked[0].sor_id in case.heirs
        scored.append((ranked[0].score, is_right))
        if ranked[0].score >= 0.9:
            (found if is_right else wrong)[case.kind] += 1
    sure = [right for score, right in scored if score >= 0.9]
    return Measured(
        total, with_heir, len(sure), sum(sure), tuple(_bins(scored)), wrong, found, of_kind
    )


def _bins(scored: Sequence[tuple[float, bool]]) -> Iterable[Bin]:
    for tenth in range(10):
        low, high = tenth / 10, (tenth + 1) / 10
        inside = [one for one in scored if low <= one[0] < high or (tenth == 9 and one[0] == 1)]
        if inside:
            yield Bin(
                low,
                high,
                len(inside),
                sum(score for score, _ in inside) / len(inside),
                sum(right for _, right in inside) / len(inside),
            )


def fit(cases: Iterable[Case]) -> dict[str, float]:
    """The weights under which the truth is likeliest: candidates compete, also with nobody."""
    table = []
    for case in cases:
        span = opening_span(case.closed)
        features = [find_features(case.gone, span, one) for one in case.candidates]
        right = [one.sor_id in case.heirs for one in case.candidates]
        # What no rule could find is no reason to doubt what is found.
        if features and (any(right) or not case.heirs):
            table.append((features, right))
    weights = dict.fromkeys(FEATURES, 0.0)
    moved = dict.fromkeys(FEATURES, 0.0)
    for _ in range(_STEPS):
        slope = dict.fromkeys(FEATURES, 0.0)
        for features, right in table:
            scores = score_candidates([weigh(one, weights) for one in features])
            of_right = sum(s for s, r in zip(scores, right, strict=True) if r)
            for one, score, is_right in zip(features, scores, right, strict=True):
                pull = (score / of_right if is_right else 0.0) - score
                for feature in one:
                    slope[feature] += pull
        for name in FEATURES:
            moved[name] = 0.8 * moved[name] + _RATE * (
                slope[name] / len(table) - _DECAY * weights[name] / 10
            )
            weights[name] += 2 * moved[name]
    return {name: round(value, 2) for name, value in weights.items()}


def report(found: Measured) -> str:
    lines = [
        f"{found.cases} closings, {found.with_heir} with a successor",
        f"score >= 0.9: {found.sure} suggested, {found.sure_and_right} right",
        f"precision {found.precision:.4f}, recall {found.recall:.4f}",
        "",
        "| score | suggestions | mean score | right |",
        "|---|---|---|---|",
        *(
            f"| {one.low:.1f}–{one.high:.1f} | {one.count} | {one.score:.3f} | {one.right:.3f} |"
            for one in found.bins
        ),
        "",
        "| what happened | closings | found at 0.9 | wrong at 0.9 |",
        "|---|---|---|---|",
        *(
            f"| {kind} | {count} | {found.found[kind]} | {found.wrong[kind]} |"
            for kind, count in sorted(found.of_kind.items())
        ),
    ]
    return "\n".join(lines)


def draw(found: Measured) -> str:
    """The reliability diagram: how often suggestions of a score were right; the line is perfect."""
    side, edge = 320, 48
    points = []
    for one in found.bins:
        x, y = edge + one.score * side, edge + (1 - one.right) * side
        size = 3 + min(9.0, one.count**0.5 / 6)
        label = f"{one.count} suggestions of {one.low:.1f} to {one.high:.1f}: {one.right:.1%} right"
        points.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" fill="#1f6f8b" fill-opacity="0.75"><title>{label}</title></circle>'
        )
    ticks = []
    for tenth in range(0, 11, 2):
        place = edge + tenth / 10 * side
        ticks += [
            f'<text x="{place:.0f}" y="{edge + side + 18}" text-anchor="middle">{tenth / 10:.1f}</text>',
            f'<text x="{edge - 8}" y="{edge + side - tenth / 10 * side + 4:.0f}" text-anchor="end">{tenth / 10:.1f}</text>',
        ]
    whole = side + 2 * edge
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {whole}" width="{whole}" height="{whole}" font-family="sans-serif" font-size="12" role="img">',
            "<title>Reliability of suggested successors: the share that was right, by score</title>",
            f'<rect width="{whole}" height="{whole}" fill="#ffffff"/>',
            f'<rect x="{edge}" y="{edge}" width="{side}" height="{side}" fill="none" stroke="#888888"/>',
            f'<line x1="{edge}" y1="{edge + side}" x2="{edge + side}" y2="{edge}" stroke="#bbbbbb" stroke-dasharray="4 4"/>',
            *points,
            *ticks,
            f'<text x="{edge + side / 2}" y="{whole - 8}" text-anchor="middle">score</text>',
            f'<text x="14" y="{edge + side / 2}" text-anchor="middle" transform="rotate(-90 14 {edge + side / 2})">right</text>',
            "</svg>\n",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.succession", description=__doc__)
    parser.add_argument("--fit", action="store_true", help="fit the weights, and print them")
    parser.add_argument("--picture", type=Path, help="draw the reliability diagram")
    said = parser.parse_args()
    weights: Mapping[str, float] = WEIGHTS
    if said.fit:
        weights = fit(iterate_cases(FITTED_ON, PRACTICES))
        print("\n".join(f'    "{name}": {value},' for name, value in weights.items()))
    begun = time.process_time()
    found = measure(iterate_cases(MEASURED_ON, PRACTICES), weights)
    print(report(found))
    print(f"\n{time.process_time() - begun:.1f} s of CPU, the making of the towns included")
    if said.picture:
        said.picture.write_text(draw(found), encoding="utf-8")


if __name__ == "__main__":
    main()
