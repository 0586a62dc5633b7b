"""
How many true clicks the click detector finds, and how many plucked and struck sounds it takes for clicks.

    python -m bench.clicks [--soundfont FILE] [--list]

Sounds without a click: notes of the plucked and struck instruments and drums of the installed soundfont, dry, and
phrases of them; the shipped jingles. True clicks, in the jingles, in the phrases and in strings that hold a chord: a
wave cut in full swing, dropped samples, a step of DC, a single wrong sample. A click is heard if it rises over the
music: planted ones are 6 dB over the loudest sample within 5 ms in the highest octave, or louder.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bulletin.audio.metering.detect_clicks import ClickFinder
from bulletin.imaging.find_shipped_jingle_sets import JINGLES, SHIPPED_SEEDS, default_jingles
from bulletin.imaging.players.find_soundfont import find_soundfont
from bulletin.imaging.players.soundfont_orchestra import SoundfontOrchestra
from bulletin.imaging.sounds.oscillators import RATE_HZ, Random, Wave
from bulletin.runtime.read_sound_file import read_sound

STRUCK = ("pluck", "acoustic_guitar", "glockenspiel", "marimba", "piano", "electric_piano", "timpani", "bass")
DRUMS = ("impact", "kick", "bass_drum", "snare", "rim", "clap", "hat", "shaker", "crash")
SUSTAINED = ("strings", "horns", "trumpets", "pad", "low_strings")


def clicks_of(sound: Wave) -> tuple[float, ...]:
    finder = ClickFinder(rate_hz=RATE_HZ)
    mono = sound.mean(axis=1) if sound.ndim > 1 else sound
    for start in range(0, len(mono), 10 * RATE_HZ):
        finder.feed(mono[start : start + 10 * RATE_HZ].astype(np.float32))
    return finder.times_s


def clean_sounds(orchestra: SoundfontOrchestra) -> Iterator[tuple[str, Wave]]:
    """Kind and sound: each starts and ends with half a second of silence or music."""
    rng = Random(3)
    for name in STRUCK:
        notes = (
            (33, 38, 45) if name == "bass" else (41, 45, 50) if name == "timpani" else (55, 62, 69, 76, 83)
        )
        for note in notes:
            yield f"note {name}", _scaled(_padded(orchestra.play(name, note, 0.4, rng)))
    for name in DRUMS:
        for _ in range(3):
            yield f"hit {name}", _scaled(_padded(orchestra.hit(name, rng)))
    for number in range(30):
        name = STRUCK[number % len(STRUCK)]
        yield f"phrase {name}", _scaled(_phrase(orchestra, name, rng))
    for style in SHIPPED_SEEDS:
        for jingle in JINGLES:
            yield "jingle", read_sound(default_jingles(style)[jingle])[0].astype(np.float64)


def _padded(sound: Wave) -> Wave:
    return np.concatenate([np.zeros((RATE_HZ // 2, 2)), sound, np.zeros((RATE_HZ // 2, 2))])


def _scaled(sound: Wave) -> Wave:
    return sound / np.abs(sound).max() * 0.5


def _phrase(orchestra: SoundfontOrchestra, name: str, rng: Random) -> Wave:
    """Four seconds of eighths, with a hat and a kick."""
    sound = np.zeros((5 * RATE_HZ, 2))
    for step in range(16):
        base = 38 if name in ("bass", "timpani") else 62
        parts = [(orchestra.play(name, base + int(rng.choice((0, 2, 4, 7, 9, 12))), 0.3, rng), 1.0)]
        if step % 2:
            parts.append((orchestra.hit("hat", rng), 0.3))
        if step % 4 == 0:
            parts.append((orchestra.hit("kick", rng), 0.6))
        for part, gain in parts:
            at = step * RATE_HZ // 4
            part = part[: len(sound) - at]
            sound[at : at + len(part)] += part * gain
    return sound


def planted(orchestra: SoundfontOrchestra) -> Iterator[tuple[str, Wave, float]]:
    """Kind, sound and time of the click."""
    rng = Random(5)
    hosts = [(f"phrase {name}", _scaled(_phrase(orchestra, name, rng))) for name in STRUCK]
    for name in SUSTAINED:
        notes = [orchestra.play(name, note, 4.0, rng) for note in (57, 64, 69)]
        length = min(map(len, notes))
        hosts.append((f"chord {name}", _scaled(sum(note[:length] for note in notes))))
    for style in SHIPPED_SEEDS:
        hosts += [
            (f"jingle {style}", read_sound(default_jingles(style)[j])[0].astype(np.float64))
            for j in ("ident", "closing", "bed")
        ]
    for host, sound in hosts:
        for kind in ("cut", "drop", "step", "sample"):
            for _ in range(3):
                at = int(rng.randint(RATE_HZ // 2, min(len(sound), 4 * RATE_HZ) - RATE_HZ // 4))
                broken = _break(sound.copy(), kind, at, rng)
                if broken is not None:
                    yield f"{kind}, {host.split()[0]}", broken, at / RATE_HZ


def _break(sound: Wave, kind: str, at: int, rng: Random) -> Wave | None:
    """Plant a click; None where it would not be heard: the wave happens to continue, or the music is louder."""
    near = sound[at - 220 : at + 220].mean(axis=1)
    usual = np.abs(np.diff(near, 2)).max()
    level = max(0.02, 2.0 * usual)
    if kind == "cut":  # a loop or an edit that jumps: some milliseconds are missing
        gone = int(rng.randint(100, 2000))
        sound = np.concatenate([sound[:at], sound[at + gone :]])
    elif kind == "drop":  # a buffer that was lost: zeros
        sound[at : at + int(rng.randint(8, 400))] = 0.0
    elif kind == "step":  # DC that is switched on and dies away
        sound[at:] += (level * 1.5 * np.exp(-np.arange(len(sound) - at) / 4000.0))[:, None]
    else:
        sound[at] += level * float(rng.choice((-1.0, 1.0))) * 1.5
    jump = np.abs(np.diff(sound[at - 3 : at + 3].mean(axis=1), 2)).max()
    return sound if jump >= level else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--soundfont", type=Path, default=find_soundfont())
    parser.add_argument("--list", action="store_true", help="name each false alarm and each miss")
    options = parser.parse_args()
    orchestra = SoundfontOrchestra(options.soundfont)
    alarms: dict[str, list[int]] = defaultdict(list)
    for kind, sound in clean_sounds(orchestra):
        times = clicks_of(sound)
        alarms[kind].append(len(times))
        if times and options.list:
            print("false", kind, [round(time, 3) for time in times])
    found: dict[str, list[bool]] = defaultdict(list)
    for kind, sound, at_s in planted(orchestra):
        times = clicks_of(sound)
        found[kind].append(any(abs(time - at_s) < 0.012 for time in times))
        if not found[kind][-1] and options.list:
            print("missed", kind, round(at_s, 3))
    for kind in sorted(alarms):
        counts = alarms[kind]
        print(
            f"{kind:24} {sum(map(bool, counts)):3} of {len(counts):3} sounds with an alarm, {sum(counts)} alarms"
        )
    total = [count for counts in alarms.values() for count in counts]
    print(f"false alarms: {sum(total)}, in {sum(map(bool, total))} of {len(total)} sounds without a click")
    for kind in sorted(found):
        print(f"{kind:24} {sum(found[kind]):3} of {len(found[kind]):3} found")
    every = [hit for hits in found.values() for hit in hits]
    print(f"true clicks: {sum(every)} of {len(every)} found")


if __name__ == "__main__":
    main()
