"""A sentence that is too long is parted in two, each with a subject and a verb of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin.script.edits.grammar import (
    WORD,
    bare,
    capitalise,
    has_main_verb,
    is_finite,
    is_main_verb,
    listed,
    says_somebody,
    starts_clause,
)
from bulletin.text import count_words

FEWEST = 6
"""Words in either half; a sentence of five words among long ones sounds cut off."""

_JOINTS = (
    (re.compile(r"; (?:and |but )?"), ""),
    (re.compile(r", but "), "But "),
    (re.compile(r", and "), ""),
    (re.compile(r", while "), ""),
    (re.compile(r", so "), "So "),
    (re.compile(r", although "), ""),
    (re.compile(r" - (?:and |but )?"), ""),
    (re.compile(r" but (?=(?:he|she|they|it|the|police|officials) )"), "But "),
    (re.compile(r" and (?=(?:he|she|they|it) )"), ""),
    (
        re.compile(
            r" and (?=[A-Z][\w'’]+ (?:also |later |then )?"
            r"(?:is|was|are|were|has|had|have|will|would|said|told|did|can|could) )"
        ),
        "",
    ),
)
_SHARED = re.compile(r"(,?) (and|but) (?=(?:(?:also|later|then) )?(\w+)\b)")
_AFTER = re.compile(r",? after (?=(\w+) (\w+))")
_RELATIVE = re.compile(r", (?:who|which) (?=(\w+)\b)")
_THING_AT_END = re.compile(r"\b(?:an?|one) (?:[a-z-]+ ){0,2}([a-z-]{3,})$")
_GOES_ON = re.compile(
    r"^[^,]{0,40},|, (?:is|was|are|were|has|have|had|will|would|said|says|told|can|could|may|did|does|\w+ed)\b"
)
_HANGING = re.compile(
    r"\b(?:if|when|because|whether|that|which|who|whom|whose|where|both|between|either|neither|how|why|what)\b"
)
_FROM_SOMEWHERE = re.compile(r" (?:from|of|in|at|with|for|on|near) .*$")
_NAME_AT_END = re.compile(r"((?:[A-Z][\w'’-]+ ){1,3}[A-Z][\w'’-]+)$")


def part(text: str, *, most: int) -> tuple[str, ...]:
    """Part at the joint nearest to the middle, and again while a part is too long."""
    if count_words(text) <= most:
        return (text,)
    halves = _best(_by_clause(text)) or _best(_by_subject(text)) or _best(_by_relative(text))
    halves = halves or _best(_by_after(text))
    if not halves:
        return (text,)
    return (*part(halves[0], most=most), *part(halves[1], most=most))


def _best(found: Iterator[tuple[str, str]]) -> tuple[str, str] | None:
    """The most even of the ways to part."""
    return min(found, key=lambda two: abs(count_words(two[0]) - count_words(two[1])), default=None)


def _by_clause(text: str) -> Iterator[tuple[str, str]]:
    """Where two clauses are joined, each with a subject of its own."""
    for joint, opening in _JOINTS:
        for match in joint.finditer(text):
            head, tail = text[: match.start()].strip(), text[match.end() :].strip()
            if _can_part(head, tail) and starts_clause(tail):
                yield _close(head), opening + (tail if opening else capitalise(tail))


def _by_subject(text: str) -> Iterator[tuple[str, str]]:
    """Where one subject has two verbs: the subject is said again, "a man" as "the man"."""
    subject = _subject(text)
    if not subject:
        return
    for match in _SHARED.finditer(text):
        head, tail = text[: match.start()], text[match.end() :]
        if not is_main_verb(match[3]) or not _can_part(head, tail) or _HANGING.search(head):
            continue
        again = f"But {_mid(subject)}" if match[2] == "but" else subject
        yield _close(head), f"{again} {tail}"


def _by_relative(text: str) -> Iterator[tuple[str, str]]:
    """ "They seek a young man, who made off." -> "They seek a young man." "The man made off." """
    for match in _RELATIVE.finditer(text):
        head, tail = text[: match.start()], text[match.end() :]
        if not is_finite(match[1]) or not _can_part(head, tail) or _GOES_ON.search(tail):
            continue
        if name := _NAME_AT_END.search(head):
            yield _close(head), f"{name[1]} {tail}"
        elif thing := _THING_AT_END.search(head):
            yield _close(head), f"The {thing[1]} {tail}"


def _by_after(text: str) -> Iterator[tuple[str, str]]:
    """ "A man was held after a shop burned down." -> "A man was held." "This came after a shop burned down." """
    for match in _AFTER.finditer(text):
        head, tail = text[: match.start()], text[match.end() :]
        found = WORD.findall(head)
        if not found or bare(found[-1]) in listed("words", "measures") or says_somebody(head):
            continue
        if count_words(head) < FEWEST + 2 or not _can_part(head, tail) or not starts_clause(tail):
            continue
        if "," in tail[:30] or _HANGING.search(head):
            continue
        yield _close(head), f"{'This comes after' if _is_present(head) else 'This came after'} {tail}"


def _can_part(head: str, tail: str) -> bool:
    if head.count('"') % 2 or count_words(head) < FEWEST or count_words(tail) < FEWEST:
        return False
    if not has_main_verb(head) or _is_dependent(head):
        return False
    # What the police said must not become what the station says.
    return not says_somebody(head) or says_somebody(tail[:60])


def _is_dependent(head: str) -> bool:
    """Whether `head` opens or ends with a clause that needs more: "If ...", "both the mayor"."""
    first = bare(WORD.findall(head)[0])
    if first in (
        "if",
        "when",
        "while",
        "although",
        "though",
        "as",
        "because",
        "since",
        "after",
        "before",
        "unless",
    ):
        return "," not in head
    last_clause = head.rsplit(",", 1)[-1]
    return bool(re.match(r"\s*(?:if|when|because|whether|that|which|who)\b", last_clause)) or bool(
        re.search(r"\b(?:both|between|either|neither|whether)\b", last_clause)
    )


def _subject(text: str) -> str:
    """The subject as it is said the second time; nothing when it is not clear what it is."""
    words = list(WORD.finditer(text[:160]))
    verb = next((word for word in words[1:12] if is_main_verb(word[0])), None)
    if verb is None:
        return ""
    head = text[: verb.start()].strip()
    first = bare(words[0][0])
    if (
        "," in head
        or '"' in head
        or first in listed("words", "prepositions")
        or first.endswith(("ing", "ed"))
    ):
        return ""
    if first in ("he", "she", "they", "it", "police"):
        return "They" if first == "police" else capitalise(first)
    if name := _NAME_AT_END.search(head):
        return name[1]
    head = _FROM_SOMEWHERE.sub("", head) if first in ("a", "an", "one") else head
    if count_words(head) > 5 or any(is_finite(word[0]) for word in words if word.start() < verb.start()):
        return ""
    return re.sub(r"^(?:An?|One) ", "The ", head) if first in ("a", "an", "the", "one") else ""


def _mid(subject: str) -> str:
    """A subject in the middle of a sentence."""
    first, space, rest = subject.partition(" ")
    return first.casefold() + space + rest if first in ("The", "He", "She", "They", "It") else subject


def _close(head: str) -> str:
    return head.rstrip(",;:- ") + "."


def _is_present(head: str) -> bool:
    found = [bare(word) for word in WORD.findall(head)]
    first = next((word for word in found if is_finite(word)), "")
    return first in ("is", "are", "has", "have", "will", "can", "may", "do", "does") or first in listed(
        "verbs", "present"
    )
