"""Desk -> the coming bulletin laid out for pages, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass

from bulletin.errors import NewsroomError
from bulletin.newsroom.coming_bulletin import coming_bulletin
from bulletin.newsroom.desk import Desk
from bulletin.newsroom.views.next_bulletin import read_next_view
from bulletin.newsroom.views.story_cards import NextView
from bulletin.pipeline.decisions.preview_file import load_preview

_NOT_PREPARED = (
    "The coming bulletin is not prepared yet. A running service prepares it within a minute, and the page shows it by "
    "itself; “Read feeds again” asks for it now."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """The view, or why there is none."""

    view: NextView | None = None
    reason: str = ""


def read_coming(desk: Desk) -> Coming:
    """Raises ArchiveError and ConfigError; that nothing is prepared yet is no error on a page."""
    if load_preview(desk.state, desk.station) is None:
        return Coming(reason=_NOT_PREPARED)
    try:
        coming = coming_bulletin(desk)
    except NewsroomError as error:
        return Coming(reason=str(error))
    profile = desk.loaded.profile
    view = read_next_view(coming, zone=profile.time_zone, language=profile.language, now=desk.now())
    return Coming(view=view)
