"""Who does what to whom: names of a sentence that stand in another's place; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

from bulletin.script.edits.grammar import listed
from bulletin.script.rewriter.wording import Kind, Token, guarded, plain, read_tokens, word_set

REACH = 5
"""Words to either side of a name that tell its part in the sentence; the nearest tells most."""

MARGIN = 0.45
"""How much better two names must fit in each other's place before they count as swapped."""

BE = word_set("is are was were be been being get got")
_PRONOUNS = word_set("he she it they who which him her them")
_DEFINING = word_set("of in at from for near by")
_INSIDE = re.compile(r"(?:de|van|von|bin|al|der|la|di|of|the|and|&)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A name in a sentence, with the words around it."""

    key: str
    """The last word of the name in small letters: "Joan Pike" and "Ms Pike" are one."""
    shown: str
    before: dict[str, float]
    """Stem -> weight, by how near it is. After "was told by" the sides are changed."""
    after: dict[str, float]
    beside: frozenset[str]
    """Keys of names that are joined to it by "and" or a comma: they may change places."""
    origin: str = ""
    """The sentence of the article that it stands in."""


def find_swapped_names(sentence: str, origins: Sequence[str], *, small: frozenset[str]) -> tuple[str, ...]:
    """
    Names that fit better in each other's place, or that stand where the origins have another.

    A name's part is told by the words on either side of it. The comparison is with where the same origins
    use that name, so a sentence in other words is not suspected, only one in the same words with names changed.
    """
    said = mentions_in(sentence, small=small)
    told = [replace(one, origin=origin) for origin in origins for one in mentions_in(origin, small=small)]
    by_key: dict[str, list[Mention]] = {}
    for one in told:
        by_key.setdefault(one.key, []).append(one)
    # "he" may be any of them, so where "he" fits as well as another's name nobody is suspected
    anyone = [one for origin in origins for one in _pronouns_in(origin, small=small)]
    wrong = []
    for one, other in combinations([m for m in said if m.key in by_key], 2):
        if one.key == other.key or other.key in one.beside:
            continue
        kept = _fit(one, [*by_key[one.key], *anyone]) + _fit(other, [*by_key[other.key], *anyone])
        swapped = _fit(one, by_key[other.key]) + _fit(other, by_key[one.key])
        if swapped > kept + MARGIN:
            wrong.append(f'"{one.shown}" and "{other.shown}" have changed places')
    if not wrong:
        keys = {m.key for m in said}
        wrong = [
            _replaced(one, _open_uses(one, by_key, origins, small), keys, anyone=anyone)
            for one in said
            if one.key in by_key
        ]
    return tuple(dict.fromkeys(filter(None, wrong)))


def find_mixed_names(sentence: str, source: Sequence[str], *, small: frozenset[str]) -> tuple[str, ...]:
    """Names put together of parts that nowhere stand together: "Ann Pike" of Ann Fox and Joan Pike."""
    near: set[tuple[str, str]] = set()
    whole = " ".join(source).casefold().replace("’", "'")
    for text in source:
        found = [plain(token.text) for token in read_tokens(text, small=frozenset())]
        near |= {(a, b) for gap in (1, 2, 3) for a, b in zip(found, found[gap:], strict=False)}
    tokens = read_tokens(sentence, small=small)
    wrong = [
        f'"{token.text}" is no name in the article'
        for token in tokens
        # "Trent-on-Stoke", "a pan-Rana star"
        if token.text.rpartition("-")[2][0].isupper() and "-" in token.low and token.low not in whole
    ]
    for run in runs_of(tokens):
        names = [token for token in run if token.kind is Kind.NAME]
        for one, other in pairwise(names):
            is_title = one.low.rstrip(".") in listed("words", "titles") | listed("words", "roles")
            if not is_title and (one.low, other.low) not in near:
                wrong.append(f'"{one.text} {other.text}" is no name in the article')
    return tuple(wrong)


def mentions_in(sentence: str, *, small: frozenset[str]) -> list[Mention]:
    """Every name of a sentence; weekdays and months are none."""
    tokens = read_tokens(sentence, small=small)
    places = {id(token): place for place, token in enumerate(tokens)}
    runs = list(runs_of(tokens))
    spans = [(places[id(run[0])], places[id(run[-1])] + 1) for run in runs]
    return [
        _mention(tokens, *spans[number], beside=frozenset(_joined(tokens, spans, number)))
        for number in range(len(runs))
    ]


def _pronouns_in(sentence: str, *, small: frozenset[str]) -> list[Mention]:
    tokens = read_tokens(sentence, small=small)
    return [
        _mention(tokens, place, place + 1) for place, token in enumerate(tokens) if token.low in _PRONOUNS
    ]


def _mention(
    tokens: Sequence[Token], start: int, end: int, *, beside: frozenset[str] = frozenset()
) -> Mention:
    left, right = _weighed(tokens[:start][::-1]), _weighed(tokens[end:])
    by = any(token.low == "by" for token in tokens[max(0, start - 3) : start])
    for verb in _passive_verbs(tokens):
        if by and verb in left:
            right[verb] = max(right.get(verb, 0), left.pop(verb))
        elif verb in right and not by:
            left[verb] = max(left.get(verb, 0), right.pop(verb))
    shown = " ".join(token.text for token in tokens[start:end])
    return Mention(key=tokens[end - 1].low, shown=shown, before=left, after=right, beside=beside)


def runs_of(tokens: Sequence[Token]) -> Iterator[tuple[Token, ...]]:
    """Names of one or more words; "of", "and" and the like part them."""
    run: list[Token] = []
    for token in tokens:
        if token.kind is Kind.NAME and token.low not in _CALENDAR:
            run.append(token)
            continue
        if run:
            yield tuple(run)
        run = []
    if run:
        yield tuple(run)


def _weighed(tokens: Sequence[Token]) -> dict[str, float]:
    """Stems by nearness: 1, 1/2, 1/3 ...; names count for the distance only when they come between."""
    found: dict[str, float] = {}
    distance = 0
    for token in tokens:
        if token.kind is Kind.CONTENT or (token.low in _DEFINING and not distance):
            distance += 1
            found.setdefault(token.stem, 1 / distance)
        if distance == REACH:
            break
    return found


def _passive_verbs(tokens: Sequence[Token]) -> set[str]:
    """Participles after "was" with a "by" soon after."""
    found = set()
    for place, token in enumerate(tokens[:-1]):
        if token.low in BE and any(later.low == "by" for later in tokens[place + 2 : place + 6]):
            found.add(tokens[place + 1].stem)
    return found


def _joined(tokens: Sequence[Token], spans: Sequence[tuple[int, int]], number: int) -> Iterator[str]:
    """Names that a list holds together with this one: they may change places."""
    for step in (-1, 1):
        here = number
        while 0 <= here + step < len(spans):
            first, second = sorted((here, here + step))
            between = tokens[spans[first][1] : spans[second][0]]
            if not between or any(token.low not in ("and", "or", ",", "the") for token in between):
                break
            here += step
            yield tokens[spans[here][1] - 1].low


def _fit(slot: Mention, uses: Sequence[Mention]) -> float:
    """How well a name, as the origins use it, fits a slot: the share of the slot's words on the same side."""
    total = sum(slot.before.values()) + sum(slot.after.values())
    if not total:
        return 0.0
    return max(_shared(slot, use) for use in uses) / total


def _shared(slot: Mention, use: Mention) -> float:
    same = sum(min(weight, use.before.get(stem, 0)) for stem, weight in slot.before.items())
    same += sum(min(weight, use.after.get(stem, 0)) for stem, weight in slot.after.items())
    crossed = sum(min(weight, use.after.get(stem, 0)) for stem, weight in slot.before.items())
    crossed += sum(min(weight, use.before.get(stem, 0)) for stem, weight in slot.after.items())
    return same + 0.2 * crossed


def _open_uses(
    slot: Mention, by_key: dict[str, list[Mention]], origins: Sequence[str], small: frozenset[str]
) -> dict[str, list[Mention]]:
    """Where the origins use names, but for other names in an aside about the slot's own."""
    hidden = {
        id(mention)
        for origin in origins
        for name, other in _asides(read_tokens(origin, small=small))
        if slot.key in (name, other)
        for key in {name, other} - {slot.key}
        for mention in by_key.get(key, ())
        if mention.origin == origin
    }
    return {key: [use for use in uses if id(use) not in hidden] for key, uses in by_key.items()}


def _asides(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """(name, name told of it between commas): "Rana, who awaits Baahubali, has signed" is about Rana."""
    for place, token in enumerate(tokens[:-1]):
        if token.kind is not Kind.NAME or tokens[place + 1].low != ",":
            continue
        close = next((p for p in range(place + 2, len(tokens)) if tokens[p].low == ","), None)
        for later in tokens[place + 2 : close] if close else ():
            if later.kind is Kind.NAME:
                yield token.low, later.low
                yield later.low, token.low


def _replaced(
    slot: Mention, by_key: dict[str, list[Mention]], said: set[str], *, anyone: Sequence[Mention]
) -> str:
    """A name in a slot that is another's, who does not stand in the sentence."""
    own = _fit(slot, [*by_key[slot.key], *anyone])
    for key, uses in by_key.items():
        if uses and key not in said and _fit(slot, uses) > own + 1.2 * MARGIN and own < 0.35:
            return f'"{slot.shown}" stands in the place of "{uses[0].shown}"'
    return ""


_CALENDAR = guarded("calendar")
