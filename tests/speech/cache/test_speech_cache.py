"""Speech cache on disk, used by several processes at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bulletin.model import Voice
from bulletin.runtime.read_sound_file import Samples
from bulletin.speech.cache.speech_cache import SpeechCache, make_key

VOICE = Voice(name="low", engine="tone", language="en-GB")


def key_of(text: str) -> str:
    return make_key(engine="tone", voice="low", options="", text=text)


def sound(seconds: float = 0.1) -> Samples:
    return np.linspace(-0.5, 0.5, round(24_000 * seconds), dtype=np.float32)


def entries(folder: Path) -> list[Path]:
    return sorted(folder.glob("??/*.wav"))


def test_a_cached_sentence_is_bit_identical(tmp_path: Path) -> None:
    cache = SpeechCache(tmp_path)

    cache.put(key_of("a"), sound(), rate_hz=24_000)

    entry = cache.get(key_of("a"))
    assert entry is not None
    assert np.array_equal(entry[0], sound())
    assert entry[1] == 24_000
    assert cache.get(key_of("b")) is None


def test_every_part_of_the_key_counts() -> None:
    keys = {
        make_key(engine=engine, voice=voice, options=options, text=text)
        for engine in ("a", "b")
        for voice in ("a", "b")
        for options in ("a", "b")
        for text in ("a", "b")
    }

    assert len(keys) == 16


@pytest.mark.parametrize("damage", ["cut", "flip", "empty"])
def test_a_damaged_entry_is_deleted(tmp_path: Path, damage: str) -> None:
    cache = SpeechCache(tmp_path)
    cache.put(key_of("a"), sound(), rate_hz=24_000)
    [entry] = entries(tmp_path)
    data = bytearray(entry.read_bytes())
    data[5000] ^= 1
    entry.write_bytes({"cut": data[:3000], "flip": data, "empty": b""}[damage])

    assert cache.get(key_of("a")) is None

    assert not entry.exists()
    cache.put(key_of("a"), sound(), rate_hz=24_000)
    assert cache.get(key_of("a")) is not None


def test_the_least_recently_used_goes_first(tmp_path: Path) -> None:
    cache = SpeechCache(tmp_path, limit_mb=0.03)
    for age, text in enumerate("abcd"):
        cache.put(key_of(text), sound(), rate_hz=24_000)
        [entry] = (tmp_path / key_of(text)[:2]).glob(f"{key_of(text)}*")
        os.utime(entry, (1_000_000 + age, 1_000_000 + age))
    cache.get(key_of("a"))

    cache.prune()

    assert [text for text in "abcd" if cache.get(key_of(text))] == ["a", "c", "d"]


def test_runs_look_at_every_entry_once_in_ten_minutes(tmp_path: Path) -> None:
    cache = SpeechCache(tmp_path, limit_mb=0.03)

    def fill_and_prune() -> int:
        for text in "abcd":
            cache.put(key_of(text), sound(), rate_hz=24_000)
        cache.prune_if_due()
        return sum(cache.get(key_of(text)) is not None for text in "abcd")

    assert [fill_and_prune(), fill_and_prune()] == [3, 4]
    os.utime(tmp_path / "pruned", (1_000_000, 1_000_000))
    assert fill_and_prune() == 3


def test_a_limit_of_zero_keeps_nothing(tmp_path: Path) -> None:
    cache = SpeechCache(tmp_path / "cache", limit_mb=0)

    cache.put(key_of("a"), sound(), rate_hz=24_000)

    assert not (tmp_path / "cache").exists()


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = SpeechCache(tmp_path / "file")

    cache.put(key_of("a"), sound(), rate_hz=24_000)
    cache.learn_pace(VOICE, words=10, seconds=3)

    assert cache.get(key_of("a")) is None
    cache.prune()
    assert "cannot be written" in caplog.text


def test_the_pace_is_unknown_until_it_is_learnt(tmp_path: Path) -> None:
    cache = SpeechCache(tmp_path)
    assert cache.pace(VOICE) is None

    cache.learn_pace(VOICE, words=30, seconds=10)
    cache.learn_pace(VOICE, words=10, seconds=10)

    assert SpeechCache(tmp_path).pace(VOICE) == pytest.approx(2.0)


def test_older_measurements_of_the_pace_count_less(tmp_path: Path) -> None:
    cache = SpeechCache(tmp_path)
    cache.learn_pace(VOICE, words=100_000, seconds=100_000)

    cache.learn_pace(VOICE, words=2_500, seconds=1_000)

    assert cache.pace(VOICE) == pytest.approx(5_000 / (2_500 + 1_000))


def test_the_pace_is_stored_in_letters_too(tmp_path: Path) -> None:
    cache = SpeechCache(tmp_path)
    cache.learn_pace(VOICE, words=30, seconds=10)  # as stored before letters were counted

    assert cache.pace(VOICE, unit="letters") is None

    cache.learn_pace(VOICE, words=30, seconds=10, letters=140)
    cache.learn_pace(VOICE, words=30, seconds=10, letters=120)

    assert SpeechCache(tmp_path).pace(VOICE, unit="letters") == pytest.approx(13.0)
    assert cache.pace(VOICE) == pytest.approx(3.0)
    assert cache.pace(VOICE, fingerprint="another speed", unit="letters") is None


@pytest.mark.parametrize(
    "text", ["", "[]", "[" * 100_000, '{"tone/low/": 3}', '{"tone/low/": {"words": 0, "seconds": 0}}']
)
def test_a_damaged_pace_file_is_forgotten(tmp_path: Path, text: str) -> None:
    (tmp_path / "pace.json").write_text(text)
    cache = SpeechCache(tmp_path)

    assert cache.pace(VOICE) is None
    cache.learn_pace(VOICE, words=30, seconds=10)
    assert cache.pace(VOICE) == 3.0


_WRITER = """
import sys
import numpy as np
from pathlib import Path
from bulletin.speech.cache.speech_cache import SpeechCache
cache = SpeechCache(Path(sys.argv[1]), limit_mb=0.2)
for number in range(60):
    key = f"{number % 20:02x}" * 32
    found = cache.get(key)
    if found is None:
        cache.put(key, np.full(2400, number % 20 / 100, dtype=np.float32), rate_hz=24_000)
    else:
        assert float(found[0][0]) == float(np.float32(number % 20 / 100))
    cache.prune()
"""


@pytest.mark.slow
def test_processes_share_the_cache(tmp_path: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", _WRITER, str(tmp_path)], stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]

    errors = [writer.communicate()[1] for writer in writers]

    assert errors == [""] * 3
    assert not list(tmp_path.rglob("part-*"))


def test_a_later_sound_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    cache = SpeechCache(tmp_path)
    cache.put(key_of("a"), sound(), rate_hz=24_000)

    cache.put(key_of("a"), sound(0.2), rate_hz=24_000)

    entry = cache.get(key_of("a"))
    assert entry is not None
    assert len(entries(tmp_path)) == 1
    assert np.array_equal(entry[0], sound(0.2))
