"""
Learn what tells that a newsreader may stumble over a name: writes bulletin/script/name_model.json.

    python -m bench.name_weights [--check] [--labels FILE.tsv]

First the spelling: how much each group of letters favours Romance, Slavic, Indian … names over English ones,
by multinomial logistic regression over the names that Faker carries for its locales, and the words of the
pronouncing dictionaries. Then the weights of the signals of `bulletin/script/names.py`, by logistic regression
over labelled names; of a name the part counts that the weights find hardest. Prints recall and the share of
needless names by tenfold cross-validation, where names that share a word are in one fold. `--check` only
prints them, with the letters as they are.
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

import faker.providers.address
import faker.providers.person
import numpy as np
from anyascii import anyascii
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import logsumexp

import bulletin.script
from bench.names import LABELS, read_labels
from bulletin.script.known_names import Vocabulary, load_vocabulary
from bulletin.script.name_model import load_name_model, ngrams
from bulletin.script.names import find_signals, hard_parts

Numbers = NDArray[np.float64]
MODEL = Path(bulletin.script.__file__).with_name("name_model.json")
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
"""Prefixes of locales; what is in none is written in letters that `anyascii` cannot read aloud (Arabic)."""
_PERSONS = ("first_name", "last_name", "first_romanized", "last_romanized")
_PLACES = ("cities", "city_names", "states", "regions", "departments", "provinces", "towns", "districts")
_FEWEST, _PULL_OF_LETTERS, _LEAST = 30, 2.0, 0.3
_PULL, _FOLDS = 10.0, 10
_ODDS = -0.7
"""Log odds from which on a name is listed: as many as the cross-validation needs for nine of ten."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Weights of the signals of hard names.")
    parser.add_argument("--check", action="store_true", help="print the cross-validation, write nothing")
    parser.add_argument("--labels", type=Path, default=LABELS, metavar="FILE.tsv")
    asked = parser.parse_args()
    known, labels = load_vocabulary(), read_labels(asked.labels)
    if not asked.check:
        write_model(learn_letters(known), {})
    tables = {name: _signals(name, known) for name in labels}
    report(labels, cross_validate(labels, tables, known))
    if not asked.check:
        names = next(filter(None, (list(table) for table in tables.values())))
        weights = fit([(_matrix(tables[name]), labels[name]) for name in labels if tables[name]])
        weights[-1] -= _ODDS
        model = json.loads(MODEL.read_text(encoding="utf-8"))
        signals = [*names[0], "bias"]
        write_model(model, dict(zip(signals, (round(float(weight), 3) for weight in weights), strict=True)))


def write_model(model: dict[str, object], weights: dict[str, float]) -> None:
    """One n-gram a line, so that a change can be read."""
    letters = model["letters"]
    assert isinstance(letters, dict)
    lines = ",\n".join(
        f"{json.dumps(part, ensure_ascii=False)}:{json.dumps(letters[part])}" for part in letters
    )
    head = json.dumps({"origins": model["origins"], "prior": model["prior"], "weights": weights}, indent=1)
    MODEL.write_text(f'{head[:-2]},\n "letters": {{\n{lines}\n}}}}\n', encoding="utf-8")
    load_name_model.cache_clear()


def learn_letters(known: Vocabulary) -> dict[str, object]:
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
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 60}).x
    weights = found.reshape(len(parts) + 1, -1)
    tenths = np.rint((weights - weights[:, :1]) * 10).astype(int)[:, 1:]
    strong = np.abs(weights - weights[:, :1]).max(1) >= _LEAST
    return {
        "origins": list(_ORIGINS),
        "prior": tenths[-1].tolist(),
        "letters": {part: tenths[at].tolist() for at, part in enumerate(parts) if strong[at]},
    }


def _origin_shares(known: Vocabulary) -> dict[str, Numbers]:
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
    for word, found in foreign.items():
        if word not in english and word not in often:
            for origin in found:
                shares[word][1 + origins.index(origin)] += 1 / len(found)
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


def _signals(name: str, known: Vocabulary) -> list[dict[str, float]]:
    parts = (part for parts in hard_parts(name, known).values() for part in parts)
    return [find_signals(part, name, known) for part in parts]


def _matrix(signals: Sequence[dict[str, float]]) -> Numbers:
    return np.array([list(row.values()) for row in signals], dtype=float)


def fit(names: Sequence[tuple[Numbers, bool]]) -> Numbers:
    """Weights in the signals' own units, the bias last; fitted and the hardest parts chosen in turn."""
    spread = np.vstack([table for table, _ in names]).std(0) + 1e-6
    mean = np.vstack([table for table, _ in names]).mean(0)
    weights, truth = np.zeros(len(spread) + 1), np.array([needed for _, needed in names], dtype=float)
    weights[-2] = 1.0  # any foreign origin
    for _ in range(8):
        scaled = [(table - mean) / spread for table, _ in names]
        hardest = np.array([table[int(np.argmax(table @ weights[:-1]))] for table in scaled])

        def loss(these: Numbers, hardest: Numbers = hardest) -> tuple[float, Numbers]:
            odds = hardest @ these[:-1] + these[-1]
            missed = 1 / (1 + np.exp(-odds)) - truth
            slope = np.r_[hardest.T @ missed + _PULL * these[:-1], missed.sum()]
            pull = _PULL / 2 * (these[:-1] ** 2).sum()
            return float((np.logaddexp(0, odds) - truth * odds).sum() + pull), slope

        weights = minimize(loss, weights, jac=True, method="L-BFGS-B").x
    return np.append(weights[:-1] / spread, weights[-1] - (weights[:-1] * mean / spread).sum())


def cross_validate(
    labels: dict[str, bool], tables: dict[str, list[dict[str, float]]], known: Vocabulary
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
        others = [name for name in labels if tables[name] and fold[groups[name]] != held]
        weights = fit([(_matrix(tables[name]), labels[name]) for name in others])
        for name in (name for name in labels if fold[groups[name]] == held):
            table = tables[name]
            odds[name] = float((_matrix(table) @ weights[:-1]).max() + weights[-1]) if table else -np.inf
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
