"""A station's post between its slots: a bulletin on demand goes on air, and a failure leaves what lies there."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bulletin.config.load import load_profile
from bulletin.errors import NoStoryError, OutletError
from bulletin.model import Level, Slot
from bulletin.pipeline import make_bulletin
from bulletin.run import Run
from bulletin.service.offers import find_offer
from bulletin.service.post import StationPost
from bulletin.service.reserve import Reserve
from bulletin.service.standby import standby_folder
from bulletin.station import open_archive
from tests.service.test_standby import ITEM, PROFILE, TEXT

NOW = datetime(2026, 11, 25, 7, 22, tzinfo=UTC)


def lay_out(folder: Path, *items: str) -> Path:
    (folder / "gazette.rss").write_text(
        f'<rss version="2.0"><channel><title>Gazette</title>{"".join(items)}</channel></rss>',
        encoding="utf-8",
    )
    path = folder / "valley.toml"
    path.write_text(PROFILE.format(options="", make='"podcast", "fm"'), encoding="utf-8")
    return path


@pytest.mark.slow
def test_on_demand_goes_where_the_playout_looks_and_not_into_the_podcast(tmp_path: Path) -> None:
    path = lay_out(tmp_path, ITEM.format(title="Bridge over the Wex to close for repairs", n=1, text=TEXT))
    output = tmp_path / "output"

    with open_archive(output) as archive:
        post = StationPost(loaded=load_profile(str(path)), output=output, archive=archive, clock=lambda: NOW)
        post.make_now(within_s=60)

    offer = find_offer(output / "valley", "fm")
    assert offer
    assert (offer.kind, offer.level, offer.due.minute) == ("fm", "fresh", 20)
    assert not (output / "valley" / "feed.xml").exists()


@pytest.mark.slow
def test_without_news_a_stand_by_lies_aside(tmp_path: Path) -> None:
    path, output = lay_out(tmp_path), tmp_path / "output"

    with open_archive(output) as archive:
        post = StationPost(loaded=load_profile(str(path)), output=output, archive=archive, clock=lambda: NOW)
        with pytest.raises(NoStoryError):
            post.make_now(within_s=60)

    assert [find_offer(output / "valley", kind) for kind in ("fm", "podcast")] == [None, None]
    told = json.loads((standby_folder(output, "valley") / "standby.json").read_text())
    assert told["level"] == "evergreen"


@pytest.mark.slow
def test_fresh_news_goes_before_the_reserve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = lay_out(tmp_path, ITEM.format(title="Bridge over the Wex to close for repairs", n=1, text=TEXT))
    output = tmp_path / "output"
    reserve = output / ".bulletin" / "reserve"

    def make(*args: Any, **more: Any) -> Run:
        if reserve.exists():
            raise OutletError("17.5 MB are free, 20.0 MB are needed; free some space")
        return make_bulletin(*args, **more)

    monkeypatch.setattr("bulletin.service.post.make_bulletin", make)
    due = NOW.replace(minute=30)
    slot = Slot(station="valley", due=due, length_s=60, outputs=("podcast", "fm"))
    with open_archive(output) as archive:
        Reserve(reserve.parent).keep()
        post = StationPost(loaded=load_profile(str(path)), output=output, archive=archive, clock=lambda: NOW)
        outcome = post.work(slot, ready_by=due + timedelta(minutes=5))

    assert (outcome.level, outcome.is_on_air) == (Level.FRESH, True)
