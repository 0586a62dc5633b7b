"""
A table of the local voices: licence, size, CPU, naturalness, word error on plain and hard news, and what fails.

    python -m bench.voices --shared ../shared [--voices hibari:heart kokoro:bf_emma] [--sentences 12]
        [--judge COMMAND]

English voices read `tools/speech/news-plain.txt` and `news-hard.txt`; voices of other languages read sentences of real
news (`data/fresh/day-XX-dev`) without figures ("plain") and with figures ("hard"). Texts pass the station's
normalization, also what Whisper base hears, so that "3.5 per cent" equals "three point five percent". The judge is a
program that prints a line of JSON with "distillmos" for a WAV file. Level and pace are the largest differences between
sentences. A name that Whisper cannot spell counts as an error: compare voices, not languages.
"""

from __future__ import annotations

import argparse
import json
import re
import shlex
import subprocess
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from bench.word_errors import word_errors
from bulletin.errors import SpeechError
from bulletin.language.split_sentences import split_sentences
from bulletin.normalization.normalize_text import make_speakable
from bulletin.runtime.read_sound_file import Samples, write_wav
from bulletin.runtime.resampling import resample
from bulletin.runtime.whisper_models import RATE_HZ, load_model, transcribe
from bulletin.speech.call_speech_engine import say_sentences
from bulletin.speech.engine_interface import VoiceReader
from bulletin.speech.trim_and_level_speech import loudness_lufs
from bulletin.speech.voice_factory import build_chain, list_voices

_LANGUAGES = {"en": "en-GB", "es": "es-ES", "it": "it-IT", "pt": "pt-BR", "fr": "fr-FR"}
_SIZE_MB = {"hibari": 14, "kokoro": 93}
"""Model and one voice, installed."""
_HEARD_S = 26.0
"""Whisper hears 30 seconds at once."""
_PAUSE_S = 0.4


@dataclass(slots=True, kw_only=True)
class Row:
    """What was measured of one voice."""

    reader: VoiceReader
    seconds: float = 0.0
    cpu_s: float = 0.0
    lufs: list[float] = field(default_factory=list)
    errors: dict[str, float] = field(default_factory=dict)
    naturalness: float | None = None
    misheard: Counter[str] = field(default_factory=Counter)
    failed: str = ""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--voices", nargs="*", help="engine:voice; all local ones by default")
    parser.add_argument(
        "--sentences", type=int, default=12, help="of each kind, in languages other than English"
    )
    parser.add_argument("--judge", default="", help="command of the judge of naturalness")
    options = parser.parse_args()
    ears = load_model("base")
    print(
        "| voice | language | licence | MB | CPU s per s | naturalness | word error plain / hard | level, LU | misheard |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for reader in _readers(options.voices):
        row = Row(reader=reader)
        language = reader.voice.language.partition("-")[0]
        try:
            for kind, text in _texts(options.shared, language, count=options.sentences).items():
                _measure(row, kind, text, language=language, ears=ears, judge=options.judge)
        except SpeechError as error:
            row.failed = str(error)
        print(_line(row), flush=True)


def _readers(wanted: Sequence[str] | None) -> Iterator[VoiceReader]:
    """Voices that are installed; each with an engine for its language."""
    for language in _LANGUAGES.values():
        for listing in list_voices(language=language):
            for voice in listing.voices:
                name = f"{listing.engine}:{voice.name}"
                is_wanted = name in wanted if wanted else listing.engine in _SIZE_MB
                if is_wanted and not listing.problem and voice.language[:2] == language[:2]:
                    yield from build_chain([name], engines={}, speed=1.0, language=language)


def _texts(shared: Path, language: str, *, count: int) -> dict[str, list[str]]:
    """Sentences to read, as printed."""
    if language == "en":
        texts = {
            kind: (shared / f"tools/speech/news-{kind}.txt").read_text("utf-8") for kind in ("plain", "hard")
        }
        return {kind: list(split_sentences(text)) for kind, text in texts.items()}
    path = shared / f"data/fresh/day-{language}-dev/expected.jsonl"
    articles = [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines()]
    sentences = [s for text in articles for part in text.split("\n") for s in split_sentences(part)]
    fit = [s for s in sentences if 7 <= len(s.split()) <= 20 and s.endswith(".") and "(" not in s]
    has_figure = re.compile(r"\d")
    return {
        "plain": [s for s in fit if not has_figure.search(s)][:count],
        "hard": [s for s in fit if has_figure.search(s)][:count],
    }


def _measure(row: Row, kind: str, printed: list[str], *, language: str, ears: Any, judge: str) -> None:
    if not printed:
        return
    texts = [make_speakable(text, language=_LANGUAGES[language]) for text in printed]
    begun_s = time.process_time()
    spoken = {
        text: (samples, rate_hz)
        for text, samples, rate_hz in say_sentences(texts, engine=row.reader.engine, voice=row.reader.voice)
    }
    row.cpu_s += time.process_time() - begun_s
    row.seconds += sum(samples.size / rate_hz for samples, rate_hz in spoken.values())
    row.lufs += [loudness_lufs(samples, rate_hz=rate_hz) for samples, rate_hz in spoken.values()]
    wanted, heard = [], []
    for part in _parts([(text, *spoken[text]) for text in texts]):
        sound = resample(
            np.concatenate([samples for _, samples, _ in part]), rate_hz=part[0][2], to_hz=RATE_HZ
        )
        wanted += _words(" ".join(text for text, _, _ in part), language)
        heard += _words(transcribe(ears, sound, language=language), language)
    wrong, misheard = word_errors(wanted, heard)
    row.errors[kind] = wrong / len(wanted)
    row.misheard.update(misheard)
    if judge and kind == "plain":
        row.naturalness = _naturalness([spoken[text] for text in texts], judge)


def _parts(spoken: list[tuple[str, Samples, int]]) -> Iterator[list[tuple[str, Samples, int]]]:
    """Sentences with a pause behind each, in parts that Whisper hears at once."""
    part: list[tuple[str, Samples, int]] = []
    length_s = 0.0
    for text, samples, rate_hz in spoken:
        with_pause = np.concatenate([samples, np.zeros(round(_PAUSE_S * rate_hz), dtype=np.float32)])
        if part and length_s + with_pause.size / rate_hz > _HEARD_S:
            yield part
            part, length_s = [], 0.0
        part.append((text, with_pause, rate_hz))
        length_s += with_pause.size / rate_hz
    yield part


def _words(text: str, language: str) -> list[str]:
    """Words as they are heard: figures told, elisions joined, no accents."""
    told = make_speakable(text, language=_LANGUAGES[language]).lower().replace("'", "")
    plain = unicodedata.normalize("NFD", told)
    return re.findall(r"\w+", "".join(sign for sign in plain if not unicodedata.combining(sign)))


def _naturalness(spoken: list[tuple[Samples, int]], judge: str) -> float:
    pause = np.zeros(round(0.3 * spoken[0][1]), dtype=np.float32)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "spoken.wav")
        write_wav(
            path,
            np.concatenate([piece for samples, _ in spoken for piece in (samples, pause)]),
            rate_hz=spoken[0][1],
        )
        done = subprocess.run([*shlex.split(judge), str(path)], check=True, capture_output=True, text=True)
    return float(json.loads(done.stdout.splitlines()[-1])["distillmos"])


def _line(row: Row) -> str:
    voice = row.reader.voice
    name = f"| {voice.engine}:{voice.name} | {voice.language} | {voice.attribution.licence if voice.attribution else '?'} |"
    size = f" {_SIZE_MB.get(voice.engine, '')} |"
    if row.failed:
        return f"{name}{size} | | | | {row.failed} |"
    errors = " / ".join(f"{100 * share:.1f} %" for share in row.errors.values())
    natural = f"{row.naturalness:.2f}" if row.naturalness is not None else ""
    spread = max(row.lufs) - min(row.lufs)
    misheard = ", ".join(pair for pair, _ in row.misheard.most_common(4))
    return f"{name}{size} {row.cpu_s / row.seconds:.3f} | {natural} | {errors} | {spread:.2f} | {misheard} |"


if __name__ == "__main__":
    main()
