"""Install command in messages: it fits the way in which this copy was installed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bulletin.runtime import suggest_install_command
from bulletin.runtime.suggest_install_command import (
    command_for_extra,
    command_for_package,
    command_to_repair,
    missing_packages,
)

REQUIRES = """\
Requires-Dist: gtts<3,>=2.5.4
Requires-Dist: lxml-html-clean>=0.4.4
Requires-Dist: audioop-lts>=0.2.1; python_version >= '3.13'
Requires-Dist: spacy==3.8.13; extra == 'english'
Requires-Dist: wordfreq<4,>=3.1; extra == "english"
Requires-Dist: paramiko<6,>=5; extra == 'sftp'
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Environment with the records that pip writes for an installation."""
    folder = tmp_path / "env" / "bulletin_radio-0.1.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text(f"Metadata-Version: 2.4\nName: bulletin-radio\nVersion: 0.1\n{REQUIRES}")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "env")])
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "env"))
    monkeypatch.setattr(sys, "executable", "/env/bin/python")
    monkeypatch.setattr(suggest_install_command, "find_spec", lambda name: name)
    monkeypatch.delenv("BULLETIN_IMAGE", raising=False)
    return folder


def came_from(site: Path, source: Path, **more: object) -> None:
    (site / "direct_url.json").write_text(json.dumps({"url": source.as_uri(), **more}))


def test_a_checkout_that_is_run_in_place(site: Path, tmp_path: Path) -> None:
    checkout = tmp_path / "my checkout"
    checkout.mkdir()
    came_from(site, checkout, dir_info={"editable": True})

    assert command_for_extra("sftp") == f"/env/bin/python -m pip install -e '{checkout}[sftp]'"


def test_a_checkout_that_was_installed(site: Path, tmp_path: Path) -> None:
    came_from(site, tmp_path, dir_info={})

    assert command_for_extra("sftp") == f"/env/bin/python -m pip install '{tmp_path}[sftp]'"


def test_a_wheel_that_is_still_there(site: Path, tmp_path: Path) -> None:
    wheel = tmp_path / "bulletin_radio-0.1-py3-none-any.whl"
    wheel.touch()
    came_from(site, wheel, archive_info={})

    assert command_for_extra("sftp") == f"/env/bin/python -m pip install '{wheel}[sftp]'"


def test_a_deleted_wheel_leaves_its_requirements(site: Path, tmp_path: Path) -> None:
    came_from(site, tmp_path / "gone.whl", archive_info={})

    assert command_for_extra("sftp") == "/env/bin/python -m pip install 'paramiko<6,>=5'"
    assert command_for_extra("english") == "/env/bin/python -m pip install spacy==3.8.13 'wordfreq<4,>=3.1'"


def test_an_environment_of_uv_has_no_pip(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggest_install_command, "find_spec", lambda name: None)

    assert command_for_extra("sftp") == "uv pip install --python /env/bin/python 'paramiko<6,>=5'"


def test_in_the_container_the_image_is_rebuilt(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BULLETIN_IMAGE", "bulletin")

    assert command_for_extra("sftp").startswith("docker build --no-cache -t bulletin .")
    assert command_for_package("gTTS").startswith("docker build --no-cache -t bulletin .")


def test_an_installation_from_an_index_requests_the_missing_library_only(site: Path) -> None:
    assert command_for_extra("sftp") == "/env/bin/python -m pip install 'paramiko<6,>=5'"


def test_a_copy_that_was_never_installed_names_its_checkout(site: Path) -> None:
    (site / "METADATA").unlink()
    site.rmdir()
    checkout = Path(suggest_install_command.__file__).parents[2]

    assert command_for_extra("sftp") == f"/env/bin/python -m pip install -e '{checkout}[sftp]'"


def test_a_package_is_requested_in_an_allowed_version(site: Path) -> None:
    assert command_for_package("gTTS", "foo") == "/env/bin/python -m pip install 'gtts<3,>=2.5.4' foo"
    assert command_for_package("spacy") == "/env/bin/python -m pip install spacy==3.8.13"
    assert command_to_repair("lxml_html_clean") == (
        "/env/bin/python -m pip install --force-reinstall --no-deps 'lxml-html-clean>=0.4.4'"
    )


def test_missing_libraries_are_found_by_name(site: Path) -> None:
    there = site.parent / "gTTS-2.5.4.dist-info"
    there.mkdir()
    (there / "METADATA").write_text("Metadata-Version: 2.4\nName: gTTS\nVersion: 2.5.4\n")

    assert missing_packages() == ("lxml-html-clean",)


@pytest.mark.slow
def test_a_missing_library_is_a_message_with_its_remedy(tmp_path: Path) -> None:
    """Real import that fails: a module of the same name shadows the library."""
    (tmp_path / "lameenc.py").write_text("raise ImportError('libmp3lame.so: no such file', name='lameenc')\n")

    done = subprocess.run(
        [
            sys.executable,
            "-c",
            (
                f"import sys; sys.path.insert(0, {str(tmp_path)!r}); sys.argv = ['bulletin', 'check', 'demo'];"
                "from bulletin.cli.main import main; main()"
            ),
        ],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("bulletin: this installation is incomplete (libmp3lame.so: no such file); ")
    assert "--force-reinstall --no-deps" in done.stderr
    assert "lameenc" in done.stderr
