"""
Article -> names of the signals for and against news in its section, headline and lead; weights are in the tables.

Source: the signals are the news values of Galtung and Ruge 1965 ("The structure of foreign news", Journal of Peace
Research 2) and of Harcup and O'Neill 2017 ("What is news?", Journalism Studies 18), and forms of features; their
weights are learnt, `python -m bench.news_weights`. Judgement, no source: the bounds of words, because the weights
make good a wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from bulletin.model import Article
from bulletin.stories.newsworthiness.article_genre import path_of
from bulletin.stories.newsworthiness.load_news_word_lists import NewsTable, plain_headline, plain_name

LEAD_WORDS = 40
"""Example: `find_signals`."""
_MOST_LABELS = 2
"""
Most labels that are sections; of more, which are topics, only the first may be one.

Example: `name_sections`.
"""
_PUBLIC = ("com", "co", "org", "net", "gov", "edu")
"""Second level of addresses such as "com.br". Example: `names_outlet`."""
_FEWEST_LETTERS = 6
"""Example: `names_outlet`."""
_FORM = re.compile(r"\bobituar", re.IGNORECASE)
"""
Label of a genre, which counts at any place. `find_signals` has its count in 604 articles.

Example: `name_sections`.
"""
_LETTER = re.compile(r"\bnewsletters?\b")
"""`find_signals` has its count in 604 articles. Example: `_folders`."""
_SEPARATORS = re.compile(r"[,;/|>»·:]+")
"""Example: `name_sections`."""
_QUOTED = re.compile(r"\"[^\"]*\"|(?<!\w)'(?=\w)[^']*(?:'(?=\w)[^']*)*'(?!\w)")
"""Example: `_title_signals`."""
_SOURCE_LAST = re.compile(
    r",\s+(?:[\w.'-]+\s+){1,5}(?:says?|said|finds?|warns?|shows?)$"
    r"|:\s+(?:\S+\s+){0,2}(?:sources?|officials?|report|group|study|cops|police)$"
)
"""Headline with its source at the end: "Bridge unsafe, engineers say". Example: `_title_signals`."""
_LABEL = re.compile(r"^[^:|]{3,40}[:|]\s")
"""Example: `_title_signals`."""
_SOURCE = re.compile(r"\s[-–—|]\s(?P<source>[A-Z0-9][\w.&'’]*(?:\s(?:[A-Z0-9&][\w.&'’]*|of|the|and)){0,3})$")
"""Publisher that an aggregator puts after a headline. Example: `headline_of`."""
_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d|[?:;,]")
"""Example: `find_words`."""
_DATELINE = re.compile(r"^\W*(?:[A-ZÀ-Þ][A-ZÀ-Þ.,/ -]{2,40})(?:\([^)]*\)|\s*[:—–-]\s|,\s)")
"""Example: `find_signals`."""
_STOP = re.compile(r"(?P<word>[^\W\d_]{3,}|\d{3,}|%)[.!?][\")]?\s+(?=\S)")
"""Example: `_title_signals`."""
_NO_STOPS = frozenset("gov sen rep mrs gen col capt prof inc sgt dept jan feb aug sept oct nov dec".split())
"""
Abbreviations whose full stop ends no sentence; shorter words never end one here.

Example: `_title_signals`.
"""
_YEARS_ON = re.compile(r"\byears? (?:on|later|after|ago|since)\b|\banniversary\b|\bturns \d+\b")
"""Example: `_common_forms`."""
_SCORE = re.compile(r"\b\d{1,3}[-–]\d{1,3}\b")
"""Example: `_common_forms`."""
_DEEDS = frozenset({"deed", "speech"})
"""Example: `_title_signals`."""
_SHORT, _LONG = 6, 12
"""Example: `_title_signals`."""
_SHORT_LEAD = 14
"""Example: `_lead_signals`."""


def name_sections(article: Article) -> tuple[str, ...]:
    """
    List an article's sections: of its page, labels and address, and the source after its headline.

    >>> from datetime import UTC, datetime
    >>> published = datetime(2026, 11, 24, tzinfo=UTC)
    >>> link, title = "https://www.example.org/uk-news/2026/ferry", "Ferry sinks - BBC News"
    >>> name_sections(Article(id="1", feed="a", title=title, summary="", text="", link=link, published=published))
    ('bbc news', 'uk news')
    >>> row = {"feed": "a", "summary": "", "text": "", "published": published}
    >>> labels = ("UK", "ferries", "Obituaries")
    >>> name_sections(Article(id="1", title="", page_section="News > Sport", labels=labels, **row))
    ('news > sport', 'news', 'sport', 'uk', 'obituaries')
    """
    source = _SOURCE.search(article.title)
    section = article.page_section
    named = (section, *_SEPARATORS.split(section), source["source"] if source else "")
    labels = article.labels
    if len(labels) > _MOST_LABELS:
        labels = (labels[0], *(label for label in labels[1:] if _FORM.search(label)))
    names = [*named, *labels, *_folders(article.link)]
    return tuple(dict.fromkeys(plain_name(name) for name in names if name.strip()))


def names_outlet(name: str, link: str) -> bool:
    """
    Whether a section's name is that of the whole site, by the domain of the address: "Tempo Real" of temporealrj.com.

    A name of a folder, of a subdomain or of less than six letters is none.

    >>> sites = ("https://temporealrj.example/1", "https://opiniao.gazeta.com.br/1", "https://gazeta.example/tempo-real/1", "https://[")
    >>> [names_outlet(name, site) for name, site in zip(("tempo real", "opiniao", "tempo real", "tempo real"), sites)]
    [True, False, False, False]
    """
    try:
        parts = (urlsplit(link).hostname or "").split(".")[:-1]
    except ValueError:  # as in "https://["
        return False
    domain = next((part for part in reversed(parts) if part not in _PUBLIC), "")
    letters = "".join(filter(str.isalnum, name))
    return len(letters) >= _FEWEST_LETTERS and domain.startswith(letters)


def headline_of(article: Article) -> str:
    """
    Fold a headline as the phrases of the tables are, without the source at its end.

    >>> from datetime import UTC, datetime
    >>> published = datetime(2026, 11, 24, tzinfo=UTC)
    >>> article = Article(id="1", feed="Gazette", title="Ferry “sinks” - BBC News", summary="", text="", published=published)
    >>> headline_of(article)
    'ferry "sinks"'
    """
    return plain_headline(_SOURCE.sub("", article.title))


def without_quotations(title: str) -> str:
    """
    Drop quotations: their words are the speaker's, not the publisher's.

    >>> without_quotations("Mayor calls it 'a disgrace' again")
    'Mayor calls it   again'
    """
    return _QUOTED.sub(" ", title)


def _folders(link: str) -> tuple[str, ...]:
    """
    Folders of an address, without the article's own name and figures; one of newsletters is "newsletter".

    >>> _folders("https://www.example.org/news/2026/ferry"), _folders("https://a.example/uk-newsletters/1")
    (('news',), ('newsletter',))
    """
    folders = [folder for folder in path_of(link).split("/")[:-1] if folder and not folder.isdigit()]
    return tuple("newsletter" if _LETTER.search(folder) else folder for folder in folders)


def find_word(text: str, words: Sequence[str]) -> str:
    """
    Find the first of the words that a text contains, as a complete word in any case; empty if it has none.

    None of 604 articles, because the bench has no local words; kept, because stations have them.

    >>> find_word("Crash in Wexcombe", ["Wexcombe"]), find_word("Crash in Wexcomber", ["Wexcombe"])
    ('Wexcombe', '')
    """
    for word in words:
        if word.strip() and re.search(rf"(?<!\w){re.escape(word.strip())}(?!\w)", text, re.IGNORECASE):
            return word
    return ""


def find_signals(article: Article, table: NewsTable) -> frozenset[str]:
    """
    Find the signals for and against news: "title deed", "lead when", "title question".

    Labels of obituaries and newsletters match at most 1 of 604 articles, which leave them out. Of 884 entries
    of recorded feeds they match 3 and 6.

    >>> from datetime import UTC, datetime
    >>> from bulletin.stories.newsworthiness.load_news_word_lists import read_table
    >>> published = datetime(2026, 11, 24, tzinfo=UTC)
    >>> article = Article(id="1", feed="a", title="Ferry sinks?", summary="", text="", published=published)
    >>> sorted(find_signals(article, read_table("en")))
    ['lead none', 'lead short', 'title harm', 'title question', 'title short']
    >>> dated = Article(id="1", feed="a", title="", summary="", text="QUAY - It sank.", published=published)
    >>> "lead dateline" in find_signals(dated, read_table("en"))
    True
    """
    text = article.text or article.summary
    title = headline_of(article)
    lead = plain_headline(" ".join(text.split()[:LEAD_WORDS]))
    signals = _section_signals(article, table) | _title_signals(title, table) | _lead_signals(lead)
    for part, words in (("title", title), ("lead", lead)):
        unquoted = _QUOTED.sub(" ", words) if "'" in words or '"' in words else words
        names = table.signals.names_in(words) | table.forms.names_in(unquoted) | _common_forms(words)
        signals |= {f"{part} {name}" for name in names}
    if _DATELINE.search(text[:60]):
        signals.add("lead dateline")
    return frozenset(signals)


def find_words(article: Article) -> frozenset[str]:
    """
    List the words of headline, lead and address, as the learnt weights name them: "headline after".

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> row = {"feed": "a", "summary": "", "link": "https://a.example/uk/1", "published": at}
    >>> sorted(find_words(Article(id="1", title="Ferry sinks", text="Two died.", **row)))
    ['address uk', 'headline ferry', 'headline sinks', 'opening died', 'opening two']
    """
    lead = plain_headline(" ".join((article.text or article.summary).split()[:LEAD_WORDS]))
    parts = {"headline": headline_of(article), "opening": lead, "address": " ".join(_folders(article.link))}
    return frozenset(f"{part} {word}" for part, text in parts.items() for word in _TOKEN.findall(text))


def _section_signals(article: Article, table: NewsTable) -> set[str]:
    """
    Signals of an article's section and its publisher: sport, soft, a magazine, a newsroom.

    >>> from datetime import UTC, datetime
    >>> from bulletin.stories.newsworthiness.load_news_word_lists import read_table
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> row = {"feed": "a", "title": "", "summary": "", "text": "", "published": at}
    >>> _section_signals(Article(id="1", link="https://a.example/sport/ferry", **row), read_table("en"))
    {'section sport'}
    """
    names = set(name_sections(article))
    signals = {"section sport"} if names & table.sport else set()
    if any(genre.is_soft and names & genre.sections for genre in table.genres):
        signals.add("section soft")
    if table.magazines and table.magazines.search(article.link):
        signals.add("magazine")
    if table.newsrooms and table.newsrooms.search(article.link):
        signals.add("newsroom")
    return signals


def _common_forms(text: str) -> set[str]:
    """
    Forms that count in headlines and leads: a figure, a score, a quotation first, a look back over years.

    >>> sorted(_common_forms("'we won' 2-1, ten years on")), _common_forms("ferry sinks")
    (['figure', 'opens quoted', 'score', 'years on'], set())
    """
    forms = {
        "figure": any(char.isdigit() for char in text),
        "score": bool(_SCORE.search(text)),
        "opens quoted": text.startswith(("'", '"')),
        "years on": bool(_YEARS_ON.search(text)),
    }
    return {name for name, holds in forms.items() if holds}


def _title_signals(title: str, table: NewsTable) -> set[str]:
    """
    Forms of a headline: a question, its source last, a label, two sentences, its length, an early deed.

    Quotations do not ask, and a full stop after "Gov" ends no sentence.

    >>> from bulletin.stories.newsworthiness.load_news_word_lists import read_table
    >>> sorted(_title_signals("quay: bridge is unsafe, engineers say", read_table("en")))
    ['title deed early', 'title label', 'title short', 'title source last']
    >>> sorted(_title_signals("the ferry sank. who will pay for it now, and how?", read_table("en")))
    ['title deed early', 'title question', 'title two sentences']
    >>> sorted(_title_signals("gov. fox hears again and again: 'who will pay?'", read_table("en")))
    ['title label']
    >>> sorted(_title_signals("ferry never safe to sail in winter: police sources", read_table("en")))
    ['title label', 'title source last']
    """
    count, plain = len(title.split()), _QUOTED.sub(" ", title)
    early = " ".join(title.split()[1:6])  # the first word is the subject
    forms = {
        "title question": "?" in plain[-3:],
        "title source last": bool(_SOURCE_LAST.search(title)),
        "title label": bool(_LABEL.search(title)),
        "title two sentences": any(m["word"] not in _NO_STOPS for m in _STOP.finditer(plain)),
        "title loud": "!" in title or "…" in title or "..." in title,
        "title short": count <= _SHORT,
        "title long": count >= _LONG,
        "title deed early": not _DEEDS.isdisjoint(table.signals.names_in(early)),
    }
    return {name for name, holds in forms.items() if holds}


def _lead_signals(lead: str) -> set[str]:
    """
    Forms of a lead: a question outside quotations, few words, none.

    >>> sorted(_lead_signals("who pays?")), sorted(_lead_signals(""))
    (['lead question', 'lead short'], ['lead none', 'lead short'])
    """
    count = len(lead.split())
    forms = {
        "lead question": "?" in _QUOTED.sub(" ", lead),
        "lead short": count < _SHORT_LEAD,
        "lead none": count == 0,
    }
    return {name for name, holds in forms.items() if holds}
