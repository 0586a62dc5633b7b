"""Soundfonts installed on this machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from bulletin.imaging.players.instrument_files import instruments_folder

FILE_NAMES = (
    "MuseScore_General_Lite.sf3",
    "MuseScore_General_Lite.sf2",
    "MuseScore_General.sf3",
    "MuseScore_General.sf2",
    "MS Basic.sf3",
    "FluidR3_GM.sf2",
)
"""Soundfonts of General MIDI under the MIT licence, the one of the shipped sets first."""
PLAYER = "tinysoundfont"
INSTALL = "bulletin imaging install"
"""Command that installs soundfont and player."""


def find_soundfont() -> Path | None:
    """The first known soundfont in the folders of this system; None without one."""
    folders = list(soundfont_folders())
    paths = (folder / name for name in FILE_NAMES for folder in folders)
    return next((path for path in paths if path.is_file()), None)


def soundfont_folders() -> Iterator[Path]:
    """Folders of installed soundfonts: of INSTALL, of the user, of packages and MuseScore."""
    yield instruments_folder()
    try:
        home = Path.home()
    except RuntimeError:  # a user without a home
        home = None
    if home is not None:
        yield from (home / ".local/share/soundfonts", home / ".local/share/sounds/sf3", home / "soundfonts")
    if sys.platform == "win32":
        for name in ("ProgramFiles", "ProgramW6432", "ProgramFiles(x86)"):
            if base := os.environ.get(name):
                yield from sorted(Path(base).glob("MuseScore*/sound"), reverse=True)
    elif sys.platform == "darwin":
        if home is not None:
            yield home / "Library/Audio/Sounds/Banks"
        yield Path("/Library/Audio/Sounds/Banks")
        yield from sorted(Path("/Applications").glob("MuseScore*.app/Contents/Resources/sound"), reverse=True)
    else:
        for share in (Path("/usr/share"), Path("/usr/local/share")):
            yield from (share / "sounds/sf3", share / "sounds/sf2", share / "soundfonts")
            yield from sorted(share.glob("mscore*/sound"), reverse=True)
