"""Public names in a bucket or folder for any web server; a late machine is refused."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest

from bulletin.archive.archive import Archive
from bulletin.errors import StoreError
from bulletin.group.public_files.mirror import Mirror, Mirrored, mirror_station
from bulletin.storage.folder_store import FolderStore
from bulletin.storage.store_interface import Store
from tests.support.bucket_process import open_target
from tests.support.factories import NOW
from tests.support.published_names import publish_files

FIRST = {"one.mp3": b"one", "latest.mp3": b"one", "feed.xml": b"<one>", ".standby/fm.json": b"{}"}
SECOND = {"one.mp3": b"one", "two.mp3": b"two", "latest.mp3": b"two", "feed.xml": b"<two>"}
WITHDRAWN = {"one.mp3": b"one", "latest.mp3": b"one", "feed.xml": b"<one>"}


@pytest.fixture(
    params=[pytest.param("folder", marks=pytest.mark.slow), pytest.param("bucket", marks=pytest.mark.clients)]
)
def target(request: pytest.FixtureRequest) -> Store:
    """Public names."""
    return open_target(request.param, request)


def public(target: Store) -> dict[str, bytes]:
    return {item.key: target.get(item.key) or b"" for item in target.list("demo")}


def named(contents: dict[str, bytes]) -> dict[str, bytes]:
    return {f"demo/{path}": data for path, data in contents.items() if not path.startswith(".")}


def test_a_bucket_has_what_is_published(archive: Archive, store: FolderStore, target: Store) -> None:
    mirror = Mirror(archive=archive, store=store, target=target)
    for contents, done in (
        (FIRST, Mirrored(written=3)),
        (SECOND, Mirrored(written=3)),
        (WITHDRAWN, Mirrored(written=2, deleted=1)),
    ):
        publish_files(archive, store, contents)
        assert mirror.round(["demo", "new"]) == {"demo": done}
        assert public(target) == named(contents)
        assert mirror.round(["demo"]) == {}
        assert mirror_station("demo", archive=archive, store=store, target=target) == Mirrored()


def test_a_file_that_somebody_else_changed_is_put_again(
    archive: Archive, store: FolderStore, target: Store
) -> None:
    publish_files(archive, store, SECOND)
    mirror_station("demo", archive=archive, store=store, target=target)
    target.put("demo/feed.xml", b"<old>")
    target.delete("demo/two.mp3")

    assert mirror_station("demo", archive=archive, store=store, target=target) == Mirrored(written=2)
    assert public(target) == named(SECOND)


def test_a_station_whose_object_is_lost_holds_up_no_other(
    archive: Archive, store: FolderStore, target: Store
) -> None:
    publish_files(archive, store, {"feed.xml": b"<lost>"}, station="alpha")
    (lost,) = store.list("objects")
    publish_files(archive, store, FIRST)
    store.delete(lost.key)
    mirror = Mirror(archive=archive, store=store, target=target)

    with pytest.raises(StoreError, match=r"feed\.xml is missing"):
        mirror.round(["alpha", "demo"])

    assert public(target) == named(FIRST)
    store.put(lost.key, b"<lost>")
    assert mirror.round(["alpha", "demo"]) == {"alpha": Mirrored(written=1)}


def test_a_frozen_machine_that_wakes_is_refused(
    archive: Archive, store: FolderStore, target: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It read the names, and before its first put another machine published and mirrored."""
    publish_files(archive, store, FIRST)
    mirror_station("demo", archive=archive, store=store, target=target)
    publish_files(archive, store, {**FIRST, "latest.mp3": b"late", "late.mp3": b"late"})
    real, is_asleep = target.put, [True]

    def put(key: str, data: bytes, **options: Any) -> str:
        if key == "demo/latest.mp3" and is_asleep.pop():
            publish_files(archive, store, SECOND)
            is_asleep.append(False)
            assert mirror_station("demo", archive=archive, store=store, target=target).refused == 0
        is_asleep.append(False)
        return real(key, data, **options)

    with monkeypatch.context() as patched:
        patched.setattr(target, "put", put)
        late = mirror_station("demo", archive=archive, store=store, target=target)

    assert (late.refused, late.deleted) == (1, 0)
    assert target.get("demo/latest.mp3") == b"two"
    mirror_station("demo", archive=archive, store=store, target=target)
    assert public(target) == named(SECOND)


def test_the_feed_is_written_after_the_sound(
    archive: Archive, store: FolderStore, target: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_files(archive, store, FIRST)
    keys, real = list[str](), target.put_new

    def put_new(key: str, data: bytes, **options: Any) -> bool:
        keys.append(key)
        return real(key, data, **options)

    monkeypatch.setattr(target, "put_new", put_new)
    mirror_station("demo", archive=archive, store=store, target=target)

    assert keys[:3] == ["demo/one.mp3", "demo/latest.mp3", "demo/feed.xml"]


@pytest.mark.slow
def test_a_web_server_may_read_a_mirrored_folder(
    archive: Archive, store: FolderStore, tmp_path: Path
) -> None:
    target = FolderStore(tmp_path / "www", is_public=True)
    (tmp_path / "www").mkdir()
    publish_files(archive, store, FIRST, at=NOW)
    mirror_station("demo", archive=archive, store=store, target=target)

    file = tmp_path / "www" / "demo" / "feed.xml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o755
