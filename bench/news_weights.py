"""
Weights of the signals of news, learnt from labelled entries: prints the table [weights] of news_words/en.toml.

    python -m bench.news_weights [--data ../shared/data] [--more FOLDER] [--labels FILE]

Logistic regression over the signals of `bulletin/stories/news_signals.py` (present or not), for the pieces
that no section, type or form has decided. Also prints precision and recall by tenfold cross-validation,
and, where there are two sets, of each by the weights of the other. `--more` is a folder with feeds that
are not among the recorded ones; their labels are in the same file. The invented local news of the tests
stands beside them, since the recorded feeds have none.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.newsdata import (
    INVENTED,
    LABELS,
    Sample,
    draw,
    read_folder,
    read_invented,
    read_labels,
    read_samples,
)
from bulletin.config.options import StoriesOptions
from bulletin.stories.news_signals import find_signals
from bulletin.stories.news_tables import read_table
from bulletin.stories.newsworthiness import Worth, judge_article

_STRENGTH = 2.0
"""Of the pull of every weight towards 0."""
_FEWEST = 5
_FOLDS = 10
Numbers = NDArray[np.float64]


def fit(signals: Numbers, hard: Numbers) -> Numbers:
    """Newton's method; the last weight is the bias, which nothing pulls."""
    table = np.c_[signals, np.ones(len(signals))]
    weights = np.zeros(table.shape[1])
    pull = np.r_[np.full(signals.shape[1], _STRENGTH), 1e-3]
    for _ in range(25):
        likely = 1 / (1 + np.exp(-table @ weights))
        curve = (table * (likely * (1 - likely))[:, None]).T @ table + np.diag(pull)
        weights -= np.linalg.solve(curve, table.T @ (likely - hard) + pull * weights)
    return weights


def scores(signals: Numbers, weights: Numbers) -> Numbers:
    return np.asarray(np.c_[signals, np.ones(len(signals))] @ weights)


def cross_validate(signals: Numbers, hard: Numbers) -> Numbers:
    """A score for each by the weights of the other nine tenths."""
    order = np.random.default_rng(1).permutation(len(hard))
    result = np.zeros(len(hard))
    for fold in range(_FOLDS):
        test = order[fold::_FOLDS]
        train = np.setdiff1d(order, test)
        result[test] = scores(signals[test], fit(signals[train], hard[train]))
    return result


def tell(name: str, hard: Numbers, score: Numbers, total: int) -> None:
    """Precision and recall at several thresholds; `total` counts the hard ones that a form took out, too."""
    cells = []
    for level in (-0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0):
        taken = score >= level
        right = float(hard[taken].sum())
        cells.append(f"{level:+.2f}: {right / max(1, taken.sum()):.3f}/{right / max(1, total):.3f}")
    print(f"# {name:18} {'  '.join(cells)}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--more", type=Path)
    parser.add_argument("--labels", type=Path, default=LABELS)
    args = parser.parse_args()
    labels = read_labels(args.labels)
    first, _, rest = draw(read_samples(args.data))
    own = [sample for sample in (*first, *rest) if sample.key in labels]
    more = [s for s in (read_folder(args.more) if args.more else []) if s.key in labels]
    invented = read_invented(INVENTED)
    labels |= dict.fromkeys((sample.key for sample in invented), "hard")
    print_weights([*own, *more, *invented], labels, own=len(own))


def print_weights(samples: Sequence[Sample], labels: dict[str, str], *, own: int) -> None:
    table = read_table("en")
    options = StoriesOptions()
    judged = [judge_article(s.article, options=options, language="en").worth for s in samples]
    open_to_weigh = [i for i, worth in enumerate(judged) if worth is not Worth.NEVER]
    found = [find_signals(samples[i].article, table) for i in open_to_weigh]
    counts = Counter(name for names in found for name in names)
    names = sorted(name for name, count in counts.items() if count >= _FEWEST)
    signals = np.array([[float(name in has) for name in names] for has in found])
    hard = np.array([float(labels[samples[i].key] == "hard") for i in open_to_weigh])
    mine = np.array([i < own for i in open_to_weigh])
    totals = [sum(labels[s.key] == "hard" for s in part) for part in (samples[:own], samples[own:])]
    score = cross_validate(signals, hard)
    tell("cross-validated", hard[mine], score[mine], totals[0])
    if not mine.all():
        tell("the more", hard[~mine], score[~mine], totals[1])
        tell("more -> own", hard[mine], scores(signals[mine], fit(signals[~mine], hard[~mine])), totals[0])
        tell("own -> more", hard[~mine], scores(signals[~mine], fit(signals[mine], hard[mine])), totals[1])
    print("[weights]")
    weights = fit(signals, hard)
    for name, weight in sorted(zip([*names, "bias"], weights, strict=True), key=lambda pair: pair[1]):
        print(f'"{name}" = {weight:.2f}')


if __name__ == "__main__":
    main()
