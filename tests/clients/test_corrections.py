"""A podcast app with the old bulletin also gets its correction; a new app gets the correction only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.applications import Starlette

from bulletin.config.load_profile import load_profile
from bulletin.pipeline.changes.withdraw_story import withdraw_story
from bulletin.service.http.serve_published_files import PublicFolder, public_routes
from bulletin.service.http.web_server import WebServer
from bulletin.service.start_http_servers import folder_of
from bulletin.station.build_station_object import Station, open_station
from tests.cli.newsroom.test_withdraw import TOML, items, make, story
from tests.clients.conftest import Run
from tests.support.factories import NOW

pytestmark = pytest.mark.clients


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, Station]]:
    folders: list[PublicFolder] = []
    server = WebServer(Starlette(routes=public_routes(lambda: folders)), host="127.0.0.1", port=0)
    server.start()
    path = tmp_path / "hill.toml"
    path.write_text(f'{TOML}[outputs.podcast]\nbase_url = "{server.address}/"\n', encoding="utf-8")
    loaded = load_profile(str(path))
    folders.append(folder_of(loaded, output=tmp_path / "out"))
    with open_station(loaded, output=tmp_path / "out") as station:
        yield f"{server.address}/hill/feed.xml", station
    server.stop()


def test_gpodder_gets_the_correction_and_a_new_listener_only_that(
    served: tuple[str, Station], run: Run, tmp_path: Path
) -> None:
    address, station = served
    early, late = (
        {"GPODDER_HOME": f"{tmp_path}/{name}", "GPODDER_DOWNLOAD_DIR": f"{tmp_path}/{name}/dl"}
        for name in ("early", "late")
    )
    make(station, "school", "bridge", after=timedelta(0))
    run("gpo", "subscribe", address, **early)
    run("gpo", "update", **early)
    run("gpo", "download", **early)
    before = {path.read_bytes() for path in tmp_path.glob("early/dl/**/*.mp3")}

    withdraw_story(station, story(station, "bridge"), now=NOW + timedelta(hours=1))
    for client in (early, late):
        run("gpo", "subscribe", address, **client)
        run("gpo", "update", **client)
        run("gpo", "download", **client)

    ((title, _),) = items(station)
    corrected = (station.folder / "latest.mp3").read_bytes()
    assert title.startswith("Correction: ")
    assert {path.read_bytes() for path in tmp_path.glob("early/dl/**/*.mp3")} == before | {corrected}
    assert {path.read_bytes() for path in tmp_path.glob("late/dl/**/*.mp3")} == {corrected}
    assert corrected not in before
