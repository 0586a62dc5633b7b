import io
import shutil
import subprocess
from datetime import datetime

import mutagen.id3
import pytest

from bulletin.audio.formats.read_sound_file_tags import read_id3
from bulletin.audio.formats.write_id3_tags import Head, Tags, id3_size, make_id3
from bulletin.model import Chapter

LOCAL = datetime(2026, 11, 24, 7, 5)  # noqa: DTZ001 - tags hold local time

AWKWARD = [
    "Crème brûlée – “half-price”",
    "Łódź, Москва, 東京, مرحبا",
    "Weather ☔ and 𝄞 music 👩‍👩‍👧",
    "a" * 5_000,
    "",
]


def make(**changes):
    fields = {"title": "7am news", "lyrics": "", "duration_s": 120.0, "chapters": ()}
    tags = {"artist": "Wexcombe Radio", "album": "Wexcombe Radio News", "date": LOCAL}
    given = {name: changes.pop(name) for name in list(changes) if name not in fields}
    return make_id3(Head(tags=Tags(**(tags | given)), **(fields | changes)))


def read(tag):
    return mutagen.id3.ID3(io.BytesIO(tag), translate=False)


def make_chapters(*titles, link=""):
    return tuple(
        Chapter(start_s=10.0 * n + 0.4567, end_s=10.0 * (n + 1), title=title, link=link)
        for n, title in enumerate(titles)
    )


def test_every_field_is_read_by_an_independent_reader():
    tag = read(make(lyrics="Good morning.\nThat is the news."))

    assert tag.version == (2, 3, 0)
    assert {name: str(tag[name]) for name in ("TIT2", "TPE1", "TALB", "TYER", "TDAT", "TIME", "TCON")} == {
        "TIT2": "7am news",
        "TPE1": "Wexcombe Radio",
        "TALB": "Wexcombe Radio News",
        "TYER": "2026",
        "TDAT": "2411",
        "TIME": "0705",
        "TCON": "News",
    }
    assert (str(tag["TLAN"]), str(tag["TLEN"])) == ("eng", "120000")
    assert tag["USLT::eng"].text == "Good morning.\nThat is the news."


@pytest.mark.parametrize(
    ("language", "code"), [("cy", "wel"), ("de-AT", "ger"), ("EN-us", "eng"), ("tlh", "und")]
)
def test_languages_have_three_letters(language, code):
    assert str(read(make(language=language))["TLAN"]) == code


@pytest.mark.parametrize("text", AWKWARD)
def test_any_text_comes_back(text):
    tag = read(make(title=text, lyrics=text, chapters=make_chapters(text)))

    assert tag["TIT2"].text == [text]
    assert tag.getall("CHAP")[0].sub_frames["TIT2"].text == [text]
    if text:
        assert tag["USLT::eng"].text == text


def test_invalid_text_cannot_break_the_tag():
    tag = read(make(title="half \ud83d emoji\x00 and\na break", album="after"))

    assert tag["TIT2"].text == ["half ? emoji and a break"]
    assert tag["TALB"].text == ["after"]


def test_chapters_are_in_order_of_time():
    """mutagen sorts frames by size when it writes, so that ours must be put in order."""
    chapters = make_chapters("A long title for the first", "Two", "Three is in between")

    data = make(chapters=tuple(reversed(chapters)))

    assert [chapter.title for chapter in read_id3(data).chapters] == [chapter.title for chapter in chapters]
    contents = read(data).getall("CTOC")[0]
    assert contents.child_element_ids == ["ch000", "ch001", "ch002"]
    assert contents.flags == mutagen.id3.CTOCFlags.TOP_LEVEL | mutagen.id3.CTOCFlags.ORDERED


def test_chapter_times_are_in_milliseconds():
    (chapter,) = read(make(chapters=make_chapters("One"))).getall("CHAP")

    assert (chapter.start_time, chapter.end_time) == (457, 10_000)


@pytest.mark.parametrize(
    ("link", "written"),
    [
        ("https://news.example/a?b=1&c=%20#d", "https://news.example/a?b=1&c=%20#d"),
        ("https://news.example/Łódź", "https://news.example/%C5%81%C3%B3d%C5%BA"),
        ("https://news.example/a b\ud83d", "https://news.example/a%20b?"),
    ],
)
def test_chapters_link_to_their_story(link, written):
    data = make(chapters=make_chapters("One", link=link))

    (chapter,) = read(data).getall("CHAP")
    assert next(iter(chapter.sub_frames.getall("WXXX"))).url == written
    assert read_id3(data).chapters[0].link == written


def test_more_chapters_than_a_table_can_count_are_left_out():
    tag = read(make(chapters=make_chapters(*["x"] * 300)))

    assert len(tag.getall("CHAP")) == 255


def test_artwork_is_the_front_cover():
    tag = read(make(artwork=b"\xff\xd8 a picture"))

    (picture,) = tag.getall("APIC")
    assert (picture.data, picture.mime, picture.type) == (b"\xff\xd8 a picture", "image/jpeg", 3)


def test_the_size_of_a_tag_is_read():
    data = make(artwork=bytes(300_000))

    assert id3_size(data + b"sound") == len(data)
    assert id3_size(b"\xff\xfb\x90\x00" + bytes(20)) == 0
    assert id3_size(b"ID3") == 0


def test_a_damaged_tag_has_no_chapters():
    data = make(chapters=make_chapters("One", "Two"))

    assert read_id3(b"").chapters == ()
    assert read_id3(data[: data.index(b"CHAP") + 20]).chapters == ()


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("ffprobe"), reason="ffprobe is not here")
def test_ffprobe_shows_the_chapters_in_order(tmp_path):
    from tests.audio.formats.test_mp3_encoder import encode, make_music

    path = tmp_path / "sound.mp3"
    path.write_bytes(
        encode(make_music(30), head=make(chapters=make_chapters("One", "Zwei", "Три"))).getvalue()
    )

    ffprobe = subprocess.run(
        ["ffprobe", "-v", "error", "-show_entries", "chapter_tags=title", "-of", "csv=p=0", path],
        capture_output=True,
        text=True,
        check=True,
    )

    assert ffprobe.stdout.split() == ["One", "Zwei", "Три"]
