from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bulletin.config.load_profile import load_profile
from bulletin.runtime import whisper_models
from bulletin.service.station_worker import StationWorker
from bulletin.service.worker_base_classes import UNKNOWN_S
from bulletin.station.open_archive import open_archive

NOW = datetime(2026, 11, 24, 6, 52, tzinfo=UTC)


@pytest.mark.parametrize(("missing", "for_hearing_s"), [((), 24.0), (("faster_whisper",), 0.0)])
def test_the_work_begins_earlier_where_bulletins_are_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: tuple[str, ...], for_hearing_s: float
) -> None:
    """Otherwise a station whose runs had no time for hearing would never find the time."""
    monkeypatch.delenv("BULLETIN_HEARING")
    monkeypatch.setattr(whisper_models, "missing_modules", lambda *names: missing)
    path = tmp_path / "hill.toml"
    path.write_text('name = "Hill"\nlength = "2:00"\n', encoding="utf-8")
    with open_archive(tmp_path) as archive:
        worker = StationWorker(
            loaded=load_profile(str(path)), output=tmp_path, archive=archive, clock=lambda: NOW
        )

        assert worker.lead() == timedelta(seconds=UNKNOWN_S + for_hearing_s)
