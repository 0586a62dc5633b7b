"""One sentence -> the speech cache, as `speak_script` would put it there."""

from __future__ import annotations

from bulletin.runtime.deadline import Deadline
from bulletin.speech.cache.share_speech_of_parallel_runs import SpeechClaims, say_once
from bulletin.speech.cache.speech_cache import SpeechCache, sentence_key
from bulletin.speech.call_speech_engine import engine_errors
from bulletin.speech.engine_interface import VoiceReader


def speak_into_cache(
    text: str,
    *,
    reader: VoiceReader,
    cache: SpeechCache,
    claims: SpeechClaims | None = None,
    deadline: Deadline | None = None,
) -> None:
    """
    Speak `text` into the cache, unless it is there; with `claims`, await it from a run that speaks it now.

    Raises SpeechError, LateSpeechError at the `deadline`.
    """
    key = sentence_key(text, reader)
    with engine_errors(reader.engine):
        reader.check_consent()  # before the cache, too: consent may have been withdrawn
        if cache.has(key):
            return
        reader.engine.check()
    for _ in say_once({text: key}, reader=reader, cache=cache, claims=claims, deadline=deadline):
        pass
