"""
Mixes that bench.mix compares, each in a separate process: python -m bench.mixways WAY FOLDER.

This module has our mix and the limits; mixothers.py has the other tools, mixdata.py the common inputs.
"""

from __future__ import annotations

import pickle
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.processes import watch_stretches

# Each process imports only the modules that it needs, because imports count.
if TYPE_CHECKING:
    from bulletin.model import Bulletin

KBPS = 128
RATE_HZ = 44_100
RENDITIONS = (
    ("fm", "wav", -23.0, -1.0, "headlines"),
    ("podcast", "mp3", -16.0, -1.5, "headlines"),
    ("speaker", "mp3", -14.0, -2.0, "none"),
)
"""Kind, format, loudness, true peak, bed: as [outputs] has them by default."""
ALL = tuple(kind for kind, *_ in RENDITIONS)


def ours(folder: Path) -> None:
    """Our mix, and how long its verification takes."""
    _mix_and_note(folder, ("podcast",))
    _time_verification(folder, folder / "ours-podcast.mp3")


def three(folder: Path) -> None:
    """The broadcast WAV, the podcast and the speaker's MP3 in one go; the MP3 alone takes a limit's time."""
    _mix_and_note(folder, ALL)
    _time_verification(folder, *(folder / f"ours-{kind}.{form}" for kind, form, *_ in RENDITIONS))


def limit(folder: Path) -> None:
    """LAME alone, with our settings, ten seconds at a time."""
    _encode(folder / "podcast.raw")


def limit3(folder: Path) -> None:
    """LAME alone on both MP3s of the three renditions."""
    _encode(folder / "podcast3.raw", folder / "speaker3.raw")


def _encode(*raws: Path) -> None:
    import lameenc

    for raw in raws:
        lame = make_lame(lameenc)
        with raw.open("rb") as source, raw.with_suffix(".mp3").open("wb") as out:
            while block := source.read(RATE_HZ * 4 * 10):
                out.write(lame.encode(block))
            out.write(lame.flush())


def _time_verification(folder: Path, *paths: Path) -> None:
    """Once more, to know what of the whole it was; this time is taken off by who measures."""
    from bulletin.audio.metering.measure_sound_file import measure_file

    began = time.process_time()
    for path in paths:
        measure_file(path)
    _note(folder, time.process_time() - began)


def mix(folder: Path, job: dict[str, Any], kinds: tuple[str, ...] = ("podcast",)) -> Bulletin:
    from types import SimpleNamespace

    from bulletin.audio.mixing.mix_bulletin import Order, Tags, mix_bulletin

    # The mixer without the profile: pydantic takes longer to start than a part of this mix.
    options: Any = SimpleNamespace(gap_s=0.6, bed_under_lu=20.0, when_short="shorter")
    orders = [
        Order(
            kind=kind,
            path=folder / f"ours-{kind}.{form}",
            options=SimpleNamespace(  # type: ignore[arg-type]
                format=form, loudness_lufs=lufs, true_peak_dbtp=peak_dbtp, bed=bed, bitrate_kbps=KBPS,
                time_check=kind == "fm", cut_id="", category="NEWS", valid_min=60.0,
            ),
            is_up_to=kind == "speaker",
        )
        for kind, form, lufs, peak_dbtp, bed in RENDITIONS
        if kind in kinds
    ]  # fmt: skip
    return mix_bulletin(
        job["script"],
        job["spoken"],
        jingles=job["jingles"],
        options=options,
        orders=orders,
        target_s=job["target_s"],
        tags=Tags(artist="Bench", album="Bench", date=job["script"].at),
    )


def _mix_and_note(folder: Path, kinds: tuple[str, ...]) -> None:
    """By how much the speech is bent is noted: it takes CPU besides."""
    stretches = watch_stretches()
    mix(folder, load(folder), kinds)
    (folder / "stretch").write_text(" ".join(map(str, stretches)), encoding="utf-8")


def load(folder: Path) -> dict[str, Any]:
    job: dict[str, Any] = pickle.loads((folder / "job.pickle").read_bytes())
    return job


def _note(folder: Path, seconds: float) -> None:
    (folder / "verify_s").write_text(str(seconds), encoding="utf-8")


def make_lame(lameenc: Any) -> Any:
    lame = lameenc.Encoder()
    lame.silence()
    lame.set_bit_rate(KBPS)
    lame.set_in_sample_rate(RATE_HZ)
    lame.set_out_sample_rate(RATE_HZ)
    lame.set_channels(2)
    lame.set_quality(3)
    return lame


WAYS = {
    "ours": "bench.mixways",
    "three": "bench.mixways",
    "limit": "bench.mixways",
    "limit3": "bench.mixways",
    "naive": "bench.mixothers",
    "naive_lame": "bench.mixothers",
    "ffmpeg": "bench.mixothers",
    "babbel": "bench.mixothers",
    "prepare": "bench.mixdata",
    "lengthen": "bench.mixdata",
}

if __name__ == "__main__":
    name, _, voice = sys.argv[1].partition(":")
    here = WAYS[name] == "bench.mixways"
    way = globals()[name] if here else getattr(import_module(WAYS[name]), name)
    way(Path(sys.argv[2]), *([voice] if voice else []))
