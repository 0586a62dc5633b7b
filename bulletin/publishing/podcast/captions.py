"""Timed sentences -> Captions: short lines, broken between phrases, timed by their letters. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, pairwise, product
from typing import NamedTuple

from bulletin.language.read_word_lists import word_set

LEAST_MS = 1000
"""Shortest readable caption; extended into the pause after the sentence where possible."""

_LEANS_ON, _LEADS_ON = (
    word_set("bulletin.publishing.podcast", "caption_words.toml", name) for name in ("leans_on", "leads_on")
)
_STOPS, _COMMAS, _DASHES = ";:!?…。！？；：", ",،、，", "–—"
_OPENING, _CLOSING = "([{«“‘„\"'", ")]}»”’\"'"

# Cost of a break: between article and noun, within a word, between words, at a phrase, at a comma, at a stop.
_TOGETHER, _WITHIN_WORD, _PLAIN, _PHRASE, _COMMA, _STOP = 40.0, 20.0, 5.0, 2.0, 1.0, 0.0
# Cost of a further caption and of one with few letters; weight of a break within a caption; cost of unused space.
_ONE_MORE, _SHORT, _WITHIN, _UNUSED = 10.0, 8.0, 0.6, 8.0
_FEW_LETTERS = 12

_PAUSE_LETTERS, _DIGIT_LETTERS, _SIGN_LETTERS = 4, 3, 6
"""Spoken length of a comma, a digit ("5", "five") and "£" or "%", in letters."""


class Caption(NamedTuple):
    """One caption; times in milliseconds."""

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]


def to_captions(
    spans: Sequence[tuple[int, int, str]],
    *,
    columns: int,
    rows: int,
    reserved: Mapping[int, int] | None = None,
) -> list[Caption]:
    """
    Captions of at most `rows` lines of `columns` characters.

    The first line of a sentence has as many characters less as `reserved` says for the sentence's number.

    `spans` are sentences in order of time: start and end in milliseconds, text. The time of a sentence is divided among
    its captions by letters; captions never overlap.
    """
    captions: list[Caption] = []
    nexts = [start for start, _, _ in spans[1:]]
    for number, (start, end, text) in enumerate(spans):
        cards = split_text(text, columns=columns, rows=rows, reserved=(reserved or {}).get(number, 0))
        begin = max(start, captions[-1].end_ms if captions else 0)
        if number < len(nexts) and nexts[number] > begin:
            end = min(max(end, begin + LEAST_MS * len(cards)), nexts[number])
        captions += _timed(cards, begin, max(end, begin + len(cards)))
    return captions


def split_text(text: str, *, columns: int, rows: int, reserved: int = 0) -> list[tuple[str, ...]]:
    """
    One line of text -> the lines of each caption, broken at the least bad places.

    >>> split_text("The council said the work would cost £3.5 million.", columns=32, rows=2)
    [('The council said the work', 'would cost £3.5 million.')]
    """
    cards: list[tuple[str, ...]] = []
    lines: list[str] = []
    for line, is_last in _best_lines(_tokens(text, columns), columns=columns, rows=rows, reserved=reserved):
        lines.append(line)
        if is_last:
            cards.append(tuple(lines))
            lines = []
    return cards


def _tokens(text: str, columns: int) -> list[str]:
    """Words, each after a blank; a word longer than a line (Japanese, a web address) as single letters."""
    tokens: list[str] = []
    for word in text.split():
        first, *others = [word] if len(word) <= columns else _letters(word, columns)
        tokens += [f" {first}", *others]
    return tokens


def _letters(word: str, columns: int) -> Iterator[str]:
    """Letters, each with its combining marks."""
    letter = ""
    for sign in word:
        is_mark = unicodedata.category(sign) in ("Mn", "Mc", "Me", "Cf") or letter[-1:] == "\u200d"
        if letter and (not is_mark or len(letter) == columns):
            yield letter
            letter = ""
        letter += sign
    yield letter


def _best_lines(
    tokens: Sequence[str], *, columns: int, rows: int, reserved: int
) -> Iterator[tuple[str, bool]]:
    """Each line, and whether its caption ends there: the breaks of least cost."""
    # (index of a line's first token, lines before it in its caption) -> cost from there on, end of the line, is_last
    best: dict[tuple[int, int], tuple[float, int, bool]] = {(len(tokens), 0): (0.0, 0, True)}
    prices = [*(_price(before, after) for before, after in pairwise(tokens)), 0.0]
    letters = list(accumulate(map(len, tokens), initial=0))
    for begin, row in product(reversed(range(len(tokens))), range(rows)):
        room = max(1, columns - (0 if begin or row else reserved))
        ways = []
        for end in range(begin + 1, len(tokens) + 1):
            length = letters[end] - letters[begin] - tokens[begin].startswith(" ")
            if length > room and end > begin + 1:
                break
            price = prices[end - 1]
            unused = _UNUSED * (max(0, room - length) / room) ** 2
            short = _SHORT if row == 0 and length < _FEW_LETTERS else 0.0
            ways.append((unused + price + _ONE_MORE + short + best[end, 0][0], end, True))
            if end < len(tokens) and row + 1 < rows:
                ways.append((unused + price * _WITHIN + best[end, row + 1][0], end, False))
        best[begin, row] = min(ways)
    begin = row = 0
    while begin < len(tokens):
        _, end, is_last = best[begin, row]
        yield _join(tokens[begin:end]), is_last
        begin, row = end, 0 if is_last else row + 1


def _price(before: str, after: str) -> float:
    """Cost of a break between two tokens."""
    left, right = before.strip().rstrip(_CLOSING), after.strip().lstrip(_OPENING)
    mark = left[-1:]
    if after.strip()[:1] in _DASHES or mark == "":
        return _TOGETHER
    if mark in _STOPS or mark in _DASHES:
        return _STOP
    if mark in _COMMAS:
        return _COMMA
    if not after.startswith(" "):
        is_ideograph = unicodedata.east_asian_width(mark) in "WF"
        return _PLAIN if is_ideograph else _PHRASE if mark in "-/.?&=" else _WITHIN_WORD
    word, follower = left.rstrip(".").lower(), right.rstrip(",.;:!?").lower()
    is_name = left[:1].isupper() and right[:1].isupper()
    is_numbered = left[:1].isupper() and right[:1].isdigit()  # "Room 5", "November 25"
    if word in _LEANS_ON or is_name or is_numbered or mark.isdigit() or mark in "£$€":
        return _TOGETHER
    return _PHRASE if follower in _LEADS_ON else _PLAIN


def _join(tokens: Sequence[str]) -> str:
    return "".join(tokens).strip()


def _timed(cards: Sequence[tuple[str, ...]], begin: int, end: int) -> Iterator[Caption]:
    """Captions of a sentence, its time divided by their spoken length."""
    shares = _shares([_letters_said(" ".join(lines)) for lines in cards], end - begin)
    moments = [begin + round(at) for at in accumulate(shares, initial=0.0)]
    for lines, (start, stop) in zip(cards, pairwise(moments), strict=True):
        yield Caption(start, stop, lines)


def _shares(weights: Sequence[int], total: int) -> list[float]:
    """Proportional shares of `total`, none below the shortest readable caption if possible."""
    least = min(LEAST_MS, total / len(weights))
    short = [weight * total < least * sum(weights) for weight in weights]
    left = total - least * sum(short)
    rest = sum(weight for weight, is_short in zip(weights, short, strict=True) if not is_short)
    return [
        least if is_short or not rest else left * weight / rest
        for weight, is_short in zip(weights, short, strict=True)
    ]


def _letters_said(text: str) -> int:
    """Spoken length of a text, in letters."""
    return 1 + sum(_sign_letters(sign) for sign in text)


def _sign_letters(sign: str) -> int:
    if sign.isdigit():
        return _DIGIT_LETTERS
    if sign.isalpha():
        return 1
    if sign in "£$€%":
        return _SIGN_LETTERS
    return _PAUSE_LETTERS if sign in _STOPS or sign in _COMMAS or sign in _DASHES else 0
