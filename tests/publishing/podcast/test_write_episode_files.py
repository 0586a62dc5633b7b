"""Transcript and chapter files as players read them."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.model import Chapter, Cue, Role
from bulletin.publishing.podcast.write_episode_files import chapters_to_json, to_json, to_srt, to_vtt


def cue(start_s: float, end_s: float, text: str) -> Cue:
    return Cue(start_s=start_s, end_s=end_s, text=text, role=Role.STORY)


CUES = (cue(0.4, 2.0004, "Good morning."), cue(2.35, 3661.9996, "R&D at <BBC> --> cut by 0.25%."))


def test_vtt_names_the_speaker_and_escapes_the_words() -> None:
    assert to_vtt(CUES, speaker="Wexcombe <Radio>") == (
        "WEBVTT\n\n"
        "00:00:00.400 --> 00:00:02.000\n<v Wexcombe &lt;Radio&gt;>Good morning.\n\n"
        "00:00:02.350 --> 01:01:02.000\n"
        "R&amp;D at &lt;BBC&gt; --&gt; cut by 0.25%.\n"
    )


def test_a_recorded_voice_has_its_own_name_in_the_transcripts() -> None:
    cues = (
        cue(0.0, 2.0, "The mayor said:"),
        replace(cue(2.5, 9.0, f"We waited years. {'It was very long. ' * 3}"), speaker="Ann <Fox>"),
        cue(9.5, 11.0, "That was Ann Fox."),
    )

    lines = to_vtt(cues, speaker="Hill").split("\n")
    voices = [line.partition(">")[0] for line in lines if line.startswith("<v ")]
    assert voices == ["<v Hill", "<v Ann &lt;Fox&gt;".partition(">")[0], "<v Hill"]
    assert lines[lines.index("00:00:02.500 --> 00:00:05.750") + 1].startswith("<v Ann")
    segments = json.loads(to_json(cues, speaker="Hill"))["segments"]
    assert [segment["speaker"] for segment in segments] == ["Hill", "Ann <Fox>", "Hill"]


def test_srt_is_numbered_and_has_no_markup() -> None:
    assert to_srt(CUES) == (
        "1\n00:00:00,400 --> 00:00:02,000\nGood morning.\n\n"
        "2\n00:00:02,350 --> 01:01:02,000\nR&D at ‹BBC› → cut by 0.25%.\n"
    )


def test_json_has_a_segment_a_sentence() -> None:
    assert json.loads(to_json(CUES[:1], speaker="Wexcombe Radio")) == {
        "version": "1.0.0",
        "segments": [
            {"speaker": "Wexcombe Radio", "startTime": 0.4, "endTime": 2.0, "body": "Good morning."}
        ],
    }


def test_cues_come_in_order_of_time_and_none_is_empty() -> None:
    shuffled = (cue(5, 6, "second"), cue(3, 3, "first"), cue(1, 2, " \x00 "))

    segments = json.loads(to_json(shuffled, speaker="x"))["segments"]

    assert [s["body"] for s in segments] == ["first", "second"]
    assert segments[0]["endTime"] > segments[0]["startTime"]


def test_no_cues_make_an_empty_transcript() -> None:
    assert to_vtt((), speaker="x") == "WEBVTT\n"
    assert to_srt(()) == ""


def test_chapters_come_in_order_with_fit_links_only() -> None:
    chapters = (
        Chapter(start_s=10, end_s=20, title="Bridge\ncloses", link="https://gazette.example/bridge"),
        Chapter(start_s=0, end_s=10, title="<b>Opening", link="javascript:alert(1)"),
    )

    assert json.loads(chapters_to_json(chapters, title="7am news")) == {
        "version": "1.2.0",
        "title": "7am news",
        "chapters": [
            {"startTime": 0.0, "endTime": 10.0, "title": "‹b>Opening"},
            {
                "startTime": 10.0,
                "endTime": 20.0,
                "title": "Bridge closes",
                "url": "https://gazette.example/bridge",
            },
        ],
    }


TIMES = st.floats(0, 7200)


@given(st.lists(st.tuples(TIMES, TIMES, st.text(st.characters(), max_size=60)), max_size=8), st.text())
def test_any_text_keeps_the_blocks_apart(sentences: list[tuple[float, float, str]], speaker: str) -> None:
    cues = [cue(start, end, text) for start, end, text in sentences]
    segments = json.loads(to_json(cues, speaker=speaker))["segments"]

    vtt = to_vtt(cues, speaker=speaker)
    srt = to_srt(cues)

    vtt_blocks = vtt.strip().split("\n\n")[1:]
    srt_blocks = srt.strip().split("\n\n") if segments else []
    assert len(re.findall("-->", vtt)) == len(vtt_blocks) >= len(segments)
    assert len(re.findall("-->", srt)) == len(srt_blocks) >= len(segments)
    assert all(len(block.split("\n")) == 2 for block in vtt_blocks)
    assert all(len(block.split("\n")) in (3, 4) for block in srt_blocks)
    vtt.encode("utf-8")
    srt.encode("utf-8")


@pytest.mark.parametrize("seconds", [0.9999, 59.9996, 3599.9999])
def test_times_carry_over(seconds: float) -> None:
    clock = to_srt([cue(seconds, seconds + 1, "x")]).splitlines()[1].split(" --> ")[0]

    assert clock in {"00:00:01,000", "00:01:00,000", "01:00:00,000"}
