"""Feeds found on a real web site, and backups made, downloaded and restored: by page and by API."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from bulletin.archive.ledgers.bulletin_run_history import RunJournal
from bulletin.cli.setup.restore import command as restore
from bulletin.station.open_archive import open_archive
from tests.articles.site import Site
from tests.newsroom_web.site_room import do_back_up, site_room
from tests.support.newsroom_server import ServedNewsroom

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ServedNewsroom, str]]:
    with Site() as site, site_room(tmp_path_factory.mktemp("site"), site) as served:
        yield served, site.url("").rstrip("/")


def test_a_page_lists_the_feeds_of_a_site_and_adds_one(room: tuple[ServedNewsroom, str]) -> None:
    served, site = room
    browser, path = served.browser("ada"), "/demo/station/feeds"
    for start in ("/", "/moved"):
        page = browser.post(f"{path}/find", {"url": f"{site}{start}"}).text
        assert ("Gazette sport" in page, f"{site}/feeds/sport.atom" in page) == (True, True), start
        assert f"{site}/news.rss" in page
    empty = browser.post(f"{path}/find", {"url": f"{site}/empty"})
    assert (empty.status_code, "no feed was found there" in empty.text) == (422, True)
    added = browser.post(
        f"{path}/add", {"url": f"{site}/news.rss", "name": "gazette", "credit": "the Gazette"}
    )
    assert added.status_code == 303
    feed = tomllib.loads(served.stations[0].path.read_text("utf-8"))["feeds"][1]
    assert (feed["url"], feed["private"]) == (f"{site}/news.rss", True)
    assert "in the profile already" in browser.post(f"{path}/find", {"url": site}).text


def test_the_api_finds_the_same_and_nothing_beside_the_allowed_host(room: tuple[ServedNewsroom, str]) -> None:
    served, site = room
    ada = served.program("ada")
    for start in ("/", "/moved"):
        found = ada.post("/stations/demo/feeds/find", json={"url": f"{site}{start}"}).json()["feeds"]
        assert [(feed["title"], feed["entries"]) for feed in found] == [("Gazette", 1), ("Gazette sport", 1)]
        assert found[1]["url"] == f"{site}/feeds/sport.atom"
        assert found[1]["newest"] == "2026-11-24T07:00:00Z"
    assert "no feed" in ada.post("/stations/demo/feeds/find", json={"url": f"{site}/empty"}).json()["detail"]
    with Site() as other:
        refused = ada.post("/stations/demo/feeds/find", json={"url": other.url()})
        assert (refused.status_code, other.paths()) == (422, [])
        assert "on the station's computer" in refused.json()["detail"]
        new = {"url": other.url("/x.xml"), "name": "x"}
        text = ada.get("/stations/demo/profile").json()
        text["text"] += f'\n[[feeds]]\nurl = "{new["url"]}"\nprivate = true\n'
        body = {"text": text["text"], "version": text["version"]}
        saved = ada.put("/stations/demo/profile", json=body)
        assert (saved.status_code, "own network" in saved.text) == (409, True), saved.text


def test_a_backup_is_made_downloaded_and_restored_with_its_secrets(
    room: tuple[ServedNewsroom, str], tmp_path: Path
) -> None:
    served, _ = room
    root, api = served.browser("root"), served.program("root")
    assert served.browser("ada").get("/demo/station/backups").status_code == 403
    assert served.program("ada").get("/stations/demo/backups").status_code == 403
    assert root.post("/demo/station/backups/make").status_code == 303
    do_back_up(served)
    (item,) = api.get("/stations/demo/backups").json()["files"]
    page = root.get("/demo/station/backups").text
    assert f"/demo/station/backups/{item['name']}" in page
    assert "Left out, keep them elsewhere" in page
    by_page = root.get(f"/demo/station/backups/{item['name']}")
    by_api = api.get("/stations/demo/backups/file", params={"name": item["name"]})
    assert by_page.content == by_api.content
    assert by_api.headers["content-type"] == "application/gzip"
    assert (
        served.program("ada").get("/stations/demo/backups/file", params={"name": item["name"]}).status_code
        == 403
    )
    missing = api.get("/stations/demo/backups/file", params={"name": "other.tar.gz"})
    assert missing.status_code == 404

    check_restore(by_page.content, item["secrets"], tmp_path)


def check_restore(content: bytes, secrets: list[str], folder: Path) -> None:
    """Into an empty folder; then over a profile with its secret, which stays."""
    file, home = folder / "down.tar.gz", folder / "new"
    file.write_bytes(content)

    def run(*args: str) -> dict[str, object]:
        done = CliRunner().invoke(restore, [str(file), "--to", str(home), "--json", *args])
        assert done.exit_code == 0, done.output
        answer: dict[str, object] = json.loads(done.stdout)
        return answer

    first = run()
    profile = home / "feeds" / "demo.toml"
    password = tomllib.loads(profile.read_text("utf-8"))["stream"]["password"]
    (variable,) = secrets
    assert password == f"env:{variable}"
    assert variable in str(first["missing"])
    assert b"hunter2" not in content
    with open_archive(home / "output") as archive:
        record = RunJournal(archive).bulletin("demo", 1)
        assert record is not None
        assert "Ferry sails" in {passage.title for passage in record.running_order}
    profile.write_text(profile.read_text("utf-8").replace(f"env:{variable}", "hunter2hunter2"), "utf-8")
    run("--replace")
    assert tomllib.loads(profile.read_text("utf-8"))["stream"]["password"] == "hunter2hunter2"
