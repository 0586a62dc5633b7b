"""
Ledgers whose other tests are those of the packages that use them: what each query finds.

Each test also runs on PostgreSQL (mark.clients).
"""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers import bulletin_run_history
from bulletin.archive.ledgers.bulletin_run_history import JournalQuery, RunJournal, WeighedStory
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.claim_sentences_before_speaking import LEASE, SpeechLedger
from bulletin.archive.ledgers.delete_old_rows import forget
from bulletin.archive.ledgers.delivery_outbox import Outbox, OutboxAction, OutboxState
from bulletin.archive.ledgers.editor_edits import EditLedger
from bulletin.archive.ledgers.feed_answers import FeedAnswers
from bulletin.archive.ledgers.feed_health import FeedHealth
from bulletin.archive.ledgers.find_clips_in_use import find_clips_in_use
from bulletin.archive.ledgers.find_story_by_id import find_story_by_id
from bulletin.archive.ledgers.newsroom_audit import SIGN_IN, SIGN_IN_REFUSED, AuditLedger
from bulletin.archive.ledgers.newsroom_changes import ChangeMarks
from bulletin.archive.ledgers.search_aired_stories import find_stories
from bulletin.archive.record_dataclasses import FeedMemory, RunRecord
from bulletin.model import Edit, EditAction, Left, Slot
from tests.support.factories import NOW, make_article, make_bulletin, make_episode_record, make_story

HOUR = timedelta(hours=1)


def _record(archive: Archive, *, hours: int = 0) -> None:
    archive.record_bulletin("demo", make_bulletin(Path("a.mp3")), made_at=NOW + hours * HOUR, timings={})


def test_an_item_that_another_worker_has_ended_is_not_changed(archive: Archive) -> None:
    outbox = Outbox(archive)
    outbox.add("demo", "Web", "g1", OutboxAction.PUBLISH, now=NOW)
    (read_by_late_worker,) = outbox.waiting("demo", "Web")
    outbox.finish(read_by_late_worker, now=NOW)
    (done,) = outbox.rows("demo")

    outbox.put_off(read_by_late_worker, now=NOW, next_try_at=NOW + HOUR, note="connection lost")
    outbox.finish(read_by_late_worker, now=NOW, state=OutboxState.GIVEN_UP, note="given up")

    assert outbox.rows("demo") == (done,)
    assert (done.state, done.tries, done.note) == (OutboxState.DONE, 1, "")


def test_the_outbox_keeps_the_order_of_its_items(archive: Archive) -> None:
    outbox = Outbox(archive)
    for number in range(3):
        assert outbox.add("demo", "Web", f"g{number}", OutboxAction.PUBLISH, now=NOW)
    assert not outbox.add("demo", "Web", "g1", OutboxAction.PUBLISH, now=NOW)
    outbox.add("demo", "app", "g1", OutboxAction.PUBLISH, now=NOW)
    archive.add_episode(make_episode_record(station="demo", guid="g0"))
    archive.withdraw_episode("demo", "g0", at=NOW)
    first, second, third = outbox.waiting("demo", "Web")

    outbox.finish(first, now=NOW)
    outbox.put_off(second, now=NOW, next_try_at=NOW + HOUR, note="refused")
    outbox.finish(third, now=NOW, state=OutboxState.GIVEN_UP, note="gone")

    assert [item.guid for item in outbox.withdrawn("demo", "Web")] == ["g0"]
    assert [(item.guid, item.tries, item.note) for item in outbox.waiting("demo", "Web")] == [
        ("g1", 1, "refused")
    ]
    assert [item.guid for item in outbox.known("demo", "Web", OutboxAction.PUBLISH, limit=2)] == ["g1", "g2"]
    assert outbox.stations() == ("demo",)
    assert outbox.hasten("demo", "Web", now=NOW) == 1
    outbox.drop_strangers("demo", ["Web"], now=NOW)
    assert [item.delivery for item in outbox.rows("demo")] == ["Web", "Web", "Web", "app"]
    assert outbox.forget("demo", before=NOW + HOUR) == 1  # the last ended one of each destination stays


def test_a_sentence_is_free_when_its_run_is_dead_or_late(archive: Archive) -> None:
    SpeechLedger(archive, owner="a", now=lambda: NOW).claim(["x", "y"])

    later = SpeechLedger(archive, owner="b", now=lambda: NOW + LEASE)
    others = SpeechLedger(archive, owner="c", now=lambda: NOW, lives=lambda owner: owner != "a")

    assert SpeechLedger(archive, owner="d", now=lambda: NOW).claim(["x"]) == frozenset()
    assert others.claim(["x"]) == {"x"}
    assert later.claim(["x", "y"]) == {"x", "y"}
    later.close(["x"], ["y"])
    assert others.claim(["x", "y"]) == {"x", "y"}


def test_a_story_is_found_by_words_links_and_past_ids(archive: Archive) -> None:
    _record(archive)
    article = make_article(id="gazette:9", link="https://gazette.example/Émile", title="École closes")
    weighed = WeighedStory(story=make_story(article, id="gazette:9"), place=0, verdict="old")
    run = RunRecord(station="demo", began_at=NOW, at=NOW, verdict="x", error="", timings={}, notes=(), log=())
    left = [
        Left(title="Zebra", reason="too old (31 h)", article_id="z"),
        Left(title="apple", reason="b", article_id="Z"),
    ]
    RunJournal(archive).keep_run(run, weighed=[weighed], left=left)
    RunJournal(archive).keep_run(replace(run, began_at=NOW + HOUR), left=left)

    assert [story.id for story in find_stories(archive, "demo", "école")] == ["gazette:9"]
    assert [story.id for story in find_stories(archive, "demo", "http://www.gazette.example/Émile")] == [
        "gazette:9"
    ]
    assert find_story_by_id(archive, "demo", "gazette:1") is not None
    assert find_story_by_id(archive, "demo", "gazette:2") is None
    assert [(row.article_id, row.times) for row in RunJournal(archive).left_out("demo")] == [
        ("Z", 2),
        ("z", 2),
    ]
    query = JournalQuery(story="BRIDGE", source="GAZETTE")
    assert len(list(RunJournal(archive).aired("demo", query))) == 1
    assert not list(RunJournal(archive).aired("demo", JournalQuery(story="br_dge")))


def test_the_log_is_read_to_its_end_in_batches(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulletin_run_history, "_AT_ONCE", 2)
    for hour in range(4):
        _record(archive, hours=hour)

    records = list(RunJournal(archive).aired("demo", JournalQuery(), everything=True))

    assert [record.made_at for record in records] == [NOW + hour * HOUR for hour in range(4)]


def test_clips_are_in_use_wherever_they_are_named(archive: Archive) -> None:
    clip = {"sha256": "a" * 64}
    edit = Edit(
        station="demo", action=EditAction.PIN, editor="ann", key="k", made_at=NOW, details={"clip": clip}
    )
    EditLedger(archive).record(edit, approved={"cues": [{"sha256": "b" * 64}]})
    EditLedger(archive).record(replace(edit, key="other", details={}))

    assert find_clips_in_use(archive, since=NOW) == {"a" * 64, "b" * 64}


def test_marks_change_with_their_kind_alone(archive: Archive) -> None:
    marks = [ChangeMarks(archive).read("demo")]
    SlotLedger(archive).plan([Slot(station="demo", due=NOW, length_s=60)])
    marks.append(ChangeMarks(archive).read("demo"))
    _record(archive)
    marks.append(ChangeMarks(archive).read("demo"))

    changed = [{kind for kind in new if new[kind] != old[kind]} for old, new in pairwise(marks)]
    assert changed == [{"slots"}, {"bulletins"}]


def test_refused_sign_ins_count_since_the_last_good_one(archive: Archive) -> None:
    audit = AuditLedger(archive)
    for action in (SIGN_IN_REFUSED, SIGN_IN, SIGN_IN_REFUSED, SIGN_IN_REFUSED):
        audit.record_change(station="", user="ann", action=action, at=NOW, address="::1")

    assert audit.count_refused_user("ann", since=NOW, until=NOW) == 2
    assert audit.count_refused_address("::1", since=NOW, until=NOW) == 3
    assert audit.has_signed_in("ann", "::1", since=NOW)
    assert audit.last_id() == audit.changes()[0].id


def test_last_items_of_a_feed_have_their_titles(archive: Archive) -> None:
    url = "https://gazette.example/feed"
    archive.keep_feed(FeedMemory(url=url), [make_article(title="“Zoë” 🐝"), make_article(id="2")])
    FeedAnswers(archive).record("demo", (), at=NOW)

    (item,) = FeedHealth(archive).last_items([url], limit=1)[url]

    assert item.title == "“Zoë” 🐝"


def test_old_rows_are_deleted_and_the_last_slot_stays(archive: Archive) -> None:
    ledger = SlotLedger(archive)
    ledger.plan([Slot(station="demo", due=NOW + n * HOUR, length_s=60) for n in range(3)])
    ledger.close("demo", before=NOW + 3 * HOUR)
    _record(archive)
    archive.add_episode(make_episode_record(station="demo", published=NOW))
    late = NOW + 10 * HOUR

    assert (
        forget(archive, "demo", articles=late, runs=late, records=late) == 2 + 3
    )  # slots; bulletin, aired, episode
    assert [row.due for row in ledger.rows(since=NOW, until=late)] == [NOW + 2 * HOUR]


def test_episodes_of_one_moment_come_with_those_for_an_hour_first(archive: Archive) -> None:
    for guid, due in (("a", None), ("b", NOW), ("c", NOW - HOUR)):
        archive.add_episode(make_episode_record(station="demo", guid=guid, due=due, published=NOW))

    assert [episode.guid for episode in archive.episodes("demo")] == ["b", "c", "a"]
    assert asdict(archive.episodes("demo")[0])["due"] == NOW
