"""Pieces of work before the mix: a feed and a page for all stations, the draft of one, a sentence for all."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import datetime, timedelta

from bulletin.archive.ledgers.group.pieces_of_work import UNSPOKEN, ClaimedPiece, MorePieces, Need, Piece
from bulletin.articles.feeds_for_all import PageToRead
from bulletin.errors import NoStoryError
from bulletin.group.pieces.feeds_of_group import UNANSWERED, feed_of, limit_of, page_key
from bulletin.group.pieces.own_times import reading_times
from bulletin.group.pieces.publish_pieces import end_without_news, slot_piece
from bulletin.group.pieces.route_by_voice import better_voice
from bulletin.group.pieces.stations_with_voice import station_that_can_speak
from bulletin.group.pieces.work_context import ELSEWHERE, REST, WorkContext
from bulletin.pipeline.bulletin_run_results import Draft
from bulletin.pipeline.pieces.draft_bulletin import begin_bulletin
from bulletin.pipeline.pieces.draft_in_json import draft_to_json
from bulletin.pipeline.pieces.lighten_draft import lighten_draft
from bulletin.pipeline.pieces.sentences_of_draft import (
    SentenceToSpeak,
    readers_of,
    sentences_of,
    speak_sentence,
    voice_label,
)
from bulletin.pipeline.write_run_record import RunRecorder
from bulletin.runtime.deadline import Deadline
from bulletin.service.worker_base_classes import run_s
from bulletin.station.group_files.working_copy import object_key

_MIX_S = 15.0
"""Time before a slot that belongs to the mix, which then speaks the missing sentences itself."""
_NOT_STORED = "drafts/not-stored"
"""Key without an object: the draft is in the memory of the worker that mixes it."""
_LEAST_S = 20.0
"""Time for speech of a bulletin that is late."""


def read_feed(context: WorkContext, piece: ClaimedPiece) -> None:
    """Read a feed into the archive, for all stations that have it, and add pieces for its unread pages."""
    found = context.feeds.find(feed_of(piece.key), context.profiles.stations)
    if found is None:
        _leave_to_others(context, piece, note="no station on this machine has this feed")
        return
    read = context.feeds_for_all.read_feed(found.feed, now=context.now(), options=found.options)
    parts = tuple(
        Piece(
            kind="page",
            key=page_key(page, piece.key),
            due=piece.due,
            deadline=piece.deadline,
            limit_key=limit_of(page.link),
            payload={"page": asdict(page), "feed": feed_of(piece.key)},
        )
        for page in read.pages
    )
    result = UNANSWERED if read.may_pass else ""
    then = MorePieces(pieces=parts, is_part=True)
    context.work.finish(piece, result=result, note=read.reason, then=then)


def read_page(context: WorkContext, piece: ClaimedPiece) -> None:
    """Read an article's page into the archive, for all stations."""
    found = context.feeds.find(str(piece.payload["feed"]), context.profiles.stations)
    if found is None:
        _leave_to_others(context, piece, note="no station on this machine has the feed of this page")
        return
    page = PageToRead(**piece.payload["page"])
    reason = context.feeds_for_all.read_page(page, now=context.now(), options=found.options)
    context.work.finish(piece, note=reason)


def _leave_to_others(context: WorkContext, piece: ClaimedPiece, *, note: str) -> None:
    """Give a piece back: another machine may have a valid or newer profile; its deadline ends it where none has."""
    context.work.fail(piece, note=note, after=ELSEWHERE)


def draft(context: WorkContext, piece: ClaimedPiece) -> None:
    """Choose from the articles in the archive, write, and add pieces for the missing sentences, and the mix."""
    slot, worker = context.slot_and_worker(piece)
    now, ready_by = context.now(), slot.due - worker.margin
    try:
        with worker.opened(slot) as station:
            written = begin_bulletin(
                station,
                now=now,
                deadline=Deadline.after(run_s(now=now, ready_by=ready_by)),
                recorder=RunRecorder(
                    station=worker.id, began_at=now, seconds=reading_times(context.archive, piece)
                ),
                due=slot.due,
                sections=slot.sections,
            )
            live = context.live_voices()
            # where no worker can read at all, one that can may still come before the sentences are due
            own = tuple(map(voice_label, station.readers))
            voice = next((name for name in own if name in live), own[0] if own else "")
            can_wait = not any(voice_label(reader) in live for reader in readers_of(station))
            sentences = sentences_of(station, written, voices=None if can_wait else live)
    except NoStoryError as error:
        end_without_news(context, piece, worker, slot, note=str(error), is_quiet=error.is_quiet)
        return
    more = _after_draft(context, piece, written, sentences, voice=voice, ready_by=ready_by)
    context.work.finish(piece, then=more)


def _after_draft(
    context: WorkContext,
    piece: ClaimedPiece,
    written: Draft,
    sentences: tuple[SentenceToSpeak, ...],
    *,
    voice: str,
    ready_by: datetime,
) -> MorePieces:
    """Sentences, and the mix for a worker that has the `voice`: it may have to speak a few more."""
    failed = _unspoken(context, sentences)
    spoken_by = max(ready_by - timedelta(seconds=_MIX_S), context.now() + timedelta(seconds=_LEAST_S))
    speech = tuple(
        Piece(
            kind="speak",
            key=sentence.key,
            due=piece.due,
            deadline=spoken_by,
            needs_voice=sentence.voice,
            payload={"text": sentence.text, "station": sentence.station},
            reopens=True,
        )
        for sentence in sentences
        if sentence.key not in failed
    )
    is_own = not speech and voice in ("", *context.voices) and not better_voice(context, piece)
    draft = _keep_draft(context, piece, written, is_own=is_own)
    mix = slot_piece("mix", piece, payload={"draft": draft}, needs_voice=voice)
    return MorePieces(pieces=(*speech, mix), needs=tuple(Need(of=mix.name, needs=one.name) for one in speech))


def _keep_draft(context: WorkContext, piece: ClaimedPiece, written: Draft, *, is_own: bool) -> str:
    """
    Key of the draft in the store, for any worker.

    Where the mix is this worker's own, since it waits for nothing and needs no voice of another one, the draft is not
    written. A worker that takes the mix of a dead one drafts anew from the same articles.
    """
    if is_own:
        context.drafts[piece.key] = written
        return _NOT_STORED
    data = draft_to_json(lighten_draft(written))
    key = object_key(hashlib.sha256(data).hexdigest())
    context.store.put_new(key, data)
    return key


def _unspoken(context: WorkContext, sentences: tuple[SentenceToSpeak, ...]) -> frozenset[str]:
    """
    Sentences that their voice has just failed to speak.

    Asked for again, they would hold every mix that waits for them, and is ready without them.
    """
    rows = context.work.find_all("speak", [sentence.key for sentence in sentences])
    since = context.archive.now() - REST
    return frozenset(
        row.key for row in rows if row.result == UNSPOKEN and row.done_at and row.done_at >= since
    )


def speak(context: WorkContext, piece: ClaimedPiece) -> None:
    """Speak a sentence for all stations that need it with that voice."""
    station_id, text = station_that_can_speak(context, piece), str(piece.payload["text"])
    sentence = SentenceToSpeak(key=piece.key, text=text, voice=piece.needs_voice, station=station_id)
    left_s = (piece.deadline - context.now()).total_seconds() if piece.deadline else None
    with context.worker(station_id, piece).opened(None) as station:
        speak_sentence(station, sentence, deadline=None if left_s is None else Deadline.after(left_s))
    context.work.finish(piece)
