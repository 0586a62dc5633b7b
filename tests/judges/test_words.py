"""The words as their judge sees them: figures once reached are kept; raise them, never lower."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable

import pytest

from tests.judges.conftest import ROOT

pytestmark = pytest.mark.judges

SHORTEN = f"{ROOT / 'bench' / 'judge_script.py'}:shorten"
SPEAK = f"{ROOT / 'bulletin' / 'script' / 'speakable.py'}:make_speakable"

LEAST = {"R1": 42.4, "R2": 19.4, "RL": 28.2, "fact": 70.0}
"""Lead-fill's own figures less half a point, and seven facts in ten."""
MOST = {"E": 0.20, "W": 1.0, "unsup": 0.0, "leak": 0.0}
MOST_UNSEEN = {"E": 0.20, "W": 1.3, "unsup": 0.0, "leak": 0.0}
"""Of the articles that no rule was looked at with; most of them have leads of more than thirty words."""

FIGURE = re.compile(r"\b(R1|R2|RL|fact|E|W|unsup|leak) ([\d.]+)")

Judge = Callable[..., subprocess.CompletedProcess[str]]


def test_articles_are_told_as_well_as_their_own_first_words(judge: Judge) -> None:
    figures = _figures(judge("script/eval.py", "--split", "dev", "--func", SHORTEN))

    assert {name: figures[name] for name, least in LEAST.items() if figures[name] < least} == {}
    assert {name: figures[name] for name, most in MOST.items() if figures[name] > most} == {}


def test_the_rules_hold_for_other_articles_too(judge: Judge) -> None:
    figures = _figures(judge("script/eval.py", "--split", "train", "--func", SHORTEN))

    assert {name: figures[name] for name, most in MOST_UNSEEN.items() if figures[name] > most} == {}


def test_no_furniture_is_read(judge: Judge) -> None:
    done = judge("script/eval.py", "--messy", "--split", "dev", "--func", SHORTEN, "-v")

    assert "fully ok 24/24" in done.stdout, done.stdout + done.stderr


def test_everything_is_said_right(judge: Judge) -> None:
    done = judge("script/judge_speech.py", "--func", SPEAK)

    assert "right 69/69 | digits or symbols left in 0" in done.stdout, done.stdout + done.stderr


def _figures(done: subprocess.CompletedProcess[str]) -> dict[str, float]:
    """F1 of ROUGE, share of facts, errors, warnings, unsupported facts and furniture a script."""
    print(done.stdout)
    found: dict[str, float] = {}
    for name, value in FIGURE.findall(done.stdout):
        found.setdefault(name, float(value))
    assert found.keys() >= {*LEAST, *MOST}, done.stderr
    return found
