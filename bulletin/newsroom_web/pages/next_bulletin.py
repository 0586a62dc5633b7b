"""Page "Next bulletin": running order, words, sources, approval, work of the service."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from starlette.responses import Response
from starlette.routing import BaseRoute

from bulletin.archive.ledgers.newsroom_requests import RequestKind
from bulletin.language.split_sentences import count_letters
from bulletin.newsroom.actions.ask_service import last_requests, make_now, preview, publish
from bulletin.newsroom.choose_slot import choose_slot, clock_time
from bulletin.newsroom.desk import Desk
from bulletin.newsroom.views.approval_line import ApprovalLine, describe_approval
from bulletin.newsroom.views.on_air import write_time_left
from bulletin.newsroom.views.story_cards import NextView, short_name
from bulletin.newsroom.views.work_of_service import list_work
from bulletin.newsroom_web.http.render_page import page, redirect
from bulletin.newsroom_web.http.station_routes import station_form, station_page
from bulletin.newsroom_web.http.visit import Visit
from bulletin.newsroom_web.http.web_errors import BadFieldError
from bulletin.newsroom_web.pages.read_coming import read_coming
from bulletin.speech.clips.recording_checks import most_clip_s

_WORK = {
    "preview": (preview, "Read feeds again"),
    "make-now": (make_now, "Make now"),
    "publish": (publish, "Publish now"),
}
_KINDS = (RequestKind.PREVIEW, RequestKind.MAKE_NOW, RequestKind.PUBLISH)
_MOST_OPEN = 30
"""Stories whose words are on the page though they do not air."""
_LETTERS_PER_S = 14.0
"""Pace of a usual voice, for a page without stories."""


def show(visit: Visit) -> Response:
    return page(visit, "next_bulletin.html", **page_data(visit))


def show_part(visit: Visit) -> Response:
    """What changes on the page, for its script."""
    return page(visit, "next_part.html", **page_data(visit))


def ask(visit: Visit) -> Response:
    """Ask the service for a preview or a bulletin."""
    kind = visit.form.text("kind")
    if kind not in _WORK:
        raise BadFieldError(f'"{kind[:40]}" is no work of the service; press one of the page\'s buttons')
    act, name = _WORK[kind]
    answer = act(visit.desk, key=visit.form.text("key", ""))
    return answer_change(visit, said=f"{name}: asked. {answer.note}".strip())


ROUTES: list[BaseRoute] = [
    station_page("next", show),
    station_page("next/part", show_part),
    station_form("next/work", ask),
]


def answer_change(visit: Visit, *, said: str, story: str = "", edits: tuple[int, ...] = ()) -> Response:
    """The page's changing part for its script; without a script the page again, at the same story."""
    if not visit.is_htmx:
        place = f"?open={quote(story, errors='replace')}#s-{short_name(story)}" if story else ""
        return redirect(visit, f"next{place}", said=said)
    visit.say(said)
    response = show_part(visit)
    response.headers["X-Edits"] = " ".join(map(str, edits))
    return response


def read_due(visit: Visit) -> datetime | None:
    """The slot that the page showed; None: the next one. Raises BadFieldError."""
    text = visit.form.text("due", "")
    if not text:
        return None
    try:
        due = datetime.fromisoformat(text)
        is_moment = due.tzinfo is not None and bool(due.astimezone(UTC))
    except (ValueError, OverflowError):
        is_moment = False
    if not is_moment:
        raise BadFieldError(f'"{text[:40]}" is no time with its zone; load the page again and repeat it')
    return due


def page_data(visit: Visit) -> dict[str, Any]:
    """Fields of the template."""
    desk = visit.desk
    now = desk.now()
    coming = read_coming(desk)
    view = coming.view
    due = view.coming.due if view else choose_slot(desk).due
    work = list_work(last_requests(desk, limit=8), kinds=_KINDS, now=now)
    return {
        "view": view,
        "no_view": coming.reason,
        "open": visit.request.query_params.getlist("open")[:_MOST_OPEN],
        "left": write_time_left(due - now) if due else "",
        "due_ms": round(due.timestamp() * 1000) if due else 0,
        "now_ms": round(now.timestamp() * 1000),
        "due_iso": due.isoformat() if due else "",
        "approval": _approval(desk, view),
        "requests": work,
        "has_open_request": any(line.is_open for line in work),
        "work": [(kind, name) for kind, (_, name) in _WORK.items()],
        "pace": _letters_per_s(view),
        "most_clip_s": most_clip_s(visit.station.profile.length),
    }


def _approval(desk: Desk, view: NextView | None) -> ApprovalLine | None:
    if view is None:
        return None
    return describe_approval(
        view.coming.approval, now=desk.now(), clock_time=lambda moment: clock_time(desk, moment)
    )


def _letters_per_s(view: NextView | None) -> float:
    """The voice's pace, from sentences whose time is known, for the page's live counts."""
    known = [each for card in (view.stories if view else ()) for each in card.story.sentences if each.seconds]
    seconds = sum(sentence.seconds for sentence in known)
    letters = sum(count_letters(sentence.text) for sentence in known)
    return round(letters / seconds, 2) if seconds else _LETTERS_PER_S
