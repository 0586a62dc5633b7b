"""Spoken sentence -> the same with the lexicon's phonemes marked up, for engines that read them. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

_SIGNS = {
    "eɪ": "A", "aɪ": "I", "aʊ": "W", "ɔɪ": "Y", "oʊ": "O", "əʊ": "Q", "tʃ": "ʧ", "dʒ": "ʤ", "t͡ʃ": "ʧ", "d͡ʒ": "ʤ",
    "g": "ɡ", "r": "ɹ", ".": "", "ˑ": "",
}  # fmt: skip
"""IPA of dictionaries -> the single sign of misaki's alphabet, which our engines use."""
_SIGN = re.compile("|".join(re.escape(sign) for sign in sorted(_SIGNS, key=len, reverse=True)))
_STRESS = re.compile(r"([ˈˌ])([^ˈˌaæɑɒʌəɜɛeiɪɔoʊuAIWYOQᵊɐ\s]+)")


def link_phonemes(text: str, phonemes: Mapping[str, str]) -> str:
    """
    "Froom's Hill" -> "[Froom's](/fɹˈuːmz/) Hill": misaki's mark-up, longest first, whole words, case-aware.

    `phonemes`: respelling in the spoken text -> IPA.
    """
    if not phonemes:
        return text
    words = "|".join(re.escape(word) for word in sorted(phonemes, key=len, reverse=True))
    return re.sub(
        rf"(?<![\w'-])({words})('s)?(?![\w-])",
        lambda m: (
            f"[{m[0]}](/{_possessive(_to_misaki(phonemes[m[1]])) if m[2] else _to_misaki(phonemes[m[1]])}/)"
        ),
        text,
    )


def _possessive(ipa: str) -> str:
    """The possessive, by the last sound: "Bath's", "Froom's", "Alnwich's"."""
    last = ipa.rstrip("ˈˌː")[-1:]
    return ipa + ("ɪz" if last in "szʃʒʧʤ" else "s" if last in "ptkfθ" else "z")


def _to_misaki(ipa: str) -> str:
    """Misaki puts the stress before the vowel, dictionaries before the syllable."""
    return _STRESS.sub(r"\2\1", _SIGN.sub(lambda m: _SIGNS[m[0]], ipa))


def fingerprint_of(phonemes: Mapping[str, str]) -> str:
    """Part of an engine's fingerprint: another pronunciation is another sound."""
    if not phonemes:
        return ""
    listed = "\n".join(f"{word}\t{ipa}" for word, ipa in sorted(phonemes.items()))
    return f" phonemes={hashlib.sha256(listed.encode()).hexdigest()[:12]}"
