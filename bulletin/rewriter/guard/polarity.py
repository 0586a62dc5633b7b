"""Sentence, origins -> negations added or dropped, opposites, and doubts told as facts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bulletin.editing.english.word_classes import is_finite
from bulletin.rewriter.guard.answer_words import (
    Token,
    TokenKind,
    guarded,
    news_in,
    opposites,
    read_tokens,
    word_set,
)
from bulletin.rewriter.guard.changed_negations import NEGATING, part_contractions

_UN = guarded("turning")
"""Words that negate the verb after them."""
_REVERSING = guarded("reversing")
_DENYING = guarded("denying")
TURNING = _UN | _REVERSING
"""Verbs checked here, so not by new_verbs.py."""
_PAIRS = opposites()
_ALLEGED = re.compile(
    r"\b(?:alleg\w+|accus\w+|suspect\w*|reported(?:ly)?|claim\w*|charged|apparently|reputed\w*|"
    r"(?:court|jury|jurors|inquest|tribunal|hearing|inquiry|magistrates|judge) (?:(?:was|were|has|had) )?(?:heard|hears|told))\b",
    re.IGNORECASE,
)
_HEDGED = re.compile(
    r"\b(?:alleg\w+|accus\w+|suspect\w*|report\w*|claim\w*|charg\w+|sa(?:y|ys|id)|told|heard|according|deni\w+|deny|"
    r"believ\w+|trial|apparent\w*|(?-i:may)|might|could|court|prosecut\w+|investigat\w+)\b",
    re.IGNORECASE,
)
_MAYBE = re.compile(
    r"\b(?:(?-i:may)|might|could|possibl[ey]|perhaps|potential(?:ly)?)\b(?! \d)", re.IGNORECASE
)
_STILL_MAYBE = re.compile(
    r"\b(?:(?-i:may)|might|could|possib\w+|perhaps|potential\w*|would|can|expect\w*|likely|plan\w*|propos\w+|consider\w*|hop\w+|if|"
    r"whether|risk\w*|fear\w*|warn\w*|sa(?:y|ys|id)|believ\w+|think\w*|thought|want\w*|urg\w+|should|threat\w*|chance)\b",
    re.IGNORECASE,
)
_OPEN = word_set("may might could can would should if whether to possibly perhaps")
_NOUN_FOLLOWS = word_set("that its his her their the a an these those of and")
_CLAUSE_ENDS = word_set(
    "but and while although though because which who that when after before if as where unless"
)

SCOPE = 3
"""Content words after a negation that it may negate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Negation:
    """Negation and the words that it may negate, nearest first."""

    word: str
    heads: tuple[str, ...]
    clause: frozenset[str]
    """Stems of all content words of its clause."""


def find_turned(sentence: str, origins: Sequence[str], *, small: frozenset[str]) -> tuple[str, ...]:
    """Find contradictions between a sentence and its origins, as far as single words show them."""
    sentence_tokens = read_tokens(part_contractions(sentence), small=small)
    origin_tokens = [read_tokens(part_contractions(origin), small=small) for origin in origins]
    wrong = [
        *_inserted(sentence_tokens, origin_tokens),
        *_dropped(sentence_tokens, origin_tokens),
        *_undenied(sentence_tokens, origin_tokens),
        *_opposites(sentence_tokens, origin_tokens),
        *_reversed(sentence_tokens, origin_tokens),
    ]
    return tuple(dict.fromkeys([*wrong, *_surer(sentence, origins, small)]))


def _negations(tokens: Sequence[Token], among: frozenset[str] = NEGATING) -> list[Negation]:
    found = []
    for place, token in enumerate(tokens):
        if token.low not in among:
            continue
        heads: list[str] = []
        for later in tokens[place + 1 :]:
            if later.kind is TokenKind.MARK or (heads and later.low in _CLAUSE_ENDS):
                break
            if later.kind in (TokenKind.NAME, TokenKind.CONTENT) and later.low != "one":
                heads.append(later.stem)
            if len(heads) == SCOPE:
                break
        found.append(Negation(word=token.low, heads=tuple(heads), clause=_clause(tokens, place)))
    return found


def _clause(tokens: Sequence[Token], place: int) -> frozenset[str]:
    first = last = place
    while (
        first > 0
        and tokens[first - 1].kind is not TokenKind.MARK
        and tokens[first - 1].low not in _CLAUSE_ENDS
    ):
        first -= 1
    while (
        last + 1 < len(tokens)
        and tokens[last + 1].kind is not TokenKind.MARK
        and tokens[last + 1].low not in _CLAUSE_ENDS
    ):
        last += 1
    return news_in(tokens[first : last + 1])


def _inserted(sentence_tokens: Sequence[Token], origin_tokens: Sequence[Sequence[Token]]) -> list[str]:
    """Find negations that the origins lack; each of theirs accounts for one."""
    free = [one for tokens in origin_tokens for one in _negations(tokens, NEGATING | _UN)]
    wrong = []
    for negation in _negations(sentence_tokens):
        match = next((one for one in free if _negates_same(negation, one)), None)
        if match is None:
            wrong.append(f'"{negation.word}" is not said of that there')
        else:
            free.remove(match)
    return wrong


def _negates_same(one: Negation, other: Negation) -> bool:
    if not one.heads:
        return bool(one.clause & other.clause) or not other.heads
    return bool(set(one.heads[:2]) & (set(other.heads) | other.clause)) and (
        one.heads[0] in other.heads
        or one.heads[0] in other.clause
        or len(set(one.heads) & set(other.heads)) > 1
    )


def _dropped(sentence_tokens: Sequence[Token], origin_tokens: Sequence[Sequence[Token]]) -> list[str]:
    """Find dropped negations of words that the origins only negate."""
    ours = _negations(sentence_tokens, NEGATING | _UN)
    held = {head for one in ours for head in (*one.heads, *one.clause)}
    held |= {head for one in _negations(sentence_tokens, _REVERSING) for head in one.heads}
    stems = news_in(sentence_tokens)
    theirs = [one for tokens in origin_tokens for one in _negations(tokens, NEGATING | _UN)]
    turned = [head for one in theirs for head in one.heads]
    wrong = []
    for tokens in origin_tokens:
        shared = len(news_in(tokens) & stems)
        for one in _negations(tokens, NEGATING | _UN):
            head = one.heads[0] if one.heads else ""
            if head not in stems or head in held or (len(one.clause & stems) < 2 and shared < 4):
                continue
            if sum(token.stem == head for other in origin_tokens for token in other) <= turned.count(head):
                wrong.append(f'a "{one.word}" is left out')
    return wrong


def _undenied(sentence_tokens: Sequence[Token], origin_tokens: Sequence[Sequence[Token]]) -> list[str]:
    """Find dropped denials of the closest origin."""
    if not origin_tokens or {token.low for token in sentence_tokens} & (_DENYING | NEGATING | TURNING):
        return []
    stems = news_in(sentence_tokens)
    denials = _negations(origin_tokens[0], _DENYING)
    return [f'a "{one.word}" is left out' for one in denials if len(set(one.heads) & stems) > 1]


def _opposites(sentence_tokens: Sequence[Token], origin_tokens: Sequence[Sequence[Token]]) -> list[str]:
    """Find a word in place of its opposite."""
    ours = {token.low for token in sentence_tokens}
    theirs = {token.low for tokens in origin_tokens for token in tokens}
    wrong = []
    for pair in _PAIRS:
        for new, old in (pair, pair[::-1]):
            strange = (ours - theirs) & new
            if strange and not theirs & new and (theirs - ours) & old:
                wrong.append(f'"{min(strange)}" is the contrary of what stands there')
    return wrong


def _reversed(sentence_tokens: Sequence[Token], origin_tokens: Sequence[Sequence[Token]]) -> list[str]:
    """Find reversing verbs ("denies") that the origins lack."""
    theirs = {token.stem for tokens in origin_tokens for token in tokens}
    negated = any(_negations(tokens) for tokens in origin_tokens)
    strange = [t.low for t in sentence_tokens if t.low in _REVERSING | _UN and t.stem not in theirs]
    return [] if negated else [f'"{word}" does not stand there' for word in strange]


def _surer(sentence: str, origins: Sequence[str], small: frozenset[str]) -> list[str]:
    """Find allegations and possibilities told as facts; the first origin is the closest."""
    closest = origins[0] if origins else ""
    stems = news_in(read_tokens(sentence, small=small))
    wrong = []
    for doubt, kept, what in ((_ALLEGED, _HEDGED, "alleged"), (_MAYBE, _STILL_MAYBE, "only possible")):
        if kept.search(sentence):
            continue
        if stems.intersection(_doubtful(closest, doubt, small)):
            wrong.append(f"what is {what} there is told as a fact")
    sentence_tokens = read_tokens(sentence, small=small)
    if any(_is_certain(deed, sentence_tokens) for deed in _doubtful(closest, _MAYBE, small)):
        wrong.append("what is only possible there is told as a fact")
    return wrong


def _doubtful(text: str, doubt: re.Pattern[str], small: frozenset[str]) -> Iterator[str]:
    """Stem of the first content word after each word of doubt."""
    for match in doubt.finditer(text):
        after = read_tokens(f"the {text[match.end() :]}", small=small)
        yield next((token.stem for token in after if token.kind is TokenKind.CONTENT), "")


def _is_certain(deed: str, sentence_tokens: Sequence[Token]) -> bool:
    """Whether a deed "will" happen or is a finite verb; "warned of damage" has no verb of it."""
    for place, token in enumerate(sentence_tokens):
        if token.stem != deed or not deed:
            continue
        before = {one.low for one in sentence_tokens[max(0, place - 3) : place]}
        is_verb = (
            token.low.endswith("s")
            and is_finite(token.low)
            and sentence_tokens[place - 1].low not in _NOUN_FOLLOWS
        )
        if "will" in before or (place and is_verb and not before & _OPEN):
            return True
    return False
