from __future__ import annotations

import logging

import pytest

from bulletin.speech.sentence_progress import SentenceProgress, describe_time_left


@pytest.mark.parametrize(
    ("spoken", "left", "seconds", "words"),
    [
        (300, 1200, 12.0, "about 50 s left"),
        (300, 6000, 12.0, "about 4 min left"),
        (300, 20, 12.0, "about 5 s left"),
        (300, 1200, 1.0, ""),  # the model is being loaded
        (300, 0, 12.0, ""),
    ],
)
def test_the_time_left_follows_from_the_letters(spoken: int, left: int, seconds: float, words: str) -> None:
    assert describe_time_left(spoken, left, seconds=seconds) == words


def test_each_sentence_is_shown_and_the_log_gets_a_line_every_ten_seconds(
    caplog: pytest.LogCaptureFixture,
) -> None:
    shown: list[tuple[int, int, str]] = []
    seconds = iter((0.0, 1.0, 6.0, 12.0, 14.0))
    caplog.set_level(logging.INFO)
    progress = SentenceProgress(
        who="kokoro: bf_emma",
        total=5,
        done=1,
        letters_left=40,
        show=lambda done, total, what: shown.append((done, total, what)),
        clock=lambda: next(seconds),
    )
    for _ in range(4):
        progress.spoken("ten letters")

    assert shown == [
        (1, 5, "kokoro: bf_emma"),
        (2, 5, "kokoro: bf_emma"),
        (3, 5, "kokoro: bf_emma, about 5 s left"),
        (4, 5, "kokoro: bf_emma, about 5 s left"),
        (5, 5, "kokoro: bf_emma"),
    ]
    assert [record.message for record in caplog.records] == [
        "speaking: voice=kokoro: bf_emma sentences=4/5: about 5 s left"
    ]
