"""The bext and cart chunks of a bulletin, for playout systems."""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from pathlib import Path

import pytest
import wavinfo
from hypothesis import given, settings
from hypothesis import strategies as st

from bulletin.audio.formats.encoders import make_encoder
from bulletin.audio.formats.wav.cart import read_cart
from bulletin.audio.formats.wav.riff_wave import replace_chunk
from bulletin.audio.formats.write_id3_tags import Head, Tags
from bulletin.audio.mixing.bext_and_cart_chunks import make_bext, make_bulletin_cart, make_timers
from bulletin.config.tables.output_options import FmOptions
from tests.audio.playout_readers import read_bext, rivendell_cut, sndfile_cart
from tests.audio.sounds import make_music
from tests.support.factories import make_script, make_words

MADE = datetime(2026, 11, 24, 6, 58, 3, tzinfo=UTC)
TAGS = Tags(artist="Wexcombe Radio", album="News", date=MADE)
LINES = ("Wexcombe Radio news at seven.\n", "That is the news.")
MEASURED = (-23.02, 4.2, -1.5, -18.0, -20.0)


def make_cart(script=None, lines=LINES, **options):
    return make_bulletin_cart(
        script or make_script(),
        options=FmOptions(**options),
        lines=lines,
        frames=5_760_000,
        first_word=120_000,
    )


def cart(script=None, lines=LINES, **options):
    return read_cart(make_cart(script, lines, **options).data)


def test_a_cart_holds_title_category_text_and_out_cue():
    cart_chunk = cart(cut_id="6001", category="NEWS")

    assert (cart_chunk.title, cart_chunk.artist) == ("7am news, Tuesday 24 November 2026", "Wexcombe Radio")
    assert (cart_chunk.cut_id, cart_chunk.category, cart_chunk.out_cue) == (
        "6001",
        "NEWS",
        "That is the news.",
    )
    assert cart_chunk.text == "Wexcombe Radio news at seven.\nThat is the news."


def test_the_cut_id_is_the_stations_own_by_default():
    assert cart().cut_id == "demo"


@pytest.mark.parametrize(
    ("at", "starts", "expires"),
    [
        (datetime(2026, 11, 24, 7, 0, tzinfo=UTC), "2026-11-24T07:00:00", "2026-11-24T08:00:00"),
        (datetime(2026, 7, 1, 6, 0, tzinfo=UTC), "2026-07-01T07:00:00", "2026-07-01T08:00:00"),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), "2026-12-31T23:00:00", "2027-01-01T00:00:00"),
        # over the change to summer time: one elapsed hour, not one on the wall clock
        (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), "2027-03-28T00:30:00", "2027-03-28T02:30:00"),
    ],
)
def test_a_cart_is_valid_from_its_hour_to_the_next_in_local_time(at, starts, expires):
    cart_chunk = cart(make_script(at=at))

    assert (cart_chunk.starts.isoformat(), cart_chunk.expires.isoformat()) == (starts, expires)


def test_a_cart_expires_as_set_in_the_profile():
    assert cart(valid_min=30).expires.isoformat() == "2026-11-24T07:30:00"


def test_points_are_in_frames():
    assert list(make_timers(frames=5_760_000, first_word=120_000)) == [
        ("AUDs", 0),
        ("INTs", 0),
        ("INTe", 120_000),
        ("SEGs", 5_760_000),
        ("SEGe", 5_760_000),
        ("AUDe", 5_760_000),
    ]


def test_without_music_before_the_first_word_there_is_no_intro():
    assert list(make_timers(frames=5_760_000, first_word=0)) == [
        ("AUDs", 0),
        ("SEGs", 5_760_000),
        ("SEGe", 5_760_000),
        ("AUDe", 5_760_000),
    ]


def test_the_out_cue_is_the_end_of_a_long_last_line():
    lines = [f"{'word ' * 40}more at eight."]

    assert cart(lines=lines).out_cue.endswith("word word more at eight.")
    assert len(cart(lines=lines).out_cue) <= 60


def test_bext_holds_originator_and_local_time():
    script = make_script(station=make_words(time_zone="America/New_York"))

    bext = read_bext(make_bext(script, rate_hz=48_000, made=MADE).data)

    assert bext.originated.isoformat() == "2026-11-24T01:58:03"
    assert bext.time_reference == (3600 + 58 * 60 + 3) * 48_000
    assert (bext.originator, bext.originator_reference) == ("Wexcombe Radio", "demo 20261124T065803Z")
    assert bext.coding_history.startswith("A=PCM,F=48000,W=16,M=stereo,T=Bulletin ")
    assert bext.loudness == (None,) * 5


def test_bext_is_laid_out_as_the_standard_says():
    data = make_bext(make_script(), rate_hz=48_000, made=MADE, loudness=MEASURED).data

    assert data[320:338] == b"2026-11-2406:58:03"
    assert struct.unpack_from("<IIH", data, 338) == ((6 * 3600 + 58 * 60 + 3) * 48_000, 0, 2)
    assert struct.unpack_from("<5h", data, 412) == (-2302, 420, -150, -1800, -2000)
    assert data[422:602] == bytes(180)
    assert len(data) == len(make_bext(make_script(), rate_hz=48_000, made=MADE).data)


@pytest.mark.parametrize("value", [float("-inf"), float("nan"), 400.0, -400.0])
def test_a_loudness_out_of_range_counts_as_not_measured(value):
    data = make_bext(make_script(), rate_hz=48_000, made=MADE, loudness=(value, *MEASURED[1:])).data

    assert read_bext(data).loudness == (None, *MEASURED[1:])


@settings(max_examples=60)
@given(title=st.text(max_size=400), name=st.text(max_size=100), moment=st.datetimes(timezones=st.just(UTC)))
def test_no_words_can_break_a_bext_chunk(title, name, moment):
    data = make_bext(
        make_script(title=title, station=make_words(name=name, time_zone="UTC")), rate_hz=48_000, made=moment
    ).data

    assert len(data) % 2 == 0
    assert data[:338].isascii()
    assert (data[255], data[287], data[319]) == (0, 0, 0)
    assert read_bext(data).originated == moment.replace(microsecond=0, tzinfo=None)


def broadcast_file(path: Path, title: str = "7am news, Tuesday 24 November 2026") -> Path:
    """Write a broadcast WAV as the mixer does: chunks first, loudness after it is measured."""
    script = make_script(title=title)
    chunks = (
        make_bext(script, rate_hz=48_000, made=MADE),
        make_cart(script, cut_id="6001"),
    )
    encoder = make_encoder("wav", path, rate_hz=48_000, head=Head(tags=TAGS, title=title, chunks=chunks))
    encoder.write(make_music(1, rate_hz=48_000))
    encoder.close()
    replace_chunk(path, make_bext(script, rate_hz=48_000, made=MADE, loudness=MEASURED))
    return path


def test_independent_readers_find_both_chunks(tmp_path):
    path = broadcast_file(tmp_path / "fm.wav")

    bext = wavinfo.WavInfoReader(str(path)).bext
    assert bext.description == "7am news, Tuesday 24 November 2026. Wexcombe Radio"
    assert (bext.version, bext.originator_date, bext.originator_time) == (2, "2026-11-24", "06:58:03")
    assert (bext.loudness_value, bext.loudness_range, bext.max_true_peak) == (-23.02, 4.2, -1.5)
    assert (bext.max_momentary_loudness, bext.max_shortterm_loudness) == (-18.0, -20.0)
    assert sndfile_cart(path)["title"] == "7am news, Tuesday 24 November 2026"
    assert rivendell_cut(path).points["talk end"] == 2_500


@pytest.mark.parametrize("title", ["Weather ☔" * 40, "a" * 300, "\u202eשלום\x00\r\n", "Новости"])
def test_no_title_makes_a_broken_file(tmp_path, title):
    path = broadcast_file(tmp_path / "fm.wav", title)

    assert wavinfo.WavInfoReader(str(path)).bext.originator == "Wexcombe Radio"
    assert wavinfo.WavInfoReader(str(path)).data.frame_count == 48_000
    assert sndfile_cart(path)["artist"] == "Wexcombe Radio"
