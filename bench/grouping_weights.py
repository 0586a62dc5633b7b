"""
Learn and test the weights of the signals by which two articles are judged one event.

    python -m bench.grouping_weights [--data FOLDER]            learn, cross-validated by event
    python -m bench.grouping_weights --draw                     print the pairs of the blind test, to be read
    python -m bench.grouping_weights --prove                    precision and recall on the blind test

The weights are learnt from the pairs of `clusters_dev.jsonl` and of recorded English feeds. Of the feeds' articles
63 % may be used for learning (`read`, `events` and `steps` of `bench/data/grouping.json`, by hash). From the others
150 pairs were drawn by seed among the pairs that share a rare word within 48 hours, and labelled by reading: the
blind test (`held`). Steps of one running story are neither one event nor two, and are left out.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np

from bench.newsdata import Sample, read_entries, read_time
from bulletin.stories.grouping.extract_headline_terms import vocabulary
from bulletin.stories.grouping.group_articles import group_articles, settle
from bulletin.stories.grouping.same_event_probability import WEIGHTS, WINDOW_S, find_pairs, tell_signals
from bulletin.stories.grouping.term_vectors import Numbers, read_articles

DATA = Path(__file__).parents[2] / "shared" / "data"
LABELS = Path(__file__).parent / "data" / "grouping.json"
SEED, HELD = 2802, 150
_PUBLISHERS = (
    "feeds.reuters.com", "live-production.wcms.abc-cdn.net.au", "www.aljazeera.com", "www.bbc.com",
    "www.cbsnews.com", "www.csmonitor.com", "www.japantimes.co.jp", "www.ndtv.com", "www.npr.org",
    "www.nytimes.com", "www.theguardian.com", "www.washingtonpost.com", "www.wsj.com",
)  # fmt: skip
_RARE = 12
"""A word of more articles than this makes no candidates."""
_GIVEN = WEIGHTS[-2:]
"""Of the prior and the hours; not learnt, for there are three piles only, and two have the aggregators' times."""
_FOLDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Signals of pairs and what they are: `same` is 1 or 0."""

    signals: Numbers
    same: Numbers
    counts: Numbers
    """How much each pair counts: a large event has very many."""
    folds: Numbers


def read_pool(data: Path) -> list[Sample]:
    """The dated entries of the recorded English news feeds, each once."""
    files = sorted((data / "feeds" / "recorded").iterdir())
    ours = [path for path in files if path.name.split("__")[0] in _PUBLISHERS]
    samples = [sample for path in ours for sample in read_entries(path.name, path.read_bytes(), most=100)]
    return list({sample.key: sample for sample in samples if sample.article.is_dated}.values())


def lead_of(sample: Sample) -> str:
    return sample.article.summary or sample.article.text


def is_held(sample: Sample) -> bool:
    return int(hashlib.sha256(f"half{sample.key}".encode()).hexdigest(), 16) % 100 >= 63


def candidates(samples: Sequence[Sample]) -> list[tuple[Sample, Sample]]:
    """Pairs of the whole pool that share a rare word within the window, under different headlines."""
    words = vocabulary()
    terms = [set(words.terms(f"{s.article.title} {' '.join(lead_of(s).split()[:60])}")) for s in samples]
    spread = Counter(term for held in terms for term in held)
    rare = {t for t, n in spread.items() if n <= _RARE and t not in words.common and t[0] not in "@=#"}
    return [
        (samples[i], samples[j])
        for i, j in combinations(range(len(samples)), 2)
        if terms[i] & terms[j] & rare
        and samples[i].article.title != samples[j].article.title
        and abs((samples[i].article.published - samples[j].article.published).total_seconds()) <= WINDOW_S
    ]


def draw_held(samples: Sequence[Sample]) -> list[tuple[Sample, Sample]]:
    both = [(a, b) for a, b in candidates(samples) if is_held(a) and is_held(b)]
    ordered = sorted(both, key=lambda pair: (pair[0].key, pair[1].key))
    return random.Random(SEED).sample(ordered, min(HELD, len(ordered)))


def read_pairs(data: Path) -> Iterator[Pairs]:
    """Of both sets of headlines, then of the feeds."""
    rows = [
        json.loads(line) for line in (data / "script" / "clusters_dev.jsonl").read_text("utf-8").splitlines()
    ]
    for name in sorted({row["set"] for row in rows}):
        of_set = [row for row in rows if row["set"] == name]
        yield _to_pairs(
            [row["title"] for row in of_set],
            [read_time(str(row["time"] or "")) for row in of_set],
            [""] * len(of_set),
            [row["story"] for row in of_set],
        )
    labels = json.loads(LABELS.read_text("utf-8"))
    pool = read_pool(data)
    events = {key: f"event {n}" for n, keys in enumerate(labels["events"]) for key in keys}
    steps = [frozenset(keys) for keys in labels["steps"]]
    yield _to_pairs(
        [s.article.title for s in pool],
        [s.article.published.timestamp() for s in pool],
        [lead_of(s) for s in pool],
        [events.get(s.key, s.key if s.key in labels["read"] else "") for s in pool],
        [{n for n, keys in enumerate(steps) if s.key in keys} for s in pool],
    )


def learn(pairs: Sequence[Pairs], *, without: int | None = None) -> Numbers:
    """Logistic regression by half of Newton's steps, each set counted alike; the last weight is the bias."""
    parts = [p.folds != without for p in pairs]
    signals = np.concatenate([p.signals[k] for p, k in zip(pairs, parts, strict=True)])
    same = np.concatenate([p.same[k] for p, k in zip(pairs, parts, strict=True)])
    counts = np.concatenate([p.counts[k] / len(p.same) * 400 for p, k in zip(pairs, parts, strict=True)])
    scale = np.append(signals[:, :-2].std(axis=0), 1.0)
    table = np.column_stack([signals[:, :-2], np.ones(len(signals))]) / scale
    ridge = np.diag(np.append(np.ones(len(scale) - 1), 0.0))
    weights = np.zeros(len(scale))
    for _ in range(60):
        odds = np.clip(table @ weights + signals[:, -2:] @ _GIVEN, -30, 30)
        share = 1 / (1 + np.exp(-odds))
        slope = table.T @ (counts * (share - same)) + ridge @ weights
        bend = (table * (counts * share * (1 - share))[:, None]).T @ table + ridge
        weights -= np.linalg.solve(bend, slope) / 2
    return np.asarray(weights / scale)


def average_precision(same: Numbers, odds: Numbers) -> float:
    right = same[np.argsort(-odds)]
    return float((np.cumsum(right) / np.arange(1, len(right) + 1))[right > 0].mean())


def interval(right: int, total: int) -> tuple[float, float]:
    """Wilson's, 95 %."""
    share, z = right / max(1, total), 1.96
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return middle - half, middle + half


def prove(data: Path) -> None:
    pool = read_pool(data)
    labels = group_articles(
        [s.article.title for s in pool],
        [s.article.published.timestamp() for s in pool],
        [lead_of(s) for s in pool],
    ).events
    group = {s.key: label for s, label in zip(pool, labels, strict=True)}
    counts: Counter[tuple[str, bool]] = Counter()
    for pair, kind in json.loads(LABELS.read_text("utf-8"))["held"].items():
        first, second = pair.split()
        counts[kind, group[first] == group[second]] += 1
    right, wrong, missed = counts["same", True], counts["other", True], counts["same", False]
    for name, total in (("precision", right + wrong), ("recall", right + missed)):
        low, high = interval(right, total)
        print(f"{name} {right / total:.3f} ({right} of {total}; 95 %: {low:.2f} to {high:.2f})")
    print(f"steps of one story: {counts['step', True]} joined, {counts['step', False]} apart, not counted")


def _to_pairs(
    titles: Sequence[str],
    times: Sequence[float | None],
    leads: Sequence[str],
    events: Sequence[str],
    steps: Sequence[set[int]] = (),
) -> Pairs:
    """Signals as the last pass sees them. An article without an event was not read: its pairs are left out."""
    reading = read_articles(titles, leads, local_words=())
    pairs, _ = find_pairs(reading, times)
    settled = settle(reading, pairs, times)
    sizes = Counter(events)
    kept, same, counts, folds = [], [], [], []
    for a, b in pairs:
        is_same = events[a] == events[b]
        kept.append(bool(events[a] and events[b] and (is_same or not steps or not steps[a] & steps[b])))
        same.append(float(is_same))
        counts.append(1 / math.sqrt(sizes[events[a]] - 1) if is_same and sizes[events[a]] > 1 else 1.0)
        folds.append(int(hashlib.sha256(events[a].encode()).hexdigest(), 16) % _FOLDS)
    rows = np.array(kept)
    return Pairs(
        signals=tell_signals(settled.evidence, settled.weights)[rows],
        same=np.array(same)[rows],
        counts=np.array(counts)[rows],
        folds=np.array(folds)[rows],
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--draw", action="store_true")
    parser.add_argument("--prove", action="store_true")
    args = parser.parse_args()
    if args.prove:
        prove(args.data)
    elif args.draw:
        for first, second in draw_held(read_pool(args.data)):
            print(f"{first.key} {second.key}")
            for sample in (first, second):
                print(
                    f"  {sample.article.published:%d %H:%M} {sample.article.title} | {lead_of(sample)[:200]}"
                )
    else:
        pairs = list(read_pairs(args.data))
        for some in pairs:
            odds = np.zeros(len(some.same))
            for fold in range(_FOLDS):
                weights = learn(pairs, without=fold)
                rows = some.folds == fold
                odds[rows] = some.signals[rows] @ np.append(weights[:-1], _GIVEN) + weights[-1]
            score = average_precision(some.same, odds)
            print(f"{len(odds)} pairs, {int(some.same.sum())} of one event: average precision {score:.3f}")
        *learnt, bias = learn(pairs)
        print("weights", *(f"{weight:.3f}" for weight in learnt), f"bias {bias:.2f}")


if __name__ == "__main__":
    main()
