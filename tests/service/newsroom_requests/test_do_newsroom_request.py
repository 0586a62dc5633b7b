"""Work of a request: on air at the playout, published everywhere, backed up; with the real pipeline."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.feed_health import FeedHealth
from bulletin.archive.ledgers.newsroom_requests import (
    RequestKind,
    RequestLedger,
    RequestState,
    ServiceRequest,
)
from bulletin.archive.record_dataclasses import BulletinRecord
from bulletin.config.load_profile import load_profile
from bulletin.model import FeedState, Role
from bulletin.pipeline.decisions.preview_file import load_preview
from bulletin.service.newsroom_requests.take_newsroom_requests import RequestLoop
from bulletin.service.on_demand_bulletins import OnDemandBulletins
from bulletin.service.slots.choose_bulletin_for_playout import find_candidate
from bulletin.service.station_worker import StationWorker
from bulletin.station.open_archive import open_archive
from tests.service.slots.test_publish_best_standby import ITEM, TEXT
from tests.service.test_station_worker_now import NOW, lay_out


@dataclass
class Service:
    """Request loop of one real station, whose work is done at once."""

    archive: Archive
    worker: StationWorker
    loop: RequestLoop
    now: datetime = NOW

    def do(self, kind: RequestKind, **details: object) -> ServiceRequest:
        ledger = RequestLedger(self.archive)
        asked = ledger.ask(
            "valley",
            kind,
            asked_by="anna",
            key=kind,
            now=self.now,
            expires_at=self.now + timedelta(minutes=15),
            details=details,
        )
        self.loop.take_due()
        ended = ledger.find(asked.id)
        assert ended
        return ended


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    path = lay_out(tmp_path, ITEM.format(title="Bridge over the Wex to close for repairs", n=1, text=TEXT))
    output = tmp_path / "output"
    with open_archive(output) as archive:
        worker = StationWorker(
            loaded=load_profile(str(path)), output=output, archive=archive, clock=lambda: service.now
        )
        on_demand = OnDemandBulletins(
            workers=lambda: [worker],
            is_working=lambda station: False,
            submit=lambda job: job(),
            now=lambda: service.now,
            is_open=lambda station, due: False,
        )
        loop = RequestLoop(
            archive=archive,
            workers=lambda: [worker],
            on_demand=on_demand,
            submit=lambda job: job(),
            submit_other=lambda job: job(),
            owner="one",
            now=lambda: service.now,
        )
        service = Service(archive, worker, loop)
        yield service


@pytest.mark.slow
def test_a_bulletin_made_now_reaches_the_playout_and_not_the_podcast(service: Service) -> None:
    ended = service.do(RequestKind.MAKE_NOW)

    folder = service.worker.output / "valley"
    candidate = find_candidate(folder, "fm")
    assert ended.state is RequestState.DONE, ended.note
    assert candidate
    assert (candidate.level, candidate.made) == ("fresh", NOW)
    assert json.loads((folder / "fm.json").read_text())["made"] == ended.tried_at[0].isoformat()
    assert not (folder / "feed.xml").exists()
    assert ended.result["outlets"] == ["fm"]
    assert [stage.stage for stage in ended.stages][:3] == ["gather", "choose", "write"]
    (answer,) = FeedHealth(service.archive).last_answers("valley").values()
    assert (answer.state, answer.articles, answer.at) == (FeedState.OK, 1, NOW)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [RequestKind.MAKE_NOW, RequestKind.PUBLISH])
def test_a_bulletin_asked_for_names_the_minute_in_which_it_is_made(
    service: Service, kind: RequestKind
) -> None:
    made_at = service.now = NOW.replace(hour=21, minute=49, second=11)

    ended = service.do(kind)

    (record,) = service.archive.bulletins("valley")
    assert ended.state is RequestState.DONE, ended.note
    assert record.at == made_at.replace(second=0)
    # the podcast's words, which the archive keeps after `publish`, have no time check
    assert ("It's 11 minutes to ten." in opening_of(record)) is (kind is RequestKind.MAKE_NOW)
    assert ended.result["title"].startswith("9.49pm")


@pytest.mark.slow
def test_no_time_is_said_where_news_for_a_later_hour_is_replaced(service: Service) -> None:
    path = service.worker.loaded.path
    path.write_text(path.read_text("utf-8") + "[stories]\nrepeats = 9\n", "utf-8")
    service.worker.loaded = load_profile(str(path))
    ten = NOW.replace(hour=22, minute=0)
    service.now = NOW.replace(hour=21, minute=56)
    service.worker.make_now(within_s=60, now=service.now)
    service.now = NOW.replace(hour=21, minute=57, second=20)

    ended = service.do(RequestKind.MAKE_NOW)

    replaced, first = service.archive.bulletins("valley")
    candidate = find_candidate(service.worker.output / "valley", "fm")
    assert ended.state is RequestState.DONE, ended.note
    assert candidate
    assert (candidate.due, candidate.made) == (ten, service.now)
    assert "It's ten o'clock." in opening_of(first)
    assert "o'clock" not in opening_of(replaced)


def opening_of(record: BulletinRecord) -> str:
    return next(passage.text for passage in record.running_order if passage.role is Role.OPENING)


@pytest.mark.slow
def test_a_preview_is_for_the_next_slot_that_is_not_begun(service: Service) -> None:
    path = service.worker.loaded.path
    clock = '\n[[clock.slots]]\nat = "06:00-19:00"\n'
    path.write_text(path.read_text("utf-8") + clock, "utf-8")
    service.worker.loaded = load_profile(str(path))
    eight = NOW.replace(hour=8, minute=0)
    ledger = SlotLedger(service.archive)
    ledger.plan(service.worker.slots(since=NOW, until=eight + timedelta(seconds=1)))
    ledger.claim("valley", eight, owner="one", now=NOW, lease=timedelta(minutes=2))

    ended = service.do(RequestKind.PREVIEW)

    preview = load_preview(service.worker.output / ".bulletin", "valley")
    assert ended.state is RequestState.DONE, ended.note
    assert preview
    assert (preview.due, len(preview.chosen.stories)) == (eight + timedelta(hours=1), 1)
    assert ended.result["due"] == preview.due.isoformat()
    assert [stage.stage for stage in ended.stages] == ["gather", "choose", "write"]


@pytest.mark.slow
def test_a_bulletin_published_now_goes_to_every_output_and_republishing_changes_nothing(
    service: Service,
) -> None:
    ended = service.do(RequestKind.PUBLISH)
    again = service.do(RequestKind.REPUBLISH)

    folder = service.worker.output / "valley"
    assert ended.state is RequestState.DONE, ended.note
    assert sorted(ended.result["outlets"]) == ["fm", "podcast"]
    assert "Bridge over the Wex" in (folder / "feed.xml").read_text("utf-8")
    assert (again.state, again.result["changed"]["podcast"]) == (RequestState.DONE, 0)


def test_a_backup_is_written_beside_the_earlier_ones(service: Service) -> None:
    ended = service.do(RequestKind.BACK_UP)

    assert ended.state is RequestState.DONE, ended.note
    file = service.worker.output / ".bulletin" / "backups" / "valley" / ended.result["file"]
    assert file.stat().st_mode & 0o077 == 0
    with tarfile.open(file) as backup:
        assert "feeds/valley.toml" in backup.getnames() or "profiles/valley.toml" in backup.getnames()


def test_a_delivery_that_is_unknown_gives_the_remedy(service: Service) -> None:
    ended = service.do(RequestKind.RETRY_DELIVERY, number=7)

    assert ended.state is RequestState.FAILED
    assert "bulletin outbox list" in ended.note


def test_a_profile_may_forbid_bulletins_between_slots(service: Service) -> None:
    path = service.worker.loaded.path
    path.write_text(path.read_text("utf-8") + "\n[clock]\nbetween_slots = false\n", "utf-8")
    service.worker.loaded = load_profile(str(path))

    ended = service.do(RequestKind.MAKE_NOW)

    assert ended.state is RequestState.FAILED
    assert "between_slots" in ended.note
