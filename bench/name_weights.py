"""
Learn the signals of names that a newsreader may mispronounce: writes bulletin/editing/names/name_model.json.

    python -m bench.name_weights [--check] [--labels FILE.tsv]

First the spelling: multinomial logistic regression over Faker's names for each locale and the words of the
pronouncing dictionaries gives, for each group of letters, how much it favours Romance, Slavic, Indian … names over
English ones. Then the weights of the signals in `bulletin/script/list_unusual_names.py`: logistic regression over
labelled names, together with a weight for each group of letters. A name has the score of its hardest part. Prints
recall and the share of false alarms by tenfold cross-validation; names that share a word are in one fold. `--check`
only prints, with the present weights of the letters.
"""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import faker.providers.address
import faker.providers.person
import numpy as np
from anyascii import anyascii
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import logsumexp

import bulletin
from bench.names import LABELS, read_labels
from bulletin.editing.names.pronunciation_difficulty import load_name_model, ngrams
from bulletin.editing.names.words_newsreaders_know import KnownWords, load_vocabulary
from bulletin.script.list_unusual_names import find_signals, hard_parts

Numbers = NDArray[np.float64]
MODEL = Path(bulletin.__file__).parent / "editing" / "names" / "name_model.json"
_ENGLISH = {"en", "en_GB", "en_US", "en_IE", "en_NZ", "en_CA", "en_AU"}
_ORIGINS = {
    "romance": "es it pt ro",
    "french": "fr",
    "germanic": "de nl no sv da is",
    "slavic": "cs pl sk hr sl bg ru uk mk",
    "indian": "hi bn ne ta mr gu or si en_IN en_PK",
    "east_asian": "ja ko zh vi",
    "african": "yo ig ha tw zu sw en_NG en_KE",
    "other": "az hu fi et lt lv tr uz id el hy ka en_TH",
}
"""Prefixes of locales; other locales have letters that `anyascii` cannot make speakable (Arabic)."""
_PERSONS = ("first_name", "last_name", "first_romanized", "last_romanized")
_PLACES = ("cities", "city_names", "states", "regions", "departments", "provinces", "towns", "districts")
_FEWEST, _PULL_OF_LETTERS, _LEAST = 30, 2.0, 0.3
_PULL, _FOLDS, _FEWEST_LABELLED = 10.0, 10, 5
_ODDS = -0.7
"""Log odds from which on a name is listed: nine of ten by the cross-validation, two of nine of the listed needlessly."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Weights of the signals of hard names.")
    parser.add_argument("--check", action="store_true", help="print the cross-validation, write nothing")
    parser.add_argument("--labels", type=Path, default=LABELS, metavar="FILE.tsv")
    asked = parser.parse_args()
    known, labels = load_vocabulary(), read_labels(asked.labels)
    model = json.loads(MODEL.read_text(encoding="utf-8"))
    if not asked.check:
        model |= learn_letters(known)
        write_model(model)
    signals, groups, tables = tabulate(labels, known)
    report(labels, cross_validate(labels, tables, len(signals), known))
    if not asked.check:
        weights = fit([(table, labels[name]) for name, table in tables.items() if len(table)], len(signals))
        weights[-1] -= _ODDS
        rated = zip(groups, np.rint(weights[len(signals) : -1] * 100).astype(int).tolist(), strict=True)
        model["stumbles"] = {group: odds for group, odds in rated if odds}
        rounded = [*weights[: len(signals)].round(3).tolist(), 1.0, round(float(weights[-1]), 3)]
        model["weights"] = dict(zip([*signals, "spelling", "bias"], rounded, strict=True))
        write_model(model)


def write_model(model: dict[str, Any]) -> None:
    """One n-gram a line, so that a change can be read."""
    head = json.dumps({key: model[key] for key in ("origins", "prior", "weights")}, indent=1)
    lists = [
        f' "{key}": {{\n'
        + ",\n".join(
            f"{json.dumps(part, ensure_ascii=False)}:{json.dumps(of)}" for part, of in model[key].items()
        )
        + "\n}"
        for key in ("letters", "stumbles")
    ]
    MODEL.write_text(",\n".join([head[:-2], *lists]) + "}\n", encoding="utf-8")
    load_name_model.cache_clear()


def learn_letters(known: KnownWords) -> dict[str, object]:
    shares = _origin_shares(known)
    words = sorted(shares)
    counts = Counter(part for word in words for part in ngrams(word))
    parts = sorted(part for part, count in counts.items() if count >= _FEWEST)
    places = {part: at for at, part in enumerate(parts)}
    cells = [(row, places[part]) for row, word in enumerate(words) for part in ngrams(word) if part in places]
    table = csr_matrix((np.ones(len(cells)), np.array(cells).T), (len(words), len(parts)))
    truth = np.array([shares[word] for word in words])
    truth *= (
        truth.sum(0).mean() / truth.sum(0)
    ) ** 0.7  # there are few East Asian names, and many Slavic ones

    def loss(flat: Numbers) -> tuple[float, Numbers]:
        weights = flat.reshape(len(parts) + 1, -1)
        odds = table @ weights[:-1] + weights[-1]
        total, whole = logsumexp(odds, axis=1, keepdims=True), truth.sum(1, keepdims=True)
        pull = _PULL_OF_LETTERS / 2 * (weights[:-1] ** 2).sum()
        missed = whole * np.exp(odds - total) - truth
        slope = np.vstack([table.T @ missed + _PULL_OF_LETTERS * weights[:-1], missed.sum(0)])
        return float((whole * total).sum() - (truth * odds).sum() + pull), slope.ravel()

    start = np.zeros((len(parts) + 1) * truth.shape[1])
    solution = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 60}).x
    weights = solution.reshape(len(parts) + 1, -1)
    tenths = np.rint((weights - weights[:, :1]) * 10).astype(int)[:, 1:]
    strong = np.abs(weights - weights[:, :1]).max(1) >= _LEAST
    return {
        "origins": list(_ORIGINS),
        "prior": tenths[-1].tolist(),
        "letters": {part: tenths[at].tolist() for at, part in enumerate(parts) if strong[at]},
    }


def _origin_shares(known: KnownWords) -> dict[str, Numbers]:
    """Word -> its share in English and in each origin; words that are no names count less."""
    origins = list(_ORIGINS)
    shares: dict[str, Numbers] = defaultdict(lambda: np.zeros(len(origins) + 1))
    english, foreign = _names_by_locale()
    often = {word for word in known.ordinary if known.zipf(word) > 2.5 and re.fullmatch("[a-zà-ɏ]{3,}", word)}
    for word in english:
        shares[word][0] += 1
    for word in often:
        shares[word][0] += 0.3
    for word in known.pronounced - foreign.keys():
        if re.fullmatch("[a-zà-ɏ]{3,}", word):
            shares[word][0] += 0.15
    for word, word_origins in foreign.items():
        if word not in english and word not in often:
            for origin in word_origins:
                shares[word][1 + origins.index(origin)] += 1 / len(word_origins)
    return shares


def _names_by_locale() -> tuple[set[str], dict[str, set[str]]]:
    english: set[str] = set()
    foreign: dict[str, set[str]] = defaultdict(set)
    for package, kinds in ((faker.providers.person, _PERSONS), (faker.providers.address, _PLACES)):
        for locale in (module.name for module in pkgutil.iter_modules(package.__path__)):
            origin = _origin(locale)
            if not origin and locale not in _ENGLISH:
                continue
            for word in _words(importlib.import_module(f"{package.__name__}.{locale}").Provider, kinds):
                if origin:
                    foreign[word].add(origin)
                else:
                    english.add(word)
    return english, foreign


def _origin(locale: str) -> str | None:
    for origin, prefixes in _ORIGINS.items():
        if any(locale == prefix or locale.split("_")[0] == prefix for prefix in prefixes.split()):
            return None if locale in ("zh_TW", "fr_DZ") else origin
    return None


def _words(provider: object, kinds: Sequence[str]) -> Iterator[str]:
    for field in (name for name in dir(provider) if name.startswith(tuple(kinds))):
        names = getattr(provider, field)
        if not isinstance(names, Iterable):
            continue
        for entry in names:
            name = entry if isinstance(entry, str) else next(e for e in reversed(entry) if isinstance(e, str))
            for word in re.split(r"[\s'’.\-/()]+", name.lower()):
                plain = (
                    word if re.fullmatch("[a-zà-ɏ]+", word) else re.sub("[^a-z]", "", anyascii(word).lower())
                )
                if len(plain) > 2:
                    yield plain


def tabulate(labels: Iterable[str], known: KnownWords) -> tuple[list[str], list[str], dict[str, Numbers]]:
    """Signals, n-grams, and for each name a row of both for each of its unknown parts."""
    parts = {name: [p for ps in hard_parts(name, known).values() for p in ps] for name in labels}
    counts = Counter(
        group for word in {p.lower() for ps in parts.values() for p in ps} for group in ngrams(word)
    )
    groups = sorted(group for group, count in counts.items() if count >= _FEWEST_LABELLED)
    rows = {name: [find_signals(part, name, known) for part in parts[name]] for name in parts}
    signals = [signal for signal in next(filter(None, rows.values()))[0] if signal != "spelling"]
    tables = {
        name: np.array(
            [
                [row[signal] for signal in signals] + [group in ngrams(part.lower()) for group in groups]
                for row, part in zip(rows[name], parts[name], strict=True)
            ],
            dtype=float,
        )
        for name in rows
    }
    return signals, groups, tables


def fit(names: Sequence[tuple[Numbers, bool]], signals: int) -> Numbers:
    """Weights of signals and n-grams in their own units, the bias last; fitted and the hardest parts chosen in turn."""
    whole = np.vstack([table for table, _ in names])
    spread, mean = np.ones(whole.shape[1]), np.zeros(whole.shape[1])
    spread[:signals], mean[:signals] = whole[:, :signals].std(0) + 1e-6, whole[:, :signals].mean(0)
    owner = np.repeat(np.arange(len(names)), [len(table) for table, _ in names])
    scaled, truth = (whole - mean) / spread, np.array([needed for _, needed in names], dtype=float)
    weights, odds = np.zeros(len(spread) + 1), np.zeros(len(whole))
    for _ in range(4):
        # of each name the last in the order of (name, odds)
        order = np.lexsort((odds, owner))
        hardest = csr_matrix(scaled[order[np.searchsorted(owner, np.arange(len(names)), side="right") - 1]])

        def loss(these: Numbers, hardest: csr_matrix = hardest) -> tuple[float, Numbers]:
            odds = hardest @ these[:-1] + these[-1]
            missed = 1 / (1 + np.exp(-odds)) - truth
            slope = np.r_[hardest.T @ missed + _PULL * these[:-1], missed.sum()]
            pull = _PULL / 2 * (these[:-1] ** 2).sum()
            return float((np.logaddexp(0, odds) - truth * odds).sum() + pull), slope

        weights = minimize(loss, weights, jac=True, method="L-BFGS-B").x
        odds = scaled @ weights[:-1]
    return np.append(weights[:-1] / spread, weights[-1] - (weights[:-1] * mean / spread).sum())


def cross_validate(
    labels: dict[str, bool], tables: dict[str, Numbers], signals: int, known: KnownWords
) -> dict[str, float]:
    """Log odds of each name by the names that share no hard word with it."""
    groups = _groups(
        {name: {p.lower() for ps in hard_parts(name, known).values() for p in ps} for name in labels}
    )
    order = sorted(set(groups.values()))
    random.Random(0).shuffle(order)
    fold = {group: at % _FOLDS for at, group in enumerate(order)}
    odds = {}
    for held in range(_FOLDS):
        others = [name for name in labels if len(tables[name]) and fold[groups[name]] != held]
        weights = fit([(tables[name], labels[name]) for name in others], signals)
        for name in (name for name in labels if fold[groups[name]] == held):
            table = tables[name]
            odds[name] = float((table @ weights[:-1]).max() + weights[-1]) if len(table) else -np.inf
    return odds


def _groups(words: dict[str, set[str]]) -> dict[str, str]:
    parent: dict[str, str] = {}

    def root(item: str) -> str:
        while parent.setdefault(item, item) != item:
            item = parent[item]
        return item

    for name, parts in words.items():
        for part in parts:
            parent[root(f"name {name}")] = root(part)
    return {name: root(f"name {name}") for name in words}


def report(labels: dict[str, bool], odds: dict[str, float]) -> None:
    order = sorted(labels, key=lambda name: -odds[name])
    hits = np.cumsum([labels[name] for name in order])
    recall, needless = hits / hits[-1], 1 - hits / np.arange(1, len(order) + 1)
    enough = int(np.argmax(recall >= 0.9))
    print(f"{len(labels)} names, {hits[-1]} needed, by names that share no word with them:")
    print(f"recall {recall[needless <= 0.2].max():.3f} with needless .20 of those listed")
    print(f"needless {needless[enough]:.3f} with recall .90, from log odds {odds[order[enough]]:.2f} on")
    listed = int(np.sum([odds[name] > _ODDS for name in order]))
    print(f"from log odds {_ODDS} on: recall {recall[listed - 1]:.3f}, needless {needless[listed - 1]:.3f}")


if __name__ == "__main__":
    main()
