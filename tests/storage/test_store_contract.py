"""Both stores keep the same promises."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from bulletin.errors import StoreError
from bulletin.storage.store_interface import Store
from tests.support.bucket_process import BucketProcess, bucket_process, open_target


@pytest.fixture(scope="session")
def bucket() -> Iterator[BucketProcess]:
    pytest.importorskip("obstore", reason="the extra s3 is not installed")
    pytest.importorskip("moto", reason="pip install 'moto[s3,server]'")
    with bucket_process() as server:
        yield server


@pytest.fixture(params=["folder", pytest.param("bucket", marks=pytest.mark.clients)])
def store(request: pytest.FixtureRequest) -> Store:
    return open_target(request.param, request)


def test_of_many_writers_of_a_new_key_exactly_one_wins(store: Store) -> None:
    start = Barrier(8)

    def write(number: int) -> bool:
        start.wait()
        return store.put_new("speech/ab/one.wav", b"%d" % number * 50_000)

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(write, range(8)))

    assert won.count(True) == 1
    assert store.get("speech/ab/one.wav") == b"%d" % won.index(True) * 50_000
    assert not store.put_new("speech/ab/one.wav", b"late")


def test_a_conditional_put_is_refused_after_a_change(store: Store) -> None:
    assert store.put("names/latest.mp3", b"one")
    first = store.get_with_tag("names/latest.mp3")
    assert first is not None

    second = store.put("names/latest.mp3", b"two", if_unchanged=first.tag)
    assert [item.tag for item in store.list("names")] == [second]
    assert not store.put("names/latest.mp3", b"late", if_unchanged=first.tag)
    assert store.get("names/latest.mp3") == b"two"

    store.delete("names/latest.mp3")
    assert not store.put("names/latest.mp3", b"late", if_unchanged=first.tag)
    assert store.get("names/latest.mp3") is None


def test_of_many_conditional_writers_exactly_one_wins(store: Store) -> None:
    store.put("names/latest.json", b"old")
    old = store.get_with_tag("names/latest.json")
    assert old is not None
    start = Barrier(6)

    def write(number: int) -> bool:
        start.wait()
        return bool(store.put("names/latest.json", b"%d" % number, if_unchanged=old.tag))

    with ThreadPoolExecutor(6) as pool:
        won = list(pool.map(write, range(6)))

    assert won.count(True) == 1
    assert store.get("names/latest.json") == b"%d" % won.index(True)


def test_objects_are_listed_below_a_folder_of_keys(store: Store) -> None:
    for key in ("a/1", "a/b/2", "ab/3"):
        store.put(key, key.encode() * 10)

    assert sorted((item.key, item.size_bytes) for item in store.list("a")) == [("a/1", 30), ("a/b/2", 50)]
    assert {item.key for item in store.list()} == {"a/1", "a/b/2", "ab/3"}
    assert all(item.changed_at.tzinfo for item in store.list())
    assert list(store.list("none")) == []


def test_a_missing_object_is_no_error(store: Store) -> None:
    assert store.get("a/missing") is None
    assert not store.exists("a/missing")
    store.delete("a/missing")
    store.put("a/there", b"")
    assert (store.exists("a/there"), store.get("a/there"), store.exists("a")) == (True, b"", False)
    store.check()
    assert [item.key for item in store.list()] == ["a/there"]


@pytest.mark.parametrize(
    "key",
    [
        *("", "/etc/passwd", "../a", "a/../b", "a//b", ".parts/x", "a\\b", "a b", "a\n"),
        pytest.param("a/" + "x" * 300, id="long"),
    ],
)
def test_a_key_that_leaves_the_store_is_refused(store: Store, key: str) -> None:
    for use in (store.get, store.exists, store.delete, lambda name: store.put(name, b""), store.path_of):
        with pytest.raises(StoreError, match="not possible"):
            use(key)
