from __future__ import annotations

import pytest

from bulletin.speech.clips.sniff_sound_type import SoundType, describe_no_sound, sniff_sound_type

HEADS = {
    b"RIFF\x24\x00\x00\x00WAVEfmt ": SoundType.WAV,
    b"RF64\xff\xff\xff\xffWAVEds64": SoundType.WAV,
    b"FORM\x00\x00\x10\x00AIFFCOMM": SoundType.AIFF,
    b"fLaC\x00\x00\x00\x22": SoundType.FLAC,
    b"OggS\x00\x02\x00\x00": SoundType.OGG,
    b"ID3\x04\x00\x00\x00\x00": SoundType.MP3,
    b"\xff\xfb\x90\x64\x00\x00": SoundType.MP3,
    b"\xff\xf1\x50\x80\x00\x1f": SoundType.AAC,
    b"\x00\x00\x00\x20ftypM4A ": SoundType.M4A,
    b"\x1a\x45\xdf\xa3\x9f\x42": SoundType.WEBM,
}


@pytest.mark.parametrize(("head", "kind"), HEADS.items(), ids=lambda value: str(value)[:12])
def test_the_first_bytes_tell_the_type(head: bytes, kind: SoundType) -> None:
    assert sniff_sound_type(head) is kind


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
        (b"<!doctype html>", "a web page"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"#!/bin/sh\n", "a script"),
        (b"The mayor said", "a text"),
        (b"RIFF\x24\x00\x00\x00AVI LIST", "no known kind of sound"),
        (b"\xff\xff\xff\xff", "no known kind of sound"),
        (b"", "no known kind of sound"),
    ],
)
def test_another_content_is_named(head: bytes, words: str) -> None:
    assert sniff_sound_type(head) is None
    assert words in describe_no_sound(head)
