"""
Recall and false alarms of `bulletin names`, against labelled names.

    python -m bench.names                                        the names used to learn the weights
    python -m bench.names --candidates FILE.jsonl [--sample 100]  names in spoken sentences, to be labelled
    python -m bench.names --labels FILE.tsv [--show]             agreement of verdicts and labels

A line of FILE.jsonl has title, text and published; a line of FILE.tsv a name, a tab, and "needed" or "known".
Candidates are printed in random order, without the program's verdict.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bulletin.config.profile_options import ScriptOptions
from bulletin.editing.names.words_newsreaders_know import load_vocabulary
from bulletin.model import Article, StationWords, Story
from bulletin.normalization.pronunciation_lexicon import Lexicon
from bulletin.script.list_unusual_names import list_names, weigh_words
from bulletin.script.write_script import write_script

LABELS = Path(__file__).with_name("names_dev.tsv")
NOW = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description="Recall and needless share of `bulletin names`.")
    parser.add_argument(
        "--candidates",
        type=Path,
        metavar="FILE.jsonl",
        help="print the names in spoken sentences of articles",
    )
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="so many of them, drawn")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--labels", type=Path, default=LABELS, metavar="FILE.tsv")
    parser.add_argument("--show", action="store_true", help="print the names on which we disagree")
    asked = parser.parse_args()
    if asked.candidates:
        names = list(candidates(asked.candidates))
        random.Random(asked.seed).shuffle(names)
        print(*names[: asked.sample or None], sep="\n")
    else:
        compare(read_labels(asked.labels), show=asked.show)


def candidates(path: Path) -> Iterator[str]:
    """Every name in the sentences that would be read from the articles, once."""
    known, seen = load_vocabulary(), set()
    station = StationWords(id="bench", name="Wexcombe Radio")
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        story = _story(number, json.loads(line))
        script = write_script((story,), station=station, at=NOW, options=ScriptOptions(), lexicon=Lexicon())
        passages = (passage for item in script.stories for passage in item.cuts)
        for entry in list_names(
            (sentence.text for passage in passages for sentence in passage.sentences), known
        ):
            if entry.name not in seen:
                seen.add(entry.name)
                yield entry.name


def _story(number: int, item: dict[str, str]) -> Story:
    try:
        published = datetime.fromisoformat(item["published"])
    except (KeyError, TypeError, ValueError):  # of some articles only the words are known
        published = NOW
    article = Article(
        id=f"bench:{number}",
        feed="bench",
        title=item["title"],
        summary="",
        text=item["text"],
        published=published if published.tzinfo else published.replace(tzinfo=UTC),
    )
    return Story(id=article.id, articles=(article,))


def read_labels(path: Path) -> dict[str, bool]:
    """Name -> whether a newsreader needs help with it."""
    rows = (
        line.rstrip().rsplit("\t", 1)
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.startswith("#")
    )
    labels = {name: label.strip() for name, label in rows}
    if odd := next((name for name, label in labels.items() if label not in ("needed", "known")), None):
        raise SystemExit(f'{path}: "{odd}": a label is "needed" or "known", not "{labels[odd]}"')
    return {name: label == "needed" for name, label in labels.items()}


def compare(labels: dict[str, bool], *, show: bool) -> None:
    known = load_vocabulary()
    listed = {name for name in labels if weigh_words(name, known)}
    needed = {name for name, is_needed in labels.items() if is_needed}
    hits = len(listed & needed)
    print(f"{len(labels)} names, {len(needed)} needed, {len(listed)} listed")
    print(
        f"recall {hits / max(1, len(needed)):.3f}   needless {1 - hits / max(1, len(listed)):.3f} of those listed"
    )
    if show:
        print("missed:", *sorted(needed - listed), sep="\n  ")
        print("needless:", *sorted(listed - needed), sep="\n  ")


if __name__ == "__main__":
    main()
