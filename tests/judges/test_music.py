"""Shipped jingles heard by a music tagger: it takes them for recorded instruments."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from statistics import mean

import pytest

from bulletin.imaging.find_shipped_jingle_sets import SHIPPED_SEEDS, default_jingles
from tests.judges.conftest import ROOT

pytestmark = pytest.mark.judges

FOLDER = Path(os.environ.get("BULLETIN_MUSIC_JUDGE", ROOT / ".venv-music"))
MOST = 0.15
"""Highest mean probability of "synth" and of "electronic"; the synthesised sets had .35 and .29."""


def test_the_jingles_are_not_taken_for_a_synthesizer(shared: Path) -> None:
    weights = next(FOLDER.glob("musicnn/**/MTT_musicnn"), None)
    if weights is None or not (FOLDER / "bin" / "python").is_file():
        pytest.skip("the judge of music is not there; `.ci/judges` makes its environment")
    files = [path for style in SHIPPED_SEEDS for path in default_jingles(style).values()]
    done = subprocess.run(
        [str(FOLDER / "bin" / "python"), str(shared / "tools" / "music" / "tags.py"), *map(str, files)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "MUSICNN": f"{weights}/"},
    )
    print(done.stdout)
    pairs = re.findall(r"\| synth ([\d.]+) electronic ([\d.]+) ", done.stdout)

    assert len(pairs) == len(files)
    assert mean(float(synth) for synth, _ in pairs) <= MOST
    assert mean(float(electronic) for _, electronic in pairs) <= MOST
