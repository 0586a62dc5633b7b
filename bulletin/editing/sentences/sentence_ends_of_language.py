"""
Sentence ends of a language other than English: its abbreviations, ordinals and initials.

Source: Unicode Standard Annex 29, "Sentence Boundaries"; the tables of a language name theirs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

from bulletin.language.load_station_phrases import Phrases
from bulletin.language.split_sentences import split_sentences
from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue

_DAYS = re.compile(r"(?:\d{1,2}\.?[/–-])?\d{1,2}")
"""Ordinal, or two of days: "09./10.". Example: `sentence_splitter`."""
Split = Callable[[str], Sequence[str]]


def sentence_splitter(phrases: Phrases) -> Split:
    """
    The sentence splitter of a language: it knows abbreviations, ordinals ("3. Dezember") and initials.

    An abbreviation of the list "closing" ends a sentence before a word of the list "common" in capitals, as an article.

    >>> from pathlib import Path
    >>> table = {"language": {"abbreviations": ["z. B."], "closing": ["S. A."], "common": ["el"]}}
    >>> split = sentence_splitter(Phrases(language="de", table=table, path=Path("phrases.toml")))
    >>> list(split("Fähren, z. B. die Anna, sanken. A. Fuchs schwamm."))
    ['Fähren, z. B. die Anna, sanken.', 'A. Fuchs schwamm.']
    >>> list(split("L'z. B. affonda. J.D. Fuchs nuota."))
    ["L'z. B. affonda.", 'J.D. Fuchs nuota.']
    >>> list(split("Avec J.-P. Fuchs et J.-L. Martin."))
    ['Avec J.-P. Fuchs et J.-L. Martin.']
    >>> list(split("Es de Nova, S. A. El barco es de Nova, S. A. Fox."))
    ['Es de Nova, S. A.', 'El barco es de Nova, S. A. Fox.']
    >>> list(split("Zum 100. Geburtstag am 09./10. Februar schlug er zur o. g. Zeit an. Er stieg auf 350. Polizisten halfen."))
    ['Zum 100. Geburtstag am 09./10. Februar schlug er zur o. g. Zeit an.', 'Er stieg auf 350.', 'Polizisten halfen.']
    """
    shortened, closing = _last_parts(phrases, "abbreviations"), _last_parts(phrases, "closing")
    openers = frozenset(phrases.words("common"))
    tongue = load_tongue(phrases.language, folder=phrases.folder)
    starters = tongue.words("starters")
    counts, ordered = bool(re.fullmatch(tongue.word("ordinal_marks"), ".")), tuple(tongue.words("ordered"))

    def is_final(before: str, after: str) -> bool:
        before = re.split("['’]", before)[-1]
        # a lone letter is the next initial: "J. A. A. fue"
        if before.casefold() in closing and len(after) > 1 and after.casefold() in openers:
            return True
        is_initial = before.isupper() and bool(re.fullmatch(r"(?:[^\W\d_]\.-?){0,3}[^\W\d_]", before))
        # "im 3. Monat", not "Sie wurde 3. Der Trainer"
        is_ordinal = counts and bool(_DAYS.fullmatch(before)) and after not in starters
        # "zum 100. Geburtstag", but "auf 350. Polizisten"
        is_ordinal |= counts and before.isdigit() and len(before) == 3 and after.casefold().endswith(ordered)
        # "zur o. g. Zeit"
        is_initial |= len(before) == 1 and before.isalpha() and before.islower() and after not in starters
        return not (is_initial or is_ordinal or before.casefold() in shortened | closing)

    return partial(split_sentences, is_final=is_final)


def _last_parts(phrases: Phrases, name: str) -> frozenset[str]:
    """
    Parts of abbreviations before a full stop, in small letters.

    >>> from pathlib import Path
    >>> table = {"language": {"abbreviations": ["z. B."]}}
    >>> sorted(_last_parts(Phrases(language="de", table=table, path=Path("phrases.toml")), "abbreviations"))
    ['b', 'z', 'z.b']
    """
    return frozenset(
        part.rstrip(".").casefold()
        for abbreviation in phrases.words(name)
        for part in (abbreviation.replace(" ", ""), *abbreviation.split())
    )
