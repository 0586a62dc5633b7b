"""Sounds of the page "Next bulletin": a sentence, a story or the whole bulletin before air."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from bulletin.errors import NewsroomError
from bulletin.model import Sentence
from bulletin.newsroom.coming_bulletin import ComingSentence
from bulletin.newsroom.hear import MEDIA_TYPE, hear_bulletin, hear_story
from bulletin.newsroom.views.next_bulletin import sentence_name
from bulletin.newsroom_web.http.render_page import private_file
from bulletin.newsroom_web.http.station_routes import station_page
from bulletin.newsroom_web.http.visit import Visit
from bulletin.newsroom_web.pages.read_coming import read_coming
from bulletin.station.station_voices import open_station_voices


def hear(visit: Visit) -> Response:
    """MP3 of ?story=...&sentence=..., of ?story=..., or of the whole bulletin; only new sentences are spoken."""
    desk = visit.desk
    coming = read_coming(desk)
    if coming.view is None:
        raise NewsroomError(coming.reason)
    bulletin = coming.view.coming
    voices = open_station_voices(desk.loaded, output=desk.output, archive=desk.archive)
    asked = visit.request.query_params
    if not asked.get("story"):
        return private_file(visit, hear_bulletin(voices, bulletin.aired).path, MEDIA_TYPE)
    story = bulletin.find(asked["story"])
    sentences = story.aired_sentences or story.sentences
    if name := asked.get("sentence", ""):
        everything = (*((story.headline,) if story.headline else ()), *story.sentences)
        sentences = tuple(each for each in everything if sentence_name(story.id, each.original) == name)
    if not sentences:
        raise NewsroomError("the sentence is left out or has gone, so there is nothing to hear")
    heard = hear_story(voices, [_spoken(sentence) for sentence in sentences])
    return private_file(visit, heard.path, MEDIA_TYPE)


ROUTES: list[BaseRoute] = [station_page("next/hear", hear)]


def _spoken(sentence: ComingSentence) -> Sentence:
    return Sentence(text=sentence.text, spoken=sentence.spoken)
