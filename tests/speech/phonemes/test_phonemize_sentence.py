"""Phonemes of Spanish, Italian, Portuguese and French, in Kokoro's alphabet."""

from __future__ import annotations

import json
import unicodedata
from importlib.util import find_spec
from pathlib import Path

import pytest

from bulletin.speech.phonemes.phonemize_sentence import LANGUAGES, phonemize_sentence
from bulletin.speech.phonemes.sound_out_word import load_spelling_rules, sound_out


@pytest.mark.parametrize(
    ("language", "text", "phonemes"),
    [
        ("es", "¿Qué dice la gente?", "kˈe ðˈiθe la xˈɛnte?"),
        ("es", "Un banco, en Barcelona.", "ˈum bˈanko, em bˌaɾθelˈona."),  # n before b
        ("es", "Llegó rápidamente el ministro.", "ʎeɣˈo rˈapiðamˈente el minˈistɾo."),  # two stresses
        ("it", "L'incontro degli amici.", "linkˈontro deʎi amˈiʧɪ."),
        ("it", "Le politiche possibili parlano.", "le polˈitike poSˈibilɪ pˈarlano."),  # last vowel but two
        ("it", "Le tecnologie e la scienza si verificano.", "le teknoloʤˈie e la ʃˈɛnʦa sɪ verˈifikano."),
        ("pt", "O novo governo, os novos povos.", "u nˈovʊ ɡovˈeɾənʊ, ʊz nˈɔvʊs pˈɔvʊs."),  # metaphony
        ("pt", "Um desafio frequente dos alemães.", "ũŋ dˌezafˈiʊ frekwˈAŋʧy dʊz ˌalemˈɐ̃ys."),
        ("pt", "As eleições não são hoje.", "az ˌelAsˈõjz nˌɐ̃ʊ̃ sˈɐ̃ʊ̃ ˈoʒy."),
        ("pt", "O partido da gente muda.", "u paɾəʧˈidʊ dæ ʒˈAŋʧy mˈudæ."),
        ("fr", "Les enfants sont allés à l'école.", "lez ɑ̃fˈɑ̃ sɔ̃t alˈe a lekˈɔl."),  # liaison
        ("fr", "Les héros des Halles ont huit ans.", "le eʁˈo de ˈal ɔ̃ yˈit ˈɑ̃."),  # h aspiré: none
        ("fr", "Ils ont dix avions et neuf heures.", "ilz ɔ̃ dˈiz avjˈɔ̃ e nˈœv ˈœʁ."),
        ("fr", "Les ministres affirment que l'agent ment.", "le minˈistʁ afˈiʁm kə laʒˈɑ̃ mˈɑ̃."),  # -ent twice
        ("fr", "Le président vient acquitter les illégalités.", "lə pʁezidˈɑ̃ vjˈɛ̃ akitˈe lez ileɡalitˈe."),
        ("fr", "Qu'est-ce qu'il y a aujourd'hui ?", "kɛ sə kil i a oʒuʁdyˈi?"),
    ],
)
def test_a_sentence_is_sounded_out(language: str, text: str, phonemes: str) -> None:
    assert phonemize_sentence(text, language) == unicodedata.normalize("NFD", phonemes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sign_is_in_the_alphabet_of_the_voice(language: str) -> None:
    """A sign that is not is skipped in silence."""
    (folder,) = find_spec("hibari").submodule_search_locations
    alphabet = json.loads(Path(folder, "assets", "vocab.json").read_text(encoding="utf-8"))
    rules = load_spelling_rules(language)
    sounds = "".join((*rules.sounds, *rules.words.values(), *(sound for _, sound in rules.joined)))
    letters = "abcdefghijklmnopqrstuvwxyzàáâãäçèéêëìíîïñòóôõöùúûüœ"

    read = "".join(sound_out(f"{letter}a{letter}", rules) for letter in letters)

    assert {sign for sign in sounds + read if sign not in alphabet} <= set("=\\1")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["Škoda", "Łódź", "BBC", "x", "2026", "🙂 Zürich"])
def test_no_word_is_lost(language: str, text: str) -> None:
    assert phonemize_sentence(text, language)


def test_the_phonemes_of_the_lexicon_are_taken_as_they_are() -> None:
    assert phonemize_sentence("En [Xàtiva](/ʃˈativa/), hoy.", "es") == "en ʃˈativa, ˈoɪ."


def test_initials_are_read_by_the_names_of_their_letters() -> None:
    assert phonemize_sentence("la C-G-T", "fr") == phonemize_sentence("la cé gé té", "fr")
    assert phonemize_sentence("las I-T-V", "es") == phonemize_sentence("las i te uve", "es")
    assert phonemize_sentence("A las dos", "es") == phonemize_sentence("a las dos", "es")
