"""Respellings in a sentence -> the phonemes that a lexicon gives for them, for engines that read such; pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

_SIGNS = {
    "eɪ": "A", "aɪ": "I", "aʊ": "W", "ɔɪ": "Y", "oʊ": "O", "əʊ": "Q", "tʃ": "ʧ", "dʒ": "ʤ", "t͡ʃ": "ʧ", "d͡ʒ": "ʤ",
    "g": "ɡ", "r": "ɹ", ".": "", "ˑ": "",
}  # fmt: skip
"""IPA as dictionaries print it -> the one sign that misaki's alphabet, which our engines learnt, has for it."""
_SIGN = re.compile("|".join(re.escape(sign) for sign in sorted(_SIGNS, key=len, reverse=True)))
_STRESS = re.compile(r"([ˈˌ])([^ˈˌaæɑɒʌəɜɛeiɪɔoʊuAIWYOQᵊɐ\s]+)")


def link_phonemes(text: str, phonemes: Mapping[str, str]) -> str:
    """
    "Froom's Hill" -> "[Froom's](/fɹˈuːmz/) Hill": misaki's mark-up, longest first, whole words, case-aware.

    `phonemes`: what stands in the spoken text, as the lexicon respells it -> IPA.
    """
    if not phonemes:
        return text
    words = "|".join(re.escape(word) for word in sorted(phonemes, key=len, reverse=True))
    return re.sub(
        rf"(?<![\w'-])({words})('s)?(?![\w-])",
        lambda m: f"[{m[0]}](/{_own(_as_learnt(phonemes[m[1]])) if m[2] else _as_learnt(phonemes[m[1]])}/)",
        text,
    )


def _own(said: str) -> str:
    """The possessive, by the last sound: "Bath's", "Froom's", "Alnwich's"."""
    last = said.rstrip("ˈˌː")[-1:]
    return said + ("ɪz" if last in "szʃʒʧʤ" else "s" if last in "ptkfθ" else "z")


def _as_learnt(ipa: str) -> str:
    """Stress stands before the vowel in misaki's alphabet, before the syllable in a dictionary's."""
    return _STRESS.sub(r"\2\1", _SIGN.sub(lambda m: _SIGNS[m[0]], ipa))


def fingerprint_of(phonemes: Mapping[str, str]) -> str:
    """For an engine's fingerprint: another pronunciation is another sound."""
    if not phonemes:
        return ""
    listed = "\n".join(f"{word}\t{said}" for word, said in sorted(phonemes.items()))
    return f" phonemes={hashlib.sha256(listed.encode()).hexdigest()[:12]}"
