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


def test_a_picture_is_drawn_though_the_cache_folder_cannot_be_made(tmp_path):
    (tmp_path / "file").write_bytes(b"")

    assert count_draws(tmp_path / "file" / "artwork", of="one") == 2
