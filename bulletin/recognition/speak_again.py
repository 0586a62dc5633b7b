"""A doubtful sentence -> the same sentence spoken in another way, exactly as long, in new clips."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from bulletin.audio.mixing.time_stretch import can_stretch, stretch_speech
from bulletin.audio.rundown.fit_rundown_to_length import MOST_BEND
from bulletin.editing.names.first_respelling import first_respelling
from bulletin.errors import SpeechError
from bulletin.model import Clip
from bulletin.normalization.load_number_and_abbreviation_tables import ENGLISH
from bulletin.normalization.normalize_text import make_speakable
from bulletin.recognition.hear_bulletin import DoubtfulSentence
from bulletin.recognition.tokens import Kind, tokens_of
from bulletin.runtime.deadline import Deadline
from bulletin.runtime.read_sound_file import Samples, read_sound, to_mono
from bulletin.runtime.resampling import resample
from bulletin.speech.call_speech_engine import say_sentences
from bulletin.speech.engine_interface import VoiceReader
from bulletin.speech.join_speech_into_wav_clips import write_whole_wav
from bulletin.speech.trim_and_level_speech import fade_ends, join_parts, level_under_peaks

log = logging.getLogger(__name__)

_PAUSES_S = (0.12, 0.05, 0.2)
"""Pauses between two pieces of a sentence, as of a comma."""
_CUT = re.compile(
    r"(?<=[,;:]) | (?=(?:and|but|or|who|which|that|when|while|after|before|because|as|in|at|for) )"
)
"""Places where a newsreader may breathe."""
_LEAST_PIECE = 12
"""Letters of the shorter piece of a sentence that is read in two."""
_CONTRACTION = re.compile(r"\b(ca|wo|sha|[a-z]+)n['’]t\b", re.IGNORECASE)
_FULL = {"ca": "can", "wo": "will", "sha": "shall"}


def speak_again(
    found: DoubtfulSentence, *, reader: VoiceReader, length_s: float, deadline: Deadline | None = None
) -> tuple[Samples, int]:
    """
    Speak a sentence in another way, stretched by at most MOST_BEND to `length_s`; its samples and their rate in Hz.

    Raises SpeechError where no other way fits the length or the voice fails.
    """
    reason = "there is no other way to read it"
    for pieces in other_readings(found):
        try:
            parts, rate_hz = _say(pieces, reader, deadline)
        except SpeechError as error:
            reason = str(error)
            continue
        for pause_s in _PAUSES_S if len(parts) > 1 else _PAUSES_S[:1]:
            joined = join_parts(parts, rate_hz=rate_hz, pause_s=pause_s)
            times = length_s * rate_hz / max(1, joined.size)
            if abs(times - 1) <= MOST_BEND and (can_stretch() or round(joined.size * times) == joined.size):
                even = level_under_peaks(joined, rate_hz=rate_hz)
                return fade_ends(stretch_speech(even, rate_hz=rate_hz, times=times), rate_hz=rate_hz), rate_hz
        reason = "its length does not fit"
    raise SpeechError(reason)


def other_readings(found: DoubtfulSentence) -> Iterator[tuple[str, ...]]:
    """
    Other ways to read a sentence, each as the pieces that are spoken one by one: doubtful words respelled, then split.

    >>> from bulletin.model import Sentence
    >>> sentence = Sentence(text="", spoken="The council didn't vote on Friday, its leader said.")
    >>> doubt = DoubtfulSentence(sentence=sentence, start_s=0, end_s=3, misses=())
    >>> [" | ".join(pieces) for pieces in other_readings(doubt)]
    ["The council didn't vote on Friday, | its leader said."]
    """
    spoken = found.sentence.spoken
    respelled = _respell_names(_respell_figures(spoken, found), found)
    if any(miss.kind == "negation" for miss, _ in found.misses):
        respelled = _spell_out_negations(respelled)
    if respelled != spoken:
        yield (respelled,)
    if pieces := _split(spoken):
        yield pieces


def _split(spoken: str) -> tuple[str, ...]:
    """A sentence in two pieces, cut at the place for a breath that is nearest to its middle; empty without one."""
    places = [match.start() for match in _CUT.finditer(spoken)]
    fit = [at for at in places if _LEAST_PIECE <= at <= len(spoken) - _LEAST_PIECE]
    if not fit:
        return ()
    commas = [at for at in fit if spoken[at - 1] in ",;:"]
    at = min(commas or fit, key=lambda place: abs(place - len(spoken) / 2))
    return spoken[:at], spoken[at + 1 :]


def _spell_out_negations(spoken: str) -> str:
    """ "didn't" -> "did not": the negation is a word of its own."""
    return _CONTRACTION.sub(lambda match: f"{_FULL.get(match[1].lower(), match[1])} not", spoken)


def _respell_figures(spoken: str, found: DoubtfulSentence) -> str:
    """ "twelve hundred" -> "one thousand two hundred", where a figure was doubtful that can be read in two ways."""
    doubtful = {miss.said for miss, _ in found.misses if miss.kind == "figure"}
    text = spoken
    for token in tokens_of(spoken):
        if token.kind is not Kind.FIGURE or token.text not in doubtful or not token.figure:
            continue
        if token.figure.parts == 1 and token.figure.value.isdigit():
            words = make_speakable(f"{int(token.figure.value):,}")
            pattern = "[ -]".join(map(re.escape, token.text.split()))
            text = re.sub(rf"\b{pattern}\b", words, text, count=1, flags=re.IGNORECASE)
    return text[:1].upper() + text[1:] if spoken[:1].isupper() else text


def _respell_names(spoken: str, found: DoubtfulSentence) -> str:
    """ "Austria" -> "Aw-stree-uh", where a name was doubtful; one whose respelling is its spelling stays."""
    text = spoken
    for miss, _ in found.misses:
        respelling = first_respelling(miss.said.title(), language=ENGLISH) if miss.kind == "name" else ""
        if respelling and respelling.replace("-", "").lower() != miss.said:
            text = re.sub(rf"\b{re.escape(miss.said)}\b", respelling, text, flags=re.IGNORECASE)
    return text


def _say(pieces: Sequence[str], reader: VoiceReader, deadline: Deadline | None) -> tuple[list[Samples], int]:
    """The sound of each piece. Raises SpeechError."""
    said = {
        text: (samples, rate_hz)
        for text, samples, rate_hz in say_sentences(
            tuple(dict.fromkeys(pieces)), engine=reader.engine, voice=reader.voice, deadline=deadline
        )
    }
    return [said[text][0] for text in pieces], said[pieces[0]][1]


def length_in(clips: Sequence[Clip], spoken: str) -> float | None:
    """Seconds of a sentence in the clips; None where it is in none, or its times are not known."""
    for clip in clips:
        for start_s, end_s in _spans(clip, spoken):
            return end_s - start_s
    return None


def replace_in_clips(
    clips: Sequence[Clip], takes: Mapping[str, tuple[Samples, int]], *, folder: Path
) -> tuple[Clip, ...]:
    """
    The clips with new sound for some sentences (spoken form -> samples and rate), in new files of the same length.

    Raises AudioError, OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(_replace_in_clip(clip, takes, folder) for clip in clips)


def _replace_in_clip(clip: Clip, takes: Mapping[str, tuple[Samples, int]], folder: Path) -> Clip:
    spans = [(span, take) for text, take in takes.items() for span in _spans(clip, text)]
    if not spans:
        return clip
    samples, rate_hz = read_sound(clip.path)
    mono = to_mono(samples).copy()
    for (start_s, end_s), (sound, sound_hz) in spans:
        start, end = round(start_s * rate_hz), round(end_s * rate_hz)
        fitting = resample(sound, rate_hz=sound_hz, to_hz=rate_hz)[: end - start]
        mono[start:end] = np.pad(fitting, (0, end - start - len(fitting)))
    path = folder / clip.path.name
    write_whole_wav(path, mono, rate_hz=rate_hz)
    return replace(clip, path=path)


def _spans(clip: Clip, spoken: str) -> Iterator[tuple[float, float]]:
    if len(clip.sentence_times) != len(clip.passage.sentences):
        return
    for sentence, span in zip(clip.passage.sentences, clip.sentence_times, strict=True):
        if sentence.spoken == spoken and not sentence.recording:
            yield span
