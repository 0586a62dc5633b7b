"""Sentence of Spanish, Italian, Portuguese or French -> phonemes in Kokoro's alphabet. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bulletin.speech.phonemes.sound_out_word import SpellingRules, load_spelling_rules, sound_out

LANGUAGES = ("es", "it", "pt", "fr")
"""Languages with a table of spelling rules."""

_TOKEN = re.compile(
    r"\[[^\]]*\]\(/(?P<ipa>[^/]*)/\)|(?P<word>[^\W\d_]+)(?P<elided>['’](?=\w))?|(?P<digit>\d)|(?P<mark>[.,;:!?…—–]|(?<=\s)-(?=\s))"
)
_SPELT = re.compile(
    r"(?<![\w'’])[A-ZÑ](?:-[A-ZÑ])+(?![\w'’])|(?<=['’])[A-ZÑ](?:-[A-ZÑ])+(?!\w)"
    r"|(?<![\w-])[A-ZÑ](?=-\w)|(?<![\w-])[B-DF-HJ-NP-TV-XZ](?![\w'’-])"
)
"""Initials as normalization writes them ("C-G-T", "A-siete"), and a lone consonant. Example: `phonemize_sentence`."""
_MARKS = {"–": "—", "-": "—"}
_PLAIN = str.maketrans({"ł": "l", "ø": "ö", "đ": "d", "æ": "e", "ı": "i", "þ": "t", "ð": "d", "ß": "ss"})
_STRIPPED = re.compile("[\u0300-\u036f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sound:
    """A word with its phonemes, or a punctuation mark."""

    written: str
    phonemes: str
    is_joined: bool = False
    """Whether the next word follows without a pause, as after l' and d'."""
    is_mark: bool = False


def phonemize_sentence(text: str, language: str) -> str:
    """
    Phonemes with stress, spaces between words, and the punctuation that the voice's melody needs.

    `language` is one of LANGUAGES. Letters of other alphabets are left out; a figure is read by its digits.

    >>> phonemize_sentence("¿Qué dice la gente?", "es")
    'kˈe ðˈiθe la xˈɛnte?'
    >>> phonemize_sentence("el P-P y la A-siete", "es") == phonemize_sentence("el pe pe y la a siete", "es")
    True
    """
    rules = load_spelling_rules(language)
    text = _SPELT.sub(lambda match: _name_letters(match[0], rules), unicodedata.normalize("NFC", text))
    sounds = list(_sounds(text, rules))
    if rules.liaisons:
        sounds = list(_link(sounds, rules))
    joined = "".join(_with_space(sound, following) for sound, following in _with_next(sounds))
    for pattern, sound in rules.joined:
        joined = pattern.sub(sound, joined)
    return joined.strip()


def _name_letters(letters: str, rules: SpellingRules) -> str:
    """Names of the letters in a row, with a blank before a hyphen's next word."""
    return " ".join(rules.letters.get(letter, letter) for letter in letters.lower() if letter != "-")


def _sounds(text: str, rules: SpellingRules) -> Iterator[_Sound]:
    for match in _TOKEN.finditer(text):
        if match["ipa"]:
            yield _Sound(written="", phonemes=match["ipa"])
        elif word := match["word"]:
            yield from _read_word(word, rules, is_joined=bool(match["elided"]))
        elif digit := match["digit"]:
            yield _Sound(written="", phonemes=sound_out(rules.letters[digit], rules))
        else:
            yield _Sound(written="", phonemes=_MARKS.get(match["mark"], match["mark"]), is_mark=True)


def _read_word(word: str, rules: SpellingRules, *, is_joined: bool) -> Iterator[_Sound]:
    """A word, or the letters of an abbreviation without a vowel."""
    plain = _in_known_letters(word.lower(), rules)
    is_spelt = word.isupper() and len(word) > 1 and not re.search("[aeiouyáéíóú]", plain)
    if is_spelt or (
        len(plain) == 1 and plain not in rules.words and not is_joined and not sound_out(plain, rules)
    ):
        for letter in plain:
            for name in rules.letters.get(letter, "").split():
                yield _Sound(written=name, phonemes=sound_out(name, rules))
    elif phonemes := sound_out(plain, rules):
        yield _Sound(written=plain, phonemes=phonemes, is_joined=is_joined)


def _in_known_letters(word: str, rules: SpellingRules) -> str:
    """Letters that the language does not have, without their accents: "Škoda" is read as "Skoda"."""
    if word in rules.words or not re.search("[^a-z]", word):
        return word
    plain = (
        letter if rules.rules.match(letter) else _STRIPPED.sub("", unicodedata.normalize("NFD", letter))
        for letter in word
    )
    return "".join(plain).translate(_PLAIN)


def _link(sounds: Sequence[_Sound], rules: SpellingRules) -> Iterator[_Sound]:
    """Liaison: a silent last consonant is heard before a vowel."""
    for sound, following in _with_next(sounds):
        consonant = rules.liaisons.get(sound.written)
        if consonant and following and _begins_with_vowel(following, rules):
            yield _Sound(written=sound.written, phonemes=_with_consonant(sound.phonemes, consonant))
        else:
            yield sound


def _with_next(sounds: Sequence[_Sound]) -> Iterator[tuple[_Sound, _Sound | None]]:
    return zip(sounds, (*sounds[1:], None), strict=True)


def _with_consonant(phonemes: str, consonant: str) -> str:
    """ "si(s)", "di(s)" and "neuf" change their last consonant; the others gain one."""
    return (phonemes[:-1] if phonemes[-1:] in "sfzt" else phonemes) + consonant


def _begins_with_vowel(sound: _Sound, rules: SpellingRules) -> bool:
    vowel_first = re.match("h?[aeiouyàâéèêëîïôœæ]", sound.written)
    return bool(vowel_first) and not sound.is_mark and not sound.written.startswith(rules.aspirated)


def _with_space(sound: _Sound, following: _Sound | None) -> str:
    is_close = sound.is_joined or following is None or following.is_mark
    return sound.phonemes + ("" if is_close else " ")
