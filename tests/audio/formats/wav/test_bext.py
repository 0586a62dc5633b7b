"""The bext chunk, as we and as others read it."""

from __future__ import annotations

import struct
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulletin.audio.formats.wav.bext import BextFields, Loudness, make_bext, pcm_history
from tests.audio.playout_readers import read_bext

HEARD = Loudness(
    integrated_lufs=-23.02,
    range_lu=4.25,
    true_peak_dbtp=-1.4,
    momentary_max_lufs=-18.7,
    short_term_max_lufs=-20.1,
)
FULL = BextFields(
    description="7am news, Tuesday 24 November 2026. Wexcombe Radio",
    originator="Wexcombe Radio",
    originator_reference="demo 20261124T065800Z",
    originated=datetime(2026, 11, 24, 6, 58, 0),  # noqa: DTZ001 - a wall clock
    time_reference=25_080 * 48_000,
    loudness=HEARD,
    coding_history=pcm_history(rate_hz=48_000, bits=16, channels=2, text="Bulletin 1.0"),
)


def test_all_fields_come_back():
    assert read_bext(make_bext(FULL).data) == FULL


def test_it_is_laid_out_as_the_standard_says():
    data = make_bext(FULL).data

    assert data[320:338] == b"2026-11-2406:58:00"
    assert struct.unpack_from("<IIH", data, 338) == (1_203_840_000, 0, 2)
    assert struct.unpack_from("<5h", data, 412) == (-2302, 425, -140, -1870, -2010)
    assert data[422:602] == bytes(180)
    assert data[602:].rstrip(b"\0") == b"A=PCM,F=48000,W=16,M=stereo,T=Bulletin 1.0\r\n"


def test_what_was_not_measured_says_so():
    data = make_bext(BextFields(description="x", originator="y", originated=FULL.originated)).data

    assert len(data) == 602
    assert struct.unpack_from("<5h", data, 412) == (0x7FFF,) * 5
    assert read_bext(data).loudness == Loudness()


@pytest.mark.parametrize("value", [float("-inf"), float("nan"), 400.0, -400.0])
def test_a_loudness_that_is_none_is_not_written(value):
    data = make_bext(BextFields(**fields(loudness=Loudness(integrated_lufs=value)))).data

    assert read_bext(data).loudness.integrated_lufs is None


def test_it_keeps_its_length_when_it_has_been_heard():
    before = make_bext(BextFields(**fields(loudness=Loudness())))

    assert len(before.data) == len(make_bext(FULL).data)


def test_an_older_version_has_no_loudness():
    data = bytearray(make_bext(FULL).data)
    data[346:348] = b"\1\0"

    assert read_bext(bytes(data)).loudness == Loudness()


@settings(max_examples=60)
@given(
    texts=st.lists(st.text(max_size=400), min_size=4, max_size=4), loudness=st.floats(), moment=st.datetimes()
)
def test_no_words_can_break_a_chunk(texts, loudness, moment):
    description, originator, reference, history = texts

    data = make_bext(
        BextFields(
            description=description,
            originator=originator,
            originator_reference=reference,
            originated=moment,
            loudness=Loudness(integrated_lufs=loudness),
            coding_history=history,
        )
    ).data

    assert len(data) >= 602
    assert len(data) % 2 == 0
    assert data[:338].isascii()
    assert (data[255], data[287], data[319]) == (0, 0, 0)
    assert read_bext(data).originated == moment.replace(microsecond=0)


def test_a_comma_in_the_history_cannot_make_a_field():
    line = pcm_history(rate_hz=48_000, bits=24, channels=1, text="a,W=8")

    assert line == "A=PCM,F=48000,W=24,M=mono,T=a W=8"


def fields(**changes):
    return {name: getattr(FULL, name) for name in FULL.__dataclass_fields__} | changes
