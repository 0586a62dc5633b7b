"""Sentence, origins -> negations added or dropped, opposites, and doubts stated as facts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bulletin.editing.english.guess_parts_of_speech import is_finite
from bulletin.rewriter.guard.tokenize_sentence import (
    OPPOSITES,
    TokenKind,
    Tokens,
    guarded,
    news_in,
    part_contractions,
    read_tokens,
    word_set,
)

_NEGATING = guarded("negating")
_UN = guarded("turning")
"""Words that negate the verb after them."""
_REVERSING = guarded("reversing")
_DENYING = guarded("denying")
TURNING = _UN | _REVERSING
"""Verbs that are checked here, and not in find_invented_verbs.py."""
_NEGATING_OR_UN = _NEGATING | _UN
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
class _Negation:
    """Negation and the words that it may negate, nearest first."""

    word: str
    heads: tuple[str, ...]
    clause: frozenset[str]
    """Stems of all content words of its clause."""


def find_turned(sentence: str, origins: Sequence[str], *, small: frozenset[str]) -> Iterator[str]:
    """Find contradictions between a sentence and its origins, as far as single words show them."""
    tokens = read_tokens(part_contractions(sentence), small=small)
    theirs = [read_tokens(part_contractions(origin), small=small) for origin in origins]
    for find in (_inserted, _dropped, _undenied, _opposites, _reversed):
        yield from find(tokens, theirs)
    yield from _surer(sentence, origins, small)


def _negations(tokens: Tokens, among: frozenset[str] = _NEGATING) -> list[_Negation]:
    ends = [i for i, token in enumerate(tokens) if token.kind is TokenKind.MARK or token.low in _CLAUSE_ENDS]
    negations = []
    for index, token in enumerate(tokens):
        if token.low not in among:
            continue
        heads: list[str] = []
        for later in tokens[index + 1 :]:
            if later.kind is TokenKind.MARK or (heads and later.low in _CLAUSE_ENDS) or len(heads) == SCOPE:
                break
            if later.is_news and later.low != "one":
                heads.append(later.stem)
        start = max((end + 1 for end in ends if end < index), default=0)
        stop = min((end for end in ends if end > index), default=len(tokens))
        clause = news_in(tokens[start:stop])
        negations.append(_Negation(word=token.low, heads=tuple(heads), clause=clause))
    return negations


def _inserted(tokens: Tokens, theirs: Sequence[Tokens]) -> Iterator[str]:
    """Find negations that the origins lack; each of theirs accounts for one."""
    free = [negation for origin in theirs for negation in _negations(origin, _NEGATING_OR_UN)]
    for negation in _negations(tokens):
        match = next((other for other in free if _negates_same(negation, other)), None)
        if match is None:
            yield f'"{negation.word}" is said of something else in the source'
        else:
            free.remove(match)


def _negates_same(negation: _Negation, other: _Negation) -> bool:
    if not negation.heads:
        return bool(negation.clause & other.clause) or not other.heads
    theirs = other.clause.union(other.heads)
    common = len(set(negation.heads) & set(other.heads))
    return not theirs.isdisjoint(negation.heads[:2]) and (negation.heads[0] in theirs or common > 1)


def _dropped(tokens: Tokens, theirs: Sequence[Tokens]) -> Iterator[str]:
    """Find dropped negations of words that the origins only negate."""
    held = {head for kept in _negations(tokens, _NEGATING_OR_UN) for head in (*kept.heads, *kept.clause)}
    held |= {head for kept in _negations(tokens, _REVERSING) for head in kept.heads}
    stems = news_in(tokens)
    negations = [(origin, _negations(origin, _NEGATING_OR_UN)) for origin in theirs]
    negated = Counter(head for _, own in negations for negation in own for head in negation.heads)
    printed = Counter(token.stem for origin in theirs for token in origin)
    for origin, own in negations:
        shared = len(news_in(origin) & stems)
        for negation in own:
            head = negation.heads[0] if negation.heads else ""
            if head not in stems or head in held or (len(negation.clause & stems) < 2 and shared < 4):
                continue
            if printed[head] <= negated[head]:
                yield f'a "{negation.word}" is left out'


def _undenied(tokens: Tokens, theirs: Sequence[Tokens]) -> Iterator[str]:
    """Find dropped denials of the closest origin."""
    if {token.low for token in tokens} & (_DENYING | _NEGATING | TURNING):
        return
    stems = news_in(tokens)
    for denial in _negations(theirs[0], _DENYING):
        if len(stems.intersection(denial.heads)) > 1:
            yield f'a "{denial.word}" is left out'


def _opposites(tokens: Tokens, theirs: Sequence[Tokens]) -> Iterator[str]:
    """Find a word in place of its opposite."""
    ours = {token.low for token in tokens}
    printed = {token.low for origin in theirs for token in origin}
    for pair in OPPOSITES:
        for new, old in (pair, pair[::-1]):
            strange = (ours - printed) & new
            if strange and not printed & new and (printed - ours) & old:
                yield f'"{min(strange)}" is the opposite of the source'


def _reversed(tokens: Tokens, theirs: Sequence[Tokens]) -> Iterator[str]:
    """Find reversing verbs ("denies") that the origins lack."""
    printed = {token.stem for origin in theirs for token in origin}
    if not any(map(_negations, theirs)):
        for token in tokens:
            if token.low in TURNING and token.stem not in printed:
                yield f'"{token.low}" is not in the source'


def _surer(sentence: str, origins: Sequence[str], small: frozenset[str]) -> Iterator[str]:
    """Find allegations and possibilities stated as facts; the first origin is the closest."""
    tokens = read_tokens(sentence, small=small)
    stems = news_in(tokens)
    for doubt, kept, what in ((_ALLEGED, _HEDGED, "alleged"), (_MAYBE, _STILL_MAYBE, "only possible")):
        if not kept.search(sentence) and stems.intersection(_doubtful(origins[0], doubt, small)):
            yield f"{what} in the source, stated as fact"
    if any(_is_certain(deed, tokens) for deed in _doubtful(origins[0], _MAYBE, small)):
        yield "only possible in the source, stated as fact"


def _doubtful(text: str, doubt: re.Pattern[str], small: frozenset[str]) -> Iterator[str]:
    """Stem of the first content word after each word of doubt."""
    for match in doubt.finditer(text):
        after = read_tokens(f"the {text[match.end() :]}", small=small)
        yield next((token.stem for token in after if token.kind is TokenKind.CONTENT), "")


def _is_certain(deed: str, tokens: Tokens) -> bool:
    """Whether a deed "will" happen or is a finite verb; the damage in "warned of damage" is neither."""
    for index, token in enumerate(tokens):
        if token.stem != deed or not deed:
            continue
        before = [token.low for token in tokens[max(0, index - 3) : index]]
        is_verb = token.low.endswith("s") and is_finite(token.low)
        may_be_noun = not before or before[-1] in _NOUN_FOLLOWS
        if "will" in before or (is_verb and not may_be_noun and _OPEN.isdisjoint(before)):
            return True
    return False
