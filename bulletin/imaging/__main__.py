"""`python -m bulletin.imaging FOLDER`: compose a set, single jingles, or a set that ships."""

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
    parser.add_argument("folder", type=Path, help="folder for the files")
    parser.add_argument("--style", default="bright", help=", ".join(STYLES))
    parser.add_argument("--seed", type=int, default=7, help="each seed gives another tune")
    parser.add_argument("--key", default="", help="C, Db, D ...; default: the key of the style")
    parser.add_argument("--only", action="append", default=[], help="name of one jingle; repeatable")
    parser.add_argument(
        "--ships", action="store_true", help="write the set as in the package: no picture, the bed as Ogg"
    )
    arguments = parser.parse_args()
    try:
        paths = make_imaging(
            arguments.folder,
            style=arguments.style,
            seed=arguments.seed,
            key=arguments.key,
            only=tuple(arguments.only),
            ships=arguments.ships,
        )
    except BulletinError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    sys.stdout.writelines(f"{path}\n" for path in paths)
    return 0


if __name__ == "__main__":
    sys.exit(main())
