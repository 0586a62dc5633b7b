"""
Damaged recordings through the importer, each in its restrained process: imported, or refused with a remedy.

    python -m bench.damaged_recordings [--count 1200] [--seed 13]

Recordings of all eight types are cut short, overwritten at random places or in their headers, or get random bytes in
their middle (needs the extra "clips"). Printed: how many of each type were imported and refused, the slowest, and
every case that ended otherwise. The exit code is 1 if there was one, if a file stayed behind, or if a refusal
names no remedy.
"""

from __future__ import annotations

import argparse
import collections
import random
import tempfile
import time
from pathlib import Path

from bulletin.speech.clips.import_recording import import_recording
from bulletin.speech.clips.recording_checks import RecordingError
from bulletin.speech.clips.sniff_sound_type import SoundType
from tests.support.encode_recordings import encode_recording
from tests.support.speech_like_sounds import speech_like


def make_recordings(folder: Path) -> dict[SoundType, bytes]:
    """A whole recording of each type."""
    sound = speech_like(sentences=2)
    return {kind: encode_recording(sound, kind, folder=folder) for kind in SoundType}


def damage(data: bytes, rng: random.Random) -> bytes:
    """The file cut short, with wrong bytes anywhere or in its header, or with foreign bytes in its middle."""
    damaged = bytearray(data)
    way = rng.choice(("cut", "bytes", "head", "middle"))
    if way == "cut":
        del damaged[rng.randrange(len(damaged)) :]
    elif way == "middle":
        at = rng.randrange(len(damaged))
        damaged[at : at + rng.randrange(20_000)] = rng.randbytes(rng.randrange(20_000))
    else:
        among = min(len(damaged), 400) if way == "head" else len(damaged)
        for _ in range(rng.choice((1, 5, 50, 500))):
            damaged[rng.randrange(among)] = rng.randrange(256)
    return bytes(damaged)


def play(data: bytes, folder: Path) -> str:
    """The result of an import: "imported", "refused", or a description of what went wrong."""
    try:
        clip = import_recording(data, folder=folder, name="mayor")
    except RecordingError as error:
        message = str(error)
        if not message.startswith("mayor: ") or ("; " not in message and ", or " not in message):
            return f"no remedy: {message}"
        return "refused" if not list(folder.glob("part-*")) else "a part stayed behind"
    files = {path.name for path in folder.iterdir()}
    if {clip.file_name, f"{clip.sha256}.json"} - files or any(name.startswith("part-") for name in files):
        return f"wrong files: {sorted(files)}"
    return "imported"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=1200)
    parser.add_argument("--seed", type=int, default=13)
    args = parser.parse_args()
    results: collections.Counter[tuple[str, str]] = collections.Counter()
    slowest_s, bad = 0.0, 0
    with tempfile.TemporaryDirectory() as home:
        whole = make_recordings(Path(home))
        for number in range(args.count):
            rng = random.Random(f"{args.seed}-{number}")
            kind = rng.choice(list(SoundType))
            begun_s = time.monotonic()
            with tempfile.TemporaryDirectory(dir=home) as folder:
                result = play(damage(whole[kind], rng), Path(folder))
            slowest_s = max(slowest_s, time.monotonic() - begun_s)
            results[kind.value, result] += 1
            if result not in ("imported", "refused"):
                bad += 1
                print(f"{args.seed}-{number} {kind.value}: {result}")
    for (kind_name, result), count in sorted(results.items()):
        print(f"{kind_name:8} {result:10} {count}")
    print(f"slowest {slowest_s:.1f} s, neither imported nor refused: {bad}")
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
