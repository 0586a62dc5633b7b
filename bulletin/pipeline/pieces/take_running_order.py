"""
Running order of the desk -> the same stories and words between a station's own ident, opening and closing.

A profile names the desk in `[stories] running_order`; the desk names itself. A running order is drafted once for each
bulletin, by whichever station comes first, and kept in the store; a kill or an edit at the desk makes another one. What
a station must not air (its own kill list) or changes (edits of its own) is left out or changed here only: its body
differs then, and is mixed for it alone.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bulletin.archive.ledgers.editor_edits import HELD, EditLedger, without_undone
from bulletin.config.load_profile import LoadedProfile, load_profile
from bulletin.config.profile_options import Profile
from bulletin.edits.apply_to_choice import apply_to_choice, order_by_edits
from bulletin.edits.apply_to_script import apply_to_script, keep_headlines
from bulletin.edits.drop_killed_words import drop_killed_words
from bulletin.errors import (
    ApprovalMissingError,
    BulletinError,
    DraftError,
    NoStoryError,
    StoreError,
)
from bulletin.model import AppliedEdit, Chosen, Edit, Gathered
from bulletin.pipeline.bulletin_run_results import Draft, DraftRequest
from bulletin.pipeline.decisions.read_edits_of_bulletin import last_slot, next_slot
from bulletin.pipeline.leave_out_lost_recordings import leave_out_lost_recordings
from bulletin.pipeline.pieces.draft_in_json import DRAFT_VERSION, draft_from_json, draft_to_json
from bulletin.pipeline.slot_profile_overrides import overrides_of
from bulletin.pipeline.speak_script_to_length import predict_length
from bulletin.pipeline.write_script_to_length import WrittenScript, killed_entries, write_frame
from bulletin.runtime.lock_per_key import KeyLocks
from bulletin.schedule.plan_slots import slots_of
from bulletin.script.editors_words import EditorsWords
from bulletin.station.build_station_object import Station, open_station
from bulletin.station.desk_of_station import RUNNING_ORDERS, load_desk
from bulletin.storage.store_interface import Store
from bulletin.stories.apply_kill_list import kill_stories

log = logging.getLogger(__name__)

_DRAFTING = KeyLocks()
"""Running orders that threads of this process are drafting: the second one waits for the first, and reads its draft."""
DraftOf = Callable[[Station], Draft]
"""Drafts the desk's bulletin, as for the desk itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOrder:
    """A running order, written for a station."""

    gathered: Gathered
    """The articles of its stories."""
    written: WrittenScript
    applied: tuple[AppliedEdit, ...]


def take_running_order(
    station: Station, records: tuple[Edit, ...], *, request: DraftRequest, now: datetime, draft_of: DraftOf
) -> TakenOrder | None:
    """
    The desk's stories and words for this station, or None: it makes its own bulletin.

    None without a desk, for the desk itself, and, with a warning, for a station with feeds of its own where the desk's
    profile is missing or of another language, or the desk has no news; a station without feeds raises that error. Raises
    ApprovalMissingError where the desk's bulletin waits for its approval, NoStoryError where every story was killed
    here.
    """
    if not station.desk:
        return None
    try:
        order = _find_or_draft(station, request=request, now=now, draft_of=draft_of)
    except BulletinError as error:
        if isinstance(error, ApprovalMissingError) or not station.feeds:
            raise
        log.warning(
            "own bulletin, the running order cannot be taken: station=%s desk=%s: %s",
            station.words.id,
            station.desk,
            error,
        )
        return None
    return _write_around(station, order, records, at=request.due)


def share_running_order(station: Station, draft: Draft, *, now: datetime) -> Draft:
    """
    Keep the desk's draft for all that take it; where another worker was first, return that one's words.

    Other stations' drafts are returned as they are. A store that fails costs the sharing, not the bulletin.
    """
    if station.profile.stories.running_order != station.words.id or station.shared is None:
        return draft
    if not draft.request.must_be_approved:
        return draft  # a preview
    try:
        key = _key(station, station.words.id, station.profile, request=draft.request, now=now)
        if station.shared.put_new(key, draft_to_json(_slim(draft))):
            return draft
        data = station.shared.get(key)
        first = draft_from_json(data, words=station.words) if data else draft
    except (StoreError, DraftError) as error:
        log.warning("running order not shared: station=%s: %s", station.words.id, error)
        return draft
    chosen = replace(draft.chosen, stories=first.chosen.stories)
    return replace(draft, chosen=chosen, whole=first.whole, foreseen=first.foreseen, edits=first.edits)


def _find_or_draft(station: Station, *, request: DraftRequest, now: datetime, draft_of: DraftOf) -> Draft:
    loaded = load_desk(station.desk, path=station.path, language=station.profile.language)
    if station.shared is None or not request.must_be_approved:  # a preview
        with _opened(station, loaded, request) as desk:
            return draft_of(desk)
    key = _key(station, station.desk, loaded.profile, request=request, now=now)
    with _DRAFTING.hold(key):
        if kept := _find(station.shared, key, station):
            return kept
        with _opened(station, loaded, request) as desk:
            return draft_of(desk)


def _find(store: Store, key: str, station: Station) -> Draft | None:
    try:
        data = store.get(key)
        return draft_from_json(data, words=station.words) if data else None
    except (StoreError, DraftError) as error:
        log.warning("running order drafted again: station=%s: %s", station.words.id, error)
        return None


@contextmanager
def _opened(station: Station, loaded: LoadedProfile, request: DraftRequest) -> Iterator[Station]:
    """The desk at its slot, with the archive and the store of the station that takes its running order."""
    with_secrets = load_profile(str(loaded.path))
    slots = slots_of(loaded, since=request.due, until=request.due + timedelta(seconds=1))
    with open_station(
        with_secrets,
        output=station.state.parent,
        overrides=overrides_of(loaded, slots[0]) if slots else None,
        answers=station.answers,
        memory=station.archive,
        store=station.shared if station.archive.is_shared else None,
    ) as desk:
        yield replace(desk, feeds_for_all=station.feeds_for_all, shared=station.shared)


def _key(station: Station, desk: str, profile: Profile, *, request: DraftRequest, now: datetime) -> str:
    """Key of a running order; another after a kill or an edit at the desk, so that neither is missed."""
    archive = station.archive
    due = next_slot(profile, at=request.edits_at) or request.edits_at
    after = last_slot(profile, before=due)
    edits = EditLedger(archive).edits(desk, due=due, after=after, since=now - HELD, with_undone=True)
    kills = (*profile.stories.kill, *(kill.entry for kill in archive.kills(desk)))
    facts = (DRAFT_VERSION, request.again, request.sections, sorted(e.id for e in edits), sorted(kills))
    state = hashlib.sha256(repr(facts).encode()).hexdigest()[:16]
    return f"{RUNNING_ORDERS}/{desk}/{request.due:%Y%m%dT%H%M%SZ}-{state}.draft"


def _slim(draft: Draft) -> Draft:
    """The draft with the articles of its stories alone: hundreds of stations read it."""
    told = {item.story.id for item in draft.whole.stories}
    stories = tuple(story for story in draft.chosen.stories if story.id in told)
    articles = tuple(article for story in stories for article in story.articles)
    return replace(
        draft,
        gathered=Gathered(articles=articles, reports=()),
        chosen=Chosen(stories=stories, left=()),
        log=(),
        timings={},
    )


def _write_around(station: Station, order: Draft, records: tuple[Edit, ...], *, at: datetime) -> TakenOrder:
    """The stories of a running order between the station's own words, after its own kills and edits."""
    edits, kills = without_undone(records), killed_entries(station)
    stories, killed = kill_stories(order.chosen.stories, kills)
    chosen = replace(order.chosen, stories=tuple(stories), left=(*order.chosen.left, *killed), notes=())
    chosen, applied = apply_to_choice(chosen, edits, at=at)
    by_id = {item.story.id: item for item in order.whole.stories}
    # a story that only this station's editor pins is not in the running order
    told = tuple(by_id[s.id] for s in order_by_edits(chosen.stories, edits) if s.id in by_id)
    told = keep_headlines(told, most=station.profile.script.headlines)
    own = EditorsWords(station=station.words, lexicon=station.lexicon)
    script = replace(write_frame(station, at=at), stories=told, left=order.whole.left)
    script, worded = apply_to_script(script, edits, say=own.say, split=own.split)
    script, worded = drop_killed_words(script, worded, kills=kills)
    script = leave_out_lost_recordings(script, folder=station.clips)
    if not script.stories:
        raise NoStoryError("no story of the running order may air here: all were killed or dropped")
    written = WrittenScript(
        chosen=replace(chosen, stories=tuple(item.story for item in script.stories)),
        whole=script,
        foreseen=predict_length(station, script),
        edits=worded,
    )
    return TakenOrder(gathered=order.gathered, written=written, applied=applied)
