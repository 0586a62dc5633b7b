"""ComingBulletin -> ReadingScript: blocks of lines for a person at the microphone. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import groupby

from bulletin.config.profile_options import ScriptOptions
from bulletin.language.split_sentences import count_words
from bulletin.model import Passage, RecordedClip, Role, Sentence
from bulletin.newsroom.coming_bulletin import ComingBulletin
from bulletin.normalization.pronunciation_lexicon import Lexicon
from bulletin.script.opening_and_closing import StationPassages

_READER_WPS = 3.0
"""Words a second of a British newsreader (`Voice.pace_wps`)."""
_NAMES = {
    Role.IDENT: "Ident",
    Role.OPENING: "Opening",
    Role.HEADLINE: "Headlines",
    Role.CLOSING: "Closing",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingLine:
    """One sentence, or a clip to play."""

    text: str
    seconds: float
    clip: RecordedClip | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingBlock:
    """Opening, headlines, a story or closing."""

    kind: str
    name: str
    lines: tuple[ReadingLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingScript:
    """The script of the coming bulletin."""

    blocks: tuple[ReadingBlock, ...]
    version: str
    """Changes with any word."""
    changed: str
    """Who changed it last, for the line that offers the new script."""

    @property
    def seconds(self) -> float:
        return sum(line.seconds for block in self.blocks for line in block.lines)


def lay_out_script(coming: ComingBulletin, options: ScriptOptions, *, last: str = "") -> ReadingScript:
    """
    The passages that will air, headlines as one block; `last`: "Ana at 14:03", who changed it last.

    A person reads the opening with the time, and does not say that the voice is synthetic.
    """
    script = coming.script
    own = StationPassages(station=script.station, at=script.at, options=options, lexicon=Lexicon())
    unread = {sentence.text for sentence in own.disclosure_alone().sentences}
    opening = own.opening(is_timed=True)
    passages = [opening if passage.role is Role.OPENING else passage for passage in coming.aired]
    blocks = tuple(_blocks(passages, unread))
    words = "\n".join(line.text for block in blocks for line in block.lines)
    return ReadingScript(
        blocks=blocks,
        version=hashlib.sha256(words.encode()).hexdigest()[:16],
        changed=f"Changed by {last}." if last else "",
    )


def _blocks(passages: Sequence[Passage], unread: AbstractSet[str]) -> Iterator[ReadingBlock]:
    def key(passage: Passage) -> tuple[Role, str]:
        return passage.role, passage.story_id if passage.role is Role.STORY else ""

    for (role, _), group in groupby(passages, key=key):
        members = [*group]
        lines = tuple(_line(s) for passage in members for s in passage.sentences if s.text not in unread)
        if lines:
            yield ReadingBlock(kind=str(role), name=_NAMES.get(role) or members[0].title, lines=lines)


def _line(sentence: Sentence) -> ReadingLine:
    recording = sentence.recording
    seconds = recording.duration_s if recording else count_words(sentence.spoken) / _READER_WPS
    return ReadingLine(text=sentence.text, seconds=round(seconds, 1), clip=recording)
