"""Scripts of many items: by rule, with the grammar parser, and what both need at least."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path

from bench.processes import QUICK, note, run_way

ARTICLES = Path(__file__).parents[3] / "tests" / "data" / "script" / "open_articles.jsonl"
NOW = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_WORD = re.compile(r"\w+")


def texts(folder: Path, count: int) -> list[tuple[str, str]]:
    """Title and text of so many items."""
    articles = [json.loads(line) for line in ARTICLES.read_text(encoding="utf-8").splitlines()]
    count = 4 if (folder / QUICK).exists() else count
    return [
        (article["title"], f"{article['text']}\n\nThis is item {number} of the list.")
        for number, article in enumerate(islice(cycle(articles), count))
    ]


def write(items: Sequence[tuple[str, str]]) -> None:
    """One script of these items."""
    from bulletin.config.profile_options import ScriptOptions
    from bulletin.model import Article, StationWords, Story
    from bulletin.normalization.pronunciation_lexicon import Lexicon
    from bulletin.script.write_script import write_script

    stories = []
    for number, (title, text) in enumerate(items):
        article = Article(
            id=f"bench:{number}", feed="bench", title=title, summary="", text=text, published=NOW
        )
        stories.append(Story(id=article.id, articles=(article,)))
    station = StationWords(id="bench", name="Wexcombe Radio", frequencies=("103.5",))
    script = write_script(stories, station=station, at=NOW, options=ScriptOptions(), lexicon=Lexicon())
    assert script.stories


def rules(folder: Path) -> None:
    """Without the grammar parser, as in an installation without the extra `english`."""
    from bulletin.language import english_grammar_parser

    english_grammar_parser._load = lambda: (None, "left out")
    items = texts(folder, 1000)
    write(items)
    note(folder, items=len(items))


def words(folder: Path) -> None:
    """Each sentence and word of the texts, once."""
    found = 0
    for title, text in texts(folder, 1000):
        for sentence in _SENTENCE.findall(f"{title}\n{text}"):
            found += len(_WORD.findall(sentence))
    assert found


def parser(folder: Path) -> None:
    """With the grammar parser, if it is installed."""
    items = texts(folder, 100)
    write(items)
    note(folder, items=len(items))


def sentences(folder: Path) -> None:
    """Store the sentences that `parser` has parsed."""
    from bulletin.language import english_grammar_parser

    parsed: list[str] = []
    model, _ = english_grammar_parser._load()
    if model is not None:
        make = model.make_doc

        def tapped(text: str) -> object:
            parsed.append(text)
            return make(text)

        model.make_doc = tapped  # type: ignore[method-assign]
    write(texts(folder, 100))
    (folder / "sentences.json").write_text(json.dumps(parsed), encoding="utf-8")


def spacy(folder: Path) -> None:
    """spaCy alone on these sentences, with the pipes that Bulletin uses."""
    from bulletin.language import english_grammar_parser

    model, _ = english_grammar_parser._load()
    parsed = json.loads((folder / "sentences.json").read_text(encoding="utf-8"))
    for sentence in parsed if model else ():
        model(sentence)
    note(folder, sentences=len(parsed))


if __name__ == "__main__":
    run_way({way.__name__: way for way in (rules, words, parser, sentences, spacy)})
