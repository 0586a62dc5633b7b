"""
Sentences that lean on a sentence that is not told, in a language whose grammar no rule knows.

Source: pronouns, demonstratives, surnames and nouns with the definite article refer to a person or thing that was named
before (Halliday and Hasan 1976, "Cohesion in English", "reference"; Duden, Die Grammatik, "Textkohärenz"); a listener
cannot look back (BBC News Style Guide, "The basics of radio scripting"). The words are lists of each language: `back`,
`leans`, `before_names`, `definite`, `indefinite`.
Judgement, no source: after how much the telling ends at such a sentence, because the next ones mostly lean too.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from bulletin.editing.english.word_list_regexes import regex
from bulletin.editing.lead_as_printed import PrintedSentence, points_back, refers_back
from bulletin.editing.sentences_told_before import says_same
from bulletin.language.load_station_phrases import Phrases
from bulletin.language.read_word_lists import either
from bulletin.language.split_sentences import count_words

ENOUGH_SENTENCES, ENOUGH_WORDS = 3, 40
"""A telling with both ends before a sentence that leans; a shorter one leaves it out. Example: `without_leaning`."""
MOST_ANSWER = 12
"""Words of a sentence that answers the question before it, and so leaves out what that says. Example: `without_leaning`."""
_FIRST_CLAUSE = r"^[^,;:–—]*(?:[,;:–—]|$)"
"""Example: `_has_anaphor`."""
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w'’-]{2,}"
"""Example: `_surnames`."""


def without_leaning(
    told: Sequence[PrintedSentence],
    *,
    sentences: Sequence[str],
    title: str,
    headings: Collection[str] = (),
    phrases: Phrases,
) -> tuple[PrintedSentence, ...]:
    """
    The telling without sentences that lean on one of the article's `sentences` that is not told; it ends there if it is
    long enough. `headings` are lines of the text, behind which no sentence is an answer.

    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> texts = ("Die Fähre sank vor Wexum.", "Kapitän Rolf Maier weinte, und 40 Leute hörten ihm zu ...", "Maier ging heim.", "Der Hafen ist zu.")
    >>> told = [PrintedSentence(text=text, source=text, place=at) for at, text in enumerate(texts) if at != 1]
    >>> german = load_phrases("de")
    >>> [item.place for item in without_leaning(told, sentences=texts, title="Fähre sinkt", phrases=german)]
    [0, 3]
    >>> texts = ("Die Fähre sank nicht vor Wexum.", "Sondern ...")
    >>> without_leaning([PrintedSentence(text=texts[0], source=texts[0], place=0)], sentences=texts, title="", phrases=german)
    ()
    """
    kept: list[PrintedSentence] = []
    located = _places(told, sentences)
    places = {item.place for item in located}
    for item, own in zip(located, told, strict=True):
        known = " ".join([title, *(one.text for one in kept)]).casefold()
        is_lost = _is_half(item, sentences, places, phrases) or (
            bool(item.place and own.place)
            and _leans(item, kept, sentences, known=known, headings=headings, phrases=phrases)
        )
        if not is_lost:
            kept.append(item)
        elif len(kept) >= ENOUGH_SENTENCES and sum(count_words(one.text) for one in kept) >= ENOUGH_WORDS:
            break
    return tuple(own for item, own in zip(located, told, strict=True) if item in kept)


def _places(told: Sequence[PrintedSentence], sentences: Sequence[str]) -> list[PrintedSentence]:
    """
    The told sentences with their places among all sentences of the article; None for one that is not among them.

    >>> [item.place for item in _places([PrintedSentence(text="It sank.", source="It sank.", place=0)], ["Oh!", "It sank."])]
    [1]
    """
    found: list[PrintedSentence] = []
    start = 0
    for item in told:
        after = range(start, len(sentences)) if item.place is not None else ()
        place = next((at for at in after if sentences[at].endswith(item.source)), None)
        start = start if place is None else place + 1
        found.append(replace(item, place=place))
    return found


def _leans(
    item: PrintedSentence,
    kept: Sequence[PrintedSentence],
    sentences: Sequence[str],
    *,
    known: str,
    headings: Collection[str],
    phrases: Phrases,
) -> bool:
    """
    Whether a sentence needs one that is not among the `kept`.

    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> said = ["Die Fähre sank vor Wexum.", "Der Rat tagte.", "Diese Entscheidung gilt ab Montag."]
    >>> told = [PrintedSentence(text=text, source=text, place=at) for at, text in enumerate(said)]
    >>> about = {"known": said[0].casefold(), "headings": (), "phrases": load_phrases("de")}
    >>> _leans(told[2], told[:1], said, **about), _leans(told[2], told[:2], said, **about)
    (True, False)
    """
    at = item.place or 0
    places = {other.place for other in kept}
    before = sentences[at - 1]
    if at - 1 not in places and not any(says_same(before, one.text) for one in kept):
        is_short = count_words(item.text) <= MOST_ANSWER
        is_answer = is_short and before.endswith("?") and before not in headings
        if is_answer or refers_back(item.text, phrases) or _has_anaphor(item.text, phrases):
            return True
    untold = [text for place, text in enumerate(sentences[:at]) if place not in places]
    named = {*_surnames(item.text, untold, phrases), *_defined(item.text, untold, phrases)}
    return any(name.casefold() not in known for name in named)


def _is_half(
    item: PrintedSentence, sentences: Sequence[str], places: Collection[int | None], phrases: Phrases
) -> bool:
    """
    Whether the next sentence, which takes a sentence back, is not told: "but", or what is true instead of what it denies.

    A first sentence is the news itself, and stays before a "but".

    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> said = ["Sie sank nicht im Sturm.", "Vielmehr lief sie auf einen Felsen.", "Er war bekannt.", "Aber er fehlt auf Karten."]
    >>> told = [PrintedSentence(text=text, source=text, place=place) for place, text in enumerate(said)]
    >>> [_is_half(told[0], said, places, load_phrases("de")) for places in ([0], [0, 1])]
    [True, False]
    >>> [_is_half(told[2], said, places, load_phrases("de")) for places in ([0, 1, 2], [0, 1, 2, 3])]
    [True, False]
    """
    after = None if item.place is None else item.place + 1
    if after is None or after in places or after >= len(sentences):
        return False
    denies = regex(rf"(?i)(?<!\w)(?:{either(phrases.words('negations'))})(?!\w)").search(item.text)
    is_denial = bool(denies) and begins_with("instead", sentences[after], phrases)
    return is_denial or (bool(item.place) and begins_with("but", sentences[after], phrases))


def begins_with(name: str, text: str, phrases: Phrases) -> bool:
    """
    Whether a sentence begins with a word of a list.

    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> [begins_with("but", text, load_phrases("de")) for text in ("Aber sie sank.", "Sie sank aber.")]
    [True, False]
    """
    listed = phrases.words(name)
    return bool(listed) and bool(regex(rf"(?i)^\W*(?:{either(listed)})(?!\w)").match(text))


def _has_anaphor(text: str, phrases: Phrases) -> bool:
    """
    Whether the first clause points back.

    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> texts = ("Jeden dieser Panzer braucht Kiew.", "Der Rat tagt, weil diese Panzer fehlen.")
    >>> [_has_anaphor(text, load_phrases("de")) for text in texts]
    [True, False]
    """
    clause = regex(_FIRST_CLAUSE).match(text)
    return clause is not None and points_back(clause[0], phrases)


def _surnames(text: str, untold: Sequence[str], phrases: Phrases) -> set[str]:
    """
    Names of a sentence that stand alone, and behind a first name or a title in an untold one.

    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> spanish = load_phrases("es")
    >>> untold = ["Habló la ministra Ana Robles en Vitoria."]
    >>> [_surnames(text, untold, spanish) for text in ("Robles se fue.", "Ana Robles se fue.", "Se fue a Vitoria.")]
    [{'Robles'}, set(), set()]
    """
    common = frozenset(phrases.words("common")) - frozenset(phrases.words("before_names"))
    introduced = {name for line in untold for name in regex(rf"(?={_CAPITAL} ({_CAPITAL}))").findall(line)}
    found: set[str] = set()
    for match in regex(_CAPITAL).finditer(text):
        before = text[: match.start()].rstrip(" ").rpartition(" ")[2]
        is_alone = not before[:1].isupper() and before.casefold() not in common
        if match[0] in introduced and is_alone and not regex(r" [A-ZÀ-Þ]").match(text[match.end() :]):
            found.add(match[0])
    return {name for name in found if not regex(rf"{_CAPITAL} {name}(?!\w)").search(text)}


def _defined(text: str, untold: Sequence[str], phrases: Phrases) -> set[str]:
    """
    The noun of a definite article at the sentence's beginning, if an untold sentence has it with the indefinite one.

    >>> from bulletin.language.load_station_phrases import load_phrases
    >>> texts = (("La fusion est refusée.", "Paris prépare une fusion."), ("L’accord tient.", "Il faut un accord."))
    >>> [_defined(text, [untold], load_phrases("fr")) for text, untold in (*texts, ("La police enquête.", "Un mort."))]
    [{'fusion'}, {'accord'}, set()]
    """
    definite, indefinite = either(phrases.words("definite")), either(phrases.words("indefinite"))
    straight = text.replace("’", "'")
    article = regex(rf"(?i)^(?:{definite})(?: |(?<='))").match(straight)
    noun = regex(r"[\w-]{3,}").match(straight, article.end()) if article else None
    if noun is None:
        return set()
    pattern = rf"(?i)(?<!\w)(?:{indefinite})(?: |(?<='))(?:[\w-]+ )?{noun[0]}(?!\w)"
    return {noun[0]} if any(regex(pattern).search(line.replace("’", "'")) for line in untold) else set()
