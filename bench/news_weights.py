"""
Weights of the signals and words of news, learnt from labelled entries: prints [weights] of news_words/en.toml.

    python -m bench.news_weights [--data ../shared/data] [--more FOLDER] [--words FILE]

Logistic regression over the signals of `bulletin/stories/newsworthiness/find_news_value_signals.py` (present or not) and over single
words, for the pieces that no section, type or form has decided. A word counts where eight pieces of three
publishers and of three years have it and it is no name, so none stands for one publisher or for one story;
it is pulled to 0 four times as strongly as a signal. An entry whose reader was in doubt counts half. Also prints precision and recall by tenfold
cross-validation, no feed being in both parts. `--more` is a folder with feeds that are not among the recorded
ones; their labels are in the same file. The invented local news of the tests stands beside them, since the
recorded feeds have little; they count three times. `--words` is written: the table of words, news_words/en_learnt.toml.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from bench.newsdata import INVENTED, LABELS, Sample, read_all, read_invented, read_labels
from bulletin.config.profile_options import StoriesOptions
from bulletin.stories.newsworthiness.find_news_value_signals import find_signals, find_words
from bulletin.stories.newsworthiness.hard_or_soft_news import NewsWorth, judge_article
from bulletin.stories.newsworthiness.load_news_word_lists import read_table

_STRENGTH = 2.0
"""Of the pull of every weight towards 0."""
_OF_WORD = 0.5
"""How large a word is beside a signal: the pull on it is the square of 1 / 0.5 as strong."""
_FEWEST, _FEWEST_OF_WORD, _FEWEST_PUBLISHERS, _FEWEST_YEARS = 5, 8, 3, 3
_DOUBTED, _INVENTED = 0.5, 3.0
_FOLDS = 10
_STEP = 0.05
"""Weights of words are rounded to it."""
_STEPS_OF_NEWTON, _SETTLED = 20, 1e-3
Numbers = NDArray[np.float64]


def fit(table: Numbers, hard: Numbers, surely: Numbers) -> Numbers:
    """Newton's method in as many unknowns as there are entries; the last weight is the bias, which nothing pulls."""
    table = np.c_[table, np.full(len(table), 1.0)]
    pull = np.r_[np.full(table.shape[1] - 1, _STRENGTH), 1e-3]
    kernel = (table / pull) @ table.T
    score = np.zeros(len(table))
    for _ in range(_STEPS_OF_NEWTON):
        likely = 1 / (1 + np.exp(-score))
        curve = np.maximum(surely * likely * (1 - likely), 1e-4)
        solution = np.linalg.solve(kernel + np.diag(1 / curve), score + surely * (hard - likely) / curve)
        before, score = score, kernel @ solution
        if np.abs(score - before).max() < _SETTLED:
            break
    return np.asarray((table / pull).T @ solution)


def cross_validate(table: Numbers, hard: Numbers, surely: Numbers, groups: Sequence[str]) -> Numbers:
    """A score for each by weights that have seen no entry of its group."""
    names = sorted(set(groups))
    random.Random(1).shuffle(names)
    fold = np.array([names.index(group) % _FOLDS for group in groups])
    score = np.zeros(len(hard))
    for number in range(_FOLDS):
        test, train = fold == number, fold != number
        weights = fit(table[train], hard[train], surely[train])
        score[test] = table[test] @ weights[:-1] + weights[-1]
    return score


def tell(name: str, hard: Numbers, score: Numbers, total: float) -> None:
    """Precision and recall at several thresholds; `total` counts the hard ones that a form took out, too."""
    cells = []
    for level in (-1.2, -1.0, -0.8, -0.5, 0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0):
        taken = score >= level
        right = float(hard[taken].sum())
        cells.append(f"{level:+.2f}: {right / max(1, taken.sum()):.3f}/{right / max(1, total):.3f}")
    print(f"# {name:12} {'  '.join(cells)}")


def choose_signals(signals: Sequence[frozenset[str]]) -> list[str]:
    counts = Counter(name for names in signals for name in names)
    return sorted(name for name, count in counts.items() if count >= _FEWEST)


def choose_words(samples: Sequence[Sample], words: Sequence[frozenset[str]]) -> list[str]:
    """Words that are frequent enough, with several publishers and in several years; no names."""
    counts = Counter(name for names in words for name in names)
    publishers, years = defaultdict(set), defaultdict(set)
    for sample, names in zip(samples, words, strict=True):
        host = urlsplit(sample.article.link).netloc
        for name in names:
            publishers[name].add(sample.key if host == "day.example" else host)
            years[name].add(sample.article.published.year)
    proper = find_names(samples)
    return sorted(
        name
        for name, count in counts.items()
        if count >= _FEWEST_OF_WORD
        and len(publishers[name]) >= _FEWEST_PUBLISHERS
        and len(years[name]) >= _FEWEST_YEARS
        and name.split()[1] not in proper
    )


def find_names(samples: Sequence[Sample]) -> set[str]:
    """Words that leads write with a capital inside a sentence, more often than not."""
    inside = Counter(
        word
        for sample in samples
        for word in re.findall(r"(?<=[a-z,] )[A-Za-z]+", sample.article.text or sample.article.summary)
    )
    return {
        word.casefold()
        for word, count in inside.items()
        if word[0].isupper() and word != "I" and count > inside[word.casefold()]
    }


def learn(samples: Sequence[Sample], labels: dict[str, str], *, to: Path | None) -> None:
    table, options = read_table("en"), StoriesOptions()
    judged = [judge_article(s.article, options=options, language="en").worth for s in samples]
    total = [labels[s.key] for s in samples if s.file != INVENTED.name and labels[s.key].startswith("hard")]
    samples = [s for s, worth in zip(samples, judged, strict=True) if worth is not NewsWorth.NEVER]
    signals = [find_signals(s.article, table) for s in samples]
    words = [find_words(s.article) for s in samples]
    names = choose_signals(signals)
    learnt = choose_words(samples, words)
    matrix = np.array(
        [
            [float(name in entry_signals) for name in names]
            + [_OF_WORD * (word in entry_words) for word in learnt]
            for entry_signals, entry_words in zip(signals, words, strict=True)
        ]
    )
    hard = np.array([float(labels[s.key].startswith("hard")) for s in samples])
    clear = np.array([not labels[s.key].endswith("?") for s in samples])
    real = np.array([s.file != INVENTED.name for s in samples])
    surely = np.where(clear, 1.0, _DOUBTED) * np.where(real, 1.0, _INVENTED)
    groups = [s.key if s.file == INVENTED.name else s.file for s in samples]
    score = cross_validate(matrix, hard, surely, groups)
    tell("all", hard[real], score[real], len(total))
    certain = real & clear
    tell("clear ones", hard[certain], score[certain], sum(not label.endswith("?") for label in total))
    weights = fit(matrix, hard, surely)
    print("[weights]")
    own = [*weights[: len(names)], weights[-1]]
    for name, weight in sorted(zip([*names, "bias"], own, strict=True), key=lambda pair: pair[1]):
        print(f'"{name}" = {weight:.2f}')
    if to:
        write_words(dict(zip(learnt, weights[len(names) : -1] * _OF_WORD, strict=True)), to)


def write_words(weights: dict[str, float], path: Path) -> None:
    rounded = {name: round(round(weight / _STEP) * _STEP, 2) for name, weight in weights.items()}
    lines = [
        "# What single words of headline, opening (the lead) and address count for news (English).",
        "# Written by `python -m bench.news_weights --words`, like [weights] in en.toml; they hang together.",
        "[weights]",
        *(f'"{name}" = {weight:+.2f}' for name, weight in sorted(rounded.items(), key=_by_weight) if weight),
    ]
    path.write_text("\n".join(lines) + "\n", "utf-8")


def _by_weight(item: tuple[str, float]) -> tuple[float, str]:
    return item[1], item[0]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--more", type=Path)
    parser.add_argument("--labels", type=Path, default=LABELS)
    parser.add_argument("--words", type=Path)
    args = parser.parse_args()
    labels = read_labels(args.labels)
    samples = [s for s in read_all(args.data, args.more) if s.key in labels]
    invented = read_invented(INVENTED)
    labels |= dict.fromkeys((sample.key for sample in invented), "hard")
    learn([*samples, *invented], labels, to=args.words)


if __name__ == "__main__":
    main()
