import io

import pytest
from PIL import Image

from bulletin.publishing.drawn_picture_cache import keep_picture

PICTURE = b"\xff\xd8 a picture \xff\xd9"


def count_draws(folder, *, of, times=2):
    drawn = []

    def draw():
        drawn.append(of)
        return PICTURE

    for _ in range(times):
        assert keep_picture(folder, of=of, draw=draw) == PICTURE
    return len(drawn)


def test_a_picture_is_drawn_once(tmp_path):
    assert count_draws(tmp_path / "artwork", of=("Wexcombe Radio", "#c8102e")) == 1


def test_other_words_make_another_picture(tmp_path):
    assert count_draws(tmp_path, of="one") == 1
    assert count_draws(tmp_path, of="two") == 1
    assert len(list(tmp_path.iterdir())) == 2


def test_a_torn_picture_is_drawn_again(tmp_path):
    count_draws(tmp_path, of="one")
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(PICTURE[:5])

    assert count_draws(tmp_path, of="one") == 1
    assert kept.read_bytes() == PICTURE


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_whole_picture_of_any_format_is_kept_and_a_torn_one_drawn_again(tmp_path, kind):
    stream = io.BytesIO()
    Image.effect_noise((64, 64), 64).save(stream, kind)
    drawn = []

    def draw():
        drawn.append(kind)
        return stream.getvalue()

    keep_picture(tmp_path, of=kind, draw=draw)
    keep_picture(tmp_path, of=kind, draw=draw)
    assert len(drawn) == 1
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(kept.read_bytes()[:-1])
    keep_picture(tmp_path, of=kind, draw=draw)
    assert len(drawn) == 2


def test_a_picture_is_drawn_though_the_cache_folder_cannot_be_made(tmp_path):
    (tmp_path / "file").write_bytes(b"")

    assert count_draws(tmp_path / "file" / "artwork", of="one") == 2
