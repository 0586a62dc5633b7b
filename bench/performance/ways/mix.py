"""Mixes of the same clips: ours, and the limits. `mix_peers` has other tools, `mix_inputs` the clips."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.processes import note, run_way, watch_stretches

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
    """Our mix; how long the examination of the finished file takes is noted."""
    _mix_and_note(folder, ("podcast",))


def three(folder: Path) -> None:
    """The broadcast WAV, the podcast and the speaker's MP3 in one go."""
    _mix_and_note(folder, ALL)


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
    """By how much the speech is bent is noted, too: it takes CPU besides."""
    stretches, listened = watch_stretches(), watch_listening()
    mix(folder, load(folder), kinds)
    note(folder, verify_s=listened[0], stretch=max(stretches))


def watch_listening() -> list[float]:
    """CPU seconds of decoding finished files, measuring and examining them, in a list of one."""
    from bulletin.audio.mixing import write_mixed_file

    measure = write_mixed_file.measure_file
    spent = [0.0]

    def timed(path: Path) -> Any:
        measured = measure(path)
        spent[0] += measured.seconds
        return measured

    write_mixed_file.measure_file = timed
    return spent


def load(folder: Path) -> dict[str, Any]:
    job: dict[str, Any] = pickle.loads((folder / "job.pickle").read_bytes())
    return job


def make_lame(lameenc: Any) -> Any:
    lame = lameenc.Encoder()
    lame.silence()
    lame.set_bit_rate(KBPS)
    lame.set_in_sample_rate(RATE_HZ)
    lame.set_out_sample_rate(RATE_HZ)
    lame.set_channels(2)
    lame.set_quality(3)
    return lame


if __name__ == "__main__":
    run_way({"ours": ours, "three": three, "limit": limit, "limit3": limit3})
