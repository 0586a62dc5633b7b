"""Coming bulletin in the newsroom of a machine that has no worker."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bulletin.config.load_profile import load_profile
from bulletin.newsroom_web.fetch_group_previews import GroupPreviews
from bulletin.pipeline.decisions.preview_file import load_preview, preview_path
from bulletin.service.newsroom_requests.newsroom_presence import note_open
from bulletin.station.output_folder import STATE
from tests.support.group_processes import run_group

pytestmark = pytest.mark.clients
pytest.importorskip("procrastinate", reason="pip install 'bulletin-radio[group]'")


def test_a_newsroom_without_a_worker_asks_for_the_coming_bulletin_and_fetches_it(
    tmp_path: Path, postgres_url: str
) -> None:
    output = tmp_path / "elsewhere"
    state = output / STATE
    state.mkdir(parents=True)
    with run_group(tmp_path, postgres_url) as group:
        due = group.write(stations=1, due=datetime.now(UTC) + timedelta(hours=3))
        group.start("planner", "plan")
        group.start("one", "worker")
        loaded = load_profile(str(tmp_path / "feeds" / "st0.toml"))
        with group.archive() as archive:
            newsroom = GroupPreviews(
                stations=lambda: (loaded,), output=output, archive=archive, now=lambda: datetime.now(UTC)
            )
            newsroom.look()
            assert load_preview(state, "st0") is None  # nobody has a page open

            note_open(output, "st0", now=datetime.now(UTC))

            def is_fetched() -> bool:
                newsroom.look()
                return load_preview(state, "st0") is not None

            group.wait(is_fetched, "the coming bulletin is fetched")
            fetched_at = preview_path(state, "st0").stat().st_mtime_ns
            newsroom.look()
            preview = load_preview(state, "st0")

    assert preview is not None
    assert preview.due == due.replace(second=0, microsecond=0)
    assert preview.chosen.stories
    assert preview_path(state, "st0").stat().st_mtime_ns == fetched_at
