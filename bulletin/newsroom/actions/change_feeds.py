"""Feeds of a station: found by a site's address, added, removed, imported as OPML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from bulletin.articles.feed_discovery import FoundFeed, discover_feeds
from bulletin.articles.feeds.opml import read_opml
from bulletin.articles.fetching.ssrf_guard import check_url, is_own, read_url
from bulletin.config.change_profile_options import add_table, remove_table
from bulletin.config.load_profile import LoadedProfile
from bulletin.errors import FetchError, NewsroomError, ParseError
from bulletin.newsroom.actions.change_profile import ProfileText, change_profile, current_profile
from bulletin.newsroom.check_words import clean_words
from bulletin.newsroom.desk import Desk
from bulletin.station.build_components_from_profile import feeds_of
from bulletin.station.limits_of_group import limited_answers

_MOST_IMPORTED = 500
_LONGEST = 300
_TO_ALLOW = "if it is a site of your own network, run `bulletin feeds add ADDRESS"


def find_feeds(desk: Desk, *, url: str) -> tuple[FoundFeed, ...]:
    """
    The feeds of a site, by its address; a few seconds, on the network.

    An address of the computer's own network is refused, unless the profile has a feed of that host and port with
    `private = true`. Raises FetchError, ParseError.
    """
    address = url.strip()
    if "://" not in address:
        address = f"https://{address}"
    if not address.casefold().startswith(("https://", "http://")):
        raise NewsroomError(f'"{url[:80]}" is not a web address; write it as https://www.example.org/')
    loaded = current_profile(desk.loaded)
    feeds = discover_feeds(
        address,
        options=loaded.profile.fetch,
        answers=limited_answers(loaded.profile, archive=desk.archive),
        is_private=_is_own_network(loaded, address),
        to_allow=f"{_TO_ALLOW} {desk.station} --private` on the station's computer",
    )
    if not feeds:
        raise ParseError(
            address, "no feed was found there; give the feed's own address, often .../rss or .../feed"
        )
    return feeds


def add_feed(desk: Desk, *, url: str, name: str = "", credit: str = "", category: str = "") -> ProfileText:
    """
    Add one feed to the profile, after those that are there.

    Raises NewsroomError for one that is there already or a name that another feed has, FetchError for what is no web
    address, ConfigError.
    """
    url = url.strip()
    check_url(url)
    entry: dict[str, str | bool] = {
        "url": url,
        "name": _line(name),
        "credit": _line(credit),
        "category": _line(category) or "news",
        "private": _is_own_network(current_profile(desk.loaded), url),
    }
    return change_profile(
        desk, lambda text: _with_feed(desk, text, entry), seen="", action="add feed", note=f"added {url}"
    )


def remove_feed(desk: Desk, *, feed: str) -> ProfileText:
    """Remove a feed from the profile, by its name or address. Raises NewsroomError for one that has no table."""
    return change_profile(
        desk,
        lambda text: remove_table(text, ("feeds", _find_table(desk, feed))),
        seen="",
        action="remove feed",
        note=f"removed {feed}",
    )


def import_opml(desk: Desk, *, body: bytes) -> tuple[int, int]:
    """
    Add the feeds of an OPML file; returns how many were added, and how many the file has.

    Raises ParseError for a file that is no OPML, NewsroomError for too many, ConfigError.
    """
    listed = read_opml(body, language=desk.loaded.profile.language)
    if len(listed) > _MOST_IMPORTED:
        raise NewsroomError(f"the file lists {len(listed)} feeds; a station takes {_MOST_IMPORTED} at once")
    known = {feed.url for feed in feeds_of(current_profile(desk.loaded))}
    entries = [
        {"url": feed.url, "credit": _line(feed.credit), "category": _line(feed.category)}
        for feed in listed
        if feed.url not in known
    ]
    if entries:
        change_profile(
            desk,
            lambda text: _with_feeds(text, entries),
            seen="",
            action="import feeds",
            note=f"added {len(entries)} feeds of an OPML file",
        )
    return len(entries), len(listed)


def _with_feed(desk: Desk, text: str, entry: Mapping[str, str | bool]) -> str:
    """The profile's text with one more feed. Raises NewsroomError where it has the feed, or one of its name."""
    feeds, url, name = feeds_of(current_profile(desk.loaded)), entry["url"], entry["name"]
    if any(feed.url == url for feed in feeds):
        raise NewsroomError(f"{url} is a feed of this station already")
    if name and any(feed.name == name for feed in feeds):
        raise NewsroomError(f'another feed is called "{name}"; choose another name')
    return _with_feeds(text, [entry])


def _find_table(desk: Desk, feed: str) -> int:
    """Number of the feed's table in the profile as it is now. Raises NewsroomError for a feed without one."""
    loaded = current_profile(desk.loaded)
    built = {item.url: item.name for item in feeds_of(loaded)}
    for number, item in enumerate(loaded.profile.feeds):
        if feed in (item.url, item.name, built.get(item.url)):
            return number
    raise NewsroomError(
        f'no [[feeds]] table of the profile is called "{feed[:80]}"; one of the OPML file is removed there'
    )


def _is_own_network(loaded: LoadedProfile, url: str) -> bool:
    """Whether the profile has a private feed of the same host and port; the station's computer allowed that one."""
    for feed in feeds_of(loaded):
        with suppress(FetchError):
            if feed.is_private and is_own(read_url(url), read_url(feed.url)):
                return True
    return False


def _with_feeds(text: str, entries: Sequence[Mapping[str, str | bool]]) -> str:
    for entry in entries:
        text = add_table(text, "feeds", {name: value for name, value in entry.items() if value})
    return text


def _line(text: str) -> str:
    return clean_words(text)[:_LONGEST]
