"""
Learn the sentence classifier: writes bulletin/editing/sentence_model/sentence_model.json.

    python -m bench.sentence_weights SHARED [--more FILE.jsonl ...] [--check] [--labels FILE.tsv]

The classifier decides which sentence can open a story, and which is understood after it. SHARED is the folder with
the articles (`data/fresh`, `data/script`, `data/feeds`), whose texts are not in the project; `--more` names files with
further articles (title, text; bench/data/README.md has their sources). Labels of other articles are left out.
A row of the labels is: article, sentence (0 is the first), LEAD (G good, A acceptable, B bad as the first sentence
of a story, - further down), NEEDS (the sentences that must have been heard, or must follow, so that this one is
understood and correct; x if none would help), UNFIT (f furniture or broken, q a quotation without its speaker,
o the writer's opinion, i "I" and "you", c colour, b background, l too long).  The editors read the articles and
did not know the program.

Prints, by tenfold cross-validation with each article in one fold, how many of the chosen sentences are bad at
several thresholds; `--check` only prints.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import feedparser
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

import bulletin
from bulletin.editing.attribution.find_quoted_sentences import Printed
from bulletin.editing.edit_article_for_radio import FIRST_SENTENCES, read_article
from bulletin.editing.headlines.clean_title import clean_title
from bulletin.editing.headlines.sentence_matches_headline import HeadlineMatch
from bulletin.editing.rewrite_sentence_for_radio import Setting, clean_sentence, small_words
from bulletin.editing.sentence_model.airable_sentence_classifier import SentenceModel
from bulletin.editing.sentence_model.airable_sentence_features import (
    Signals,
    following_signals,
    opening_signals,
)

Numbers = NDArray[np.float64]
MODEL = Path(bulletin.__file__).parent / "editing" / "sentence_model" / "sentence_model.json"
LABELS = Path(__file__).with_name("data") / "sentences.tsv"
_PULL_OPENING, _PULL_FOLLOWING = 100.0, 33.0
"""How strongly weights are drawn to nothing: the best of several by cross-validation."""
_FOLDS = 10
_BAD, _MILD = frozenset("fqoi"), frozenset("cbl")
_LEAD = {"B": 0, "A": 1, "G": 2}
_UNTITLED = 3
"""Every third article is learnt from without its title, too: some feeds have none."""
_AHEAD = 8
"""Number of sentences required after the first one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What an editor said of one sentence."""

    lead: str
    needs: frozenset[int]
    is_unclear: bool
    unfit: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """An article with its labels, one for each of its first sentences."""

    printed: Sequence[Printed]
    texts: Sequence[str]
    """As they are heard."""
    match: HeadlineMatch
    labels: Sequence[Label]

    def grade(self, index: int, told_indexes: Sequence[int]) -> int:
        """The label as a number, for the sentence at `index` after those at `told_indexes`: 0 wrong or unclear, 1 background, 2 good."""
        label = self.labels[index]
        if label.unfit & _BAD or label.is_unclear or not label.needs.issubset(told_indexes):
            return 0
        return 1 if label.unfit & _MILD else 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """Signals and grades, each with the number of its article."""

    signals: list[Signals]
    grades: list[int]
    articles: list[int]


def main() -> None:
    parser = argparse.ArgumentParser(description="Learn which sentences a bulletin may tell.")
    parser.add_argument("shared", type=Path)
    parser.add_argument("--more", type=Path, nargs="*", default=[])
    parser.add_argument("--check", action="store_true", help="print the cross-validation only")
    parser.add_argument("--labels", type=Path, default=LABELS)
    options = parser.parse_args()
    labelled = list(read_labelled(options.shared, options.labels, more=options.more))
    opening, following = gather_openings(labelled), gather_followings(labelled)
    print(f"{len(labelled)} articles")
    print_check("opening", opening, pull=_PULL_OPENING)
    print_check("following", following, pull=_PULL_FOLLOWING)
    if not options.check:
        model = {
            "opening": learn(opening, pull=_PULL_OPENING),
            "following": learn(following, pull=_PULL_FOLLOWING),
        }
        MODEL.write_text(json.dumps(model, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        print(MODEL)


def name_article(title: str, text: str) -> str:
    """The name that an article's labels have."""
    return hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()[:16]


def read_labelled(shared: Path, labels: Path, *, more: Sequence[Path] = ()) -> Iterator[Labelled]:
    rows: dict[str, dict[int, Label]] = defaultdict(dict)
    for line in labels.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        name, index, lead, needs, unfit = line.split("\t")
        numbers = frozenset(int(word) for word in needs.split(",") if word.isdigit())
        rows[name][int(index)] = Label(
            lead=lead, needs=numbers, is_unclear="x" in needs, unfit=frozenset(unfit) - {"-"}
        )
    for title, text in _texts(shared / "data", more):
        if article_rows := rows.pop(name_article(title, text), None):
            yield _label(title, text, article_rows)


def _label(title: str, text: str, rows: dict[int, Label]) -> Labelled:
    headline, printed = clean_title(title), read_article(title, text)
    source = " ".join(sentence.text for sentence in printed)
    setting = Setting(days=None, small=small_words(source), spell=str, may_parse=False)
    return Labelled(
        printed=printed,
        texts=[clean_sentence(sentence.text, setting) or sentence.text for sentence in printed[: len(rows)]],
        match=HeadlineMatch.of(
            headline, source=source, opening=[sentence.text for sentence in printed[:FIRST_SENTENCES]]
        ),
        labels=[_with_chain(rows, index) for index in range(len(rows))],
    )


def _with_chain(rows: dict[int, Label], index: int) -> Label:
    """What a needed sentence needs is needed too."""
    label = rows[index]
    needs: set[int] = set()
    todo = list(label.needs)
    while todo:
        number = todo.pop()
        if number not in needs:
            needs.add(number)
            todo += [n for n in rows[number].needs if n < number < index] if number in rows else []
    return Label(lead=label.lead, needs=frozenset(needs), is_unclear=label.is_unclear, unfit=label.unfit)


def _texts(data: Path, more: Sequence[Path] = ()) -> Iterator[tuple[str, str]]:
    """Title and text of articles that may be labelled; unread slices without labels stay closed."""
    paths = [data / "fresh" / f"slice-{number:02}.jsonl" for number in range(1, 15)]
    paths += [data / "script" / "pairs_train.jsonl", data / "script" / "pairs_dev.jsonl"]
    paths += [data / "fresh" / "day-dev" / "expected.jsonl", *more]
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            item = json.loads(line)
            yield item.get("title") or "", item.get("text") or ""
    for path in sorted((data / "feeds" / "recorded").glob("*.xml")):
        for entry in feedparser.parse(str(path)).entries:
            summary = unescape(re.sub(r"<[^>]+>", " ", entry.get("summary") or ""))
            yield entry.get("title", ""), " ".join(summary.split())


def gather_openings(labelled: Sequence[Labelled]) -> Examples:
    examples = Examples(signals=[], grades=[], articles=[])
    untitled = HeadlineMatch.of("", source="", opening=())
    for number, article in enumerate(labelled):
        for match in (article.match, untitled) if number % _UNTITLED == 0 else (article.match,):
            for index, label in enumerate(article.labels[:FIRST_SENTENCES]):
                if label.lead in _LEAD:
                    examples.signals.append(
                        opening_signals(article.texts[index], article.printed, index, match)
                    )
                    examples.grades.append(_LEAD[label.lead])
                    examples.articles.append(number)
    return examples


def gather_followings(labelled: Sequence[Labelled]) -> Examples:
    """After each possible first sentence: all good sentences, only the best, and some of them."""
    examples = Examples(signals=[], grades=[], articles=[])
    for number, article in enumerate(labelled):
        chance = random.Random(number)
        seen: set[tuple[int, ...]] = set()
        openings = [
            at for at, label in enumerate(article.labels[:FIRST_SENTENCES]) if label.lead in "GA"
        ] or [0]
        for start in openings[:3]:
            for fewest, share in ((1, 1.0), (2, 1.0), (1, 0.5)):
                told_indexes = [start]
                for index in range(start + 1, min(start + _AHEAD, len(article.labels))):
                    grade = article.grade(index, told_indexes)
                    if (*told_indexes, index) not in seen:
                        seen.add((*told_indexes, index))
                        heard = " ".join(article.texts[at] for at in told_indexes)
                        examples.signals.append(
                            following_signals(
                                article.texts[index],
                                article.printed,
                                index,
                                told_indexes=told_indexes,
                                heard=heard,
                            )
                        )
                        examples.grades.append(grade)
                        examples.articles.append(number)
                    if grade >= fewest and chance.random() < share:
                        told_indexes.append(index)
    return examples


def learn(examples: Examples, *, pull: float) -> list[dict[str, float]]:
    """Weights of the two questions: is it right at all, and is it good."""
    names = list(examples.signals[0])
    table = np.array([[float(row[name]) for name in names] for row in examples.signals])
    mean, spread = table.mean(0), table.std(0)
    spread[spread == 0] = 1
    rows: list[dict[str, float]] = []
    for least in (1, 2):
        truth = np.array([grade >= least for grade in examples.grades], dtype=float)
        weights = _fit((table - mean) / spread, truth, pull=pull)
        raw = weights[:-1] / spread
        bias = weights[-1] - (raw * mean).sum()
        rows.append(
            {"bias": round(float(bias), 3)} | {n: round(float(w), 3) for n, w in zip(names, raw, strict=True)}
        )
    return rows


def _fit(scaled: Numbers, truth: Numbers, *, pull: float) -> Numbers:
    """Logistic regression; the last weight is the bias."""

    def loss(weights: Numbers) -> tuple[float, Numbers]:
        odds = scaled @ weights[:-1] + weights[-1]
        missed = 1 / (1 + np.exp(-odds)) - truth
        slope = np.r_[scaled.T @ missed + pull * weights[:-1], missed.sum()]
        return float(
            (np.logaddexp(0, odds) - truth * odds).sum() + pull / 2 * (weights[:-1] ** 2).sum()
        ), slope

    return minimize(loss, np.zeros(scaled.shape[1] + 1), jac=True, method="L-BFGS-B").x


def print_check(kind: str, examples: Examples, *, pull: float) -> None:
    """Of what each threshold lets through: how much it is, and how much of that is bad."""
    folds = np.array([random.Random(number).randrange(_FOLDS) for number in examples.articles])
    chances = np.zeros(len(folds))
    for fold in range(_FOLDS):
        inside = [at for at, other in enumerate(folds) if other != fold]
        part = Examples(
            signals=[examples.signals[at] for at in inside],
            grades=[examples.grades[at] for at in inside],
            articles=[],
        )
        rows = learn(part, pull=pull)
        model = SentenceModel(opening=tuple(rows), following=())
        for at in np.flatnonzero(folds == fold):
            chances[at] = model.rate_opening(examples.signals[at])
    grades = np.array(examples.grades)
    for threshold in (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8):
        through = grades[chances >= threshold]
        print(
            f"{kind} from {threshold:.2f}: {len(through) / len(grades):.0%} of all, {(through == 0).mean():.1%} bad, "
            f"{(through == 1).mean():.0%} acceptable"
        )


if __name__ == "__main__":
    main()
