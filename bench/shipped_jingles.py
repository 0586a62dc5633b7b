"""
Compose a set of jingles that ships with the program, the bed as Ogg, without a picture.

    python -m bench.shipped_jingles STYLE FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

from bulletin.imaging.find_shipped_jingle_sets import SHIPPED_SEEDS
from bulletin.imaging.render_jingles import make_imaging

if __name__ == "__main__":
    style, folder = sys.argv[1:]
    make_imaging(Path(folder), style=style, seed=SHIPPED_SEEDS[style], ships=True)
