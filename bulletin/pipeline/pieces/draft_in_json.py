"""Draft -> bytes and back: a worker of a group writes a draft, and another one finishes it."""

from __future__ import annotations

import lzma
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked_dataclass

from bulletin.audio.rundown.predict_stories_that_will_fit import PassageKey, PredictedScript
from bulletin.errors import DraftError
from bulletin.model import (
    AppliedEdit,
    Chosen,
    Gathered,
    Left,
    Passage,
    Script,
    StationWords,
)
from bulletin.pipeline.bulletin_run_results import Draft, DraftRequest

DRAFT_VERSION = 1
"""Raised with every change of a dataclass within Draft: a worker refuses drafts of other versions."""

_QUICK = 0
"""Preset of xz: its window holds an article that several lists of the draft name, zlib's does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    """The part of every version's file that each version can read."""

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _PredictedInFile:
    """PredictedScript, whose lengths have keys that no JSON object can have."""

    script: Script
    dropped: tuple[Left, ...]
    lasts_s: float
    passages_s: tuple[tuple[PassageKey, float], ...]
    aired: tuple[Passage, ...]


@checked_dataclass(frozen=True, slots=True, kw_only=True, config=ConfigDict(ser_json_inf_nan="constants"))
class _DraftInFile:
    version: int
    request: DraftRequest
    gathered: Gathered
    chosen: Chosen
    whole: Script
    foreseen: _PredictedInFile
    timings: Mapping[str, float]
    log: tuple[str, ...]
    notes: tuple[str, ...]
    edits: tuple[AppliedEdit, ...]


def draft_to_json(draft: Draft) -> bytes:
    """The draft as JSON, compressed by xz, which also notices damage."""
    foreseen = draft.foreseen
    predicted = _PredictedInFile(
        script=foreseen.script,
        dropped=foreseen.dropped,
        lasts_s=foreseen.lasts_s,
        passages_s=tuple(foreseen.passages_s.items()),
        aired=foreseen.aired,
    )
    values = {field.name: getattr(draft, field.name) for field in fields(draft)}
    file = _file().validate_python(values | {"version": DRAFT_VERSION, "foreseen": predicted})
    return lzma.compress(_file().dump_json(file), preset=_QUICK)


def draft_from_json(data: bytes, *, words: StationWords | None = None) -> Draft:
    """
    The draft that was written by `draft_to_json`.

    `words` are the station's on this machine, whose profiles may be in another folder. Raises DraftError for a
    draft of another version of Bulletin, and for damaged bytes; then the draft must be made again.
    """
    try:
        text = lzma.decompress(data)
        version = _header().validate_json(text).version
        if version != DRAFT_VERSION:
            raise DraftError(
                f"the draft has version {version}, this worker reads version {DRAFT_VERSION}: they are of "
                "different versions of Bulletin; a worker of its version finishes it, or it is made again"
            )
        file = _file().validate_json(text)
    except (lzma.LZMAError, ValidationError, EOFError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DraftError(f"the draft is damaged ({reason}); it must be made again") from error
    predicted = {field.name: getattr(file.foreseen, field.name) for field in fields(file.foreseen)}
    foreseen = PredictedScript(**predicted | {"passages_s": dict(file.foreseen.passages_s)})
    values = {field.name: getattr(file, field.name) for field in fields(Draft)}
    draft = Draft(**values | {"foreseen": foreseen})
    return _with_words(draft, words) if words else draft


def _with_words(draft: Draft, words: StationWords) -> Draft:
    """The draft with the station's words: their folder of languages is one of this machine."""
    foreseen = replace(draft.foreseen, script=replace(draft.foreseen.script, station=words))
    return replace(draft, whole=replace(draft.whole, station=words), foreseen=foreseen)


@cache
def _file() -> TypeAdapter[_DraftInFile]:
    return TypeAdapter(_DraftInFile)


@cache
def _header() -> TypeAdapter[_Header]:
    return TypeAdapter(_Header)
