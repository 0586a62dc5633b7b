"""
A table of the local voices: licence, size, CPU, naturalness, word error on plain and hard news, evenness, questions.

    python -m bench.voices --shared ../shared [--voices hibari:heart kokoro:bf_emma] [--sentences 12]
        [--bulletins 11 12] [--texts FOLDER] [--judge COMMAND]

English voices read `tools/speech/news-plain.txt` and `news-hard.txt`; voices of other languages read sentences of real
news (`data/fresh/day-XX-dev`) without figures ("plain") and with figures ("hard"); or, for a figure that no text behind
a rule flatters, `XX-plain.txt` and `XX-hard.txt` of a folder, one sentence a line. Texts pass the station's
normalization, also what Whisper base hears, so that "3.5 per cent" equals "three point five percent". The judge is a
program that prints a line of JSON with "distillmos" for a WAV file: the dry voice of a bulletin of two minutes from each
of the slices `--bulletins`, and the questions; in other languages the plain sentences. Level and pace are the lowest and
the highest of all sentences of eight words or more, from their median; questions for yes or no rise, or not, at their
end. A name that Whisper cannot spell counts as an error: compare voices, not languages.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
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

from bench.masking import write_bulletin
from bench.voice_sound import QUESTIONS, RISES_FROM, end_rise, spread_of
from bench.word_errors import word_errors
from bulletin.errors import SpeechError
from bulletin.language.split_sentences import split_sentences
from bulletin.normalization.normalize_text import make_speakable
from bulletin.runtime.read_sound_file import Samples, write_wav
from bulletin.runtime.resampling import resample
from bulletin.runtime.whisper_models import RATE_HZ, load_model, transcribe
from bulletin.speech.call_speech_engine import say_sentences
from bulletin.speech.engine_interface import VoiceReader
from bulletin.speech.phoneme_speech_engine_base import PhonemeEngine
from bulletin.speech.prosody.even_pace import count_sounds, speaking_seconds
from bulletin.speech.trim_and_level_speech import loudness_lufs
from bulletin.speech.voice_factory import build_chain, list_voices

_LANGUAGES = {
    "en": "en-GB",
    "es": "es-ES",
    "it": "it-IT",
    "pt": "pt-BR",
    "fr": "fr-FR",
    "de": "de-DE",
    "nl": "nl-NL",
}
_SIZE_MB = {"hibari": 14, "kokoro": 93, "pico": 8, "espeak": 15}
"""Model and one voice, installed."""
_HEARD_S = 26.0
"""Whisper hears 30 seconds at once."""
_PAUSE_S = 0.4
_BULLETIN_S = 120.0
_LONG_WORDS = 8


@dataclass(slots=True, kw_only=True)
class Row:
    """What was measured of one voice."""

    reader: VoiceReader
    seconds: float = 0.0
    cpu_s: float = 0.0
    lufs: list[float] = field(default_factory=list)
    sounds_per_s: list[float] = field(default_factory=list)
    errors: dict[str, float] = field(default_factory=dict)
    naturalness: dict[str, float] = field(default_factory=dict)
    rises: list[float] = field(default_factory=list)
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
    parser.add_argument(
        "--bulletins", type=int, nargs="*", default=[11], help="slices of real news, English voices"
    )
    parser.add_argument("--texts", type=Path, help="folder with es-plain.txt, es-hard.txt ...")
    parser.add_argument("--judge", default="", help="command of the judge of naturalness")
    options = parser.parse_args()
    ears = load_model("base")
    print(
        "| voice | language | licence | MB | CPU s per s | naturalness | word error plain / hard | level, LU | pace, % | questions rise | misheard |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for reader in _readers(options.voices):
        row = Row(reader=reader)
        language = reader.voice.language.partition("-")[0]
        try:
            texts = _kept_texts(options.texts, language) or _texts(
                options.shared, language, count=options.sentences
            )
            for kind, text in texts.items():
                _measure(row, kind, text, language=language, ears=ears, judge=options.judge)
            if language == "en":
                for number in options.bulletins:
                    _measure_bulletin(
                        row, options.shared / f"data/fresh/slice-{number:02}.jsonl", options.judge
                    )
                _measure_questions(row, options.judge)
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


def _cpu_s() -> float:
    """CPU seconds of this process and of the programs that it has run."""
    programs = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + programs.ru_utime + programs.ru_stime


def _kept_texts(folder: Path | None, language: str) -> dict[str, list[str]]:
    """Sentences of the files in a folder; empty where it has none of the language."""
    paths = {kind: folder / f"{language}-{kind}.txt" for kind in ("plain", "hard")} if folder else {}
    return {kind: path.read_text("utf-8").splitlines() for kind, path in paths.items() if path.is_file()}


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
    spoken = _speak(row, texts)
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
    if judge and kind == "plain" and language != "en":
        row.naturalness[kind] = _naturalness([spoken[text] for text in texts], judge)


def _measure_bulletin(row: Row, path: Path, judge: str) -> None:
    """The dry voice of a bulletin: its sentences in their order, for two minutes at the voice's pace."""
    script, words = write_bulletin(path), 0
    texts = []
    passages = [
        script.opening,
        *(item.headline for item in script.stories),
        *(item.cuts[-1] for item in script.stories),
    ]
    for sentence in (sentence for passage in passages if passage for sentence in passage.sentences):
        if words < _BULLETIN_S * row.reader.voice.pace_wps and sentence.spoken not in texts:
            texts.append(sentence.spoken)
            words += len(sentence.spoken.split())
    spoken = _speak(row, texts)
    if judge:
        row.naturalness[path.stem] = _naturalness([spoken[text] for text in texts], judge)


def _measure_questions(row: Row, judge: str) -> None:
    spoken = _speak(row, QUESTIONS)
    row.rises = [end_rise(samples, rate_hz=rate_hz) for samples, rate_hz in spoken.values()]
    if judge:
        row.naturalness["questions"] = _naturalness(list(spoken.values()), judge)


def _speak(row: Row, texts: Sequence[str]) -> dict[str, tuple[Samples, int]]:
    """Speak as for the air, and note CPU, length, level and pace."""
    engine, voice = row.reader.engine, row.reader.voice
    begun_s = _cpu_s()
    said = {
        text: (samples, rate_hz)
        for text, samples, rate_hz in say_sentences(texts, engine=engine, voice=voice)
    }
    row.cpu_s += _cpu_s() - begun_s
    for text, (samples, rate_hz) in said.items():
        seconds = samples.size / rate_hz
        row.seconds += seconds
        row.lufs.append(loudness_lufs(samples, rate_hz=rate_hz))
        if isinstance(engine, PhonemeEngine) and len(text.split()) >= _LONG_WORDS:
            sounds = sum(map(count_sounds, engine.phonemes_of(text, voice)))
            row.sounds_per_s.append(sounds / speaking_seconds(samples, rate_hz=rate_hz))
    return {text: said[text] for text in texts}


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
    natural = ", ".join(f"{kind} {mos:.2f}" for kind, mos in row.naturalness.items())
    misheard = ", ".join(pair for pair, _ in row.misheard.most_common(4))
    return (
        f"{name}{size} {row.cpu_s / row.seconds:.3f} | {natural} | {errors} | {_spread(row.lufs, is_ratio=False)}"
        f" | {_spread(row.sounds_per_s, is_ratio=True)} | {_rises(row.rises)} | {misheard} |"
    )


def _spread(values: Sequence[float], *, is_ratio: bool) -> str:
    if not values:
        return ""
    spread = spread_of(values, is_ratio=is_ratio)
    low, high = (100 * spread.low, 100 * spread.high) if is_ratio else (spread.low, spread.high)
    return f"{low:+.2f} to {high:+.2f} (n {spread.count})"


def _rises(rises: Sequence[float]) -> str:
    if not rises:
        return ""
    count = sum(rise >= RISES_FROM for rise in rises)
    return f"{count} of {len(rises)} ({', '.join(f'{rise:+.1f}' for rise in rises)} semitones)"


if __name__ == "__main__":
    main()
