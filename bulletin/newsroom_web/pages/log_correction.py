"""Correction of a story from the log: other words, then what will happen, then the correction."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response
from starlette.routing import BaseRoute

from bulletin.archive.ledgers.newsroom_requests import RequestKind, RequestState
from bulletin.edits.correct_aired_words import ChangedWords
from bulletin.errors import BulletinError
from bulletin.newsroom.accounts.roles import Role
from bulletin.newsroom.actions.ask_service import last_requests
from bulletin.newsroom.actions.published.correct_story import (
    aired_story,
    consequences_of_correction,
    correct_story,
)
from bulletin.newsroom.desk import new_key
from bulletin.newsroom.views.work_of_service import WorkLine, list_work
from bulletin.newsroom_web.http.render_page import page, redirect
from bulletin.newsroom_web.http.station_routes import station_form, station_page
from bulletin.newsroom_web.http.visit import Visit
from bulletin.newsroom_web.http.web_errors import BadFieldError, status_of
from bulletin.newsroom_web.pages.log_withdrawal import number_in

_MOST = 60
"""Most sentences of one story."""
_KINDS = (
    RequestKind.CORRECT_STORY,
    RequestKind.WITHDRAW_STORY,
    RequestKind.WITHDRAW_BULLETIN,
    RequestKind.WITHDRAW_BLOCKED,
)


def _show(visit: Visit) -> Response:
    params = visit.request.query_params
    return _form(visit, params.get("story", "")[:500], number_in(params.get("bulletin", "")))


def _form(
    visit: Visit,
    story: str,
    bulletin: int | None,
    *,
    typed: Mapping[str, str] | None = None,
    error: BulletinError | None = None,
) -> Response:
    """The words as they aired; `typed` are the editor's, by the words that they replace."""
    if not story:
        raise BadFieldError("no story is named; choose one in the log")
    return page(
        visit,
        "log/correct.html",
        status=status_of(error) if error else 200,
        story=aired_story(visit.desk, story=story, bulletin=bulletin),
        number=bulletin,
        typed=typed or {},
        error=error,
    )


def _check(visit: Visit) -> Response:
    """The confirmation, or the form again with the reason why the words cannot air; nothing typed is lost."""
    form = visit.form
    story, bulletin = form.text("story"), number_in(form.text("bulletin", ""))
    changes = _changes(visit)
    typed = {change.aired: change.text for change in changes}
    if form.has("again"):
        return _form(visit, story, bulletin, typed=typed)
    try:
        said = consequences_of_correction(visit.desk, story=story, changes=changes)
    except BulletinError as error:
        return _form(visit, story, bulletin, typed=typed, error=error)
    return page(
        visit,
        "log/correct_confirm.html",
        will=said,
        story=story,
        number=bulletin,
        changes=[change for change in changes if change.text != change.aired],
        key=new_key(),
    )


def _correct(visit: Visit) -> Response:
    form = visit.form
    answer = correct_story(
        visit.desk, story=form.text("story"), changes=_changes(visit), key=form.text("key", "")
    )
    state = answer.request.state
    done = "The service corrects the story now; this page shows how far it is."
    if state is RequestState.DONE:
        done = "The story is corrected."
    elif not answer.request.is_open:
        done = f"The story was not corrected: {answer.request.note}"
    number = number_in(form.text("bulletin", ""))
    return redirect(
        visit,
        f"log/{number}" if number else "log",
        said=" ".join(filter(None, (done, answer.note))),
    )


def _changes(visit: Visit) -> tuple[ChangedWords, ...]:
    form = visit.form
    count = min(form.number("count", 0), _MOST)
    return tuple(
        ChangedWords(
            aired=form.text(f"aired-{n}"), text=form.text(f"text-{n}", ""), seen=form.number(f"seen-{n}", 0)
        )
        for n in range(count)
    )


def work_on_log(visit: Visit) -> tuple[WorkLine, ...]:
    """Corrections and withdrawals that the service does now, and the last ones."""
    return list_work(last_requests(visit.desk, limit=8), kinds=_KINDS, now=visit.newsroom.now())


def _show_work(visit: Visit) -> Response:
    return page(visit, "log/work.html", work=work_on_log(visit))


ROUTES: list[BaseRoute] = [
    station_page("log/correct", _show, role=Role.EDITOR),
    station_form("log/correct", _check, changes=False),
    station_form("log/correct/now", _correct),
    station_page("log/work", _show_work),
]
