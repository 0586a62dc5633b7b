"""Article -> signals of news in its section, its headline and its lead. Pure; what they weigh is in the tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from bulletin.model import Article
from bulletin.stories.news_tables import HARD, SPORT, NewsTable, plain_headline, plain_name

LEAD_WORDS = 40
_MOST_LABELS = 2
"""A feed that gives an entry more of them names topics, of which the first may be a section."""
_SEPARATORS = re.compile(r"[,;/|>»·:]+")
_ASKS = re.compile(r"^\W*(?:can|could|do|does|did|has|have|is|are|was|will|would|should|who|what|when|where|which|whose)\b")
_HOW = re.compile(r"^\W*(?:how|why|inside|meet|behind|so|when|as|from|with|in|for|amid)\b")
_HOW_OR_WHY = re.compile(r"(?<!\w)(?:how|why|inside|what it'?s like)(?!\w)")
_NOUN_FIRST = re.compile(r"^\W*(?:the|a|an|this|these|those|his|her|their|it's|it|to|there|here)\b")
_SPEAKER = re.compile(r"(?<!\w)(?:i|i'm|i've|i'd|i'll|my|me|we|we're|our|us)(?!\w)")
_READER = re.compile(r"(?<!\w)(?:you|your|you'll|you're|yours|yourself)(?!\w)")
_QUOTED = re.compile(r"\"[^\"]*\"|(?<!\w)'(?=\w)[^']*(?:'(?=\w)[^']*)*'(?!\w)")
_SOURCE_LAST = re.compile(r",\s+(?:[\w.'-]+\s+){1,5}(?:says?|said|finds?|warns?|shows?)$|:\s+(?:\S+\s+){0,2}(?:sources?|officials?|report|group|study|cops|police)$")
_LABEL = re.compile(r"^[^:|]{3,40}[:|]\s")
_AUTHOR_LAST = re.compile(r"\s\|\s+[A-Z][\w'’.-]+(?:\s+(?:and\s+)?[\w'’.-]+){1,7}$")
_DATELINE = re.compile(r"^\W*(?:[A-ZÀ-Þ][A-ZÀ-Þ.,/ -]{2,40})(?:\([^)]*\)|\s*[:—–-]\s|,\s)")
_COPULA = re.compile(r"(?<!\w)(?:is|are|was|were|be|been|it's|isn't|aren't|wasn't|that's|he's|she's|here's|there's|has been|have been)(?!\w)")
_MODAL = re.compile(r"(?<!\w)(?:can|can't|could|should|would|may|might|must|need|needs|don't|doesn't|won't|never|actually|really|still|just|not|yet)(?!\w)")
_NOUN_OF = re.compile(
    r"^\W*(?:the|a|an)\s(?:\S+\s){0,2}(?:\w+)\s(?:of|in|on|to|for|behind|with|who|whose|that|trying|from|between|about)(?!\w)"
)
_WHO = re.compile(r"(?<!\w)(?:the|a) (?:\S+ ){0,2}(?:man|woman|men|women|people|girl|boy|couple|family|town|city|country|village|engineer|heroines?|heroes|moment|day|night|story|place)\b(?: (?:who|whose|that|trying|where|when|behind))?")
_GERUND_FIRST = re.compile(r"^\W*\w{3,}ing(?!\w)")
_VERB_S = re.compile(r"^(?:\S+\s){1,4}(?:[a-z]{2,}[^s'\W])s(?!['\w])")
_PAST = re.compile(r"(?<!\w)[a-z]{2,}(?:ed|wn|ght)(?!\w)")
_TO = re.compile(r"(?<!\w)to [a-z]{2,}")
_SHORT_LABEL = re.compile(r"^(?:[\w.'-]+\s?){1,2}[:|]\s")
_OWN = re.compile(r"(?<!\w)(?:own|ever|again|always|enough|too|so|such|most|more|only|another|every|all)(?!\w)")


def name_sections(article: Article) -> tuple[str, ...]:
    """Names of its sections: of the page, of the feed's labels, folders of its address."""
    named = (article.page_section, *_SEPARATORS.split(article.page_section))
    labels = article.labels if len(article.labels) <= _MOST_LABELS else article.labels[:1]
    names = [*named, *labels, *address_folders(article.link)]
    return tuple(dict.fromkeys(plain_name(name) for name in names if name.strip()))


def address_folders(link: str) -> tuple[str, ...]:
    """The folders of an address, without the article's own name at its end."""
    try:
        path = urlsplit(link).path
    except ValueError:  # "https://[" is no address
        return ()
    folders = [folder for folder in path.split("/")[:-1] if folder and not folder.isdigit()]
    return tuple(folders)


def holds_word(text: str, words: Sequence[str]) -> bool:
    """Whether one of the words stands in a text, as a whole word in any case."""
    return any(
        word.strip() and re.search(rf"(?<!\w){re.escape(word.strip())}(?!\w)", text, re.IGNORECASE)
        for word in words
    )


def find_signals(article: Article, table: NewsTable) -> frozenset[str]:
    """What speaks for or against news: "title deed", "lead when", "title question"."""
    title = plain_headline(article.title)
    lead = plain_headline(" ".join((article.text or article.summary).split()[:LEAD_WORDS]))
    signals = {f"title {name}" for name, words in table.signals.items() if words.search(title)}
    signals |= {f"lead {name}" for name, words in table.signals.items() if words.search(lead)}
    signals |= _section_signals(article, table)
    signals |= _form_signals(article.title, title)
    signals |= _lead_signals(article, lead)
    events = {"title deed", "title speech", "title harm", "title office", "title figures"} & signals
    signals.add(f"title events {min(len(events), 3)}")
    early = " ".join(title.split()[1:6])
    if "deed" in table.signals and (table.signals["deed"].search(early) or table.signals["speech"].search(early)):
        signals.add("title deed early")
    if "magazine" in table.signals and table.signals["magazine"].search(article.link):
        signals.add("magazine")
    return frozenset(signals)


def _section_signals(article: Article, table: NewsTable) -> set[str]:
    names = set(name_sections(article))
    signals = {f"section {kind}" for kind in (HARD, SPORT) if names & table.sections[kind]}
    if any(genre.is_soft and names & genre.sections for genre in table.genres):
        signals.add("section soft")
    return signals


def _form_signals(written: str, title: str) -> set[str]:
    unquoted = _QUOTED.sub(" ", title)
    count = len(title.split())
    forms = {
        "title question": "?" in unquoted[-3:],
        "title asks": bool(_ASKS.search(title)),
        "title how": bool(_HOW.search(title)),
        "title has how": bool(_HOW_OR_WHY.search(unquoted)),
        "title noun first": bool(_NOUN_FIRST.search(title)),
        "title speaker": bool(_SPEAKER.search(unquoted)),
        "title reader": bool(_READER.search(unquoted)),
        "title quote first": title[:1] in "'\"",
        "title source last": bool(_SOURCE_LAST.search(title)),
        "title label": bool(_LABEL.search(title)),
        "title author last": bool(_AUTHOR_LAST.search(written)),
        "title figure": bool(re.search(r"\d", title)),
        "title figure first": title[:1].isdigit(),
        "title short": count <= 6,
        "title long": count >= 12,
        "title sentences": bool(re.search(r"[.!?]\s+\S", title)),
        "title copula": bool(_COPULA.search(unquoted)),
        "title modal": bool(_MODAL.search(unquoted)),
        "title noun of": bool(_NOUN_OF.search(title)),
        "title who": bool(_WHO.search(title)),
        "title gerund first": bool(_GERUND_FIRST.search(title)),
        "title verb s": bool(_VERB_S.search(title)),
        "title past": bool(_PAST.search(unquoted)),
        "title to": bool(_TO.search(unquoted)),
        "title short label": bool(_SHORT_LABEL.search(title)),
        "title own": bool(_OWN.search(unquoted)),
    }
    return {name for name, holds in forms.items() if holds}


def _lead_signals(article: Article, lead: str) -> set[str]:
    unquoted = _QUOTED.sub(" ", lead)
    body = article.text or article.summary
    forms = {
        "lead question": "?" in unquoted,
        "lead speaker": bool(_SPEAKER.search(unquoted)),
        "lead reader": bool(_READER.search(unquoted)),
        "lead quote first": lead[:1] in "'\"",
        "lead dateline": bool(_DATELINE.search(body[:60])),
        "lead figure": bool(re.search(r"\d", lead)),
        "lead past": len(_PAST.findall(unquoted)) >= 1,
        "lead past 2": len(_PAST.findall(unquoted)) >= 2,
        "lead copula": bool(_COPULA.search(" ".join(unquoted.split()[:15]))),
        "lead short": len(lead.split()) < 14,
        "lead missing": len(lead.split()) < 5,
    }
    return {name for name, holds in forms.items() if holds}
