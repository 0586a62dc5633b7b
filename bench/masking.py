"""
Does the music mask a word? Word error of a recogniser on finished bulletins, with music against the dry voice.

    python -m bench.masking --ears EARS/bin/python

EARS is an environment with the recogniser of ../shared/tools/speech.

One bulletin for each of ten slices of real news (spent ones), its first stories that are news, one minute; spoken
once, then mixed with the bed under the headlines, and with the bed under every word. The dry voice is the same
passages, as they were spoken, at the times of the finished file. The recogniser works in windows of 30 s, and where
a window begins changes what it makes of a foreign name; so it hears each file several times, after more and more
silence (`--leads`), and the mean counts. Printed: word error in per cent, words lost or changed, and the loudness
range, which on-demand listeners want under 6 LU. Styles take turns.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from bench.reading import judge_telling, read_articles, story_of
from bulletin.audio.formats.encoding_request import Order
from bulletin.audio.formats.write_id3_tags import Tags
from bulletin.audio.mixing.mix_bulletin import mix_bulletin
from bulletin.audio.music.load_jingles import StationJingles
from bulletin.config.load_profile import load_profile
from bulletin.config.profile_options import AudioOptions, ScriptOptions
from bulletin.config.tables.output_options import PodcastOptions
from bulletin.imaging.find_shipped_jingle_sets import SHIPPED_SEEDS, default_jingles
from bulletin.model import Rendition, Script, Spoken, StationWords
from bulletin.normalization.pronunciation_lexicon import Lexicon
from bulletin.runtime.read_sound_file import read_sound, write_wav
from bulletin.script.write_script import write_script
from bulletin.speech.speak_script import speak_script
from bulletin.station.build_station_object import open_station

_LENGTH_S = 60.0
_STORIES = 8
_AT = datetime(2026, 1, 1, 7, tzinfo=UTC)
_RECOGNISER = "transcribe"
BEDS = ("headlines", "whole")
UNSPENT = (18, 19, 20)
"""Slices that stay unopened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One file, as the recogniser heard it after each lead."""

    words: int
    wrong: tuple[int, ...]
    """After each lead."""
    differences: tuple[str, ...]
    """What the recogniser heard otherwise at least once: "substitute: wex -> wicks"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The same sentences, dry and with music."""

    dry: Heard
    mixed: Heard
    range_lu: float


def write_bulletin(slice_path: Path) -> Script:
    """The first stories of a slice that are news."""
    stories = []
    for article in read_articles(slice_path):
        # as if it were two hours old: a story of another year would not be told as news
        story, reason = judge_telling(story_of({**article, "published": "2026-01-01T05:00:00+00:00"}))
        if not reason:
            stories.append(story)
    return write_script(
        stories[:_STORIES],
        station=StationWords(id="masking", name="Hillside Radio"),
        at=_AT,
        options=ScriptOptions(headlines=3),
        lexicon=Lexicon(),
    )


def speak(script: Script, *, voice: str, folder: Path, cache: Path) -> Spoken:
    overrides = {"speech": {"chain": (voice,)}}
    with open_station(load_profile("demo"), output=cache, overrides=overrides) as station:
        return speak_script(script, chain=station.readers, cache=station.cache, folder=folder)


def mix(script: Script, spoken: Spoken, *, style: str, bed: str, folder: Path) -> Rendition:
    order = Order(kind="podcast", path=folder / f"{bed}.mp3", options=PodcastOptions(bed=bed))
    bulletin = mix_bulletin(
        script,
        spoken,
        jingles=StationJingles(**default_jingles(style)),
        options=AudioOptions(),
        orders=[order],
        target_s=_LENGTH_S,
        tags=Tags(artist="Hillside Radio", album="News", date=_AT),
        made=_AT,
    )
    return bulletin.renditions[0]


def place_dry(rendition: Rendition, spoken: Spoken, path: Path) -> Path:
    """The passages of a rendition without music, as the voice spoke them, at their times in the rendition."""
    clips = {clip.passage: clip.path for clip in spoken.clips}
    cues = iter(rendition.cues)
    placed = []
    for passage in rendition.aired:
        starts_s = [next(cues).start_s for _ in passage.sentences]
        sound, rate_hz = read_sound(clips[passage])
        placed.append((round(starts_s[0] * rate_hz), sound.mean(axis=1)))
    whole = np.zeros(max(start + len(sound) for start, sound in placed) + rate_hz, dtype=np.float32)
    for start, sound in placed:
        whole[start : start + len(sound)] += sound
    write_wav(path, whole[:, None], rate_hz=rate_hz)
    return path


def hear(path: Path, reference: Path, options: argparse.Namespace) -> Heard:
    """What the recogniser hears in a file after each lead of silence."""
    sound, rate_hz = read_sound(path)
    later = []
    for lead_s in options.leads:
        later.append(path.with_name(f"{path.stem}-after-{lead_s:g}.wav"))
        silence = np.zeros((round(lead_s * rate_hz), sound.shape[1]), dtype=np.float32)
        write_wav(later[-1], np.concatenate([silence, sound]), rate_hz=rate_hz)
    done = subprocess.run(
        [options.ears, options.tools / f"{_RECOGNISER}.py", *later, "--reference", reference, "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    answers: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
    count = len(reference.read_text(encoding="utf-8").split())
    kinds = [f"{kind}: {words} -> {heard}" for each in answers for kind, words, heard in each["differences"]]
    return Heard(
        words=count,
        wrong=tuple(round(answer["wer_percent"] * count / 100) for answer in answers),
        differences=tuple(dict.fromkeys(kinds)),
    )


def compare(number: int, options: argparse.Namespace, work: Path) -> dict[str, Pair]:
    """The files of one bulletin against its dry voice."""
    folder = work / f"{number:02}"
    folder.mkdir()
    style = list(SHIPPED_SEEDS)[number % len(SHIPPED_SEEDS)]
    script = write_bulletin(options.fresh / f"slice-{number:02}.jsonl")
    spoken = speak(script, voice=options.voice, folder=folder, cache=work / "station")
    results: dict[str, Pair] = {}
    dry: dict[str, Heard] = {}
    for bed in options.beds:
        rendition = mix(script, spoken, style=style, bed=bed, folder=folder)
        words = " ".join(sentence.spoken for passage in rendition.aired for sentence in passage.sentences)
        reference = folder / "reference.txt"
        reference.write_text(words, encoding="utf-8")
        if words not in dry:
            dry[words] = hear(place_dry(rendition, spoken, folder / "dry.wav"), reference, options)
        range_lu = rendition.quality.range_lu if rendition.quality else 0.0
        results[bed] = Pair(dry=dry[words], mixed=hear(rendition.path, reference, options), range_lu=range_lu)
        print(f"slice {number:02}  {style:8} {_describe(bed, [results[bed]])}", flush=True)
        print(
            f"          wrong words dry {dry[words].wrong}, with music {results[bed].mixed.wrong}", flush=True
        )
        for difference in set(results[bed].mixed.differences) - set(dry[words].differences):
            print(f"          only with music: {difference}", flush=True)
    return results


def _describe(bed: str, pairs: Sequence[Pair]) -> str:
    dry, mixed = _percent([pair.dry for pair in pairs]), _percent([pair.mixed for pair in pairs])
    words = sum(pair.dry.words for pair in pairs)
    return (
        f"bed {bed:9}  word error dry {dry:.2f} %, with music {mixed:.2f} % ({mixed - dry:+.2f}) of {words} words,"
        f" loudness range at most {max(pair.range_lu for pair in pairs):.1f} LU"
    )


def _percent(heard: Sequence[Heard]) -> float:
    return (
        100.0 * sum(sum(each.wrong) / len(each.wrong) for each in heard) / sum(each.words for each in heard)
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--fresh", type=Path, default=Path("../shared/data/fresh"))
    parser.add_argument(
        "--ears", type=Path, default=Path(".venv-judges/bin/python"), help="Python with the recogniser"
    )
    parser.add_argument("--tools", type=Path, default=Path("../shared/tools/speech"))
    parser.add_argument("--beds", nargs="+", choices=BEDS, default=list(BEDS))
    parser.add_argument("--voice", default="hibari")
    parser.add_argument("--leads", type=float, nargs="+", default=[0.0, 1.5, 3.0], help="seconds of silence")
    parser.add_argument("--slices", type=int, nargs="+", default=list(range(1, 11)))
    options = parser.parse_args()
    if unspent := set(options.slices) & set(UNSPENT):
        parser.error(f"slice {min(unspent)} is not spent; use 1 to 17")
    with tempfile.TemporaryDirectory() as name:
        bulletins = [compare(number, options, Path(name)) for number in options.slices]
    for bed in options.beds:
        print(_describe(bed, [bulletin[bed] for bulletin in bulletins]))


if __name__ == "__main__":
    main()
