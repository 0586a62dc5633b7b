"""Text -> sentences and words, and the likeness of two texts; pure, in time linear in the text's length."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable
from functools import lru_cache

ELLIPSIS = "…"
_WORD = re.compile(r"[^\W_]+(?:[.,:'’-]*[^\W_]+)*")


def _set(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Always before a name or a number, so never the end of a sentence.
_TITLES = _set(
    "mr mrs ms mx messrs dr prof rev revd hon sen sens rep reps gov lt col maj capt cpl sgt pvt pte cmdr adm "
    "brig gen pres amb supt det insp fr sr st mt ft cllr ald assn vs v cf approx est viz incl eg ie"
)
# Before a number only: "No. 10", "Fig. 3".
_NUMBERED = _set("no nos fig figs vol vols art sec ch pp rs p para")
# May end a sentence as well as stand inside one: the next word decides.
_SOMETIMES = _set(
    "inc ltd co corp plc llc bros jr etc ave blvd rd jan feb mar apr jun jul aug sep sept oct nov dec "
    "mon tue tues wed thu thur thurs fri sat sun a.m p.m am pm fla calif ariz mass conn penn tenn wash "
    "ill mich minn colo dept univ al ct ln pl hwy pkwy md va nev wis tex okla ark ky neb kan wyo mont vt"
)
_OPENERS = _set(
    "the a an it he she they we i you this that these those but and or so in on at for from with after before "
    "as when while if his her their its our my there here meanwhile however police mr mrs ms dr officials both "
    "according by to under since during last earlier later then now yet still also what who how why where no "
    "not all some many most more several such each every another one two three did"
)
_HALF_DAYS = _set("am pm a.m p.m")
_DAYS = _set(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october "
    "november december eastern pacific central mountain greenwich local"
)
# The look-behind keeps a million full stops in a row from being read a million times.
_END = re.compile(
    r"(?<![.?!…])[.?!…]+[\"'”’)\]]*(?=\s+[\"'“‘(\[]*[^\W_a-zß-öø-ÿ]|\s+[\"'“‘(\[]*[£$€#@]|\s*$)"
)
_STRAY = re.compile(r"[\"'”’)\]]+")


def split_sentences(text: str, *, is_final: Callable[[str, str], bool] | None = None) -> tuple[str, ...]:
    """
    Split text into sentences; a line end always ends one.

    `is_final`: for a language other than English, whether a full stop between two words ends a sentence.

    >>> split_sentences("Mr Fox left at 7 p.m. Monday. The ferry sank.")
    ('Mr Fox left at 7 p.m. Monday.', 'The ferry sank.')
    """
    sentences: list[str] = []
    for line in text.splitlines():
        sentences += _split_line(" ".join(line.split()), is_final or _stop_is_final)
    return tuple(sentences)


def shorten(line: str, *, most: int) -> str:
    """
    Cut after a word where there is one in the last fifth of `most` characters, and add an ellipsis.

    >>> shorten("The ferry sank off Wexcombe.", most=16)
    'The ferry sank…'
    """
    if len(line) <= most:
        return line
    blank = line.rfind(" ", most * 4 // 5, most)
    return line[: blank if blank > 0 else most - 1].rstrip(" ,;:–—-") + ELLIPSIS


def storable(text: str) -> str:
    r"""
    The text without NUL and surrogates, which JSON can hold but no database, file or feed.

    >>> storable("fer\0ry\ud83d")
    'ferry'
    """
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")


def words(text: str) -> list[str]:
    """
    The words of a text as written.

    >>> words("£3.5bn for part-time staff, who don't row")
    ['3.5bn', 'for', 'part-time', 'staff', 'who', "don't", 'row']
    """
    return _WORD.findall(text)


@lru_cache(maxsize=4096)
def count_words(text: str) -> int:
    """
    How many words a reader would count.

    >>> count_words("£3.5bn for part-time staff")
    4
    """
    return len(_WORD.findall(text))


def count_letters(text: str) -> int:
    """
    Letters and digits, which predict a voice's time better than words.

    >>> count_letters("7 ferries")
    8
    """
    return sum(map(str.isalnum, text))


def likeness(one: str, other: str) -> float:
    """
    Cosine over runs of three to five letters: from 0, nothing in common, to 1, the same words.

    >>> round(likeness("The ferry sank", "the ferry sank"), 6), likeness("ferry", "council")
    (1.0, 0.0)
    """
    first, second = _runs(one), _runs(other)
    if not first or not second:
        return 0.0
    if len(first) > len(second):
        first, second = second, first
    shared = sum(count * second[run] for run, count in first.items() if run in second)
    return shared / (_norm(first) * _norm(second))


def _split_line(line: str, is_final: Callable[[str, str], bool]) -> list[str]:
    sentences: list[str] = []
    start = 0
    for match in _END.finditer(line):
        if not _ends_sentence(line, start, match, is_final):
            continue
        piece = line[start : match.end()].strip()
        if sentences and _STRAY.fullmatch(piece):
            sentences[-1] += piece
        elif piece:
            sentences.append(piece)
        start = match.end()
    if rest := line[start:].strip():
        sentences.append(rest)
    return sentences


def _ends_sentence(line: str, start: int, match: re.Match[str], is_final: Callable[[str, str], bool]) -> bool:
    mark = match[0]
    if mark[0] != "." or match.end() == len(line):
        return True
    tail = line[max(start, match.start() - 24) : match.start()]
    token = tail.rsplit(maxsplit=1)[-1].lstrip("\"'“‘([—–-") if tail.strip() else ""
    following = _WORD.match(line[match.end() : match.end() + 40].lstrip(" \"'“‘([£$€#@"))
    after = following[0] if following else ""
    if mark.startswith(("..", "…")):
        return after.casefold() in _OPENERS and after != "I"
    return len(mark) > 1 or is_final(token, after)


def _stop_is_final(token: str, after: str) -> bool:
    """Whether the full stop after `token`, before the word `after`, ends the sentence."""
    low, opens = token.casefold(), after.casefold() in _OPENERS
    if low in _HALF_DAYS:
        # "at 3.30 pm. Ann Fox lost control", not "at 7 p.m. Monday" or "p.m. EST"
        is_name = after[:1].isupper() and not after.isupper() and after.casefold() not in _DAYS
        return opens or is_name
    if low in _NUMBERED:
        return not after[:1].isdigit()
    if low in _TITLES:
        return False
    if len(token) == 1 and token.isalpha() and token.isupper() and token != "I":
        return opens and after.casefold() not in ("a", "i")
    if "." in token and re.fullmatch(r"(?:[^\W\d_]\.)+[^\W\d_]", token):
        return opens and low not in ("i.e", "e.g")
    if low in _SOMETIMES:
        return opens and not after[:1].isdigit()
    return not (token.isdigit() and len(token) <= 2 and not opens and token == after)


@lru_cache(maxsize=8)
def _runs(text: str) -> Counter[str]:
    joined = f" {' '.join(word.casefold() for word in words(text)[:400])} "
    return Counter(joined[at : at + size] for size in (3, 4, 5) for at in range(len(joined) - size + 1))


def _norm(runs: Counter[str]) -> float:
    return math.sqrt(sum(count * count for count in runs.values()))
