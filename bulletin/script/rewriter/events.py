"""What happens: verbs of a sentence that none of its origins has; pure."""

from __future__ import annotations

from collections.abc import Sequence

from bulletin.script.edits.grammar import is_finite, listed
from bulletin.script.rewriter.polarity import TURNING
from bulletin.script.rewriter.wording import Kind, read_tokens, stem, word_set

_PLAIN = frozenset(
    stem(word)
    for word in word_set(
        "say tell add make take give get go come begin start become hold include face mean show use call want need plan "
        "hope expect remain continue follow happen receive provide lead bring put set keep run work live name describe ask "
        "know see find hear have do be let seem allow help aim base involve feature concern relate describe "
        "announce report own due"
    )
)
"""Verbs that a sentence may have on its own: nothing happens by them that did not happen before."""

_SAME = (
    word_set("close closed closes shut shuts shutting"),
    word_set("die died dies killed"),
    word_set("buy bought buys purchased purchase"),
    word_set("build built rebuilt constructed construct"),
    word_set("rise rose increased increase grew climbed"),
    word_set("fall fell dropped drop decreased declined"),
    word_set("end ended finish finished"),
    word_set("injured hurt wounded"),
    word_set("beat beaten defeated"),
    word_set("accused accuses alleged allegedly"),
)
_BEFORE_VERB = listed("verbs", "auxiliary") | word_set("to been being be having not")


def find_strange_events(sentence: str, origins: Sequence[str], *, small: frozenset[str]) -> tuple[str, ...]:
    """
    Verbs that nobody in the origins does: "has resigned" where only a meeting is told of.

    A model that words a story anew is asked to keep the article's verbs, but for the plainest ones.
    """
    known = {token.stem for origin in origins for token in read_tokens(origin, small=small)}
    lows = {token.low for origin in origins for token in read_tokens(origin, small=small)}
    strange = []
    before = ""
    for token in read_tokens(sentence, small=small):
        is_verb = (
            token.kind is Kind.CONTENT
            and token.low.isalpha()  # "they're" is no verb of its own
            and (is_finite(token.low) or before in _BEFORE_VERB)
        )
        is_new = token.stem not in known | _PLAIN and token.low not in TURNING
        if is_verb and is_new and not any(token.low in alike and alike & lows for alike in _SAME):
            strange.append(token.text)
        if not token.low.endswith("ly"):
            before = token.low
    return tuple(f'"{word}" is not what happens there' for word in dict.fromkeys(strange))
