"""Self-test of an installation: one page extracted, one sentence spoken, one second encoded."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import numpy as np

from bulletin.articles.worker.parser_process import ParserProcess, WorkerError
from bulletin.articles.worker.parser_process_pool import FEED_S, PAGE_S
from bulletin.audio.formats.encoders import RATES_HZ, SUFFIXES, AudioFormat, make_encoder
from bulletin.errors import AudioError, BulletinError, EngineUnavailableError, SpeechError
from bulletin.runtime.read_sound_file import read_sound
from bulletin.runtime.suggest_install_command import command_for_package, command_to_repair, missing_packages
from bulletin.speech.call_speech_engine import say_sentences
from bulletin.speech.engine_interface import VoiceReader

_READ_WITHIN_S = 60.0
"""A busy small computer takes ten seconds to load the libraries."""
_PITCH_HZ = 440.0
_LEVEL = 0.25
_MOST_AMISS_S = 0.2
"""Encoders pad the sound to whole frames."""

_TITLE = "Council opens footbridge at Mill Lane"
_TEXT = (
    "The council has opened a new footbridge at Mill Lane, two years after a flood carried the old one off.",
    "Work began in March and was finished three weeks early, the council's engineer told the newspaper.",
    "People on the far bank had walked more than a mile around to reach the school and the shops.",
    "The bridge cost less than had been set aside, and the rest will pay for lamps along the path.",
    "The first to cross were children of the village school, who sang for the opening on Saturday.",
)
_PAGE = (
    f"<!doctype html><html lang=en><head><title>{_TITLE}</title></head><body>"
    f"<nav><a href=/>Home</a></nav><article><h1>{_TITLE}</h1>{''.join(f'<p>{text}</p>' for text in _TEXT)}"
    "</article><footer>Contact</footer></body></html>"
)
_FEED = (
    "<rss version='2.0'><channel><title>Wexcombe</title><item><guid>1</guid>"
    f"<title>{_TITLE}</title><description>{_TEXT[0]}</description></item></channel></rss>"
)


def check_packages() -> None:
    """Raises BulletinError with the missing packages and the command that installs them."""
    if missing := missing_packages():
        raise BulletinError(f"not installed: {', '.join(missing)}; {command_for_package(*missing)}")


@lru_cache(maxsize=1)  # once in a process is enough
def read_sample() -> None:
    """
    Parse a small feed and extract a small page's article in a worker process, as a run does.

    Raises BulletinError with the remedy.
    """
    missing = missing_packages()
    repair = command_to_repair("feedparser", "trafilatura", "lxml")
    remedy = command_for_package(*missing) if missing else repair
    try:
        with ParserProcess() as worker:
            feed = worker.run(
                "feed", _FEED.encode(), cpu_s=FEED_S, within_s=_READ_WITHIN_S, url="https://example.org/rss"
            )
            page = worker.run("page", _PAGE.encode(), cpu_s=PAGE_S, within_s=_READ_WITHIN_S, title=_TITLE)
    except WorkerError as error:
        raise BulletinError(f"feeds and article pages cannot be read: {error}; {remedy}") from error
    if len(feed.entries) != 1:
        raise BulletinError(f"the test feed gave {len(feed.entries)} entries instead of one; {remedy}")
    words, expected = page.text.split(), " ".join(_TEXT).split()
    if words != expected:
        reason = page.reason or f"{len(words)} words of {len(expected)}"
        raise BulletinError(f"the test page gave no article ({reason}); {remedy}")


def speak_sample(reader: VoiceReader, sentence: str) -> None:
    """
    Have a local voice speak a sentence, with the same checks as on air.

    Raises SpeechError, with the remedy where the voice's libraries fail.
    """
    try:
        list(say_sentences([sentence], engine=reader.engine, voice=reader.voice))
    except SpeechError:
        raise
    except Exception as error:
        # for instance binary wheels of incompatible versions
        problem = f"voice engine {reader.engine.name}: cannot speak ({type(error).__name__}: {error})"
        remedy = "install it again, or name another engine in [speech] chain"
        raise EngineUnavailableError(f"{problem}; {remedy}") from error


def encode_sample(formats: Iterable[AudioFormat]) -> None:
    """Encode and decode a second of sound in each of `formats`. Raises AudioError with the remedy."""
    for fmt in dict.fromkeys(formats):
        remedy = command_to_repair("lameenc" if fmt == "mp3" else "soundfile", "numpy")
        try:
            with tempfile.TemporaryDirectory(prefix="bulletin-") as folder:
                length_s, peak = _encode_second(fmt, Path(folder) / f"second{SUFFIXES[fmt]}")
        except Exception as error:
            raise AudioError(f"{fmt}: cannot be encoded ({error}); {remedy}") from error
        if abs(length_s - 1.0) > _MOST_AMISS_S or not _LEVEL / 2 < peak < _LEVEL * 2:
            result = f"{length_s:.2f} s with a peak of {peak:.2f} instead of 1 s with {_LEVEL}"
            raise AudioError(f"{fmt}: the encoded test tone has {result}; {remedy}")


def _encode_second(fmt: AudioFormat, path: Path) -> tuple[float, float]:
    """Length in seconds and peak (full scale 1.0) of the decoded second."""
    rate_hz = RATES_HZ[fmt]
    tone = _LEVEL * np.sin(2 * np.pi * _PITCH_HZ * np.arange(rate_hz) / rate_hz)
    encoder = make_encoder(fmt, path, rate_hz=rate_hz)
    try:
        encoder.write(np.column_stack((tone, tone)).astype(np.float32))
        encoder.close()
    except BaseException:
        encoder.abandon()
        raise
    samples, rate_hz = read_sound(path)
    return len(samples) / rate_hz, float(np.abs(samples).max())
