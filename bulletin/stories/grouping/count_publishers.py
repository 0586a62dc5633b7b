"""
Articles -> how many publishers tell a story independently of one another.

Source: docs/CHOICE.md, section 4, "Independent publishers". Articles of one owner are one voice, because they
share their reports. Judgement, no source: that the registrable domain identifies a publisher, because no register of
publishers is free.

In the 604 fresh articles (`python -m bench.rule_matches`) addresses of figures and names of a station's owners
match none, and titles that begin a name 1. They are kept, because one owner's papers would count as several
publishers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from ipaddress import ip_address
from itertools import chain
from urllib.parse import urlsplit

from bulletin.language.read_word_lists import read_table
from bulletin.model import Article

Owners = Mapping[str, Sequence[str]]
"""Owner -> names and domains of its titles."""

_NO_OWNERS: Owners = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """publishers.toml."""

    shared: frozenset[str]
    second_levels: frozenset[str]
    names: tuple[tuple[str, str], ...]
    """(beginning of a credit, owner), the longest first."""
    domains: Mapping[str, str]


def group_publishers(articles: Iterable[Article], *, owners: Owners = _NO_OWNERS) -> list[tuple[str, ...]]:
    """
    Group the credits of a story by publisher.

    Two articles are one publisher's when they share the credit, the registrable domain of their links, or
    the owner in publishers.toml or in the station's `owners`. So "BBC News" and "BBC Sport" are one.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> row = {"feed": "a", "title": "Ferry sinks", "summary": "", "text": "", "published": at}
    >>> names = ("BBC News", "Gazette", "BBC Sport")
    >>> group_publishers([Article(id=name, credit=name, **row) for name in names])
    [('BBC News', 'BBC Sport'), ('Gazette',)]
    """
    groups: list[tuple[frozenset[str], dict[str, None]]] = []
    for article in articles:
        marks, name = _marks(article, owners), article.credit or article.feed
        names = {name: None}
        apart = []
        for known, others in groups:
            if known & marks:
                marks = marks | known
                names = others | names
            else:
                apart.append((known, others))
        groups = [*apart, (marks, names)]
    return sorted(tuple(names) for _, names in groups)


def count_publishers(articles: Iterable[Article], *, owners: Owners = _NO_OWNERS) -> int:
    """
    Count the publishers that tell a story independently of one another.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> row = {"feed": "a", "title": "Ferry sinks", "summary": "", "text": "", "published": at}
    >>> count_publishers([Article(id=name, credit=name, **row) for name in ("BBC News", "BBC Sport")])
    1
    """
    return len(group_publishers(articles, owners=owners))


def domain_of(link: str) -> str:
    """
    The registrable domain of a link; empty for none, and for a domain that many publishers share.

    >>> domain_of("https://www.news.example.co.uk/a")
    'example.co.uk'
    """
    return _domain_of(_host(link))


def _domain_of(host: str) -> str:
    """
    Registrable domain of a host: two labels, or three under a second level such as "co.uk".

    Empty for a domain that many publishers share; an address of figures is its own.

    >>> [_domain_of(host) for host in ("news.example.co.uk", "a.example.com", "192.0.2.1", "")]
    ['example.co.uk', 'example.com', '192.0.2.1', '']
    """
    if not host or _is_address(host):
        return host
    labels, table = host.split("."), _table()
    count = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in table.second_levels else 2
    domain = ".".join(labels[-count:])
    return "" if domain in table.shared else domain


def _marks(article: Article, owners: Owners) -> frozenset[str]:
    """
    Marks by which articles are one publisher's: the credit or else the feed, the domain, the owner.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> row = {"title": "Ferry sinks", "summary": "", "text": "", "published": at}
    >>> ferry = Article(id="1", feed="a", credit="The Gazette", link="https://www.gazette.example/1", **row)
    >>> sorted(_marks(ferry, {"Wex Media": ["Gazette"]}))
    ['domain gazette.example', 'name gazette', 'owner Wex Media']
    """
    listed = tuple((owner, tuple(titles)) for owner, titles in owners.items())
    return _marks_of(article.credit, article.feed, _host(article.link), listed)


@lru_cache(maxsize=4096)
def _marks_of(
    credit: str, feed: str, host: str, owners: tuple[tuple[str, tuple[str, ...]], ...]
) -> frozenset[str]:
    """
    Marks of a credit, a feed and a host; the station's owners go before publishers.toml.

    >>> sorted(_marks_of("BBC News", "a", "", ()))
    ['name bbc news', 'owner BBC']
    >>> sorted(_marks_of("BBC News", "a", "", (("Wex Media", ("BBC News",)),)))
    ['name bbc news', 'owner Wex Media']
    """
    names = [_plain(name) for name in (credit, feed) if name]
    domain = _domain_of(host)
    marks = {f"name {_plain(credit or feed)}"} | ({f"domain {domain}"} if domain else set())
    table = _table()
    by_station = (owner for owner, titles in owners if any(_is_of(title, names, host) for title in titles))
    by_domain = (table.domains[part] for part in _parents(host) if part in table.domains)
    by_name = (owner for title, owner in table.names if any(_begins(name, title) for name in names))
    owner = next(chain(by_station, by_domain, by_name), "")
    return frozenset(marks | ({f"owner {owner}"} if owner else set()))


def _is_of(title: str, names: Sequence[str], host: str) -> bool:
    """
    Whether a name or domain of the station's table is the article's.

    >>> _is_of("The Gazette", ["gazette online"], ""), _is_of("gazette.example", [], "news.gazette.example")
    (True, True)
    """
    return title.casefold() in _parents(host) or any(_begins(name, _plain(title)) for name in names)


def _begins(name: str, title: str) -> bool:
    """
    Whether a name begins with a title, in whole words: "BBC Sport" is the BBC's.

    >>> _begins("bbc sport", "bbc"), _begins("bbcx", "bbc")
    (True, False)
    """
    return name == title or name.startswith(f"{title} ")


def _parents(host: str) -> list[str]:
    """
    Host and the domains above it, without the top level.

    >>> _parents("news.example.org")
    ['news.example.org', 'example.org']
    """
    labels = host.split(".")
    return [".".join(labels[n:]) for n in range(len(labels) - 1)]


def _host(link: str) -> str:
    """
    Host of a link; empty for an invalid one.

    >>> _host("https://www.example.org./a"), _host("https://[")
    ('www.example.org', '')
    """
    try:
        return (urlsplit(link).hostname or "").rstrip(".")
    except ValueError:  # as in "https://["
        return ""


def _is_address(host: str) -> bool:
    """
    Whether a host is an IP address, which has no registrable domain.

    >>> _is_address("192.0.2.1"), _is_address("example.org")
    (True, False)
    """
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _plain(name: str) -> str:
    """
    Name of a publisher in small letters, without "the" before it.

    >>> _plain("The  Wexcombe Gazette")
    'wexcombe gazette'
    """
    return " ".join(name.casefold().split()).removeprefix("the ")


@cache
def _table() -> _Table:
    """
    The table of publishers.toml.

    >>> ("bbc", "BBC") in _table().names
    True
    """
    raw = read_table("bulletin.stories.grouping", "publishers.toml")
    owners = raw["owners"].items()
    names = [(_plain(name), owner) for owner, row in owners for name in row["names"]]
    return _Table(
        shared=frozenset(raw["shared"]),
        second_levels=frozenset(raw["second_levels"]),
        names=tuple(sorted(names, key=lambda row: (-len(row[0]), row))),
        domains={domain: owner for owner, row in owners for domain in row["domains"]},
    )
