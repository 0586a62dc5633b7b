"""The ways that bench.mix compares, each in a process of its own: python -m bench.mixways WAY FOLDER."""

from __future__ import annotations

import json
import pickle
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

# Each way imports what it needs and no more: imports count.
if TYPE_CHECKING:
    from bulletin.model import Bulletin

KBPS = 128
RATE_HZ = 44_100
GAP_MS = 600
BED_DB = -20
RENDITIONS = (
    ("fm", "wav", -23.0, -1.0, "headlines"),
    ("podcast", "mp3", -16.0, -1.5, "headlines"),
    ("speaker", "mp3", -14.0, -2.0, "none"),
)
"""Kind, format, loudness, true peak, bed: as [outputs] has them by default."""
ALL = tuple(kind for kind, *_ in RENDITIONS)
GRAPH_LOUDNESS = "loudnorm=I=-16:TP=-1.5:LRA=11"


def prepare(folder: Path, voice: str) -> None:
    """Speak, and lay the clips down for every way: as they are, and as 16-bit files in running order."""
    from datetime import UTC, datetime

    from bulletin.config.load import load_profile
    from bulletin.pipeline import draft_bulletin
    from bulletin.speech.speak import speak_script
    from bulletin.station import open_station

    overrides = {"length": 180.0, "stories": {"most": 8}, "speech": {"chain": (voice,)}}
    with open_station(load_profile("demo"), output=folder / "station", overrides=overrides) as station:
        draft = draft_bulletin(station, now=datetime(2026, 11, 24, 7, 0, tzinfo=UTC), at="07:00")
        clips = folder / "clips"
        clips.mkdir()
        spoken = speak_script(draft.script, chain=station.readers, cache=station.cache, folder=clips)
        job = {
            "script": draft.script,
            "spoken": spoken,
            "jingles": station.jingles,
            "target_s": 180.0,
            "clips": [],
        }
    _save(folder, job)
    bulletin = _mix_and_lay_down(folder, job)
    by_passage = {clip.passage: clip.path for clip in spoken.clips}
    order = [
        (str(passage.role), _as_wav(by_passage[passage], clips, number))
        for number, passage in enumerate(bulletin.aired)
    ]
    bed = _as_wav(station.jingles.bed, clips, 900)
    sting = _as_wav(station.jingles.sting, clips, 901)
    (folder / "order.json").write_text(json.dumps({"clips": order, "bed": bed, "sting": sting}))
    told = sum(role == "story" for role, _ in order)
    print(f"{told} stories air, {bulletin.renditions[0].duration_s:.2f} s")


def lengthen(folder: Path) -> None:
    """The same stories told again until an hour is full."""
    from dataclasses import replace

    job = _load(folder)
    script, spoken = job["script"], job["spoken"]
    stories, clips = list(script.stories), list(spoken.clips)
    by_passage = {clip.passage: clip for clip in spoken.clips}
    for number in range(1, 40):
        for item in script.stories:
            cut = item.cuts[-1]
            again = replace(cut, story_id=f"{cut.story_id}-{number}")
            article = replace(item.story.best, id=again.story_id)
            story = replace(item.story, articles=(article,))
            stories.append(replace(item, story=story, cuts=(again,), headline=None))
            clips.append(replace(by_passage[cut], passage=again))
    long = replace(script, stories=tuple(stories))
    job |= {"script": long, "spoken": replace(spoken, clips=tuple(clips)), "target_s": 3600.0}
    _save(folder, job)
    bulletin = _mix_and_lay_down(folder, job, has_three=False)
    print(f"{len(bulletin.aired)} passages air, {bulletin.renditions[0].duration_s:.2f} s")


def ours(folder: Path) -> None:
    """Our mix, and how long its verification takes."""
    _mix(folder, _load(folder))
    _time_verification(folder, folder / "ours-podcast.mp3")


def three(folder: Path) -> None:
    """The broadcast WAV, the podcast and the speaker's MP3 in one go; the MP3 alone takes a limit's time."""
    _mix(folder, _load(folder), ALL)
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
        lame = _lame(lameenc)
        with raw.open("rb") as source, raw.with_suffix(".mp3").open("wb") as out:
            while block := source.read(RATE_HZ * 4 * 10):
                out.write(lame.encode(block))
            out.write(lame.flush())


def _time_verification(folder: Path, *paths: Path) -> None:
    """Once more, to know what of the whole it was; this time is taken off by who measures."""
    from bulletin.audio.listen import listen

    began = time.process_time()
    for path in paths:
        listen(path)
    _note(folder, time.process_time() - began)


def naive(folder: Path) -> None:
    """As a first script would do it: joined with +, the bed laid under opening and headlines."""
    import warnings

    warnings.simplefilter("ignore")
    from pydub import AudioSegment

    order = _order(folder)
    silence = AudioSegment.silent(GAP_MS, frame_rate=RATE_HZ).set_channels(2)
    whole, head_ms = silence, 0
    for role, path in order["clips"]:
        if role == "story":
            whole = whole + _segment(AudioSegment, order["sting"])
        else:
            head_ms = head_ms if role == "closing" else len(whole)
        whole = whole + _segment(AudioSegment, path) + silence
    bed = _segment(AudioSegment, order["bed"]) + BED_DB
    whole = whole.overlay((bed * (1 + head_ms // len(bed)))[: head_ms + 2000].fade_out(1500))
    import lameenc

    lame = _lame(lameenc)
    (folder / "naive.mp3").write_bytes(bytes(lame.encode(whole.raw_data)) + bytes(lame.flush()))


def ffmpeg(folder: Path) -> None:
    """One graph: clips joined, the bed ducked by the voice, loudness in two passes."""
    order = _order(folder)
    paths = [path for _, path in order["clips"]]
    joined = "".join(f"[{n}:a]aresample={RATE_HZ},apad=pad_dur=0.6[c{n}];" for n in range(len(paths)))
    names = "".join(f"[c{n}]" for n in range(len(paths)))
    bed = len(paths)
    graph = (
        f"{joined}{names}concat=n={len(paths)}:v=0:a=1,aformat=channel_layouts=stereo,asplit[voice][key];"
        f"[{bed}:a]aresample={RATE_HZ},volume={BED_DB / 2}dB[bed];"
        "[bed][key]sidechaincompress=threshold=0.02:ratio=8:attack=200:release=600[ducked];"
        "[voice][ducked]amix=inputs=2:duration=first:normalize=0"
    )
    sources = [part for path in paths for part in ("-i", path)] + ["-stream_loop", "-1", "-i", order["bed"]]
    _two_passes(sources, graph, folder / "ffmpeg.mp3")


def babbel(folder: Path) -> None:
    """Every clip levelled by two runs into a file of its own; then one run joins them over the bed."""
    order = _order(folder)
    levelled = []
    for number, (_, path) in enumerate(order["clips"]):
        levelled.append(str(folder / f"level{number}.wav"))
        _two_passes(["-i", path], "[0:a]anull", Path(levelled[-1]))
    names = "".join(f"[{n}:a]" for n in range(len(levelled)))
    graph = (
        f"{names}concat=n={len(levelled)}:v=0:a=1,aformat=channel_layouts=stereo[voice];"
        f"[{len(levelled)}:a]volume={BED_DB}dB[bed];[voice][bed]amix=inputs=2:duration=first:normalize=0"
    )
    sources = [part for path in levelled for part in ("-i", path)] + [
        *("-stream_loop", "-1", "-i", order["bed"])
    ]
    _run([*sources, "-filter_complex", graph, *_encoding(folder / "babbel.mp3")])


def _two_passes(sources: list[str], graph: str, path: Path) -> None:
    told = _run(
        [*sources, "-filter_complex", f"{graph},{GRAPH_LOUDNESS}:print_format=json", "-f", "null", "-"]
    )
    found = json.loads(re.findall(r"\{[^{}]*\}", told)[-1])
    measured = (
        f"measured_I={found['input_i']}:measured_TP={found['input_tp']}:measured_LRA={found['input_lra']}"
        f":measured_thresh={found['input_thresh']}:offset={found['target_offset']}:linear=true"
    )
    _run([*sources, "-filter_complex", f"{graph},{GRAPH_LOUDNESS}:{measured}", *_encoding(path)])


def _encoding(path: Path) -> list[str]:
    codec = ["-c:a", "libmp3lame", "-b:a", f"{KBPS}k"] if path.suffix == ".mp3" else []
    return ["-ar", str(RATE_HZ), *codec, "-y", str(path)]


def _run(arguments: list[str]) -> str:
    done = subprocess.run(
        ["ffmpeg", "-hide_banner", "-nostdin", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    return done.stderr


def _mix(folder: Path, job: dict[str, Any], kinds: tuple[str, ...] = ("podcast",)) -> Bulletin:
    from types import SimpleNamespace

    from bulletin.audio.mix import Order, Tags, mix_bulletin

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


def _lame(lameenc: Any) -> Any:
    lame = lameenc.Encoder()
    lame.silence()
    lame.set_bit_rate(KBPS)
    lame.set_in_sample_rate(RATE_HZ)
    lame.set_out_sample_rate(RATE_HZ)
    lame.set_channels(2)
    lame.set_quality(3)
    return lame


def _segment(segments: Any, path: str) -> Any:
    return segments.from_wav(path).set_frame_rate(RATE_HZ).set_channels(2)


def _as_wav(source: Path | None, folder: Path, number: int) -> str:
    import soundfile

    path = folder / f"plain{number:03}.wav"
    samples, rate_hz = soundfile.read(source)
    soundfile.write(path, samples, rate_hz, subtype="PCM_16")
    return str(path)


def _mix_and_lay_down(folder: Path, job: dict[str, Any], *, has_three: bool = True) -> Bulletin:
    """
    Mix the podcast, and before it all three, and keep the samples that LAME was given.

    Decoded from the file they would have lost what LAME takes off, and be quicker to encode again.
    """
    import numpy as np

    from bulletin.audio import encoders
    from bulletin.audio.encode import Mp3Encoder, lame_gain
    from bulletin.pcm import Samples

    suffix = "3" if has_three else ""

    class Tapped(Mp3Encoder):
        def __init__(self, file: Any, **settings: Any) -> None:
            super().__init__(file, **settings)
            kind = Path(file.name).stem.rpartition("-")[2]
            self._raw = (folder / f"{kind}{suffix}.raw").open("wb")

        def write(self, block: Samples) -> None:
            whole = np.rint(block * np.float32(32767.0 * lame_gain(KBPS)))
            self._raw.write(np.clip(whole, -32768, 32767).astype("<i2").tobytes())
            super().write(block)

        def close(self) -> None:
            self._raw.close()
            super().close()

    encoders.Mp3Encoder = Tapped  # type: ignore[misc]
    if has_three:
        _mix(folder, job, ALL)
        suffix = ""
    return _mix(folder, job)


def _order(folder: Path) -> dict[str, Any]:
    order: dict[str, Any] = json.loads((folder / "order.json").read_text())
    return order


def _save(folder: Path, job: dict[str, Any]) -> None:
    (folder / "job.pickle").write_bytes(pickle.dumps(job))


def _load(folder: Path) -> dict[str, Any]:
    job: dict[str, Any] = pickle.loads((folder / "job.pickle").read_bytes())
    return job


def _note(folder: Path, seconds: float) -> None:
    (folder / "verify_s").write_text(str(seconds), encoding="utf-8")


WAYS = {
    "ours": ours,
    "three": three,
    "limit3": limit3,
    "naive": naive,
    "ffmpeg": ffmpeg,
    "babbel": babbel,
    "limit": limit,
    "lengthen": lengthen,
}

if __name__ == "__main__":
    way, _, voice = sys.argv[1].partition(":")
    if way == "prepare":
        prepare(Path(sys.argv[2]), voice)
    else:
        WAYS[way](Path(sys.argv[2]))
