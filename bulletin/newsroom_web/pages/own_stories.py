"""Page "Own stories": stories that the station writes itself; add one, list them, remove one."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.responses import Response
from starlette.routing import BaseRoute

from bulletin.config.load_profile import LoadedProfile
from bulletin.errors import BulletinError, NewsroomError
from bulletin.newsroom.accounts.roles import Role
from bulletin.newsroom.actions.ask_service import preview
from bulletin.newsroom.actions.own_stories import OwnStory, list_own_stories, remove_own_story
from bulletin.newsroom.actions.share_own_stories import share_own_story
from bulletin.newsroom_web.http.render_page import page, redirect
from bulletin.newsroom_web.http.station_routes import station_form, station_page
from bulletin.newsroom_web.http.visit import Visit
from bulletin.newsroom_web.http.web_errors import BadFieldError, status_of

_PAGE = "next/stories"
KINDS = ("local", "news", "sport", "travel", "weather")
_EMPTY = {
    "title": "", "text": "", "hours": "12", "category": KINDS[0], "credit": "", "link": "", "not_before": "", "breaking": "",
}  # fmt: skip


def _show(visit: Visit) -> Response:
    return _page(visit, _EMPTY)


def _page(visit: Visit, typed: Mapping[str, str], *, problem: str = "", status: int = 200) -> Response:
    """The page; after a refusal with everything that was typed."""
    desk = visit.desk
    return page(
        visit,
        "own_stories.html",
        status=status,
        stories=list_own_stories(desk),
        typed=typed,
        problem=problem,
        kinds=KINDS,
        others=_others(visit),
        chosen=visit.form.texts("also"),
        now=desk.now(),
        zone=ZoneInfo(desk.loaded.profile.time_zone),
    )


def _add(visit: Visit) -> Response:
    typed = {name: visit.form.text(name, "") for name in _EMPTY}
    others = _others_chosen(visit)
    try:
        story, key = _story(visit, typed), visit.form.text("key", "")
        shared = share_own_story(visit.desk, story, others=others, key=key)
    except BulletinError as error:
        return _page(visit, typed, problem=str(error), status=status_of(error))
    with suppress(NewsroomError):  # no service runs: the next preview has it
        preview(visit.desk)
    said = f"“{shared.article.title}” is in every bulletin that has room for it."
    if len(shared.stations) > 1:
        said += f" {len(shared.stations)} stations have it."
    if shared.other_language:
        said += f" Another language, so not added: {', '.join(shared.other_language)}."
    return redirect(visit, f"{_PAGE}?added", said=said)


def _others(visit: Visit) -> tuple[LoadedProfile, ...]:
    """Other stations at which the user may edit."""
    own = visit.station.id
    return tuple(
        loaded
        for loaded in visit.newsroom.of_access(visit.access)
        if loaded.id != own and visit.access.may(loaded.id, Role.EDITOR)
    )


def _others_chosen(visit: Visit) -> tuple[LoadedProfile, ...]:
    """Stations ticked in the form. Raises NoSuchPageError or NotAllowedError for one at which the user may not edit."""
    return tuple(visit.newsroom.station(visit.access, name, Role.EDITOR) for name in visit.form.texts("also"))


def _story(visit: Visit, typed: Mapping[str, str]) -> OwnStory:
    """Raises BadFieldError for a field that cannot be read."""
    if typed["category"] not in KINDS:
        raise BadFieldError(f'"{typed["category"][:40]}" is no kind of story; choose one of the list')
    if typed["link"] and not typed["link"].startswith(("http://", "https://")):
        raise BadFieldError(f'"{typed["link"][:80]}" is no web address; begin with https://')
    try:
        hours = float(typed["hours"] or _EMPTY["hours"])
    except ValueError as error:
        raise BadFieldError(f'"{typed["hours"][:40]}" is no number of hours; write 12') from error
    return OwnStory(
        title=typed["title"],
        text=typed["text"],
        hours=hours,
        category=typed["category"],
        credit=typed["credit"].strip(),
        link=typed["link"],
        not_before=_embargo(visit, typed["not_before"]),
        is_breaking=typed["breaking"] == "yes",
    )


def _embargo(visit: Visit, text: str) -> datetime | None:
    """Earliest time on air, on the station's clock."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(visit.station.profile.time_zone))
    except ValueError as error:
        raise BadFieldError(
            f'"{text[:40]}" is no day and time; write it as 2026-11-29T18:00, or leave it empty'
        ) from error


def _remove(visit: Visit) -> Response:
    remove_own_story(visit.desk, story=visit.form.text("story"))
    with suppress(NewsroomError):
        preview(visit.desk)
    return redirect(visit, _PAGE, said="The story is out of every new bulletin.")


ROUTES: list[BaseRoute] = [
    station_page(_PAGE, _show),
    station_form(_PAGE, _add),
    station_form(f"{_PAGE}/remove", _remove),
]
