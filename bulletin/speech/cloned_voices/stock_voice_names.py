"""Names of the stock voices of speech services, which are no clones of a person. Pure."""

from __future__ import annotations

import re

_STOCK = (
    # OpenAI (platform.openai.com/docs/guides/text-to-speech); openedai-speech has one more
    r"alloy|echo-alt|ash|ballad|cedar|coral|echo|fable|marin|nova|onyx|sage|shimmer|verse",
    # Kokoro: language and sex, then a name; Kokoro-FastAPI mixes them, "af_bella(2)+af_sky(1)"
    r"[abefhijpz][fm]_[a-z0-9]+(?:\(\d+(?:\.\d+)?\))?(?:[+-][abefhijpz][fm]_[a-z0-9]+(?:\(\d+(?:\.\d+)?\))?)*",
    # Piper: language, name, quality; a speaker of a data set may follow
    r"[a-z]{2,3}_[A-Z]{2}-\w+-(?:x_low|low|medium|high)(?:\.onnx)?(?:#.+)?",
    # Piper's older files, which LocalAI offers: "voice-en-us-amy-low"
    r"(?:voice-)?[a-z]{2}-[a-z]{2}-\w+-(?:x-low|x_low|low|medium|high)(?:\.onnx)?",
    # Microsoft Edge and Azure
    r"[a-z]{2,3}-[A-Z]{2}-\w+Neural",
)
_STOCK_NAME = re.compile("|".join(_STOCK))


_PIPER_MODEL = re.compile(r"(?:.*/)?(?:piper|voice)-([a-z]{2,3}_[A-Z]{2}-(\w+)-(?:x_low|low|medium|high))")
"""Model of a server that has one for each Piper voice: speaches' "speaches-ai/piper-en_US-amy-low"."""


def is_stock_voice(name: str, *, model: str = "") -> bool:
    """
    Whether a name is one of an engine's own voices, or the voice of a Piper `model`.

    >>> [name for name in ("nova", "bf_emma+af_sky", "en_GB-alba-medium", "voice_abc", "jo") if is_stock_voice(name)]
    ['nova', 'bf_emma+af_sky', 'en_GB-alba-medium']
    >>> is_stock_voice("amy", model="speaches-ai/piper-en_US-amy-low"), is_stock_voice("amy", model="xtts")
    (True, False)
    """
    found = _PIPER_MODEL.fullmatch(model)
    if found and name in found.groups():
        return True
    return _STOCK_NAME.fullmatch(name) is not None
