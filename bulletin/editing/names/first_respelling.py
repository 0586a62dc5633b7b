"""
Word of a name -> the respelling to begin with, by how the embedded voice reads it.

Source: `propose_respelling`; docs/NAMES.md has its accuracy.
"""

from __future__ import annotations

import logging
from functools import lru_cache

from bulletin.editing.names.propose_respelling import Reading, propose_respelling
from bulletin.errors import SpeechError
from bulletin.speech.engines.hibari_offline_voice import read_name

log = logging.getLogger(__name__)


@lru_cache(maxsize=4096)
def first_respelling(word: str, *, language: str) -> str:
    """
    The respelling that is proposed for a word; "" in a language other than English, and where no voice reads it.

    >>> first_respelling("Masaccio", language="it")
    ''
    """
    return propose_respelling(word, _read) if language.startswith("en") else ""


def _read(word: str) -> Reading | None:
    """How hibari reads a word, None without it. Example: `first_respelling`."""
    try:
        phonemes, is_known = read_name(word)
    except SpeechError as error:
        log.warning("no respelling proposed, the voice that reads names is missing: name=%s: %s", word, error)
        return None
    return Reading(phonemes=phonemes, is_known=is_known)
