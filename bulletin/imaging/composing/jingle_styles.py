"""Styles of jingles: mode, tempo, tunes, chords, instruments and their levels, from styles.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, TypeAdapter

from bulletin.errors import AudioError
from bulletin.imaging.composing.music_theory import Chord, chord_named
from bulletin.imaging.players.orchestra import INSTRUMENTS
from bulletin.runtime.files.toml_reader import parse_toml

ChordText = Annotated[Chord, BeforeValidator(chord_named)]
ChordsText = Annotated[tuple[ChordText, ...], BeforeValidator(lambda text: text.split())]
"""Chords in a row: "5:7 3:add9 4"."""


def _known_instrument(name: str) -> str:
    if name not in INSTRUMENTS:
        raise ValueError(f'no instrument "{name}"; use one of {", ".join(INSTRUMENTS)}')
    return name


@dataclass(frozen=True, slots=True, kw_only=True)
class Motif:
    """A question of one bar and an answer of three notes; degrees of the scale, 0 is the tonic."""

    question: tuple[int, ...]
    answer: tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class StylePart:
    """An instrument of a line: its octaves above the line, and its level."""

    instrument: Annotated[str, AfterValidator(_known_instrument)]
    octaves: int = 0
    gain_db: float = 0.0


class Style(BaseModel, frozen=True):
    """Material of the tune and of the arrangement; styles.toml explains each field."""

    name: str
    mode: str
    key: str
    tempos_bpm: tuple[int, int]
    motifs: tuple[Motif, ...]
    rhythms: tuple[tuple[int, ...], ...]
    colours: ChordsText
    talk: tuple[ChordsText, ...]
    farewell: ChordsText
    home: ChordText
    phrases: tuple[ChordsText, ...]
    ostinatos: tuple[tuple[int, ...], ...]
    telegraphs: tuple[tuple[int, ...], ...]
    lead: tuple[StylePart, ...]
    bells: tuple[StylePart, ...]
    chords: tuple[StylePart, ...]
    choir: tuple[StylePart, ...]
    pulse: tuple[StylePart, ...]
    ticker: tuple[StylePart, ...]
    ticker_degree: int
    levels_lu: Mapping[str, float]
    bed_levels_lu: Mapping[str, float]
    drums: str
    hall_s: float


def _read_styles() -> Mapping[str, Style]:
    tables = parse_toml(Path(__file__).with_name("styles.toml").read_text(encoding="utf-8"))
    return TypeAdapter(dict[str, Style]).validate_python(
        {name: {"name": name, **table} for name, table in tables.items()}
    )


STYLES = _read_styles()


def find_style(name: str) -> Style:
    """Style of that name. Raises AudioError, with the valid names, for another name."""
    if name not in STYLES:
        raise AudioError(f'imaging: "{name}" is not a style; use one of {", ".join(STYLES)}')
    return STYLES[name]
