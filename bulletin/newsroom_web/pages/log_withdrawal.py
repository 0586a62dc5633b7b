"""Withdrawal of a story or a bulletin from the log: first what will happen, then the withdrawal."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from bulletin.archive.ledgers.bulletin_run_history import RunJournal
from bulletin.newsroom.accounts.roles import Role
from bulletin.newsroom.actions.published.withdraw_stories import (
    consequences_of_bulletin,
    consequences_of_story,
    withdraw_bulletin,
    withdraw_story,
)
from bulletin.newsroom.desk import new_key
from bulletin.newsroom_web.http.render_page import page, redirect
from bulletin.newsroom_web.http.station_routes import station_form, station_page
from bulletin.newsroom_web.http.visit import Visit
from bulletin.newsroom_web.http.web_errors import BadFieldError


def _show(visit: Visit) -> Response:
    """The confirmation: what a withdrawal of the story, and of the whole bulletin, will do."""
    params = visit.request.query_params
    story, number = params.get("story", "")[:500], number_in(params.get("bulletin", ""))
    if not story and number is None:
        raise BadFieldError("no story and no bulletin is named; choose one in the log")
    record = RunJournal(visit.newsroom.archive).bulletin(visit.station.id, number) if number else None
    return page(
        visit,
        "log/withdraw.html",
        story=story,
        of_story=consequences_of_story(visit.desk, story=story) if story else None,
        number=number if record else None,
        of_bulletin=consequences_of_bulletin(visit.desk, bulletin=record.id) if record else None,
        keys=(new_key(), new_key()),
    )


def _withdraw_story(visit: Visit) -> Response:
    form = visit.form
    answer = withdraw_story(visit.desk, story=form.text("story"), key=form.text("key", ""))
    said = answer.note or (
        "The service takes the story off the air now."
        if answer.request.is_open
        else "The story is withdrawn."
    )
    return redirect(visit, _back(form.text("bulletin", "")), said=said)


def _withdraw_bulletin(visit: Visit) -> Response:
    form = visit.form
    answer = withdraw_bulletin(visit.desk, bulletin=form.number("bulletin"), key=form.text("key", ""))
    said = answer.note or (
        "The service withdraws the bulletin now." if answer.request.is_open else "The bulletin is withdrawn."
    )
    return redirect(visit, _back(form.text("bulletin")), said=said)


def _back(number: str) -> str:
    return f"log/{number}" if number_in(number) else "log"


def number_in(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None


ROUTES: list[BaseRoute] = [
    station_page("log/withdraw", _show, role=Role.EDITOR),
    station_form("log/withdraw/story", _withdraw_story),
    station_form("log/withdraw/bulletin", _withdraw_bulletin),
]
