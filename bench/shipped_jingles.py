"""
Compose a set of jingles that ships with the program, with recorded instruments, the bed as Ogg, without a picture.

    python -m bench.shipped_jingles STYLE FOLDER

The recordings are those of MuseScore_General_Lite (`bulletin imaging install`).
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from bulletin.imaging.find_shipped_jingle_sets import SHIPPED_SEEDS
from bulletin.imaging.players.find_soundfont import FILE_NAMES, INSTALL, find_soundfont
from bulletin.imaging.players.soundfont_orchestra import SoundfontOrchestra
from bulletin.imaging.render_jingles import make_imaging

if __name__ == "__main__":
    style, folder = sys.argv[1:]
    soundfont = find_soundfont()
    if soundfont is None or soundfont.name != FILE_NAMES[0]:
        sys.exit(f"{FILE_NAMES[0]} is not installed: {INSTALL}")
    make_imaging(
        Path(folder),
        style=style,
        seed=SHIPPED_SEEDS[style],
        players=partial(SoundfontOrchestra, soundfont),
        ships=True,
    )
