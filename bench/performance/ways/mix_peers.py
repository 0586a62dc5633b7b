"""Mixes of the same clips by other tools: pydub, one ffmpeg graph, two loudnorm runs a story."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bench.performance.ways.mix import KBPS, RATE_HZ, make_lame
from bench.processes import run_way

GAP_MS = 600
BED_DB = -20
GRAPH_LOUDNESS = "loudnorm=I=-16:TP=-1.5:LRA=11"


def naive(folder: Path) -> None:
    """As a first script would do it: joined with +, the bed laid under opening and headlines, exported."""
    whole = _joined(folder)
    # By ffmpeg in a separate process, with the quality setting that we use for LAME.
    whole.export(
        folder / "naive.mp3", format="mp3", bitrate=f"{KBPS}k", parameters=["-compression_level", "3"]
    ).close()


def naive_lame(folder: Path) -> None:
    """The same, encoded without a further process: quicker than anything that pydub offers."""
    whole = _joined(folder)
    import lameenc

    lame = make_lame(lameenc)
    (folder / "naive.mp3").write_bytes(bytes(lame.encode(whole.raw_data)) + bytes(lame.flush()))


def _joined(folder: Path) -> Any:
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
    return whole.overlay((bed * (1 + head_ms // len(bed)))[: head_ms + 2000].fade_out(1500))


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
    """Two runs level every clip into a separate file; then one run joins them over the bed."""
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
    import re

    output = _run(
        [*sources, "-filter_complex", f"{graph},{GRAPH_LOUDNESS}:print_format=json", "-f", "null", "-"]
    )
    loudness = json.loads(re.findall(r"\{[^{}]*\}", output)[-1])
    measured = (
        f"measured_I={loudness['input_i']}:measured_TP={loudness['input_tp']}:measured_LRA={loudness['input_lra']}"
        f":measured_thresh={loudness['input_thresh']}:offset={loudness['target_offset']}:linear=true"
    )
    _run([*sources, "-filter_complex", f"{graph},{GRAPH_LOUDNESS}:{measured}", *_encoding(path)])


def _encoding(path: Path) -> list[str]:
    codec = ["-c:a", "libmp3lame", "-b:a", f"{KBPS}k"] if path.suffix == ".mp3" else []
    return ["-ar", str(RATE_HZ), *codec, "-y", str(path)]


def _run(arguments: list[str]) -> str:
    import subprocess

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


def _segment(segments: Any, path: str) -> Any:
    return segments.from_wav(path).set_frame_rate(RATE_HZ).set_channels(2)


def _order(folder: Path) -> dict[str, Any]:
    order: dict[str, Any] = json.loads((folder / "order.json").read_text())
    return order


if __name__ == "__main__":
    run_way({"naive": naive, "naive_lame": naive_lame, "ffmpeg": ffmpeg, "babbel": babbel})
