"""
Words that are printed with an apostrophe for the accent on their last letter -> words with the accent.

Source: Italian keyboards have no capital "È", so that papers print "E' stata" and "PERCHE'"; the accent is part of the word,
and "E" without it is another one (Serianni, Grammatica italiana, "accento" and "apostrofo"; Accademia della Crusca,
"E' o È?"). The words are the list `accented` of each language, without those that also end in an apostrophe ("po'", "fa'").
"""

from __future__ import annotations

import unicodedata

from bulletin.editing.english.word_list_regexes import regex
from bulletin.language.load_station_phrases import Phrases
from bulletin.language.read_word_lists import either

_OPENED = r"(?<!\w)['‘](?=\w)[^'’]*$"
"""A quotation with single marks, whose end is no accent: "'La verità di una città'". Example: `with_accents`."""


_LONGEST_QUOTATION = 200
"""Characters in which a quotation with single marks ends: a whole text for each word would take quadratic time. Example: `with_accents`."""


def with_accents(text: str, phrases: Phrases) -> str:
    """
    The text with the accents that are printed as apostrophes; an elision and the end of a quotation stay.

    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> texts = ("E' affondata, PERCHE' c'e' un po' di vento.", "Cosi’ e' la citta'", "il 'perche' di Fox", "Foto di E'")
    >>> [with_accents(text, load_phrases("it")) for text in texts]
    ["È affondata, PERCHÉ c'è un po' di vento.", 'Così è la città', "il 'perche' di Fox", 'Foto di È']
    >>> with_accents("E' affondata", load_phrases("pt"))
    "E' affondata"
    """
    accented = {_without_accent(word): word for word in phrases.words("accented")}
    if not accented or not regex("['’´`]").search(text):
        return text
    pattern = regex(rf"(?i)(?<![^\W_])(?<![^\w]['’‘])({either(accented)})['’´`](?![^\W_])")
    done, start = "", 0
    for match in pattern.finditer(text):
        before = text[max(0, match.start() - _LONGEST_QUOTATION) : match.start()].rpartition("\n")[2]
        if regex(_OPENED).search(before):
            continue
        word = accented[match[1].casefold()]
        is_capital = match[1][:1].isupper()
        whole = word.upper() if match[1].isupper() else word[:1].upper() + word[1:] if is_capital else word
        done += text[start : match.start()] + whole
        start = match.end()
    return done + text[start:]


def _without_accent(word: str) -> str:
    """
    A word without the accents of its letters.

    >>> _without_accent("perché")
    'perche'
    """
    return "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))
