"""A file <-> what was worded before: of a day with much news a bulletin weighs many stories that did not fit an hour ago."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any

from bulletin import __version__
from bulletin.editing.sentence_model.model_thresholds import THRESHOLDS, Thresholds
from bulletin.editing.sentences.article_days import Days
from bulletin.editing.telling import Lead, Telling, ToldUnit
from bulletin.language.sentence_parser import parser_problem
from bulletin.model import Article, Origin, StationWords
from bulletin.normalization.lexicon import Lexicon
from bulletin.runtime.files.atomic_write import write_atomically
from bulletin.runtime.files.checksummed_file import add_checksum, read_checksummed


class TellingCache:
    """
    Whoever words something is asked only for what was not worded before.

    That an article is told, a headline made and a sentence written as it is read depends on nothing but what
    they are made from, and on what the file is sealed with.
    """

    def __init__(self, known: Mapping[str, Any] | None = None) -> None:
        self._known = known or {}
        self._asked: dict[str, Any] = {}
        self.is_news = False
        """Whether something was asked that was not known."""

    def telling(
        self,
        article: Article,
        days: Days | None,
        tell: Callable[[], Telling],
        *,
        said_before: tuple[str, ...] = (),
        thresholds: Thresholds = THRESHOLDS[0],
    ) -> Telling:
        """The article as `tell` tells it; where its sentences come from is said by what it is called now."""
        printed = (
            article.title, article.summary, article.text, article.language, article.category,
            article.section, article.is_local,
        )  # fmt: skip
        key = hashlib.sha256(
            repr((printed, days, said_before, thresholds)).encode("utf-8", "surrogatepass")
        ).hexdigest()
        return _to_telling(self._ask(f"told {key}", lambda: _from_telling(tell())), article)

    def headline(self, title: str, first_sentence: str, write: Callable[[], str]) -> str:
        """What `write` makes of a title over that sentence; nothing when it cannot be read."""
        return str(self._ask(f"head {title}\n{first_sentence}", write))

    def spoken(self, text: str, speak: Callable[[], str]) -> str:
        """A sentence as it is read."""
        return str(self._ask(f"said {text}", speak))

    def to_keep(self) -> dict[str, Any]:
        """What was asked, and as much again of what earlier runs asked, the latest first."""
        older = (key for key in self._known if key not in self._asked)
        return self._asked | {key: self._known[key] for key in islice(older, len(self._asked))}

    def _ask(self, key: str, make: Callable[[], Any]) -> Any:
        found = self._asked.get(key, self._known.get(key))
        if found is None:
            found, self.is_news = make(), True
        self._asked[key] = found
        return found


@contextmanager
def words_kept_in(path: Path, *, station: StationWords, lexicon: Lexicon) -> Iterator[TellingCache]:
    """
    What earlier runs worded is known within; what is worded within is known to later ones.

    A file that is missing, damaged, another version's or of other names and tables is made again, and one that
    cannot be written is done without: it changes how long words take, never the words.
    """
    maker = _maker(station, lexicon)
    kept = TellingCache(read_checksummed(path, maker=maker) if maker else None)
    yield kept
    if maker and kept.is_news:
        body = json.dumps(kept.to_keep(), separators=(",", ":"))
        with suppress(OSError):
            write_atomically(path, add_checksum(body, maker=maker))


def _maker(station: StationWords, lexicon: Lexicon) -> str:
    """What words depend on besides what they are made from; nothing where that cannot be known, as in a zipped program."""
    try:
        package = Path(__file__).parents[1]
        rules = [file for room in ("editing", "language", "normalization") for file in _files(package / room)]
        tables = _files(station.languages) if station.languages else []
    except OSError:
        return ""
    names = [(entry.written, entry.said) for entry in lexicon.entries]
    return repr((sys.version, __version__, station.language, parser_problem(), rules, tables, names))


def _files(path: Path) -> list[tuple[str, int, int]]:
    """A file, or those in a folder, by name, size and time, as Python judges whether what it compiled is still true."""
    inside = [
        Path(folder, name)
        for folder, _, names in os.walk(path)
        if not folder.endswith("__pycache__")
        for name in names
    ]
    known = ((str(file), file.stat()) for file in inside or [path])
    return sorted((name, status.st_size, status.st_mtime_ns) for name, status in known)


def _from_telling(telling: Telling) -> list[Any]:
    pieces = [
        [piece.sentences, [origin.text for origin in piece.origins], piece.places] for piece in telling.pieces
    ]
    return [telling.title, pieces, telling.reason, int(telling.lead), telling.sure]


def _to_telling(row: list[Any], article: Article) -> Telling:
    title, pieces, reason, lead, sure = row
    return Telling(
        title=title,
        pieces=tuple(
            ToldUnit(
                sentences=tuple(said),
                origins=tuple(Origin.of(article, text) for text in origins),
                places=tuple(places),
            )
            for said, origins, places in pieces
        ),
        reason=reason,
        lead=Lead(lead),
        sure=sure,
    )
