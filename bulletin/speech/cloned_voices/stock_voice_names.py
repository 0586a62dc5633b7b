"""Names of the stock voices of speech services, which are no clones of a person. Pure."""

from __future__ import annotations

import re

_STOCK = (
    # OpenAI (platform.openai.com/docs/guides/text-to-speech)
    r"alloy|ash|ballad|cedar|coral|echo|fable|marin|nova|onyx|sage|shimmer|verse",
    # Kokoro: language and sex, then a name; Kokoro-FastAPI mixes them, "af_bella(2)+af_sky(1)"
    r"[abefhijpz][fm]_[a-z]+(?:\(\d+(?:\.\d+)?\))?(?:[+-][abefhijpz][fm]_[a-z]+(?:\(\d+(?:\.\d+)?\))?)*",
    # Piper: language, name, quality; a speaker of a data set may follow
    r"[a-z]{2,3}_[A-Z]{2}-\w+-(?:x_low|low|medium|high)(?:\.onnx)?(?:#.+)?",
    # Microsoft Edge and Azure
    r"[a-z]{2,3}-[A-Z]{2}-\w+Neural",
)
_STOCK_NAME = re.compile("|".join(_STOCK))


def is_stock_voice(name: str) -> bool:
    """
    Whether a name is one of an engine's own voices.

    >>> [name for name in ("nova", "bf_emma+af_sky", "en_GB-alba-medium", "voice_abc", "jo") if is_stock_voice(name)]
    ['nova', 'bf_emma+af_sky', 'en_GB-alba-medium']
    """
    return _STOCK_NAME.fullmatch(name) is not None
