"""Address of a feed -> links that open podcast apps at it, by the schemes that the apps document. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

from bulletin.config.tables.output_options import PageLink, PodcastApp


def _encoded(address: str) -> str:
    return quote(address, safe="")


def _without_scheme(address: str) -> str:
    return address.partition("://")[2]


_APPS: Mapping[PodcastApp, tuple[str, Callable[[str], str]]] = {
    "apple": ("Apple Podcasts", lambda feed: f"podcast://{_without_scheme(feed)}"),
    # overcast.fm/podcasterinfo
    "overcast": ("Overcast", lambda feed: f"overcast://x-callback-url/add?url={_encoded(feed)}"),
    "pocketcasts": ("Pocket Casts", lambda feed: f"pktc://subscribe/{_without_scheme(feed)}"),
    # antennapod.org/documentation/podcasters-hosters/add-on-antennapod
    "antennapod": (
        "AntennaPod",
        lambda feed: f"https://antennapod.org/deeplink/subscribe?url={_encoded(feed)}",
    ),
    "podcastaddict": ("Podcast Addict", lambda feed: f"https://podcastaddict.com/feed/{_encoded(feed)}"),
}
"""Name of each app, and its address for a feed."""


def subscribe_links(
    feed: str, *, apps: Sequence[PodcastApp], own: Sequence[PageLink]
) -> tuple[PageLink, ...]:
    """
    The station's own links, then a link for each app that they do not name.

    An own link, to a page of a directory for instance, works also where the app is not installed.

    >>> [link.url for link in subscribe_links("https://a.example/feed.xml", apps=["pocketcasts"], own=[])]
    ['pktc://subscribe/a.example/feed.xml']
    """
    named = {link.name.casefold() for link in own}
    made = ((name, address(feed)) for name, address in (_APPS[app] for app in apps))
    # our own schemes are no web addresses, which is all that a profile may hold
    return (
        *own,
        *(PageLink.model_construct(name=n, url=url) for n, url in made if n.casefold() not in named),
    )
