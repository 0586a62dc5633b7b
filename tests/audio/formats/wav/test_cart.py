"""The cart chunk, read by independent readers."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulletin import __version__
from bulletin.audio.formats.wav.cart import CartFields, make_cart, read_cart
from bulletin.audio.formats.wav.riff_wave import Chunk, WaveEncoder
from tests.audio.playout_readers import read_chunks, rivendell_cut, sndfile_cart

SEVEN = datetime(2026, 11, 24, 7, 0, 0)  # noqa: DTZ001 - a wall clock
EIGHT = datetime(2026, 11, 24, 8, 0, 0)  # noqa: DTZ001

FULL = CartFields(
    title="7am news, Tuesday 24 November 2026",
    artist="Wexcombe Radio",
    cut_id="6001",
    client_id="Wexcombe",
    category="NEWS",
    classification="News bulletin",
    out_cue="more at eight.",
    starts=SEVEN,
    expires=EIGHT,
    timers=(
        ("AUDs", 0),
        ("INTs", 0),
        ("INTe", 96_000),
        ("SEGs", 5_664_000),
        ("SEGe", 5_760_000),
        ("AUDe", 5_760_000),
    ),
    text="Wexcombe Radio news at seven.\nThat is the news.",
)


def write(path: Path, *chunks: Chunk, seconds: float = 0.01, rate_hz: int = 48_000) -> Path:
    with path.open("wb") as file:
        encoder = WaveEncoder(file, rate_hz=rate_hz, channels=2, chunks=chunks)
        encoder.write(np.zeros((round(seconds * rate_hz), 2), dtype=np.float32))
        encoder.close()
    return path


def test_all_fields_come_back():
    assert read_cart(make_cart(FULL).data) == FULL


@pytest.mark.parametrize(("text", "tail"), [("", b"\0\0"), ("abc", b"abc\r\n\0"), ("abcd", b"abcd\r\n\0\0")])
def test_the_fixed_part_is_2048_bytes_and_the_text_ends_with_a_zero(text, tail):
    assert make_cart(CartFields(title="x", text=text)).data[2048:] == tail


def test_another_library_finds_every_field(tmp_path):
    cart_fields = sndfile_cart(write(tmp_path / "a.wav", make_cart(FULL)))

    assert cart_fields == {
        "chunk": b"0101",
        "title": "7am news, Tuesday 24 November 2026",
        "artist": "Wexcombe Radio",
        "cut_id": "6001",
        "client_id": "Wexcombe",
        "category": "NEWS",
        "classification": "News bulletin",
        "out_cue": "more at eight.",
        "start_date": "2026-11-24",
        "start_time": "07:00:00",
        "end_date": "2026-11-24",
        "end_time": "08:00:00",
        "producer": "Bulletin",
        "version": __version__,
        "user": "",
        "level": 32768,
        "timers": list(FULL.timers),
        "url": "",
        "text": "Wexcombe Radio news at seven.\r\nThat is the news.\r\n",
    }


def test_rivendell_reads_schedule_and_start(tmp_path):
    cut = rivendell_cut(write(tmp_path / "a.wav", make_cart(FULL)))

    assert (cut.title, cut.artist, cut.cut_id, cut.category) == (FULL.title, FULL.artist, "6001", "NEWS")
    assert (cut.start_date, cut.start_time) == (SEVEN.date(), time(7))
    assert (cut.end_date, cut.end_time) == (EIGHT.date(), time(8))
    assert cut.points == {
        "start": 0,
        "talk start": 0,
        "talk end": 2_000,
        "segue start": 118_000,
        "segue end": 120_000,
        "end": 120_000,
    }
    assert cut.out_cue == "more at eight."


def test_an_odd_chunk_hides_nothing_from_rivendell(tmp_path):
    """Our chunks have even sizes, because Rivendell does not skip the pad byte of an odd chunk."""
    for text in ("even", "odd"):
        cut = rivendell_cut(
            write(tmp_path / "a.wav", make_cart(CartFields(title="x", text=text)), make_cart(FULL))
        )
        assert cut.text.rstrip("\0") == f"{text}\r\n"


def test_a_cart_without_dates_is_always_valid(tmp_path):
    path = write(tmp_path / "a.wav", make_cart(CartFields(title="Stand-by")))

    cart_fields = sndfile_cart(path)

    assert (cart_fields["start_date"], cart_fields["end_date"]) == ("1900-01-01", "9999-12-31")
    cart = read_cart(read_chunks(path)[b"cart"])
    assert (cart.starts, cart.expires) == (None, None)


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("News ☔ 👩‍👩‍👧 at seven", "News at seven"),
        ("“Crème brûlée” – £3.5bn", '"Creme brulee" - GBP3.5bn'),
        ("Łódź, Größe, Ærø", "Lodz, Grosse, Aero"),
        ("Новости в семь", "Novosti v sem'"),
        ("line\nbreak\x00 and\ttab", "line break and tab"),
        ("\u202eright to left\u202c", "right to left"),
        ("word " * 60, ("word " * 12).strip()),
        ("x" * 300, "x" * 63),
        ("half \ud83d emoji", "half emoji"),
        ("", ""),
    ],
)
def test_any_title_becomes_one_that_a_playout_can_show(tmp_path, title, kept):
    path = write(tmp_path / "a.wav", make_cart(CartFields(title=title, artist=title)))

    assert (sndfile_cart(path)["title"], rivendell_cut(path).artist) == (kept, kept)


@settings(max_examples=60)
@given(
    words=st.lists(st.text(max_size=300), min_size=7, max_size=7),
    text=st.text(max_size=500),
    moment=st.datetimes(),
)
def test_no_words_can_break_a_chunk(words, text, moment):
    names = "title artist cut_id client_id category classification out_cue".split()

    data = make_cart(CartFields(**dict(zip(names, words, strict=True)), text=text, starts=moment)).data

    assert len(data) % 2 == 0
    assert data[:4] == b"0101"
    assert data[748:1024] == bytes(276)
    assert (data[:680] + data[684:748] + data[1024:]).isascii()
    for start in (*range(4, 452, 64), 488, 552, 616):
        assert data[start + 63] == 0
    cart = read_cart(data)
    assert cart.starts == moment.replace(microsecond=0) or moment.date().isoformat() == "1900-01-01"
    assert all(getattr(cart, name).isprintable() for name in names)


def test_a_long_script_is_cut_after_a_line():
    lines = "\n".join(f"{n} " + "word " * 40 for n in range(400))

    data = make_cart(CartFields(title="x", text=lines)).data

    assert 15_000 < len(data) - 2048 <= 16_002
    assert data.rstrip(b"\0").endswith(b"word\r\n")


def test_a_chunk_that_is_too_short_has_no_fields():
    assert read_cart(bytes(2047)) is None
