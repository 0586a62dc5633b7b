import pytest

from bulletin.runtime.files.atomic_write import atomic_file


def test_a_complete_file_takes_the_place_of_the_old_one(tmp_path):
    path = tmp_path / "news.txt"
    path.write_text("old")

    with atomic_file(path) as part:
        part.write_text("new")
        assert path.read_text() == "old"

    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_an_error_leaves_the_old_file_and_no_part(tmp_path):
    path = tmp_path / "news.txt"
    path.write_text("old")

    with pytest.raises(FileNotFoundError), atomic_file(path) as part:
        (part / "folder").write_text("half")

    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
