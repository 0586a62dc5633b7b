"""Operations on own stories and on the kill list."""

from __future__ import annotations

from typing import Any

from bulletin.newsroom.accounts.roles import Role
from bulletin.newsroom.actions.own_stories import OwnStory, add_own_story, list_own_stories, remove_own_story
from bulletin.newsroom.actions.published.kill_list import (
    block_and_withdraw,
    consequences_of_block,
    list_kills,
    unblock_entry,
)
from bulletin.newsroom_web.api.models.requests import ConsequencesItem
from bulletin.newsroom_web.api.models.stories import (
    BlockedItem,
    KillBody,
    KillEntry,
    KillsAnswer,
    OwnStoryBody,
    OwnStoryItem,
    OwnStoryList,
    Removed,
    StoryId,
)
from bulletin.newsroom_web.api.operation_table import Call, Operation, editor_change

_STORIES, _KILLS = "stations/{station}/stories", "stations/{station}/kills"


def _list(call: Call) -> Any:
    return {"stories": list_own_stories(call.desk)}


def _add(call: Call) -> Any:
    return add_own_story(call.desk, OwnStory(**call.body.model_dump()), key=call.key)


def _remove(call: Call) -> Any:
    remove_own_story(call.desk, story=call.body.story)
    return {"removed": call.body.story}


def _kills(call: Call) -> Any:
    return {
        "kills": list_kills(call.desk),
        "in_profile": call.desk.loaded.profile.stories.kill,
        "doubt": call.desk.archive.doubt,
    }


def _block(call: Call) -> Any:
    body = call.body
    answer = block_and_withdraw(call.desk, entry=body.entry, keep_published=body.keep_published, key=call.key)
    kill = answer.kill
    return {
        "entry": kill.entry,
        "added_at": kill.added_at,
        "note": kill.note,
        "withdrawal": answer.withdrawal,
    }


def _consequences(call: Call) -> Any:
    return consequences_of_block(call.desk, entry=call.query.entry)


def _unblock(call: Call) -> Any:
    unblock_entry(call.desk, entry=call.body.entry)
    return {"removed": call.body.entry}


OPERATIONS = (
    Operation(
        method="GET",
        path=_STORIES,
        name="list_own_stories",
        summary="Stories of the station's own that have not expired.",
        role=Role.VIEWER,
        answer=OwnStoryList,
        do=_list,
    ),
    editor_change(_STORIES, "add_own_story", "Add a story.", _add, body=OwnStoryBody, answer=OwnStoryItem),
    editor_change(
        f"{_STORIES}/remove", "remove_own_story", "Remove a story.", _remove, body=StoryId, answer=Removed
    ),
    Operation(
        method="GET",
        path=_KILLS,
        name="show_kill_list",
        summary="Words, links and ids of stories that never air.",
        role=Role.VIEWER,
        answer=KillsAnswer,
        do=_kills,
    ),
    Operation(
        method="GET",
        path=f"{_KILLS}/consequences",
        name="show_block_consequences",
        summary="What blocking an entry will do.",
        role=Role.VIEWER,
        query=KillEntry,
        answer=ConsequencesItem,
        do=_consequences,
    ),
    editor_change(
        _KILLS,
        "block_entry",
        "Block an entry, and withdraw every published bulletin with it.",
        _block,
        body=KillBody,
        answer=BlockedItem,
    ),
    editor_change(
        f"{_KILLS}/remove", "unblock_entry", "Unblock an entry.", _unblock, body=KillEntry, answer=Removed
    ),
)
