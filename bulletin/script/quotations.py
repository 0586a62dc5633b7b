"""Which sentences stand inside somebody's quotation, and are not the reporter's; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bulletin.text import split_sentences

LONGEST = 8
"""Sentences of one quotation."""

_OPENING = re.compile(r"“|(?<!\S)\"(?=\S)|(?<=[(\[])\"|(?:^|(?<=: )|(?<=, ))['‘](?=\w)")
_CLOSING = re.compile(r"”|(?<=\S)\"(?!\w)|(?<=[\w.,!?])['’](?!\w)")
"""A single mark opens a quotation only where a sentence starts: elsewhere it may be an apostrophe."""
_BEFORE = re.compile(r"(?:[:,(\[]|\b(?:said|says|told [\w ]{2,30}|added|that))$")
"""What a quotation of several sentences follows; anywhere else a mark that is not closed is a printer's."""
_TOLD = re.compile(
    r"^[^\"“”]{3,120}\b(?:said|says|added|adds|told [\w ]{2,30})[:,] [\"“][^\"“”?!]{12,300}\.$"
)
_SAYS = re.compile(
    r"^(?P<who>[^.!?\"“”]{3,120}\b(?:said|says|added|adds|commented|wrote|told [^.!?:]{2,40})):$"
)


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


def mark_quoted(paragraphs: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Each sentence, and whether it stands wholly or partly inside a quotation of several sentences."""
    for paragraph in paragraphs:
        sentences = split_sentences(paragraph)
        open_until = -1
        for place, sentence in enumerate(sentences):
            if place > open_until and _leaves_open(sentence):
                open_until = _closing_place(sentences, place)
                if place < open_until and _TOLD.match(sentence):
                    # who says it is told here, so this much of it can be reported
                    yield sentence + ("”" if "“" in sentence else '"'), False
                    continue
            yield sentence, place <= open_until


def _leaves_open(sentence: str) -> bool:
    opened = [match.start() for match in _OPENING.finditer(sentence)]
    if len(opened) <= len(_CLOSING.findall(sentence)):
        return False
    return any(place == 0 or _BEFORE.search(sentence[:place].rstrip()) for place in opened)


def _closing_place(sentences: Sequence[str], place: int) -> int:
    """Where the quotation that `place` opens is closed; a mark that is never closed is a printer's."""
    for later in range(place + 1, min(place + LONGEST, len(sentences))):
        if len(_CLOSING.findall(sentences[later])) > len(_OPENING.findall(sentences[later])):
            return later
    return place
