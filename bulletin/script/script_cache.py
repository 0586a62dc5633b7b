"""Script cache: edited articles, headlines and spoken sentences of earlier runs, in one file for each station."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path
from threading import Lock

from pydantic import TypeAdapter

from bulletin import __version__
from bulletin.editing.edit_non_english_articles import edits_english
from bulletin.editing.edited_article import Telling
from bulletin.language.english_grammar_parser import has_parser, parser_problem
from bulletin.model import Article, Origin, StationWords
from bulletin.normalization.pronunciation_lexicon import Lexicon
from bulletin.runtime.files.atomic_write import write_atomically

_RULES = ("editing", "language", "normalization", "script")
"""Folders of the editing and normalization rules, whose change empties the cache."""
_ANY_TIME = datetime(1970, 1, 1, tzinfo=UTC)
_FILE = TypeAdapter(dict[str, Telling | str])
_MOST_SHARED = 10_000
"""Entries in memory for each set of rules: those of several hundred stories."""


class SharedEntries:
    """Entries of all stations of a process; of one story told by many stations the words are written once."""

    def __init__(self) -> None:
        self._entries: dict[str, Telling | str] = {}
        self._lock = Lock()

    def get(self, key: str) -> Telling | str | None:
        return self._entries.get(key)

    def put(self, key: str, entry: Telling | str) -> None:
        """Add an entry; the oldest is dropped where there are too many."""
        with self._lock:
            self._entries.setdefault(key, entry)
            while len(self._entries) > _MOST_SHARED:
                del self._entries[next(iter(self._entries))]


@dataclass(slots=True)
class ScriptCache:
    """Tellings, headlines and spoken forms, each under a hash of all its inputs."""

    stored: dict[str, Telling | str] = field(default_factory=dict)
    """Entries of earlier runs."""
    used: dict[str, Telling | str] = field(default_factory=dict)
    """Entries of this run, old and new."""
    shared: SharedEntries | None = None
    """Entries of the other stations of this process with the same rules."""

    def telling(self, article: Article, conditions: object, tell: Callable[[], Telling]) -> Telling:
        """
        The article's telling; `tell` makes it.

        It depends on the `conditions` (their repr) and on the article, except its date, its place in the feed,
        its recording and its source, which is not stored because an address may hold a secret.
        """
        text = replace(article, published=_ANY_TIME, position=0, id="", credit="", link="", clip=None)
        telling = self._look_up(repr((text, conditions)), lambda: _with_origins(tell(), text))
        assert isinstance(telling, Telling)
        return _with_origins(telling, article)

    def text(self, *source: str, write: Callable[[], str]) -> str:
        """The text that `write` makes from its source."""
        return str(self._look_up(repr(source), write))

    def made(self) -> list[Telling | str]:
        """Entries that no earlier run had."""
        return [entry for key, entry in self.used.items() if key not in self.stored]

    def to_store(self) -> dict[str, Telling | str]:
        """Entries of this run, and as many of earlier ones: the bulletin between may have other sections."""
        older = (key for key in self.stored if key not in self.used)
        return self.used | {key: self.stored[key] for key in islice(older, len(self.used))}

    def _look_up(self, source: str, make: Callable[[], Telling | str]) -> Telling | str:
        key = hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()
        if key not in self.used:
            entry = self.stored.get(key) or (self.shared.get(key) if self.shared else None)
            self.used[key] = make() if entry is None else entry
            if self.shared:
                self.shared.put(key, self.used[key])
        return self.used[key]


def _with_origins(telling: Telling, article: Article) -> Telling:
    pieces = []
    for piece in telling.pieces:
        origins = tuple(Origin.of(article, origin.text) for origin in piece.origins)
        pieces.append(replace(piece, origins=origins))
    return replace(telling, pieces=tuple(pieces))


@contextmanager
def open_script_cache(path: Path, *, station: StationWords, lexicon: Lexicon) -> Iterator[ScriptCache]:
    """
    Open the cache file at `path`, and store its entries at the end of the block.

    The first line is a checksum of the rest and of the rules: a file that is missing, damaged, or of another
    program, Python, parser or lexicon is an empty cache. An unwritable file costs time, never a word.
    """
    rules = _rules(station, lexicon)
    stored = _read(path, rules) if rules else {}
    script_cache = ScriptCache(stored, shared=_shared_of(rules) if rules else None)
    yield script_cache
    made = script_cache.made()
    if made and _is_parser_broken(station, made):
        _shared_of.cache_clear()
    elif rules and made:
        with suppress(OSError, ValueError):  # ValueError: half a surrogate pair, which is no JSON
            body = _FILE.dump_json(script_cache.to_store())
            write_atomically(path, f"{_checksum(body, rules)}\n{body.decode()}")


@lru_cache(maxsize=16)
def _shared_of(rules: str) -> SharedEntries:
    """The entries of this process that were written by these rules."""
    return SharedEntries()


def _is_parser_broken(station: StationWords, made: Sequence[Telling | str]) -> bool:
    """Whether articles were edited without the installed parser: they need it after its repair."""
    is_parsed = edits_english(station.language) and any(isinstance(entry, Telling) for entry in made)
    return is_parsed and not parser_problem() and not has_parser()


def _read(path: Path, rules: str) -> dict[str, Telling | str]:
    try:
        checksum, _, body = path.read_bytes().partition(b"\n")
    except OSError:
        return {}
    return _FILE.validate_json(body) if checksum == _checksum(body, rules).encode() else {}


def _checksum(body: bytes, rules: str) -> str:
    return hashlib.sha256(rules.encode() + body).hexdigest()


def _rules(station: StationWords, lexicon: Lexicon) -> str:
    """Inputs of the words besides their articles; empty in a zipped program, whose files have no dates."""
    program = Path(__file__).parents[1]
    folders = [program / name for name in _RULES] + ([station.languages] if station.languages else [])
    try:
        files = [
            (str(file), file.stat().st_size, file.stat().st_mtime_ns)
            for folder in folders
            for file in sorted(folder.rglob("*.*"))
            if file.suffix != ".pyc"
        ]
    except OSError:  # a file of the station's tables is being replaced
        return ""
    key = (sys.version, __version__, station.language, parser_problem(), lexicon, files)
    return repr(key) if files else ""
