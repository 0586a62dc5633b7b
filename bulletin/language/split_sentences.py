"""Text -> sentences and words, and the likeness of two texts; pure, in time linear in the text's length."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable
from functools import lru_cache

from bulletin.language.read_word_lists import word_set

ELLIPSIS = "…"
_WORD = re.compile(r"[^\W_]+(?:[.,:'’-]*[^\W_]+)*")


# Dutch begins a sentence with "'s Avonds" (Woordenlijst, "hoofdletter"). The look-behind keeps a million full stops in a row from being read a million times.
_END = re.compile(
    r"(?<![.?!…])[.?!…]+(?:[\"'”’“)\]»«]|\s»)*(?=\s+(?:[\"“„«]?['’‘][snt]\s[A-Z]|[\"'“‘(\[„«¿¡]*\s?(?:[^\W_a-zß-öø-ÿ]|[£$€#@]))|\s*$)"
)
_STRAY = re.compile(r"[\"'”’“)\]»«]+")


def split_sentences(text: str, *, is_final: Callable[[str, str], bool] | None = None) -> tuple[str, ...]:
    """
    Split text into sentences; a line end always ends one.

    `is_final`: for a language other than English, whether a full stop between two words ends a sentence.

    >>> split_sentences("Mr Fox left at 7 p.m. Monday. The ferry sank.")
    ('Mr Fox left at 7 p.m. Monday.', 'The ferry sank.')
    >>> split_sentences("Zij zonk. 's Avonds kwam hij.")
    ('Zij zonk.', "'s Avonds kwam hij.")
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


def likeness(text: str, other: str) -> float:
    """
    Cosine over runs of three to five letters: from 0, nothing in common, to 1, the same words.

    >>> round(likeness("The ferry sank", "the ferry sank"), 6), likeness("ferry", "council")
    (1.0, 0.0)
    """
    first, second = _runs(text), _runs(other)
    shared = sum(first[run] * second[run] for run in first.keys() & second.keys())
    return shared / (math.hypot(*first.values()) * math.hypot(*second.values()) or 1)


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
    token = tail.rsplit(maxsplit=1)[-1].lstrip("\"'“‘([„«¿¡—–-") if tail.strip() else ""
    following = _WORD.match(line[match.end() : match.end() + 40].lstrip(" \"'“‘([„«¿¡£$€#@"))
    after = following[0] if following else ""
    if mark.startswith(("..", "…")):
        is_opener = after.casefold() in _listed("openers") and after != "I"
        return is_opener if is_final is _stop_is_final else after[:1].isupper()
    return len(mark) > 1 or is_final(token, after)


def _listed(name: str) -> frozenset[str]:
    return word_set("bulletin.language", "sentence_ends.toml", f"stops.{name}")


def _stop_is_final(token: str, after: str) -> bool:
    """Whether the full stop after `token`, before the word `after`, ends the sentence."""
    low, opens = token.casefold(), after.casefold() in _listed("openers")
    if low in _listed("half_days"):
        # "at 3.30 pm. Ann Fox lost control", not "at 7 p.m. Monday" or "p.m. EST"
        is_name = after[:1].isupper() and not after.isupper() and after.casefold() not in _listed("days")
        return opens or is_name
    if low in _listed("numbered"):
        return not after[:1].isdigit()
    if low in _listed("titles"):
        return False
    if len(token) == 1 and token.isalpha() and token.isupper() and token != "I":
        return opens and after.casefold() not in ("a", "i")
    if "." in token and re.fullmatch(r"(?:[^\W\d_]\.-?)+[^\W\d_]", token):
        return opens and low not in ("i.e", "e.g")
    if low in _listed("sometimes"):
        return opens and not after[:1].isdigit()
    return not (token.isdigit() and len(token) <= 2 and not opens and token == after)


@lru_cache(maxsize=8)
def _runs(text: str) -> Counter[str]:
    joined = f" {' '.join(word.casefold() for word in words(text)[:400])} "
    return Counter(joined[at : at + size] for size in (3, 4, 5) for at in range(len(joined) - size + 1))
