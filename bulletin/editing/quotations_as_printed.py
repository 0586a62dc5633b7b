"""
Sentences of a quotation without the name of its speaker, in a language that has no rules of editing.

Source: a listener cannot hear quotation marks, so the words of another must have their speaker in the same sentence
(BBC News Style Guide, "quotes"). Judgement, no source: how many sentences a quotation without its end may last.
"""

from __future__ import annotations

from collections.abc import Sequence

from bulletin.editing.english.word_list_regexes import regex
from bulletin.language.split_sentences import count_words

FEWEST_OUTSIDE = 2
"""Words of a sentence outside its quotation that can name a speaker: "disse Fox". Example: `is_named`."""
LONGEST = 8
"""Sentences in which a quotation must end; without its end the mark is a slip. Example: `quoted_without_speaker`."""
_ENDS = {"“": '”"“', "„": '“”"', "«": "»", "»": "«", '"': '"”'}
"""Opening mark -> its closing marks, of all languages: „German“, »German«, «Italian», “English”. Example: `_split`."""
_INSERTED = r"[-–—](?=\s)([^-–—]{4,80})(?<=\s)[-–—]|,\s*[-–—]\s*([^-–—]{4,80})$"
"""Speaker between dashes within a quotation: “Il mondo - ha detto Fox - cambia”. Example: `quoted_without_speaker`."""


def quoted_without_speaker(sentences: Sequence[str]) -> frozenset[int]:
    """
    Indexes of the sentences that belong to a quotation and do not name their speaker.

    The end of a longer quotation is one of them although it names its speaker, because its beginning is not told.

    >>> said = ["“Errei ontem.", "Não volto a errar”, disse Fox no porto.", "O ferry afundou.", "“Foi culpa minha.”"]
    >>> sorted(quoted_without_speaker(said))
    [0, 1, 3]
    >>> quoted_without_speaker(["“Il mondo - ha detto Ann Fox - ha perso un traghetto”.", 'La "Anna" è affondata.'])
    frozenset()
    """
    found: set[int] = set()
    opened = ""
    for index, sentence in enumerate(sentences):
        outside, inside, after = _split(sentence, opened)
        if inside and (opened or not is_named(outside, inside)):
            found.add(index)
        is_ended = (
            any(set(_ENDS[after]) & set(later) for later in sentences[index + 1 :][:LONGEST])
            if after
            else False
        )
        opened = after if is_ended else ""
    return frozenset(found)


def is_named(outside: str, inside: str) -> bool:
    """
    Whether words outside a quotation can name its speaker.

    >>> is_named(", disse Fox no porto.", "Errei"), is_named(".", "Errei ontem")
    (True, False)
    """
    return count_words(outside) >= FEWEST_OUTSIDE or bool(regex(_INSERTED).search(inside))


def _split(sentence: str, opened: str) -> tuple[str, str, str]:
    """
    Words outside and inside quotation marks, and the mark that is still open behind the sentence.

    >>> _split("Fox disse: «Errei.", "")
    ('Fox disse: ', 'Errei.', '«')
    """
    outside, inside = "", ""
    for char in sentence:
        if opened and char in _ENDS[opened]:
            opened = ""
        elif not opened and char in _ENDS:
            opened = char
        elif opened:
            inside += char
        else:
            outside += char
    return outside, inside, opened
