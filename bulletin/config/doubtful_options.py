"""Profile -> what it says that is hardly meant, with the remedy; pure. Nothing refuses it, a check tells it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from bulletin.config.profile_options import Profile

INVENTED = "the news of this station is invented (invented_news = true in its profile): it is not for the air"

_SECTIONS = ("sport", "travel", "weather")
_HARDLY_ANOTHER_WORD = 0.85
"""Likeness of "sports" and "sprt" to "sport"; "support" and "transport" have less."""


def doubts_of(profile: Profile) -> Iterator[tuple[str, str]]:
    """For each doubt the part that it is about, and the remedy."""
    if profile.invented_news:
        yield "news", INVENTED
    for number, feed in enumerate(profile.feeds, 1):
        near = difflib.get_close_matches(feed.category.casefold(), _SECTIONS, cutoff=_HARDLY_ANOTHER_WORD)
        if near and feed.category not in _SECTIONS:
            told = f'category "{feed.category}" is no section, so its stories are told among the news'
            yield f"feed {feed.name or number}", f'{told}; did you mean "{near[0]}"?'
    if profile.script.rewriter.base_url and profile.language.partition("-")[0] != "en":
        told = f"it words stories in English only, so it is never asked for a station in {profile.language}"
        yield "rewriter", f"{told}; leave out [script.rewriter] base_url"
    podcast = profile.outputs.podcast
    if "podcast" in profile.outputs.make and "base_url" not in podcast.model_fields_set:
        remedy = "set [outputs.podcast] base_url to where listeners reach output/"
        yield "podcast", f"feed and pages name {podcast.base_url}, which is this machine: {remedy}"
