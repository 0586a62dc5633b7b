"""Pages of the newsroom: their routes, and the views that the navigation lists."""

from __future__ import annotations

from starlette.routing import BaseRoute

from bulletin.newsroom_web.pages import (
    account,
    log,
    log_correction,
    log_withdrawal,
    names,
    next_bulletin,
    next_bulletin_edits,
    next_bulletin_sounds,
    on_air,
    own_stories,
    reading_view,
    sign_in,
    station_colours,
)
from bulletin.newsroom_web.pages.station import (
    backups,
    blocked,
    clock,
    feeds,
    group,
    imaging,
    outlets,
    overview,
    profile,
    users,
)

ROUTES: list[BaseRoute] = [
    *sign_in.ROUTES,
    *account.ROUTES,
    *group.ROUTES,
    *station_colours.ROUTES,
    *on_air.ROUTES,
    *next_bulletin.ROUTES,
    *next_bulletin_edits.ROUTES,
    *next_bulletin_sounds.ROUTES,
    *own_stories.ROUTES,
    *reading_view.ROUTES,
    *log.ROUTES,
    *log_correction.ROUTES,
    *log_withdrawal.ROUTES,
    *names.ROUTES,
    *overview.ROUTES,
    *profile.ROUTES,
    *clock.ROUTES,
    *feeds.ROUTES,
    *imaging.ROUTES,
    *outlets.ROUTES,
    *blocked.ROUTES,
    *backups.ROUTES,
    *users.ROUTES,
]
"""Routes of all pages, in order: a fixed path before a pattern that also fits."""
