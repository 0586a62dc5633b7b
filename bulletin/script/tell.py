"""Article -> Telling: sentences in the order of the article, each fit to be read, with where it came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bulletin.model import Article, Origin
from bulletin.script.furniture import strip_furniture
from bulletin.script.phrases import Phrases
from bulletin.script.summariser import Summariser
from bulletin.script.summarisers.lead import LeadSummariser
from bulletin.text import count_words, split_sentences, words

MOST_WORDS = 160
"""No cut is longer than this, so what comes after it need not be edited."""

FEWEST_COMMON = 0.12
"""Share of a language's commonest words below which a text is in another language; English news has 0.35."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What became of one sentence of the article; more than one when it was parted."""

    sentences: tuple[str, ...]
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """An article as it is told, as long as anybody could want it."""

    title: str
    """The article's, without furniture."""
    pieces: tuple[Piece, ...]
    reason: str = ""
    """Why there is nothing to tell."""


def tell_article(article: Article, *, phrases: Phrases, summariser: Summariser | None = None) -> Telling:
    """Clean, choose and edit; a telling without pieces says why in `reason`."""
    title = " ".join(article.title.split())
    paragraphs = strip_furniture(article.text or article.summary, title=title)
    sentences = [sentence for paragraph in paragraphs for sentence in split_sentences(paragraph)]
    if not sentences:
        return Telling(title=title, pieces=(), reason="no sentence that can be read out")
    if not is_in_language(sentences, phrases):
        return Telling(title=title, pieces=(), reason=f"not in the station's language ({phrases.language})")
    chosen = (summariser or LeadSummariser()).choose(title, sentences)
    pieces: list[Piece] = []
    total = 0
    for place in chosen:
        if total > MOST_WORDS:
            break
        origin = Origin(
            article_id=article.id, text=sentences[place], credit=article.credit, link=article.link
        )
        pieces.append(Piece(sentences=(sentences[place],), origins=(origin,)))
        total += count_words(sentences[place])
    return Telling(title=title, pieces=tuple(pieces))


def is_in_language(sentences: Sequence[str], phrases: Phrases) -> bool:
    """Whether the first hundred words hold enough of the language's commonest ones."""
    said = [word.casefold() for word in words(" ".join(sentences[:12])[:2000])][:100]
    if len(said) < 8:
        return any(word.isascii() for word in said)
    common = sum(word in phrases.common_words for word in said)
    return common >= FEWEST_COMMON * len(said)
