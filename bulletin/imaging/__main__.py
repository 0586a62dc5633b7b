"""`python -m bulletin.imaging FOLDER`: compose a set, or one piece, or a set that ships."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bulletin.errors import BulletinError
from bulletin.imaging.composing.jingle_styles import STYLES
from bulletin.imaging.jingle_sets import make_imaging


def main() -> int:
    """Exit code 0, or that of the error."""
    parser = argparse.ArgumentParser(prog="python -m bulletin.imaging", description="Compose jingles.")
    parser.add_argument("folder", type=Path, help="where the files go")
    parser.add_argument("--style", default="bright", help=", ".join(STYLES))
    parser.add_argument("--seed", type=int, default=7, help="another seed, another tune")
    parser.add_argument("--key", default="", help="C, Db, D ...; by default the style's own")
    parser.add_argument("--only", action="append", default=[], help="one piece; may be given again")
    parser.add_argument(
        "--ships", action="store_true", help="as it lies in the package: no picture, bed as Ogg"
    )
    asked = parser.parse_args()
    try:
        paths = make_imaging(
            asked.folder,
            style=asked.style,
            seed=asked.seed,
            key=asked.key,
            only=tuple(asked.only),
            ships=asked.ships,
        )
    except BulletinError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    sys.stdout.writelines(f"{path}\n" for path in paths)
    return 0


if __name__ == "__main__":
    sys.exit(main())
