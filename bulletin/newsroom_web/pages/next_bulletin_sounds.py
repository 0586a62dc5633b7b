"""Sounds of the page "Next bulletin": a sentence, a story or the whole before air; clips, uploaded or recorded."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from bulletin.errors import NewsroomError
from bulletin.newsroom.actions.attach_clips import ClipDetails, attach_clip, import_clip, remove_clip
from bulletin.newsroom.coming_bulletin import coming_bulletin
from bulletin.newsroom.hear import MEDIA_TYPE
from bulletin.newsroom.hear_coming import hear_coming_bulletin, hear_coming_story, hear_text
from bulletin.newsroom.views.next_bulletin import find_sentence
from bulletin.newsroom_web.http.render_page import private_file
from bulletin.newsroom_web.http.station_routes import station_form, station_page
from bulletin.newsroom_web.http.visit import Visit
from bulletin.newsroom_web.http.web_errors import NoSuchPageError
from bulletin.newsroom_web.pages.next_bulletin import answer_change
from bulletin.speech.clips.clip_folder import CLIPS, clip_path, read_clip


def hear(visit: Visit) -> Response:
    """MP3 of ?story=...&sentence=..., of ?story=..., or of the whole bulletin; only new sentences are spoken."""
    desk, asked = visit.desk, visit.request.query_params
    story, name = asked.get("story", ""), asked.get("sentence", "")
    if not story:
        heard = hear_coming_bulletin(desk)
    elif not name:
        heard = hear_coming_story(desk, story=story)
    else:
        sentence = find_sentence(coming_bulletin(desk).find(story), name)
        if sentence is None or not sentence.text:
            raise NewsroomError("the sentence is left out or has gone, so there is nothing to hear")
        heard = hear_text(desk, sentence.text)
    return private_file(visit, heard.path, MEDIA_TYPE)


def play_clip(visit: Visit) -> Response:
    """The sound of a clip, as it was levelled for the bulletin."""
    folder = visit.desk.state / CLIPS
    clip = read_clip(folder, visit.request.query_params.get("sound", ""))
    path = clip_path(folder, clip) if clip else None
    if path is None:
        raise NoSuchPageError("this clip is not there any more; load the page again")
    return private_file(visit, path, "audio/wav")


def attach(visit: Visit) -> Response:
    """Attach a file, or what the browser recorded, to a story."""
    form, desk = visit.form, visit.desk
    story, upload = form.text("story"), form.upload("sound")
    coming_bulletin(desk).find(story)  # before the work of the import
    details = ClipDetails(
        words=form.text("words", ""),
        speaker=form.text("speaker", ""),
        credit=form.text("credit", ""),
        rights=form.text("rights", ""),
        may_cut=form.text("may_cut", "") == "yes",
        reduces_noise=form.text("reduce_noise", "") == "yes",
        transcribes=form.text("transcribe", "") == "yes",
    )
    recording = import_clip(desk, upload.path, name=upload.name, details=details)
    answer = attach_clip(
        desk,
        story=story,
        recording=recording,
        before=form.text("before", ""),
        after=form.text("after", ""),
        key=form.text("key", ""),
    )
    said = " ".join(filter(None, ("Clip attached.", *answer.hints, answer.note)))
    return answer_change(visit, said=said, story=story, edits=(answer.edit.id,))


def take_out(visit: Visit) -> Response:
    """Let a story air without its clip."""
    story = visit.form.text("story")
    answer = remove_clip(visit.desk, story=story, key=visit.form.text("key", ""))
    said = f"The clip is out. {answer.note}".strip()
    return answer_change(visit, said=said, story=story, edits=(answer.edit.id,))


ROUTES: list[BaseRoute] = [
    station_page("next/hear", hear),
    station_page("next/clip", play_clip),
    station_form("next/clip", attach, files=True),
    station_form("next/no-clip", take_out),
]
