"""Operations that ask the service for work: bulletins, previews, deliveries, pages, backups; withdrawals."""

from __future__ import annotations

from typing import Any

from bulletin.newsroom.accounts.roles import Role
from bulletin.newsroom.actions import ask_service
from bulletin.newsroom.actions.published import withdraw_stories
from bulletin.newsroom_web.api.models.base import Nothing
from bulletin.newsroom_web.api.models.requests import (
    BulletinName,
    ConsequencesItem,
    DeliveryRetry,
    RequestAnswerItem,
    RequestItem,
    RequestList,
    RequestsQuery,
    StoryName,
)
from bulletin.newsroom_web.api.operation_table import Call, Operation

_HERE = "stations/{station}"


def _make_now(call: Call) -> Any:
    return ask_service.make_now(call.desk, key=call.key)


def _publish(call: Call) -> Any:
    return ask_service.publish(call.desk, key=call.key)


def _preview(call: Call) -> Any:
    return ask_service.preview(call.desk, key=call.key)


def _republish(call: Call) -> Any:
    return ask_service.republish(call.desk, key=call.key)


def _back_up(call: Call) -> Any:
    call.newsroom.check_admin_of_all(call.access)
    return ask_service.back_up(call.desk, key=call.key)


def _retry(call: Call) -> Any:
    return ask_service.retry_delivery(call.desk, number=call.body.number, key=call.key)


def _withdraw_story(call: Call) -> Any:
    return withdraw_stories.withdraw_story(call.desk, story=call.body.story, key=call.key)


def _withdraw_bulletin(call: Call) -> Any:
    return withdraw_stories.withdraw_bulletin(call.desk, bulletin=call.body.bulletin, key=call.key)


def _story_consequences(call: Call) -> Any:
    return withdraw_stories.consequences_of_story(call.desk, story=call.query.story)


def _bulletin_consequences(call: Call) -> Any:
    return withdraw_stories.consequences_of_bulletin(call.desk, bulletin=call.query.bulletin)


def _list(call: Call) -> Any:
    return {"requests": ask_service.last_requests(call.desk, limit=call.query.limit)}


def _find(call: Call) -> Any:
    return ask_service.find_request(call.desk, call.number)


def _ask(
    path: str, name: str, summary: str, do: Any, *, role: Role = Role.EDITOR, body: type[Any] = Nothing
) -> Operation:
    return Operation(
        method="POST",
        path=f"{_HERE}/{path}",
        name=name,
        summary=summary,
        role=role,
        body=body,
        answer=RequestAnswerItem,
        status=202,
        do=do,
    )


def _look(path: str, name: str, summary: str, do: Any, *, answer: type[Any], query: type[Any]) -> Operation:
    return Operation(
        method="GET",
        path=f"{_HERE}/{path}",
        name=name,
        summary=summary,
        role=Role.VIEWER,
        query=query,
        answer=answer,
        do=do,
    )


OPERATIONS = (
    _look("requests", "list_requests", "The last requests.", _list, answer=RequestList, query=RequestsQuery),
    _look("requests/{number}", "show_request", "A request.", _find, answer=RequestItem, query=Nothing),
    _ask("requests/preview", "ask_preview", "Ask for the coming bulletin as it would be made now.", _preview),
    _ask(
        "requests/make-now", "ask_make_now", "Ask for a bulletin for the playout, between slots.", _make_now
    ),
    _ask("requests/publish", "ask_publish", "Ask for a bulletin for every output, between slots.", _publish),
    _ask("requests/republish", "ask_republish", "Ask for feed and pages once more.", _republish),
    _ask(
        "requests/back-up",
        "ask_back_up",
        "Ask for a backup; for admins of all stations.",
        _back_up,
        role=Role.ADMIN,
    ),
    _ask("deliveries/retry", "retry_delivery", "Ask for a delivery once more.", _retry, body=DeliveryRetry),
    _look(
        "withdrawals/story",
        "show_story_consequences",
        "What withdrawing a story will do.",
        _story_consequences,
        answer=ConsequencesItem,
        query=StoryName,
    ),
    _ask(
        "withdrawals/story",
        "withdraw_story",
        "Take a story off the air, and out of every bulletin that carried it.",
        _withdraw_story,
        body=StoryName,
    ),
    _look(
        "withdrawals/bulletin",
        "show_bulletin_consequences",
        "What withdrawing a bulletin will do.",
        _bulletin_consequences,
        answer=ConsequencesItem,
        query=BulletinName,
    ),
    _ask(
        "withdrawals/bulletin",
        "withdraw_bulletin",
        "Take a bulletin off every outlet.",
        _withdraw_bulletin,
        body=BulletinName,
    ),
)
