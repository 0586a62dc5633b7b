"""
End of a telling at a gap: sentences that are left out between two that would be told, in a language without rules.

Source: a sentence takes up what the one before it says, by the same words or by names for them (Halliday and Hasan 1976,
"Cohesion in English", "lexical cohesion"), and a paragraph is about one thing, so that only its first sentence can stand
behind a gap; a listener cannot look back (BBC News Style Guide, "The basics of radio scripting").
Judgement, no source: the most sentences of a gap, and the fewest words of a telling that is not the whole article.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bulletin.editing.lead_as_printed import PrintedSentence
from bulletin.editing.sentences_told_before import adds_nothing, content_of, says_same
from bulletin.language.split_sentences import count_words

MOST_LEFT_OUT = 3
"""Sentences of a gap. Example: `before_gap`."""
FEWEST_LEFT_OUT = 3
"""Words of a sentence that leaves a gap; a shorter one is a place: "Wexum.". Example: `before_gap`."""
FEWEST_TOLD = 15
"""Words before a gap; fewer are a caption, a label or a teaser. Example: `before_gap`."""
_CLOSING = "\"'”’“)]»« "
"""Example: `_is_bridged`."""


def before_gap(
    told: Sequence[PrintedSentence],
    *,
    sentences: Sequence[str],
    openings: Collection[int],
    common: Collection[str] = (),
) -> tuple[PrintedSentence, ...]:
    """
    The telling up to the first gap among the article's `sentences` that breaks it; `openings` begin a paragraph,
    and the language's `common` words take up nothing.

    A listener can follow across a gap of up to three sentences if the next sentence begins a paragraph or follows the title
    or summary, has a word of the sentences told, and has none that only the left out ones have. Across questions only the
    last must hold. A left out sentence that repeats what was told is no gap. The whole story is left out if it has less
    than 15 words before the gap.

    >>> said = ["Die alte Fähre Anna sank am Montag im dichten Nebel vor Wexum, und zehn Leute an Bord sind tot."]
    >>> said += ["Der Rat tagte lange.", "Die Fähre war alt.", "Der Rat schweigt."]
    >>> told = [PrintedSentence(text=text, source=text, place=place) for place, text in enumerate(said) if place != 1]
    >>> [item.place for item in before_gap(told, sentences=said, openings={0, 2, 3})]
    [0, 2, 3]
    >>> [item.place for item in before_gap(told, sentences=said, openings={0})]
    [0]
    >>> [item.place for item in before_gap(told[::2], sentences=said, openings={0, 3})]
    [0]
    >>> before_gap(told[1:], sentences=said, openings=())
    (PrintedSentence(text='Die Fähre war alt.', source='Die Fähre war alt.', place=2), PrintedSentence(text='Der Rat schweigt.', source='Der Rat schweigt.', place=3))
    """
    kept: list[PrintedSentence] = []
    after = 0
    for item in told:
        if item.place is not None and kept:
            gap = _gap(sentences[after : item.place], kept, common)
            if gap and not _is_bridged(item, kept, gap, is_opening=item.place in openings, common=common):
                is_enough = sum(count_words(one.text) for one in kept) >= FEWEST_TOLD
                return tuple(kept) if is_enough else ()
        after = after if item.place is None else item.place + 1
        kept.append(item)
    return tuple(kept)


def _gap(left_out: Sequence[str], kept: Sequence[PrintedSentence], common: Collection[str] = ()) -> list[str]:
    """
    The sentences that are left out, without places and what the `kept` ones say.

    >>> _gap(["Wexum.", "Der Rat tagte lange.", "Die Fähre sank."], [PrintedSentence(text="Die Fähre sank.", source="")])
    ['Der Rat tagte lange.']
    """
    told = [one.text for one in kept]
    return [
        text
        for text in left_out
        if count_words(text) >= FEWEST_LEFT_OUT
        and not any(says_same(text, one) for one in told)
        and not adds_nothing(text, told, common)
    ]


def _is_bridged(
    item: PrintedSentence,
    kept: Sequence[PrintedSentence],
    gap: Sequence[str],
    *,
    is_opening: bool,
    common: Collection[str] = (),
) -> bool:
    """
    Whether a sentence can follow the `kept` ones without the `gap`.

    >>> kept = [PrintedSentence(text="Die Fähre sank vor Wexum.", source="", place=0)]
    >>> captain = PrintedSentence(text="Ihr Kapitän ruht.", source="")
    >>> [_is_bridged(captain, kept, [gap], is_opening=False) for gap in ("Warum sank sie?", "Sie war neu.")]
    [True, False]
    """
    asks_only = all(text.rstrip(_CLOSING).endswith("?") for text in gap)
    is_first = all(one.place is None for one in kept)
    if len(gap) > MOST_LEFT_OUT or not (is_opening or is_first or asks_only):
        return False
    empty = content_of(" ".join(common))
    own = content_of(item.text) - empty
    known = content_of(" ".join(one.text for one in kept)) - empty
    left_out = content_of(" ".join(gap)) - known
    return not own & left_out and (asks_only or bool(own & known))
