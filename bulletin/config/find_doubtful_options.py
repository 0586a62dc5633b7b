"""Profile -> doubtful options, each with a remedy; pure. They are valid, so only `bulletin check` reports them."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from bulletin.config.profile_options import Profile

INVENTED = "the news of this station is invented (invented_news = true in its profile): do not broadcast it"

_SECTIONS = ("sport", "travel", "weather")
_HARDLY_ANOTHER_WORD = 0.85
"""Likeness of "sports" and "sprt" to "sport"; "support" and "transport" have less."""


def doubts_of(profile: Profile) -> Iterator[tuple[str, str]]:
    """Part and message of each doubtful option."""
    if profile.invented_news:
        yield "news", INVENTED
    for number, feed in enumerate(profile.feeds, 1):
        near = difflib.get_close_matches(feed.category.casefold(), _SECTIONS, cutoff=_HARDLY_ANOTHER_WORD)
        if near and feed.category not in _SECTIONS:
            problem = f'category "{feed.category}" is not a section, so its stories air among the news'
            yield f"feed {feed.name or number}", f'{problem}; did you mean "{near[0]}"?'
    if profile.script.rewriter.base_url and profile.language.partition("-")[0] != "en":
        problem = (
            f"it rewords stories in English only, so it is never used for a station in {profile.language}"
        )
        yield "rewriter", f"{problem}; leave out [script.rewriter] base_url"
    podcast = profile.outputs.podcast
    if "podcast" in profile.outputs.make and "base_url" not in podcast.model_fields_set:
        remedy = "set [outputs.podcast] base_url to the public address of output/"
        yield "podcast", f"feed and pages name {podcast.base_url}, which is this machine: {remedy}"
