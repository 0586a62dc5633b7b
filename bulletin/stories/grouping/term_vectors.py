"""
Titles and leads -> TermVectors, the matrices of terms from which likeness is computed.

Source: docs/decisions/0002; measured by `python -m bench.grouping`. Judgement, no source: the words of a lead,
because an article has its news in its first words (Pöttker 2003, "News and its communicative quality: the inverted
pyramid", Journalism Studies 4).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bulletin.stories.grouping.extract_headline_terms import vocabulary

LEAD_WORDS = 60
"""
Words read of a description or an article; later ones are background.

Example: `group_articles.group_articles`.
"""
_LEAD_CHARS = 1000
"""Example: `drop_furniture`."""
_LOCAL_SHARE = 0.03
"""Share of a station's stories that hold one of its local words. Example: `group_articles.group_articles`."""
_NEW_TERMS = 3
"""Terms beyond its headline from which a description counts. Example: `group_articles.group_articles`."""
_FURNITURE = 3
"""Articles from which a common sentence is the publisher's boilerplate. Example: `drop_furniture`."""
_TOGETHER = 0.5
"""
Share of the rarer word's headlines with both side by side, which makes them one name ("Upper Sallow").

Example: `_find_names`.
"""
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
"""Example: `drop_furniture`."""

Matrix: TypeAlias = Any
"""A sparse.csr_matrix; scipy has no types."""
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class TermVectors:
    """Terms of a set of articles: matrices of article x term, 1 where the article holds the term."""

    heads: Matrix
    """Terms of the headline."""
    bodies: Matrix
    """Terms of headline and description."""
    names: Matrix
    """Names of two words in the headline; a column for each name."""
    name_parts: NDArray[np.intp]
    """Name -> the columns of its two words in the other matrices."""
    shares: Numbers
    """Term -> the share of headlines of unrelated events that hold it, by the language alone."""
    is_rare: NDArray[np.bool_]
    """Term -> whether it is a name or a rare word: no figure, no common word, no local word."""
    is_place: NDArray[np.bool_]
    """Term -> whether it is a country."""
    is_described: NDArray[np.bool_]
    """Whether the description says more than the headline."""

    def of(self, rows: Sequence[int]) -> TermVectors:
        """
        Select some of the articles.

        >>> read_articles(["Ferry sinks", "Quay shut"], ["", ""], local_words=()).of([1]).heads.shape[0]
        1
        """
        return replace(
            self,
            heads=self.heads[rows],
            bodies=self.bodies[rows],
            names=self.names[rows],
            is_described=self.is_described[rows],
        )


def read_articles(
    titles: Sequence[str], leads: Sequence[str], *, local_words: Collection[str], language: str = "en"
) -> TermVectors:
    """Terms of titles and descriptions as matrices. Example: `group_articles.group_articles`."""
    words = vocabulary(language)
    heads = [words.terms(title) for title in titles]
    lead_terms = [words.terms(" ".join(lead.split()[:LEAD_WORDS])) for lead in drop_furniture(leads)]
    columns: dict[str, int] = {}
    head_matrix = _matrix(heads, columns)
    body_matrix = _matrix([[*head, *lead] for head, lead in zip(heads, lead_terms, strict=True)], columns)
    head_matrix.resize(len(heads), max(1, len(columns)))
    local = {term for word in local_words for term in words.terms(word)}
    shares = [_LOCAL_SHARE if term in local else words.share(term) for term in columns]
    names, parts = _find_names(heads, columns)
    new = [len(set(lead) - set(head)) for head, lead in zip(heads, lead_terms, strict=True)]
    return TermVectors(
        heads=head_matrix,
        bodies=body_matrix,
        names=names,
        name_parts=parts,
        shares=np.array(shares or [1.0]),
        is_rare=np.array([term not in local and words.is_rare(term) for term in columns] or [False]),
        is_place=np.array([term.startswith("@") for term in columns] or [False]),
        is_described=np.array(new, dtype=np.intp) >= _NEW_TERMS,
    )


def drop_furniture(leads: Sequence[str]) -> list[str]:
    """
    Drop sentences that several descriptions with different first sentences share.

    "Follow the Gazette for breaking stories" ends every item of a feed. Copies of one agency's text have the same
    first sentence, and keep all.

    >>> drop_furniture([f"{event}. Follow us on air." for event in ("A quay is shut", "A man fell", "A cow won")])
    ['A quay is shut.', 'A man fell.', 'A cow won.']
    """
    parted = [_SENTENCE_END.split(" ".join(lead[:_LEAD_CHARS].split())) for lead in leads]
    openings: dict[str, set[str]] = defaultdict(set)
    for sentences in parted:
        for sentence in sentences[1:]:
            openings[sentence].add(sentences[0])
    return [" ".join([first, *(s for s in rest if len(openings[s]) < _FURNITURE)]) for first, *rest in parted]


def _find_names(heads: Sequence[Sequence[str]], columns: dict[str, int]) -> tuple[Matrix, NDArray[np.intp]]:
    """
    Names of two words: pairs side by side in two headlines, and in half of the rarer word's headlines.

    >>> heads = [["upper", "sallow", "fair"], ["upper", "sallow"], ["fair", "rain"]]
    >>> _find_names(heads, {"upper": 0, "sallow": 1, "fair": 2, "rain": 3})[1].tolist()
    [[0, 1]]
    """
    counts = Counter(term for head in heads for term in set(head))
    rows = [set(pairwise(head)) for head in heads]
    pairs = Counter(pair for row in rows for pair in row)
    frequent = (pair for pair, times in pairs.items() if times > 1)
    names = [pair for pair in frequent if pairs[pair] >= _TOGETHER * min(counts[pair[0]], counts[pair[1]])]
    known = {pair: number for number, pair in enumerate(names)}
    matrix = _matrix([[pair for pair in sorted(row) if pair in known] for row in rows], known)
    parts = [(columns[first], columns[second]) for first, second in known] or [(0, 0)]
    return matrix, np.array(parts, dtype=np.intp)


def _matrix(rows: Sequence[Iterable[Any]], columns: dict[Any, int]) -> Matrix:
    """
    Make a 0/1 matrix of rows of names; new names get new columns.

    >>> _matrix([["ferry", "quay"], ["quay"]], {}).toarray().tolist()
    [[1.0, 1.0], [0.0, 1.0]]
    """
    indices: list[int] = []
    starts = [0]
    for row in rows:
        indices += sorted({columns.setdefault(name, len(columns)) for name in row})
        starts.append(len(indices))
    return sparse.csr_matrix(
        (np.ones(len(indices)), indices, starts), shape=(len(rows), max(1, len(columns)))
    )
