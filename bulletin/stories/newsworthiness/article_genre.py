"""
Article -> genres that are no news (a live blog, a column, a review), and whether it is light.

Source: opinion is clearly distinguished from fact (BBC Editorial Guidelines, section 4). Digests, ratings and labels match
none of the 604 fresh articles (`python -m bench.rule_matches`), which leave such pieces out; they are kept,
because a review or a column would air as news. Judgement, no source: the fewest entries, sentences and words,
because one alone may be chance.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import urlsplit

from bulletin.language.read_word_lists import word_set
from bulletin.language.split_sentences import split_sentences
from bulletin.model import Article
from bulletin.stories.newsworthiness.load_news_word_lists import Genre, plain_headline
from bulletin.stories.newsworthiness.writers_voice import speaks_itself

_LIVE_PATH = re.compile(r"/(?:live|liveblog|live-blog|live-updates)(?:/|$)|/live[-_]|[-_]live(?:[-_.]|$)")
"""Example: `find_form`."""
_ENTRY = re.compile(
    r"^\W{0,2}(?:[01]?\d|2[0-3])[:.][0-5]\d(?:\s?[ap]\.?m\.?)?(?:\s|$)", re.MULTILINE | re.IGNORECASE
)
"""A paragraph that begins "10:42". Example: `find_form`."""
_FEWEST_ENTRIES = 3
"""Example: `find_form`."""
_RATING = re.compile(r"(?:\brating|Rating)\s*[:–-]+\s*\d(?:\.\d)?\s*(?:/|out of|stars?)")
"""Example: `find_form`."""
_DIGEST = re.compile(r"[.!?;] (?:(?:and|also), |plus\b[,:. …]*)", re.IGNORECASE)
"""Example: `split_digest`."""
_NEXT_EVENT = re.compile(r";\s+")
"""Example: `split_digest`."""
_FEWEST_EVENTS = 3
"""Example: `split_digest`."""
_LABEL = re.compile(r"\W*(comment|opinion|editorial)\s*[:\n]", re.IGNORECASE)
"""Label before the first sentence of a column, as NZ Herald, Stuff and CNN print it. Example: `find_form`."""
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|(?<!\w)[‘'](?=\w)[^’']*(?:[’'](?=\w)[^’']*)*[’'](?!\w)")
"""
>>> _QUOTED.sub("", "Fox said 'I row' twice.")
'Fox said  twice.'
"""
_OWN = re.compile(r"\b(?:I|I['’](?:m|ve|d|ll)|[Mm]y|[Mm]yself)\b")
"""Example: `_is_column`."""
_MARK = re.compile(r"[\"“”?]")
"""
Mark of a quotation that is not closed.

>>> bool(_MARK.search('"I row.'))
True
"""
_FEWEST_OWN = 3
"""Example: `_is_column`."""
_COLUMN_CHARS = 3_000
"""Example: `_is_column`."""
_BYLINE_CHARS = 300
"""Characters at the beginning and at the end of a text, where its writer is named. Example: `find_byline`."""
_MARKS = re.compile("[“”„«»‹›]")
"""Quotation marks of all languages. Example: `find_byline`."""
_HEAD_CHARS = 400
"""Example: `find_form`."""
_LIGHT_LEAD_WORDS = 90
"""Example: `is_light`."""
_WORD = re.compile(r"[^\W\d_]+")
"""Example: `_word_set`."""
_FINALLY = re.compile(r"\band finally\b", re.IGNORECASE)
"""Example: `is_filed_as_light`."""


def split_digest(title: str) -> tuple[str, ...]:
    """
    Split a newsletter's headline into its events.

    >>> split_digest("Bridge shut. And, nurses strike")
    ('Bridge shut', 'nurses strike')
    >>> split_digest("Bridge shut; nurses strike; mayor resigns")
    ('Bridge shut', 'nurses strike', 'mayor resigns')
    """
    parts = _DIGEST.split(title)
    if len(parts) == 1 and len(events := _NEXT_EVENT.split(title)) >= _FEWEST_EVENTS:
        parts = events
    return tuple(part for part in parts if part.strip())


def find_form(article: Article, language: str) -> Iterator[tuple[str, bool, str]]:
    """
    Find genres by the form of the text: name as in the tables, whether it is soft, and the evidence.

    The 604 fresh articles leave these forms out, so that each matches at most one. Of 884 entries of recorded feeds 6 are live
    blogs, 2 first persons and 1 a digest. Labels and ratings match none; kept, because a column or a review would air
    as news (BBC Editorial Guidelines, section 4: opinion is clearly distinguished from fact).

    >>> from datetime import UTC, datetime
    >>> published = datetime(2026, 11, 24, tzinfo=UTC)
    >>> article = Article(id="1", feed="Gazette", title="Ferry sinks", summary="", text="Rating: 4/5", published=published)
    >>> list(find_form(article, "en"))
    [('review', False, 'it gives a rating')]
    >>> row = {"id": "1", "feed": "a", "summary": "", "published": published}
    >>> column = Article(title="Ferry sinks; quay shut; cow wins", text="OPINION: Row.", **row)
    >>> [genre for genre, _, _ in find_form(column, "en")]
    ['list', 'opinion']
    >>> link, text = "https://a.example/live/ferry", chr(10).join(["10:42 It sank."] * 3)
    >>> [why for _, _, why in find_form(Article(title="Ferry", text=text, link=link, **row), "en")]
    ['its address says so', 'its paragraphs begin with the time of day']
    """
    text = article.text or article.summary
    if len(split_digest(article.title)) > 1:
        yield "list", False, "its headline has several events"
    if _LIVE_PATH.search(path_of(article.link).casefold()):
        yield "live blog", False, "its address says so"
    if len(_ENTRY.findall(text)) >= _FEWEST_ENTRIES:
        yield "live blog", False, "its paragraphs begin with the time of day"
    if label := _LABEL.match(text):
        yield "opinion", False, f"its text begins with “{label[1]}”"
    if _RATING.search(text[:_HEAD_CHARS]):
        yield "review", False, "it gives a rating"
    # in another language "I" may be an article or a preposition: "I ministri", "I dag"
    if language.partition("-")[0] == "en":
        if _is_column(text):
            yield "first person", False, "its writer says “I”"
    elif speaks_itself(text, language):
        yield "first person", False, "its writer says “we” or “I”, asks and exclaims"


def find_byline(genre: Genre, article: Article) -> str:
    """
    Words of the summary, or of the text's first or last characters, outside quotations, that say the genre.

    >>> from datetime import UTC, datetime
    >>> from bulletin.stories.newsworthiness.load_news_word_lists import read_table
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> row = {"id": "1", "feed": "a", "title": "", "text": "", "published": at}
    >>> texts = ("Wexum ist laut. Ein Kommentar von Ann Fox", "Fähren sind sicher, schreibt Ann Fox.", "„Das ist ein Gastbeitrag“, sagte Fox.")
    >>> opinion = next(genre for genre in read_table("de").genres if genre.name == "opinion")
    >>> [find_byline(opinion, Article(summary=text, **row)) for text in texts]
    ['ein kommentar von', 'schreibt Ann Fox', '']
    """
    if genre.writes and (match := genre.writes.search(article.summary)):
        return match[0].strip(" ,.")
    for text in (article.summary, article.text[:_BYLINE_CHARS], article.text[-_BYLINE_CHARS:]):
        if genre.bylines and (match := genre.bylines.search(_plain_without_quotations(text))):
            return match[0].strip(" |–—-.,:")
    return ""


@lru_cache(maxsize=8)  # each genre asks for the same three texts
def _plain_without_quotations(text: str) -> str:
    """
    Text as the phrases of the tables are written, without what somebody said.

    >>> _plain_without_quotations("Ferries “are safe”, Fox WRITES")
    'ferries  , fox writes'
    """
    return _QUOTED.sub(" ", plain_headline(_MARKS.sub('"', text)))


def _is_column(text: str) -> bool:
    """
    Whether the writer speaks: "I" or "my", outside quotations, in the first two sentences and in many after them.

    >>> _is_column("I have rowed for years. I like it. My boat is old."), _is_column('"I rowed," Fox said.')
    (True, False)
    """
    plain = _QUOTED.sub(" ", text[:_COLUMN_CHARS])
    sentences = split_sentences(plain)[:12]
    own = [bool(_OWN.search(sentence)) and not _MARK.search(sentence) for sentence in sentences]
    opening = split_sentences(text[:_COLUMN_CHARS])[:2]
    begins = any(_OWN.search(sentence) and not _MARK.search(sentence) for sentence in opening)
    return begins and sum(own) >= max(_FEWEST_OWN, 0.3 * len(own))


def path_of(link: str) -> str:
    """
    Path of an address; empty for an invalid one.

    >>> path_of("https://www.example.org/news/1?from=rss"), path_of("https://[")
    ('/news/1', '')
    """
    try:
        return urlsplit(link).path
    except ValueError:  # as in "https://["
        return ""


def is_light(article: Article) -> bool:
    """
    Whether an article is a light story.

    It is filed as light, or has "and finally" in the headline. Else it has a smile in the headline, or two in
    the lead, and no grave word in the lead. A grave word in the headline speaks against either. The words are
    in light_words.toml.

    >>> from datetime import UTC, datetime
    >>> published = datetime(2026, 11, 24, tzinfo=UTC)
    >>> article = Article(id="1", feed="Gazette", title="Cat rescued from tree", summary="", text="", published=published)
    >>> is_light(article)
    True
    """
    title = _word_set(article.title)
    lead = _word_set(" ".join((article.text or article.summary).split()[:_LIGHT_LEAD_WORDS]))
    smiles, grave = _listed("smiles"), _listed("grave")
    if grave & title:
        return False
    if is_filed_as_light(article):
        return True
    return not grave & lead and (bool(smiles & title) or len(smiles & lead) >= 2)


def is_filed_as_light(article: Article) -> bool:
    """
    Whether the category of its feed or its own headline calls an article light.

    "And finally" (none of 604 articles) is the broadcasters' name for the light story; kept, because a
    station that writes it means it.

    >>> from datetime import UTC, datetime
    >>> published = datetime(2026, 11, 24, tzinfo=UTC)
    >>> article = Article(id="1", feed="Gazette", title="And finally: cat rows", summary="", text="", published=published)
    >>> is_filed_as_light(article)
    True
    """
    return article.category.casefold() in _listed("categories") or bool(_FINALLY.search(article.title))


def _listed(name: str) -> frozenset[str]:
    """
    A list of light_words.toml as a set.

    >>> "killed" in _listed("grave")
    True
    """
    return word_set("bulletin.stories.newsworthiness", "light_words.toml", name)


def _word_set(text: str) -> frozenset[str]:
    """
    Words of a text in small letters, without figures.

    >>> sorted(_word_set("Cat rows 12 miles"))
    ['cat', 'miles', 'rows']
    """
    return frozenset(word.casefold() for word in _WORD.findall(text))
