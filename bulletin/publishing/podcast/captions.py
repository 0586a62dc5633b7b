"""Timed sentences -> Captions: short lines, broken between phrases, timed by their letters. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

LEAST_MS = 1000
"""Shortest readable caption; extended into the pause after the sentence where possible."""

_LEANS_ON = frozenset(
    # Articles, possessives, prepositions, titles: the next word belongs to them, so no line ends here. All
    # languages in one table: a word that is harmless in another language only moves a break.
    """
    a an the this that these those my your his her its our their no of to in on at by for from with into over
    under after before between against about than as per mr mrs ms dr prof sir lady st number
    der die das den dem des ein eine einen einem einer eines im am zum zur vom beim von mit nach bei aus zu auf
    für über unter vor gegen durch ohne um kein keine herr frau
    le la les un une du de des au aux à dans sur sous par pour avec sans chez ce cette ces son sa ses leur
    el los las lo unos unas del al en con sin sobre para hasta su sus
    il i gli uno di da dei delle degli della nel nella sul sulla tra fra
    o os as um uma dos das do nos nas ao pela pelo com sem
    het een van op aan met voor door uit te naar
    """.split()
)
_LEADS_ON = frozenset(
    # Conjunctions, relatives, and prepositions that open a phrase: a line may well begin here.
    """
    and but or nor so because although though while when where who whom whose which that if unless until since
    after before in on at for from with without into over under against between during near about than as to of by
    und aber oder denn sondern weil dass wenn als ob während obwohl damit bis nachdem bevor mit nach bei aus von
    et mais ou donc car que qui quand lorsque parce pendant après avant avec sans pour dans
    y e pero sino porque cuando donde mientras aunque según
    ma perché quando dove mentre che dopo prima
    mas onde enquanto embora depois antes
    en maar want omdat terwijl toen nadat voordat
    """.split()
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
    """Text shown at once; times in milliseconds."""

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]


class _Token(NamedTuple):
    """A word, or a letter of a word that is longer than a line."""

    text: str
    space: str
    """Before it: a blank or nothing."""


def to_captions(
    spans: Sequence[tuple[int, int, str]], *, columns: int, rows: int, reserved: int = 0
) -> list[Caption]:
    """
    Captions of at most `rows` lines of `columns` characters; the very first line has `reserved` fewer.

    `spans` are sentences in order of time: start and end in milliseconds, text. The time of a sentence is divided among
    its captions by letters; captions never overlap.
    """
    captions: list[Caption] = []
    nexts = [start for start, _, _ in spans[1:]]
    for number, (start, end, text) in enumerate(spans):
        cards = split_text(text, columns=columns, rows=rows, reserved=0 if number else reserved)
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
    tokens = _tokens(text, columns)
    cards: list[tuple[str, ...]] = []
    lines: list[str] = []
    begin = 0
    for end, is_last_line in _best_breaks(tokens, columns=columns, rows=rows, reserved=reserved):
        lines.append(_join(tokens[begin:end]))
        begin = end
        if is_last_line:
            cards.append(tuple(lines))
            lines = []
    return cards


def _tokens(text: str, columns: int) -> list[_Token]:
    """Words; a word longer than a line (Japanese, a web address) as single letters."""
    tokens: list[_Token] = []
    for word in text.split():
        space = " " if tokens else ""
        parts = [word] if len(word) <= columns else list(_letters(word, columns))
        tokens += [_Token(part, "" if number else space) for number, part in enumerate(parts)]
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


def _best_breaks(
    tokens: Sequence[_Token], *, columns: int, rows: int, reserved: int
) -> list[tuple[int, bool]]:
    """Index of the token after each line, and whether its caption ends there: the breaks of least cost."""
    start = (0, 0)
    ways: dict[tuple[int, int], tuple[float, tuple[int, int]]] = {start: (0.0, start)}
    for begin in range(len(tokens)):
        for row in range(rows):
            if (begin, row) in ways:
                room = max(1, columns - (0 if begin or row else reserved))
                _go_on(ways, tokens, begin, row=row, room=room, rows=rows)
    state = (len(tokens), 0)
    breaks = []
    while state != start:
        breaks.append((state[0], state[1] == 0))
        state = ways[state][1]
    return breaks[::-1]


def _go_on(
    ways: dict[tuple[int, int], tuple[float, tuple[int, int]]],
    tokens: Sequence[_Token],
    begin: int,
    *,
    row: int,
    room: int,
    rows: int,
) -> None:
    """Extend the cheapest way to a state (token index, lines in the open caption) by every possible line."""
    so_far, length = ways[begin, row][0], 0
    for end in range(begin + 1, len(tokens) + 1):
        token = tokens[end - 1]
        length += len(token.text) + (len(token.space) if end > begin + 1 else 0)
        if length > room and end > begin + 1:
            return
        is_end = end == len(tokens)
        price = 0.0 if is_end else _price(tokens[end - 1], tokens[end])
        cost = so_far + _UNUSED * (max(0, room - length) / room) ** 2
        closed = cost + price + _ONE_MORE + (_SHORT if row == 0 and length < _FEW_LETTERS else 0.0)
        _offer(ways, (end, 0), closed, (begin, row))
        if not is_end and row + 1 < rows:
            _offer(ways, (end, row + 1), cost + price * _WITHIN, (begin, row))


def _offer(
    ways: dict[tuple[int, int], tuple[float, tuple[int, int]]],
    state: tuple[int, int],
    cost: float,
    came: tuple[int, int],
) -> None:
    if state not in ways or cost < ways[state][0]:
        ways[state] = (cost, came)


def _price(before: _Token, after: _Token) -> float:
    """Cost of a break between two tokens."""
    left, right = before.text.rstrip(_CLOSING), after.text.lstrip(_OPENING)
    mark = left[-1:]
    if after.text[:1] in _DASHES or mark == "":
        return _TOGETHER
    if mark in _STOPS or mark in _DASHES:
        return _STOP
    if mark in _COMMAS:
        return _COMMA
    if not after.space:
        return _PLAIN if _is_ideograph(mark) else _PHRASE if mark in "-/.?&=" else _WITHIN_WORD
    word, follower = left.rstrip(".").lower(), right.rstrip(",.;:!?").lower()
    is_name = left[:1].isupper() and right[:1].isupper()
    is_numbered = left[:1].isupper() and right[:1].isdigit()  # "Room 5", "November 25"
    if word in _LEANS_ON or is_name or is_numbered or mark.isdigit() or mark in "£$€":
        return _TOGETHER
    return _PHRASE if follower in _LEADS_ON else _PLAIN


def _is_ideograph(letter: str) -> bool:
    """Whether a line may end after this letter."""
    return unicodedata.east_asian_width(letter) in "WF"


def _join(tokens: Sequence[_Token]) -> str:
    return "".join(token.space + token.text for token in tokens).strip()


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
