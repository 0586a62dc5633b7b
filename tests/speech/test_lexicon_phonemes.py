from __future__ import annotations

import pytest

from bulletin.speech.engines.hibari_offline_voice import HibariEngine
from bulletin.speech.engines.kokoro import KokoroEngine
from bulletin.speech.lexicon_phonemes import fingerprint_of, link_phonemes

FROOM = {"Froom": "ˈfruːm"}


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("Fire in Froom.", "Fire in [Froom](/fɹˈuːm/)."),
        ("Froom's Froomers froom in Froom-on-Sea.", "[Froom's](/fɹˈuːmz/) Froomers froom in Froom-on-Sea."),
        ("Nothing here.", "Nothing here."),
    ],
)
def test_whole_words_are_linked_to_their_phonemes(text: str, linked: str) -> None:
    assert link_phonemes(text, FROOM) == linked


def test_the_longest_respelling_comes_first() -> None:
    assert link_phonemes("West Froom", {"Froom": "fɹˈuːm", "West Froom": "wˈɛst fɹˈuːm"}) == (
        "[West Froom](/wˈɛst fɹˈuːm/)"
    )


@pytest.mark.parametrize(
    ("ipa", "learnt"),
    [("ˈdʒeɪms", "ʤˈAms"), ("tʃəʊ", "ʧQ"), ("ˌɡaɪˈreɪ", "ɡˌIɹˈA"), ("lˈɛmstə", "lˈɛmstə")],
)
def test_dictionary_phonemes_become_engine_phonemes(ipa: str, learnt: str) -> None:
    assert link_phonemes("X", {"X": ipa}) == f"[X](/{learnt}/)"


@pytest.mark.slow
def test_hibari_says_the_phonemes_and_not_the_letters() -> None:
    hibari = pytest.importorskip("hibari.g2p")
    say = hibari.G2P(british=True)

    assert say(link_phonemes("Fire in Zqfroom's hall.", {"Zqfroom": "fɹˈuːm"})) == say(
        "Fire in Froom's hall."
    )


@pytest.mark.parametrize("engine", [HibariEngine, KokoroEngine])
def test_another_pronunciation_gives_other_audio(engine: type[HibariEngine | KokoroEngine]) -> None:
    """The cache must not return the old one."""
    plain, own = engine(), engine(phonemes=FROOM)

    assert plain.fingerprint != own.fingerprint
    assert own.fingerprint == engine(phonemes=dict(FROOM)).fingerprint
    assert fingerprint_of({}) == ""
