"""What the stations of a group told, and shared, as its archive has it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from bulletin.language.split_sentences import split_sentences
from tests.support.postgres_server import PostgresServer

_TOLD = "SELECT station, title, words FROM tellings"
_SPEECH = "SELECT payload::json ->> 'text' FROM work WHERE kind = 'speak' AND state = 'done'"


def read_told(server: PostgresServer, database: str) -> dict[str, int]:
    """Figures of all published bulletins."""
    return count_told(server.execute(_TOLD, database=database))


def read_shared_speech(server: PostgresServer, database: str) -> list[str]:
    """Sentences of stories that were spoken as pieces of work of their own."""
    return [text for (text,) in server.execute(_SPEECH, database=database)]


def count_told(tellings: Iterable[tuple[Any, ...]]) -> dict[str, int]:
    """
    Distinct stories, and those and their sentences that two or more stations told.

    >>> rows = [("hill", "Ferry", "It sank. All swam."), ("vale", "Ferry", "It sank."), ("vale", "Quay", "It fell.")]
    >>> count_told(rows)
    {'stories': 2, 'stories_shared': 1, 'sentences_shared': 1}
    """
    stories: dict[str, set[str]] = defaultdict(set)
    sentences: dict[str, set[str]] = defaultdict(set)
    for station, title, words in tellings:
        stories[title].add(station)
        for sentence in split_sentences(words):
            sentences[sentence].add(station)
    return {
        "stories": len(stories),
        "stories_shared": sum(len(stations) > 1 for stations in stories.values()),
        "sentences_shared": sum(len(stations) > 1 for stations in sentences.values()),
    }
