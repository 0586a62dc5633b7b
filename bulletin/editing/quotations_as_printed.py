"""
Sentences of a quotation without the name of its speaker, in a language that has no rules of editing.

Source: a listener cannot hear quotation marks, so the words of another must have their speaker in the same sentence
(BBC News Style Guide, "quotes"). Judgement, no source: how many sentences a quotation without its end may last.
"""

from __future__ import annotations

from collections.abc import Sequence

from bulletin.editing.english.word_list_regexes import regex
from bulletin.editing.sentences.sentence_ends_of_language import Split, sentence_splitter
from bulletin.language.load_station_phrases import Phrases
from bulletin.language.read_word_lists import either
from bulletin.language.split_sentences import count_words

FEWEST_OUTSIDE = 2
"""Words of a sentence outside its quotation that can name a speaker: "disse Fox". Example: `is_named`."""
LONGEST = 8
"""Sentences in which a quotation must end; without its end the mark is a slip. Example: `quoted_without_speaker`."""
_ENDS = {"“": '”"“', "„": '“”"', "«": "»", "»": "«", '"': '"”'}
"""Opening mark -> its closing marks, of all languages: „German“, »German«, «Italian», “English”. Example: `_split`."""
_INSERTED = r"[-–—](?=\s)([^-–—]{4,80})(?<=\s)[-–—]|,\s*[-–—]\s*([^-–—]{4,80})$"
"""Speaker between dashes within a quotation: “Il mondo - ha detto Fox - cambia”. Example: `quoted_without_speaker`."""

_GLUED_DASH = r"(?<=[.!?…]) +(?=[–—] ?[A-ZÀ-ÖØ-Þ])"
"""Example: `quote_speech_behind_dashes`."""
_DASH = r"^\s*[–—-] ?(?=[A-ZÀ-ÖØ-Þ0-9])"
"""Example: `quote_speech_behind_dashes`."""
_MARKS = r"[“”„«»\"]"
"""Example: `quote_speech_behind_dashes`."""


def quote_speech_behind_dashes(text: str, phrases: Phrases) -> str:
    r"""
    A text whose paragraphs of speech, which begin with a dash, have quotation marks instead; their speaker stands outside.

    Only in a language with the list `speech_verbs`, as in Swedish (Språkrådet, Svenska skrivregler, "Talstreck") and in
    Portuguese, which may print a second dash before the verb (Cunha and Cintra, Nova gramática, "travessão").

    >>> from pathlib import Path
    >>> table = {"language": {"speech_verbs": ["säger"]}, "says": {"and": "och"}}
    >>> swedish = Phrases(language="sv", table=table, path=Path("phrases.toml"))
    >>> quote_speech_behind_dashes("Färjan sjönk. – Jag grät. Allt är borta, säger Ann Fox.", swedish)
    'Färjan sjönk.\n“Jag grät.” “Allt är borta”, säger Ann Fox.'
    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> quote_speech_behind_dashes("— Não sei. O porto está fechado — disse Ann Fox.", load_phrases("pt"))
    '“Não sei.” “O porto está fechado”, disse Ann Fox.'
    """
    verbs = phrases.words("speech_verbs")
    if not verbs:
        return text
    split, said = (
        sentence_splitter(phrases),
        rf"(?i)^(.+?)(,|[?!]| [–—-]|(?<=[?!]) [–—-]) ((?:{either(verbs)})(?!\w).*)$",
    )
    lines = regex(_GLUED_DASH).sub("\n", text).split("\n")
    return "\n".join(_quote(line, split, said) if regex(_DASH).match(line) else line for line in lines)


def _quote(line: str, split: Split, said: str) -> str:
    """
    A paragraph of speech with quotation marks around what is said.

    >>> _quote("– Sjönk hon? säger Fox.", lambda text: [text], r"^(.+?)(,|[?!]) ((?:säger)(?!\\w).*)$")
    '“Sjönk hon?” säger Fox.'
    """
    quoted = []
    for sentence in split(regex(_MARKS).sub("", regex(_DASH).sub("", line))):
        match = regex(said).match(sentence)
        if match is None:
            quoted.append(f"“{sentence}”")
        else:
            end = f"{match[2]}” " if match[2] in "?!" else "” " if match[1][-1] in "?!" else "”, "
            quoted.append(f"“{match[1]}{end}{match[3]}")
    return " ".join(quoted)


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
