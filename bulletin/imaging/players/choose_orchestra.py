"""Soundfont option and this machine -> orchestra, and what to tell about it."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path

from bulletin.errors import AudioError
from bulletin.imaging.players.find_soundfont import INSTALL, PLAYER, find_soundfont
from bulletin.imaging.players.instrument_files import player_folder
from bulletin.imaging.players.orchestra import Orchestra, SynthesisOrchestra
from bulletin.imaging.players.soundfont_orchestra import SoundfontOrchestra


@dataclass(frozen=True, slots=True, kw_only=True)
class OrchestraChoice:
    """An orchestra, and why it plays."""

    orchestra: Orchestra
    notes: tuple[str, ...]
    """What plays, what is missing, and the remedy; for users."""


def choose_orchestra(soundfont: Path | None = None) -> OrchestraChoice:
    """
    A named soundfont, or the one that is installed; without one the synthesis.

    Raises AudioError with the remedy if the named one cannot be played. If the installed one cannot, the
    synthesis plays and the notes say why.
    """
    if soundfont is not None:
        return _play(soundfont)
    found = find_soundfont()
    has_player = importlib.util.find_spec(PLAYER) is not None or (player_folder() / PLAYER).is_dir()
    if found and has_player:
        try:
            return _play(found)
        except AudioError as error:
            return synthesise(str(error))
    missing = "their player is" if found else "they are" if has_player else "they and their player are"
    return synthesise(f"Recorded instruments sound better; {missing} installed by: {INSTALL}")


def synthesise(*reasons: str) -> OrchestraChoice:
    """The synthesis."""
    return OrchestraChoice(orchestra=SynthesisOrchestra(), notes=("Instruments: synthesis.", *reasons))


def _play(path: Path) -> OrchestraChoice:
    orchestra = SoundfontOrchestra(path)
    notes = [f"Instruments: {path}."]
    if orchestra.missing:
        notes.append(f"{path.name} has no {', '.join(orchestra.missing)}: synthesised instead")
    return OrchestraChoice(orchestra=orchestra, notes=tuple(notes))
