"""Sample of `python -m bench.damaged_recordings`: recordings of all types, damaged as drawn from a seed."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bench.damaged_recordings import damage, make_recordings, play
from bulletin.speech.clips.sniff_sound_type import SoundType

pytestmark = pytest.mark.faults

SEED, EACH = 2026, 4


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[SoundType, bytes]:
    pytest.importorskip("av", reason='needs the extra "clips" (PyAV)')
    return make_recordings(tmp_path_factory.mktemp("whole"))


@pytest.mark.parametrize("kind", SoundType)
def test_a_damaged_recording_is_imported_or_refused_with_its_remedy(
    whole: dict[SoundType, bytes], tmp_path: Path, kind: SoundType
) -> None:
    rng = random.Random(f"{SEED}-{kind}")

    results = [play(damage(whole[kind], rng), tmp_path) for _ in range(EACH)]

    assert set(results) <= {"imported", "refused"}
