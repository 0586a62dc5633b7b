"""Changes on the page "Next bulletin": order, length and words of stories, one sentence at a time or by form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from bulletin.errors import BulletinError, NewsroomError
from bulletin.model import Edit, EditAction, EditConflictError, EditState
from bulletin.newsroom.actions.approve_bulletin import approve_bulletin
from bulletin.newsroom.actions.edit_answer import EditAnswer
from bulletin.newsroom.actions.edit_stories import (
    drop_story,
    lengthen_story,
    move_story,
    pin_story,
    shorten_story,
)
from bulletin.newsroom.actions.reword_sentences import HEADLINE, reword_sentence
from bulletin.newsroom.actions.undo_edits import undo_edit
from bulletin.newsroom.choose_slot import clock_time
from bulletin.newsroom.coming_bulletin import coming_bulletin
from bulletin.newsroom.desk import Desk
from bulletin.newsroom.views.next_bulletin import describe_edit, find_sentence, lay_out_sentence
from bulletin.newsroom.views.story_cards import StoryCard, sentence_name
from bulletin.newsroom_web.http.render_page import render
from bulletin.newsroom_web.http.station_routes import station_form
from bulletin.newsroom_web.http.visit import Visit
from bulletin.newsroom_web.http.web_errors import BadFieldError, status_of
from bulletin.newsroom_web.pages.next_bulletin import answer_change, read_due
from bulletin.newsroom_web.pages.read_coming import read_coming

_LENGTH = (EditAction.LENGTHEN, EditAction.SHORTEN)
_UNDOES = {
    "unpin": (EditAction.PIN,),
    "undrop": (EditAction.DROP,),
    "own-length": _LENGTH,
}
"""Button -> the edits that it takes back."""
_MOST_SENTENCES = 100
_HELD = (EditState.APPLIED, EditState.NEEDS_LOOK)
Act = Callable[..., EditAnswer]
_ACTS: dict[str, Act] = {
    "pin": pin_story,
    "drop": drop_story,
    "lengthen": lengthen_story,
    "shorten": shorten_story,
}


def change_story(visit: Visit) -> Response:
    """Pin, drop, move, lengthen or shorten a story, or take that back."""
    action, story = visit.form.text("action"), visit.form.text("story")
    due, key = read_due(visit), visit.form.text("key", "")
    desk, card = visit.desk, find_card(visit.desk, story)
    if action in _ACTS:
        answers = [_ACTS[action](desk, story=story, due=due, key=key)]
    elif action in ("up", "down", "move"):
        answers = [move_story(desk, story=story, position=_position(visit, card), due=due, key=key)]
    elif action in _UNDOES:
        answers = list(_take_back(desk, card, _UNDOES[action], key=key))
    else:
        raise BadFieldError(f'"{action[:40]}" is no change of a story; press one of the page\'s buttons')
    said = _describe(desk, answers, card)
    return answer_change(visit, said=said, story=story, edits=tuple(answer.edit.id for answer in answers))


def save_sentence(visit: Visit) -> Response:
    """Save one field; the answer is JSON for its script, also when it is refused."""
    try:
        return _save_sentence(visit)
    except EditConflictError as error:
        theirs = error.theirs
        text = theirs.text
        if (
            theirs.action is EditAction.UNDO
        ):  # the words before it stand again: another editor's, or the program's
            text = _standing_words(visit.desk, theirs)
        return _refuse(error, 409, theirs={
            "text": text, "editor": theirs.editor, "time": clock_time(visit.desk, theirs.made_at), "version": theirs.id,
        })  # fmt: skip
    except BulletinError as error:
        return _refuse(error, status_of(error))


def _standing_words(desk: Desk, theirs: Edit) -> str:
    """What stands now in the place of the sentence that an edit changed."""
    try:
        story = coming_bulletin(desk).find(theirs.story_id)
    except NewsroomError:
        return theirs.replaced
    field = find_sentence(story, sentence_name(story.id, theirs.replaced))
    return field.text if field else theirs.replaced


def save_words(visit: Visit) -> Response:
    """Without a script: save every field of a story that was changed; and undo one, if its button was pressed."""
    desk, story = visit.desk, visit.form.text("story")
    number = visit.form.number("undo", 0)
    said, problems, edits = [], [], []
    for field in _fields_of(visit):
        if field["text"].strip() == field["was"].strip() or (number and field["seen"] == str(number)):
            continue
        try:
            answer = _reword(desk, story, field)
            edits.append(answer.edit.id)
            said.append(answer.note)
        except BulletinError as error:
            problems.append(f"“{field['text'].strip()[:80]}” was not saved: {error}")
    if problems:
        raise NewsroomError(" ".join(problems))
    if number:
        return undo(visit, number)
    count = len(edits)
    text = f"{count} {'sentence' if count == 1 else 'sentences'} saved." if count else "Nothing was changed."
    notes = " ".join(dict.fromkeys(filter(None, said)))
    return answer_change(visit, said=f"{text} {notes}".strip(), story=story, edits=tuple(edits))


def undo(visit: Visit, number: int | None = None) -> Response:
    """Undo one edit."""
    desk, story = visit.desk, visit.form.text("story", "")
    answer = undo_edit(
        desk, number=visit.form.number("edit") if number is None else number, key=visit.form.text("key", "")
    )
    said = f"Undone. {answer.note}".strip()
    return answer_change(visit, said=said, story=story, edits=(answer.edit.id,))


def approve(visit: Visit) -> Response:
    """Approve the bulletin that the page showed."""
    form = visit.form
    answer = approve_bulletin(
        visit.desk,
        due=read_due(visit),
        fingerprint=form.text("fingerprint"),
        key=form.text("key", ""),
    )
    said = " ".join(filter(None, ("Approved: it airs exactly so.", answer.note, *answer.hints)))
    return answer_change(visit, said=said, edits=(answer.edit.id,))


ROUTES: list[BaseRoute] = [
    station_form("next/approve", approve),
    station_form("next/story", change_story),
    station_form("next/sentence", save_sentence),
    station_form("next/words", save_words),
    station_form("next/undo", undo),
]


def find_card(desk: Desk, story: str) -> StoryCard | None:
    """The story as the page shows it; None: it is not in the coming bulletin, which the action explains."""
    view = read_coming(desk).view
    return view.find(story) if view else None


def _position(visit: Visit, card: StoryCard | None) -> int:
    if visit.form.text("action") == "move":
        return visit.form.number("position")
    at = card.position if card and card.position >= 0 else 0
    return max(0, at - 1) if visit.form.text("action") == "up" else at + 1


def _take_back(
    desk: Desk, card: StoryCard | None, actions: tuple[EditAction, ...], *, key: str
) -> Iterator[EditAnswer]:
    held = (
        [item.edit for item in card.story.edits if item.state in _HELD and item.edit.action in actions]
        if card
        else []
    )
    if not held:
        raise NewsroomError("somebody has taken that back already; nothing was changed")
    for number, edit in enumerate(held):
        yield undo_edit(desk, number=edit.id, key=f"{key}-{number}" if key else "")


def _describe(desk: Desk, answers: list[EditAnswer], card: StoryCard | None) -> str:
    title = card.story.title if card else answers[0].edit.story_title
    edit, note = answers[0].edit, answers[0].note
    when = f" for {clock_time(desk, answers[0].counts_for)}" if answers[0].counts_for else ""
    return f"“{title}” {describe_edit(edit)}{when}. {note}".strip()


def _save_sentence(visit: Visit) -> Response:
    form, desk = visit.form, visit.desk
    field = {
        name: form.text(name, "") for name in ("sentence", "text", "seen", "original", "part", "index", "key")
    }
    story = form.text("story")
    answer = _reword(desk, story, field)
    visit.say(f'reworded "{answer.edit.story_title}"')
    profile = desk.loaded.profile
    card = lay_out_sentence(
        coming_bulletin(desk),
        story,
        field["sentence"],
        zone=profile.time_zone,
        language=profile.language,
        now=desk.now(),
    )
    facts: dict[str, Any] = {
        "version": answer.edit.id,
        "story": answer.edit.story_id,
        "time": clock_time(desk, answer.edit.made_at),
        "note": answer.note,
        "beside": render("sentence_beside.html", card=card) if card else "",
    }
    return JSONResponse(facts)


def _reword(desk: Desk, story: str, field: dict[str, str]) -> EditAnswer:
    """Raises BulletinError of the action, and BadFieldError for a field that the page did not write."""
    is_headline = field.get("part") == HEADLINE
    original = HEADLINE if is_headline else field.get("original", "")
    if not original:
        raise BadFieldError("the sentence has gone meanwhile; load the page again and repeat the change")
    return reword_sentence(
        desk,
        story=story,
        sentence=original,
        text=field["text"],
        seen_id=_number(field["seen"], "seen"),
        key=field.get("key", ""),
        index=None if is_headline else _number(field.get("index") or "0", "index"),
    )


def _number(text: str, name: str) -> int:
    if not text.isdecimal() or len(text) > 15:
        raise BadFieldError(f'"{text[:40]}" is not a whole number (field "{name}"); load the page again')
    return int(text)


def _fields_of(visit: Visit) -> Iterator[dict[str, str]]:
    """Fields of a story's form: sentence-0, text-0, was-0, seen-0, ... Raises BadFieldError for too many."""
    form = visit.form
    if form.has(f"sentence-{_MOST_SENTENCES}"):
        raise BadFieldError(f"a story has fewer than {_MOST_SENTENCES} sentences; load the page again")
    for number in range(_MOST_SENTENCES):
        if not (name := form.text(f"sentence-{number}", "")):
            return
        yield {
            "sentence": name,
            **{
                part: form.text(f"{part}-{number}", "")
                for part in ("text", "was", "seen", "original", "part", "index")
            },
        }


def _refuse(error: BulletinError, status: int, **more: Any) -> Response:
    return JSONResponse({"detail": str(error), **more}, status)
