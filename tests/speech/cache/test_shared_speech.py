"""Speech of several machines, each with its own cache folder, in one store."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from bulletin.errors import StoreError
from bulletin.model import Voice
from bulletin.runtime.read_sound_file import Samples
from bulletin.speech.cache.shared_speech import SharedSpeech
from bulletin.speech.cache.speech_cache import SpeechCache, make_key
from bulletin.storage.folder_store import FolderStore

VOICE = Voice(name="low", engine="tone", language="en-GB")
KEY = make_key(engine="tone", voice="low", options="", text="a")


class CountingStore(FolderStore):
    """A folder that counts what is written."""

    puts = 0

    def put(self, key: str, data: bytes, **options: object) -> str:  # type: ignore[override]
        self.puts += 1
        return super().put(key, data, **options)  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path) -> CountingStore:
    (tmp_path / "store").mkdir()
    return CountingStore(tmp_path / "store")


def machine(store: FolderStore, name: str) -> SpeechCache:
    return SpeechCache(store._folder.parent / name, shared=SharedSpeech(store))


def sound(value: float = 0.5) -> Samples:
    return np.linspace(-value, value, 2_400, dtype=np.float32)


def heard(cache: SpeechCache) -> float:
    entry = cache.get(KEY)
    assert entry is not None
    assert entry[1] == 24_000
    return float(entry[0][-1])


def test_all_machines_use_the_first_sound_of_a_sentence(store: CountingStore) -> None:
    one, two = machine(store, "one"), machine(store, "two")

    one.put_new(KEY, sound(0.5), rate_hz=24_000)
    two.put_new(KEY, sound(0.25), rate_hz=24_000)

    assert (two.has(KEY), heard(one), heard(two), heard(machine(store, "three"))) == (True, 0.5, 0.5, 0.5)
    assert [item.key for item in store.list()] == [f"speech/{KEY[:2]}/{KEY}.wav"]


def test_a_sentence_that_was_spoken_again_replaces_the_first(store: CountingStore) -> None:
    one = machine(store, "one")
    one.put_new(KEY, sound(0.5), rate_hz=24_000)

    one.put(KEY, sound(0.25), rate_hz=24_000)

    assert heard(one) == heard(machine(store, "two")) == 0.25
    one.forget(KEY)
    assert machine(store, "three").get(KEY) is None


def test_whoever_comes_second_mixes_the_first_sound(store: CountingStore) -> None:
    """Else the stations of two machines would not share the mixed sound of their stories."""
    one, two = machine(store, "one"), machine(store, "two")

    own, _ = one.put_new(KEY, sound(0.5), rate_hz=24_000)
    theirs, rate_hz = two.put_new(KEY, sound(0.25), rate_hz=22_050)

    assert (own[-1], theirs[-1], rate_hz) == (0.5, 0.5, 24_000)


def test_a_sentence_that_the_store_has_deleted_is_there_for_all_once_a_machine_still_has_it(
    store: CountingStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A draft asks a machine whether a sentence is spoken; the mix on another one must find it."""
    one, two = machine(store, "one"), machine(store, "two")
    one.put_new(KEY, sound(0.5), rate_hz=24_000)
    assert one.has(KEY)
    (item,) = store.list()
    store.delete(item.key)
    later = time.monotonic() + 3601
    monkeypatch.setattr(time, "monotonic", lambda: later)

    assert not two.has(KEY)
    assert one.has(KEY)
    assert heard(two) == 0.5


@pytest.mark.parametrize("damage", ["cut", "flip", "empty"])
def test_a_damaged_object_is_deleted_and_spoken_again(store: CountingStore, damage: str) -> None:
    machine(store, "one").put_new(KEY, sound(), rate_hz=24_000)
    (item,) = store.list()
    data = bytearray(store.get(item.key) or b"")
    data[5000] ^= 1
    store.put(item.key, {"cut": bytes(data[:3000]), "flip": bytes(data), "empty": b""}[damage])

    two = machine(store, "two")
    assert two.get(KEY) is None
    two.put_new(KEY, sound(0.25), rate_hz=24_000)
    assert heard(machine(store, "three")) == 0.25


def test_speech_that_the_store_did_not_take_is_not_kept_as_shared(
    store: CountingStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> bool:
        raise StoreError("store away")

    one = machine(store, "one")
    with monkeypatch.context() as patched:
        patched.setattr(store, "put_new", away)
        with pytest.raises(StoreError):
            one.put_new(KEY, sound(), rate_hz=24_000)

    assert one.get(KEY) is None


def test_the_pace_of_a_voice_is_shared_without_a_write_for_each_bulletin(store: CountingStore) -> None:
    one = machine(store, "one")
    for _ in range(12):
        one.learn_pace(VOICE, words=300, letters=1500, seconds=100)

    assert machine(store, "two").pace(VOICE, unit="letters") == pytest.approx(15.0)
    assert store.puts == 1

    for _ in range(60):
        one.learn_pace(VOICE, words=300, letters=1500, seconds=120)
    assert machine(store, "two").pace(VOICE) == pytest.approx(2.5, rel=0.06)
    assert store.puts < 6


def test_the_stations_of_a_process_read_a_pace_once_in_ten_minutes(
    store: CountingStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads, get, began = [], store.get, time.monotonic()
    monkeypatch.setattr(store, "get", lambda key: (reads.append(key), get(key))[1])

    assert machine(store, "one").pace(VOICE) is None
    assert machine(store, "two").pace(VOICE) is None
    assert len(reads) == 2  # an unknown pace is asked for each time
    elsewhere = SpeechCache(store._folder.parent / "three", shared=SharedSpeech(FolderStore(store._folder)))
    elsewhere.learn_pace(VOICE, words=300, seconds=100)
    assert [machine(store, name).pace(VOICE) for name in ("one", "two", "four")] == [3.0] * 3
    assert len(reads) == 3
    monkeypatch.setattr(time, "monotonic", lambda: began + 700)
    machine(store, "five").pace(VOICE)
    assert len(reads) == 4
