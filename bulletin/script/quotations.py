"""Which sentences stand inside somebody's quotation, and are not the reporter's; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bulletin.script.edits.grammar import one_of
from bulletin.script.rare import Rare
from bulletin.text import split_sentences

LONGEST = 8
"""Sentences of one quotation."""


_OPENING = Rare(r"“|(?<!\S)\"(?=\S)|(?<=[(\[])\"|(?:^|(?<=: )|(?<=, ))['‘](?=\w)")
_CLOSING = Rare(r"”|(?<=\S)\"(?!\w)|(?<=[\w.,!?])['’](?!\w)")
"""A single mark opens a quotation only where a sentence starts: elsewhere it may be an apostrophe."""
_AFTER_COLON = Rare(r": [\"“][^\"“”]*$")
"""No printer's: who speaks stands before it."""
MOST_LOST = 3
"""Sentences to the end of a paragraph that a quotation still holds when the page has lost its closing mark."""
_BEFORE = Rare(r"(?:[:,(\[]|\b(?:said|says|told [\w ]{2,30}|added|that))$")
"""What a quotation of several sentences follows; anywhere else a mark that is not closed is a printer's."""
_TOLD = Rare(
    r"^[^\"“”]{3,120}\b(?:said|says|added|adds|told [\w ]{2,30})(?: (?:in|on|at|during) [^,:\"“”]{3,60})?[:,] [\"“][^\"“”?!]{12,300}\.$"
)
_SAYS = Rare(r"^(?P<who>[^.!?\"“”]{3,120}\b(?:said|says|added|adds|commented|wrote|told [^.!?:]{2,40})):$")


_TO_SOMEBODY = Rare(r"\b(?:you|yours?|let's)\b", re.IGNORECASE)
_UNSAYABLE = Rare(r"[\"“”?!‘]|\.\.|…|(?<!\w)'|\bhere\b")
_OF_SOMEBODY = Rare(r"\b(?:he|she|him|hers?|his)\b")
_WHO = r"[^,;:\"“”?!]{2,80}?"
_OFFICE = r"(?P<{0}>(?:an?|the|one of|[a-z]{{2,}}|who)\b[^,;:\"“”]{{2,120}})"
_WHEN = r"(?: here)?(?:,? (?:who|when|while|after|as|before|following|amid|adding) [^\"“”]{4,200}?)?"
_WHERE = r"(?: here)?(?:,? (?:on|in|at|during|outside|who|when|while|after|as|before|following|amid) [^\"“”]{4,200}?)?"
"""Where and when it was said, which nobody needs to hear with every part of it."""
_OPENED = Rare(
    r"^(?P<said>[^,;:\"“”]{2,80}? (?:said|says|added|adds|told [^,;:\"“”]{2,60}?))[,:] [\"“](?P<body>[^\"“”]{8,300})$"
)
"""The first, after who says it."""


@lru_cache(maxsize=1)
def _somebody() -> Rare:
    """Opens a sentence that itself tells who "she" is."""
    return Rare(rf"(?:The|An?|One) (?:[\w-]+ )?(?:{one_of('people', 'somebody')})\b|[A-Z][a-z]+ [A-Z][a-z]+ ")


@lru_cache(maxsize=1)
def _patterns() -> dict[str, Rare]:
    saying = rf"(?:{one_of('saying', 'in_quotation')})"
    return {
        # the last sentence of a quotation, with who says it
        "closed": Rare(
            r"^(?P<body>[^\"“”]{8,300}[,.]?)[\"”],? (?:"
            rf"(?P<said>(?:{saying} [^,;:\"“”]{{2,80}}?(?={_WHEN}\.$)|{_WHO} (?:{saying}|told [^,;:\"“”]{{2,60}}?)(?: (?:on|in|at|during) [^,;:\"“”]{{2,40}})?))"
            rf"{_WHERE}|(?P<verb>{saying}) (?P<name>[A-Z][^,;:\"“”]{{2,50}}), {_OFFICE.format('office')}(?:, [^;:\"“”]{{2,60}})?"
            rf"|(?P<name2>[A-Z][^,;:\"“”]{{2,50}}), {_OFFICE.format('office2')},? (?:{saying}|told [^,;:\"“”]{{2,60}}?)(?: (?:on|in|at|during) [^,;:\"“”]{{2,40}})?"
            rf"|(?P<aside>{_WHO}), [^\"“”]{{4,140}}, (?:has |had )?{saying}{_WHEN}"
            rf"|(?P<plain>{_WHO} {saying}), (?:describing|referring|speaking|talking|adding|calling|urging) [^\"“”]{{4,160}}"
            r")\.$"
        ),
        # the end of a quotation whose opening mark the page has lost
        "unopened": Rare(
            rf"^[A-Z][^\"“”]{{12,300}},[\"”] (?:(?:he|she|they|{_WHO}) {saying}|{saying} {_WHO})\b[^\"“”]{{0,80}}\.$"
        ),
        "by_name": Rare(
            rf"^(?:{saying} (?P<after>[A-Z][\w'’.-]+(?: [A-Z][\w'’.-]+){{0,2}}|the [a-z]+)(?=,|$)|(?P<before>(?:[Hh]e|[Ss]he|[Tt]hey|[Tt]he [a-z]+|[A-Z][\w'’.-]+(?: [A-Z][\w'’.-]+){{0,2}})) (?:{saying}|told)\b)"
        ),
        # an office in small letters before a full name: "council leader Ann Fox told reporters"
        "by_office": Rare(
            rf"^(?:{saying} )?(?:[\w'’-]+ ){{1,8}}?(?!(?:and|or|of|for|to|by|from|with|in|at|on|near) )[a-z-]{{3,}} "
            rf"(?P<name>[A-Z][\w'’-]+ (?:[A-Z]\.? )?[A-Z][\w'’-]+)(?:$| (?:{saying}|told)\b)"
        ),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A sentence as the article has it."""

    text: str
    is_quoted: bool = False
    """Whether it is part of a longer quotation and cannot be told alone."""
    alone: str = ""
    """As it would be printed if the rest of the quotation were not: with its marks and who says it."""
    speaker_at: int | None = None
    """Place of the sentence that tells who says it, when that is another."""
    again: str = ""
    """The same for when something of the quotation has been told: by "Ann Fox", without her office; nothing if that is long."""
    is_part: bool = False
    """Whether others of the same quotation stand round it."""


def join_block_quotes(text: str) -> str:
    """
    Put a quotation that stands on lines of its own, without marks, back between marks.

    "The minister said:" and below it what she said: the second line would be read as the station's own words.
    """
    lines = text.splitlines()
    joined: list[str] = []
    label = ""
    for line in lines:
        bare = line.strip()
        if label and bare:
            joined.append(f"{label} {line}" if bare[0] in "\"“'‘" else f'{label} "{bare}"')
            label = ""
        elif match := _SAYS.match(bare):
            label = match[0]
        else:
            joined.append(line)
    return "\n".join(joined)


def mark_quoted(paragraphs: Sequence[str]) -> Iterator[Printed]:
    """Each sentence, whether it stands inside a quotation of several sentences, and then who says it."""
    start = 0
    for number, paragraph in enumerate(paragraphs):
        following = paragraphs[number + 1] if number + 1 < len(paragraphs) else ""
        sentences = split_sentences(paragraph)
        open_until, told = -1, False
        speaker: tuple[str, int] | None = None
        for place, sentence in enumerate(sentences):
            told = False
            if place > open_until and _closes_nothing(sentence):
                closed_at = _closed_at(sentences, place)
                if closed_at > place + 1:
                    open_until, speaker = closed_at, _speaker(sentences, place, closed_at)
                yield Printed(text=sentence, is_quoted=not closed_at)
                continue
            if place > open_until and _leaves_open(sentence):
                open_until = _closing_place(sentences, place, goes_on=_opens(following))
                speaker = _speaker(sentences, place, open_until)
                told = place < open_until and bool(_TOLD.match(sentence))
            if told:
                # who says it is told here, so this much of it can be reported
                yield Printed(text=sentence, alone=sentence + ("”" if "“" in sentence else '"'))
            elif place > open_until or not speaker:
                alone = (
                    f'"{sentence}' if place > open_until and _patterns()["unopened"].match(sentence) else ""
                )
                yield Printed(text=sentence, is_quoted=place <= open_until, alone=alone)
            else:
                alone = _said_alone(sentence, speaker[0])
                yield Printed(
                    text=sentence,
                    is_quoted=not alone,
                    alone=alone,
                    speaker_at=start + speaker[1],
                    again=_said_alone(sentence, short) if (short := _short(speaker[0])) else "",
                    is_part=True,
                )
        start += len(sentences)


def _closes_nothing(sentence: str) -> bool:
    """Whether it ends with a mark that nothing has opened, and does not say whose words it closes."""
    if sentence[-1:] not in ('"', "”") or _opens(sentence):
        return False
    return len(_CLOSING.findall(sentence)) == 1 and not _OPENING.search(sentence) and "“" not in sentence


def _closed_at(sentences: Sequence[str], place: int) -> int:
    """
    Where the quotation ends whose opening mark stands too early, 'was shut." The boat is old. It leaks," she said.'

    0 where no speaker comes: then the mark closes words of which nobody knows whose they are.
    """
    for later in range(place + 1, min(place + LONGEST, len(sentences))):
        if _patterns()["closed"].match(sentences[later]):
            return later
        if _has_mark(sentences[later]):
            break
    return 0


def _speaker(sentences: Sequence[str], first: int, last: int) -> tuple[str, int] | None:
    """Whose quotation it is, as "said Ann Fox", and at which sentence that stands; nothing when it is not clear."""
    if first == last:
        return None
    if closed := _patterns()["closed"].match(sentences[last]):
        return _who_said(closed), last
    if opened := _OPENED.match(sentences[first]):
        return opened["said"], first
    return None


def _who_said(closed: re.Match[str]) -> str:
    """ "Ann Fox, the mayor, said" as "said Ann Fox, the mayor", which the edits know how to turn."""
    if closed["said"] or closed["plain"]:
        return str(closed["said"] or closed["plain"])
    if closed["aside"]:
        return f"said {closed['aside']}"
    name, office = closed["name"] or closed["name2"], closed["office"] or closed["office2"]
    # "said Ann Fox, who was born in Wexcombe": that is told of her once, if at all
    return f"said {name}" if office.startswith("who ") else f"said {name}, {office}"


def _short(said: str) -> str:
    """ "said Ann Fox, the mayor" or "mayor Ann Fox told a meeting" as "said Ann Fox"; nothing for a long description."""
    match, office = _patterns()["by_name"].match(said), _patterns()["by_office"].match(said)
    name = match["after"] or match["before"] if match else office["name"] if office else ""
    return f"said {name}" if name else ""


def _said_alone(sentence: str, said: str) -> str:
    """
    One sentence of a longer quotation as it would be printed without the others.

    Nothing for a question, and where "you" is spoken to; "I" and "we" are whoever says it.
    """
    body = _patterns()["closed"].match(sentence)
    opened = _OPENED.match(sentence)
    words = body["body"] if body else opened["body"] if opened else sentence
    words = words.strip().strip('"“”').strip()
    if not words or _TO_SOMEBODY.search(words) or _UNSAYABLE.search(words):
        return ""
    if _OF_SOMEBODY.search(words) and not _somebody().match(words):
        return ""
    return f'"{words.rstrip(".,")}," {said}.'


def _opens(paragraph: str) -> bool:
    return paragraph.lstrip()[:1] in ("“", '"')


def _leaves_open(sentence: str) -> bool:
    opened = [match.start() for match in _OPENING.finditer(sentence)]
    if len(opened) <= len(_CLOSING.findall(sentence)):
        return False
    return any(place == 0 or _BEFORE.search(sentence[:place].rstrip()) for place in opened)


def _closing_place(sentences: Sequence[str], place: int, *, goes_on: bool) -> int:
    """
    Where the quotation that `place` opens is closed; a mark that is never closed is a printer's.

    A quotation that `goes_on` in the next paragraph is opened there anew, and not closed here. One that a colon
    opens is nobody else's, closed or not: what is left of a short paragraph is still said.
    """
    for later in range(place + 1, min(place + LONGEST, len(sentences))):
        if len(_CLOSING.findall(sentences[later])) > len(_OPENING.findall(sentences[later])):
            return later
    said = bool(_AFTER_COLON.search(sentences[place]))
    if goes_on and (said or _opens(sentences[place])):
        return len(sentences) - 1
    rest = sentences[place + 1 :]
    if said and len(rest) <= MOST_LOST and not any(map(_has_mark, rest)):
        return len(sentences) - 1
    return place


def _has_mark(sentence: str) -> bool:
    return any(mark in sentence for mark in '"“”')
