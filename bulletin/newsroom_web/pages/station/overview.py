"""The station at a glance: a card for each part, with what needs a look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.responses import Response
from starlette.routing import BaseRoute

from bulletin.archive.ledgers.delivery_outbox import Outbox, OutboxState
from bulletin.archive.ledgers.feed_health import FeedHealth
from bulletin.newsroom.accounts.roles import Role
from bulletin.newsroom.actions.change_profile import current_profile
from bulletin.newsroom.views.station.clock_week import clock_week
from bulletin.newsroom_web.http.render_page import page
from bulletin.newsroom_web.http.station_routes import station_page
from bulletin.newsroom_web.http.visit import Visit
from bulletin.service.newsroom_requests.do_newsroom_request import backups_folder
from bulletin.station.build_components_from_profile import feeds_of

PARTS = (
    ("", "Overview", Role.VIEWER),
    ("profile", "Profile", Role.ADMIN),
    ("clock", "Clock", Role.VIEWER),
    ("feeds", "Feeds", Role.VIEWER),
    ("imaging", "Imaging", Role.VIEWER),
    ("outlets", "Outlets", Role.VIEWER),
    ("blocked", "Blocked", Role.VIEWER),
    ("backups", "Backups", Role.ADMIN),
    ("users", "Users", Role.ADMIN),
)
"""Path below "station", name, and least role of each part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A part of the station."""

    path: str
    name: str
    text: str
    problem: str = ""


def parts_for(visit: Visit) -> list[tuple[str, str]]:
    """Path and name of the parts that the user may see."""
    return [
        (f"station/{path}".rstrip("/"), name)
        for path, name, role in PARTS
        if visit.may(role) and (path != "backups" or visit.newsroom.is_admin_of_all(visit.access))
    ]


def _show(visit: Visit) -> Response:
    cards = [_clock(visit), _feeds(visit), _imaging(visit), _outlets(visit), _blocked(visit)]
    if visit.may(Role.ADMIN):
        cards = [
            Card(path="station/profile", name="Profile", text="Every option, as a form or as text"),
            *cards,
            *([_backups(visit)] if visit.newsroom.is_admin_of_all(visit.access) else []),
            Card(path="station/users", name="Users", text="Who may see, edit and change this station"),
            Card(path="audit", name="Audit", text="Who changed what, when and from where"),
        ]
    return page(visit, "station/overview.html", parts=parts_for(visit), cards=cards)


def _count(number: int, thing: str) -> str:
    """ "1 feed", "3 feeds"."""
    return f"{number} {thing}{'s' if number != 1 else ''}"


def _clock(visit: Visit) -> Card:
    week = clock_week(current_profile(visit.station), now=visit.newsroom.now())
    coming = next((slot for day in week.days for slot in day.slots if not slot.is_past), None)
    text = f"{_count(week.count, 'slot')} in seven days"
    if coming:
        text += f"; next {coming.at:%A} at {coming.at:%H:%M}"
    return Card(
        path="station/clock",
        name="Clock",
        text=text,
        problem="" if week.count else "No slots: bulletins are made only by hand",
    )


def _feeds(visit: Visit) -> Card:
    answers = FeedHealth(visit.newsroom.archive).last_answers(visit.station.id)
    names = [feed.name for feed in feeds_of(current_profile(visit.station))]
    failed = [name for name in names if name in answers and answers[name].state in ("failed", "empty")]
    return Card(
        path="station/feeds",
        name="Feeds",
        text=_count(len(names), "feed"),
        problem=f"No answer from {', '.join(failed[:3])}" + (" and others" if len(failed) > 3 else "")
        if failed
        else "",
    )


def _imaging(visit: Visit) -> Card:
    options = current_profile(visit.station).profile.imaging
    own = [
        name for name in ("ident", "bed", "sting", "closing") if getattr(options, name) not in ("", "none")
    ]
    style = f"your folder {options.folder}" if options.folder else f"built-in set “{options.style}”"
    return Card(
        path="station/imaging", name="Imaging", text=f"{style}; own files: {', '.join(own) or 'none'}"
    )


def _outlets(visit: Visit) -> Card:
    profile = current_profile(visit.station).profile
    troubles = Outbox(visit.newsroom.archive).troubles(visit.station.id)
    given_up = sum(item.state is OutboxState.GIVEN_UP for item in troubles)
    waiting = sum(item.state is OutboxState.WAITING and item.tries > 0 for item in troubles)
    problems = [
        f"{given_up} given up" if given_up else "",
        f"{waiting} failed and waiting" if waiting else "",
    ]
    return Card(
        path="station/outlets",
        name="Outlets",
        text=f"{', '.join(map(str, profile.outputs.make))}; {_count(len(profile.deliveries), 'destination')}",
        problem=", ".join(filter(None, problems)),
    )


def _blocked(visit: Visit) -> Card:
    kills = visit.newsroom.archive.kills(visit.station.id)
    count = len(kills) + len(current_profile(visit.station).profile.stories.kill)
    return Card(
        path="station/blocked",
        name="Blocked",
        text=f"{count} words, links and ids on the kill list",
        problem="The list may be incomplete" if visit.newsroom.archive.doubt else "",
    )


def _backups(visit: Visit) -> Card:
    zone = ZoneInfo(visit.station.profile.time_zone)
    folder = backups_folder(visit.newsroom.output, visit.station.id)
    made = [path.stat().st_mtime for path in folder.glob("*.tar.gz")]
    last = datetime.fromtimestamp(max(made), zone) if made else None
    return Card(
        path="station/backups",
        name="Backups",
        text=f"Last one {last:%-d %B, %H:%M}" if last else "None made here yet",
        problem="" if last else "Make one, and keep it on another machine",
    )


ROUTES: list[BaseRoute] = [station_page("station", _show)]
