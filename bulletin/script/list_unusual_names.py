"""Script -> names in it that a newsreader may not know, so that an editor can add them before air."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from unicodedata import combining, normalize

from bulletin.editing.names.find_proper_names import ProperName, find_names
from bulletin.editing.names.pronunciation_difficulty import join_origins, load_name_model
from bulletin.editing.names.words_newsreaders_know import KnownWords, load_vocabulary
from bulletin.language.read_word_lists import word_set
from bulletin.model import Script, Sentence
from bulletin.normalization.pronunciation_lexicon import Lexicon

# Measured on names of news that were labelled by hand (`python -m bench.name_weights`).
_SELDOM = 2.5
"""Zipf frequency from which a name becomes known faster: 3 is once in a million words."""
_WORD_ZIPF = 3.0
"""Zipf from which an English word counts as known in a name: dictionaries also list rare words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusualName:
    """A name that a newsreader has to guess."""

    name: str
    """In full, without a possessive: "Anna Bogumilska"."""
    words: tuple[str, ...]
    """Hard words of the name: "Bogumilska"."""
    sentence: str
    """The first sentence that holds it, as written."""
    stumble: float
    """How likely a newsreader stumbles: more is worse."""


def list_unusual_names(
    script: Script | Iterable[Sentence | str], lexicon: Lexicon, *, vocabulary: KnownWords | None = None
) -> tuple[UnusualName, ...]:
    """
    Names that neither `lexicon` nor a newsreader knows: the hardest first, equals in the order of reading.

    A name with an empty respelling in the lexicon was checked by an editor and is not listed.
    """
    known = vocabulary or load_vocabulary()
    shielding = Lexicon(entries=tuple(replace(entry, said="x", phonemes="") for entry in lexicon.entries))
    listed: set[str] = set()
    unusual_names = []
    for proper_name in list_names(_texts(script), known):
        unknown = set(shielding.shield(proper_name.name)[0].split())
        hard = {
            word: stumble for word, stumble in weigh_words(proper_name.name, known).items() if word in unknown
        }
        if hard.keys() - listed:
            listed.update(hard)
            stumble = max(hard.values())
            unusual_names.append(
                UnusualName(
                    name=proper_name.name, words=tuple(hard), sentence=proper_name.sentence, stumble=stumble
                )
            )
    return tuple(sorted(unusual_names, key=lambda name: -round(name.stumble)))


def list_names(sentences: Iterable[str], known: KnownWords) -> tuple[ProperName, ...]:
    """People, places and organisations, hard or easy, in the order of their first use."""
    return find_names(sentences, is_ordinary=lambda word: word.lower() in known.ordinary)


def weigh_words(name: str, known: KnownWords) -> dict[str, float]:
    """The hard words of a name -> how likely a newsreader stumbles over each; empty for a name that is known."""
    model = load_name_model()
    weights = {
        word: max(model.weigh(find_signals(part, name, known)) for part in parts)
        for word, parts in hard_parts(name, known).items()
    }
    return {word: weight for word, weight in weights.items() if weight > 0}


def _texts(script: Script | Iterable[Sentence | str]) -> list[str]:
    if isinstance(script, Script):
        script = (sentence for passage in script.passages() for sentence in passage.sentences)
    return list(dict.fromkeys(item if isinstance(item, str) else item.text for item in script))


def hard_parts(name: str, known: KnownWords) -> dict[str, tuple[str, ...]]:
    """Words of a name -> their parts ("Smith-Zbigniewska") that are neither known nor initials."""
    parts = {word: tuple(part for part in _parts(word) if _is_unknown(part, known)) for word in name.split()}
    return {word: unknown for word, unknown in parts.items() if unknown}


def find_signals(part: str, name: str, known: KnownWords) -> dict[str, float]:
    """Signals of whether a newsreader stumbles over an unknown part of a name."""
    word, model = part.lower(), load_name_model()
    others = [other for other in _parts(name) if other != part and len(other) > 2]
    odds = model.match_origins(word)
    written = max(known.zipf(form) for form in (word, word.removesuffix("s")))
    beside = [join_origins(model.match_origins(o.lower()).values()) for o in others if _is_unknown(o, known)]
    return odds | {
        "spelling": model.rate_spelling(word),
        "misleading": word in _spellings("misleading"),
        "written": written,
        "unwritten": written == 0,
        "written_often": max(0.0, written - _SELDOM),
        "pronounced": word in known.pronounced,
        "ordinary": word in known.ordinary,
        "derived": _is_derived(word, known),
        "compound": _is_compound(word, known),
        "foreign": bool(_foreign().search(word)),
        "english": _looks_english(word, known),
        "beside_new": any(_is_new(other.lower(), known) for other in others),
        "beside_foreign": max(beside, default=0.0),
        "beside_common": sum(other.lower() in known.common for other in others),
        "vowel": word[-1] in "aiou",
        "any_origin": join_origins(odds.values()),
    }


def _parts(name: str) -> list[str]:
    return re.split(r"[ '’-]", name)


def _is_unknown(part: str, known: KnownWords) -> bool:
    word = part.lower()
    if len(word) < 3 or not part[0].isupper() or _is_initials(part):
        return False
    return word in _spellings("misleading") or not _is_familiar(word, known)


def _is_new(word: str, known: KnownWords) -> bool:
    return not _is_familiar(word, known) and word not in known.pronounced


def _is_familiar(word: str, known: KnownWords) -> bool:
    """ "Pikes" by its stem, "Rodríguez" by its letters without accents."""
    plain = "".join(letter for letter in normalize("NFD", word) if not combining(letter))
    return any(
        form in known.common or _is_word(form, known) for form in (word, word.removesuffix("s"), plain)
    )


def _is_word(word: str, known: KnownWords) -> bool:
    return word in known.ordinary and known.zipf(word) >= _WORD_ZIPF


def _is_derived(word: str, known: KnownWords) -> bool:
    """Inhabitants of a known place: "Wexcombians", "Wexcombese"."""
    word = word.removesuffix("s")
    stems = [word[: -len(ending)] for ending in _spellings("belonging") if word.endswith(ending)]
    return any(
        len(stem) > 3 and (_is_familiar(form, known) or form in known.pronounced)
        for stem in stems
        for form in (stem, f"{stem}a", f"{stem}e", f"{stem}y", f"{stem}ia")
    )


def _is_initials(part: str) -> bool:
    """Initials, or a company's name of several words: "OpenAI"; Scots and Irish names are none."""
    inner = re.sub(r"^(?:Mc|Mac|De|Du|La|Le|Di|Van)(?=[A-ZÀ-Þ])", "", part)
    return any(letter.isupper() for letter in inner[1:])


def _is_compound(word: str, known: KnownWords) -> bool:
    """Two words that everybody knows: "Blackthorne", "Goldbeck"."""
    return any(_is_word(word[:end], known) and _is_word(word[end:], known) for end in range(4, len(word) - 3))


def _looks_english(word: str, known: KnownWords) -> bool:
    """One syllable, Scots and Irish "Mc", or a known word with the ending of a surname or a place."""
    is_short = len(re.findall("[aeiouy]+", word)) == 1 or re.match("ma?c[^aeiou]", word)
    if is_short and not _foreign().search(word):
        return True
    stems = [word.removesuffix(ending) for ending in _spellings("english") if word.endswith(ending)]
    # a letter may be doubled before the ending
    stems += [stem[:-1] for stem in stems if stem[-1:] == stem[-2:-1]]
    return any(len(stem) > 2 and _is_familiar(stem, known) for stem in stems)


@lru_cache(maxsize=1)
def _foreign() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{expression})" for expression in _spellings("foreign")))


def _spellings(name: str) -> frozenset[str]:
    return word_set("bulletin.script", "name_spellings.toml", name)
