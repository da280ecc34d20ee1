#!/bin/sh
# The successors of benchmarks/successions.py found by linkage libraries: sh benchmarks/linkage.sh
# Installs pinned versions into a temporary folder; takes some minutes, and is no part of CI.
# recordlinkage gets the pairs of candidates that sordiff looks at, and learns on other towns; splink finds its own pairs.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    splink==5.0.0 recordlinkage==0.16 pandas==2.3.3 rapidfuzz==3.14.6 msgspec python-stdnum

cat > "$folder/compare.py" <<'PY'
import logging
import time
import warnings

import numpy
import pandas
import recordlinkage
import splink.internals.comparison_library as comparisons
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from benchmarks.succession import FITTED_ON, MEASURED_ON, PRACTICES
from benchmarks.successions import iterate_cases
from sordiff.reconcile.names import fold_name
from sordiff.reconcile.succession import rank_successors

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
IDS = ["number", "provider_number", "shak", "p_number", "cvr", "owner", "house", "phone", "email"]
EXACT = [*IDS, "unit_type", "post_code"]


def read(seeds):
    gone, others, pairs, truth = {}, {}, [], {}
    for case in iterate_cases(seeds, PRACTICES):
        truth[case.gone.sor_id] = case.heirs
        gone[case.gone.sor_id] = case.gone, case.closed
        for one in case.candidates:
            if one.kind is case.gone.kind and one.sor_id != case.gone.sor_id:
                others[one.sor_id] = one, one.first_from
                pairs.append((case.gone.sor_id, one.sor_id))
    return tabulate(gone), tabulate(others), pairs, truth


def tabulate(units):
    rows = {
        sor_id: {field: getattr(unit, field) for field in EXACT}
        | {"folded": " ".join(fold_name(unit.name or "")), "day": day, "unique_id": sor_id}
        for sor_id, (unit, day) in units.items()
    }
    return pandas.DataFrame.from_dict(rows, orient="index")


def tell(name, scored, truth, begun):
    best = {}
    for one, other, score in scored:
        if score > best.get(one, ("", 0))[1]:
            best[one] = other, score
    ranked = sorted(((score, other in truth[one]) for one, (other, score) in best.items()), reverse=True)
    with_heir = sum(map(bool, truth.values()))
    sure = [right for score, right in ranked if score >= 0.9]
    rights = numpy.cumsum([right for _, right in ranked])
    most = max((found for place, found in enumerate(rights, 1) if found / place >= 0.98), default=0)
    print(
        f"{name}: precision {sum(sure) / len(sure):.3f} at recall {sum(sure) / with_heir:.3f} from 0.9 on;"
        f" recall {most / with_heir:.3f} at precision 0.98; {time.process_time() - begun:.1f} s of the cores",
        flush=True,
    )


def compare(gone, others, pairs):
    index = pandas.MultiIndex.from_tuples(pairs)
    comparing = recordlinkage.Compare()
    for field in EXACT:
        comparing.exact(field, field, label=field)
    comparing.string("folded", "folded", method="jarowinkler", label="name")
    found = comparing.compute(index, gone, others).fillna(0)
    opened = pandas.to_datetime(others.loc[index.get_level_values(1), "day"]).values
    closed = pandas.to_datetime(gone.loc[index.get_level_values(0), "day"]).values
    days = (opened - closed) / numpy.timedelta64(1, "D")
    return found.assign(then=((days >= -93) & (days <= 186)).astype(float))


def with_scores(pairs, scores):
    return [(one, other, score) for (one, other), score in zip(pairs, scores)]


gone, others, pairs, truth = read(MEASURED_ON)

begun = time.process_time()
own = [
    (case.gone.sor_id, found.sor_id, found.score)
    for case in iterate_cases(MEASURED_ON, PRACTICES)
    for found in rank_successors(case.gone, case.closed, case.candidates)
]
tell("sordiff", own, truth, begun)

learnt = read(FITTED_ON)
begun = time.process_time()
regression = recordlinkage.LogisticRegressionClassifier()
right = [pair for pair in learnt[2] if pair[1] in learnt[3][pair[0]]]
regression.fit(compare(*learnt[:3]), pandas.MultiIndex.from_tuples(right))
vectors = compare(gone, others, pairs)
tell("recordlinkage, regression", with_scores(pairs, regression.prob(vectors)), truth, begun)

begun = time.process_time()
either = (vectors > 0.88).astype(int)
either = either.loc[:, either.nunique() > 1]
untaught = recordlinkage.ECMClassifier(binarize=None)
untaught.fit_predict(either)
tell("recordlinkage, untaught (ECM)", with_scores(pairs, untaught.prob(either)), truth, begun)

begun = time.process_time()
database = DuckDBAPI()
tables = [
    database.register(table.reset_index(drop=True), dataset_display_name=name)
    for name, table in (("gone", gone), ("others", others))
]
settings = SettingsCreator(
    link_type="link_only",
    blocking_rules_to_generate_predictions=[block_on(field) for field in (*IDS, "folded")],
    comparisons=[
        *map(comparisons.ExactMatch, EXACT),
        comparisons.JaroWinklerAtThresholds("folded", [0.97, 0.88]),
        comparisons.AbsoluteDateDifferenceAtThresholds(
            "day", input_is_string=True, metrics=["day", "month"], thresholds=[1, 6]
        ),
    ],
)
linker = Linker(tables, settings)
linker.training.estimate_probability_two_random_records_match(
    [block_on("number"), block_on("phone", "house"), block_on("provider_number", "house")], recall=0.8
)
linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
for field in ("number", "phone", "house", "folded"):
    linker.training.estimate_parameters_using_expectation_maximisation(block_on(field))
found = linker.inference.predict(threshold_match_probability=0.01).as_pandas_dataframe()
ends = zip(found.unique_id_l, found.unique_id_r, found.match_probability)
tell("splink, untaught", [(a, b, s) if a in truth else (b, a, s) for a, b, s in ends], truth, begun)
PY
PYTHONPATH=$PWD "$folder/venv/bin/python" "$folder/compare.py"
