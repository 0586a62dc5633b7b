"""The profile changed in a browser: checked with lines, saved whole, no change lost, no secret shown or deleted."""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.newsroom_audit import AuditLedger
from bulletin.config.change_profile_options import remove_table
from bulletin.config.load_profile import load_profile
from bulletin.errors import AudioError, BulletinError, ConfigError, NewsroomError
from bulletin.newsroom.actions import change_profile as profiles
from bulletin.newsroom.actions.change_clock import SlotForm, save_clock
from bulletin.newsroom.actions.change_feeds import add_feed, import_opml, remove_feed
from bulletin.newsroom.actions.change_imaging import reset_jingle, set_mix_point, upload_jingle
from bulletin.newsroom.desk import Desk
from bulletin.runtime.files.file_lock import hold
from tests.support.factories import NOW

PROFILE = """\
name = "Valley Radio"    # ours
[[clock.slots]]
at = "06:00-19:00"
[[feeds]]
url = "https://gazette.example/rss"
name = "gazette"
[stream]
url = "http://127.0.0.1:8000/radio.mp3"
password = "hunter2hunter2"
[pull]
token = "env:VALLEY_TOKEN"
"""
RATE = 8_000


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with Archive.open(tmp_path_factory.mktemp("archive") / "archive.sqlite") as opened:
        yield opened


@pytest.fixture
def desk(tmp_path: Path, archive: Archive) -> Desk:
    path = tmp_path / "feeds" / "valley.toml"
    path.parent.mkdir()
    path.write_text(PROFILE, encoding="utf-8")
    path.chmod(0o640)
    loaded = load_profile(str(path), only_looks=True)
    return Desk(loaded=loaded, output=tmp_path, archive=archive, editor="ada", now=lambda: NOW, address="::1")


def text_of(desk: Desk) -> str:
    return desk.loaded.path.read_text(encoding="utf-8")


def test_a_browser_gets_the_text_without_its_secrets_and_saving_keeps_them(desk: Desk) -> None:
    read = profiles.read_profile_text(desk)
    assert "hunter2" not in read.text
    assert 'password = "(kept secret 1)"' in read.text
    saved = profiles.save_profile_text(
        desk, text=read.text.replace("Valley Radio", "Dale Radio"), seen=read.version
    )
    assert text_of(desk) == PROFILE.replace("Valley Radio", "Dale Radio")
    assert saved.version != read.version
    assert desk.loaded.path.stat().st_mode & 0o777 == 0o640
    assert list(desk.loaded.path.parent.glob("part-*")) == []
    entry = AuditLedger(desk.archive).changes("valley")[0]
    assert (entry.user, entry.action, entry.address) == ("ada", "save profile", "::1")


def test_a_wrong_profile_is_not_saved_and_names_its_lines(desk: Desk) -> None:
    read = profiles.read_profile_text(desk)
    wrong = read.text.replace('at = "06:00-19:00"', 'at = "25:00"') + "[audio]\ngap_s = 9\n"
    with pytest.raises(ConfigError, match=r"valley\.toml:3: "):
        profiles.save_profile_text(desk, text=wrong, seen=read.version)
    findings = profiles.check_profile_text(desk, text=wrong)
    assert sorted({finding.line for finding in findings if finding.is_error}) == [3, 13]
    assert text_of(desk) == PROFILE
    assert [f.is_error for f in profiles.check_profile_text(desk, text=read.text)] == [False, False]
    (broken,) = profiles.check_profile_text(desk, text='name = "x\n')
    assert (broken.line, broken.is_error) == (1, True)


def test_a_change_of_somebody_else_is_never_overwritten(desk: Desk) -> None:
    read = profiles.read_profile_text(desk)
    theirs = PROFILE.replace("Valley Radio", "Their Radio")
    desk.loaded.path.write_text(theirs, encoding="utf-8")
    with pytest.raises(profiles.ProfileConflictError, match="somebody else"):
        profiles.save_profile_text(desk, text=read.text, seen=read.version)
    with pytest.raises(profiles.ProfileConflictError):
        profiles.save_profile_options(desk, changes={("slogan",): "Ours"}, seen=read.version)
    assert text_of(desk) == theirs


@pytest.mark.parametrize(
    "more",
    [
        '[alerts]\ncommand = ["rm", "-rf", "/"]\n',
        '[[deliveries]]\nkind = "command"\ncommand = ["sh", "-c", "id"]\nrendition = "podcast"\n',
        '[outputs.page]\ncss = "/etc/passwd"\n',
        '[imaging]\nident = "../../secret.wav"\n',
        '[[feeds]]\nurl = "/etc/passwd"\n',
        '[outputs.podcast]\ntitle = "env:AWS_SECRET_ACCESS_KEY"\n',
        '[speech]\nchain = ["os.path:join"]\n',
        '[outputs.page]\ncss = "other.toml"\n',
        '[outputs.page]\nlogo = "/home/ann/photo.png"\n',
        '[[feeds]]\nurl = "http://192.168.1.1/feed"\nprivate = true\n',
        '[speech.engines.espeak]\nprogram = "bash"\n',
        '[script.rewriter]\nbase_url = "http://127.0.0.1:9/v1"\nkey_env = "AWS_SECRET_ACCESS_KEY"\n',
    ],
)
def test_programs_files_and_variables_of_the_computer_are_out_of_a_browsers_reach(
    desk: Desk, more: str
) -> None:
    read = profiles.read_profile_text(desk)
    with pytest.raises(NewsroomError, match="station's computer"):
        profiles.save_profile_text(desk, text=read.text + more, seen=read.version)
    assert text_of(desk) == PROFILE
    desk.loaded.path.write_text(PROFILE + more, encoding="utf-8")  # what is there already stays


def test_the_form_of_the_clock_writes_only_what_differs(desk: Desk) -> None:
    old = SlotForm(number=0, at="06:00-19:00", days="", every_min="60", length="", sections="", outputs="")
    new = SlotForm(
        number=None, at="22:00, 23:00", days="sat", every_min="", length="3:00", sections="news", outputs=""
    )
    empty = SlotForm(number=None, at=" ", days="", every_min="60", length="", sections="", outputs="")
    seen = profiles.read_profile_text(desk).version
    seen = save_clock(desk, slots=[old, new, empty], holidays="IE", off="2026-12-25", seen=seen).version
    clock = tomllib.loads(text_of(desk))["clock"]
    assert clock["slots"] == [
        {"at": "06:00-19:00"},
        {"at": ["22:00", "23:00"], "days": "sat", "length": "3:00", "sections": ["news"]},
    ]
    assert (clock["holidays"], clock["off"]) == ("IE", ["2026-12-25"])
    gone = SlotForm(
        **{
            **{
                n: getattr(old, n)
                for n in ("number", "at", "days", "every_min", "length", "sections", "outputs")
            },
            "is_removed": True,
        }
    )
    save_clock(desk, slots=[gone], holidays="", off="", seen=seen)
    assert [slot["at"] for slot in tomllib.loads(text_of(desk))["clock"]["slots"]] == [["22:00", "23:00"]]
    bad = SlotForm(number=None, at="07:00", days="moonday", every_min="", length="", sections="", outputs="")
    with pytest.raises(ConfigError, match="not a valid day"):
        save_clock(desk, slots=[bad], holidays="", off="", seen="")


def test_feeds_are_added_once_removed_by_name_and_imported(desk: Desk) -> None:
    url = "https://herald.example/feed"
    add_feed(desk, url=url, name="herald", credit='the "Herald"\n<b>', category="sport")
    feed = tomllib.loads(text_of(desk))["feeds"][1]
    assert feed == {"url": url, "name": "herald", "credit": 'the "Herald" <b>', "category": "sport"}
    for again in (
        {"url": url},
        {"url": "https://other.example/", "name": "gazette"},
        *(
            {"url": wrong}
            for wrong in ("javascript:alert(1)", "valley.toml", "http://[::", "http://a\nb/", "")
        ),
    ):
        with pytest.raises(BulletinError):
            add_feed(desk, **again)
    remove_feed(desk, feed="gazette")
    assert [feed["name"] for feed in tomllib.loads(text_of(desk))["feeds"]] == ["herald"]
    opml = (
        '<opml version="2.0"><body><outline type="rss" text="&lt;script&gt;" xmlUrl="https://a.example/1"/>'
        f'<outline type="rss" text="H" xmlUrl="{url}"/><outline type="rss" xmlUrl="file:///etc/passwd"/></body></opml>'
    )
    assert import_opml(desk, body=opml.encode()) == (1, 2)
    with pytest.raises(BulletinError):
        import_opml(desk, body=b"<html><body>no")


def test_a_jingle_is_checked_by_its_content_and_named_by_us(desk: Desk, tmp_path: Path) -> None:
    sound = (np.sin(np.arange(2 * RATE) / 3) * 0.5).astype(np.float32)
    upload = tmp_path / "upload.html"
    soundfile.write(upload, sound, RATE, format="FLAC")
    result = upload_jingle(desk, jingle="ident", file=upload)
    assert result.file.parent == desk.loaded.path.parent / "jingles"
    assert (result.file.name[:13], result.file.suffix) == ("valley-ident-", ".flac")
    assert tomllib.loads(text_of(desk))["imaging"]["ident"] == f"jingles/{result.file.name}"
    set_mix_point(desk, jingle="ident", mix_s=1.236)
    assert tomllib.loads(text_of(desk))["imaging"]["ident_mix_s"] == 1.24
    reset_jingle(desk, jingle="ident")
    assert tomllib.loads(text_of(desk))["imaging"] == {}
    for body in (b"<html><script>", b"RIFF\0\0\0\0WAVEfmt ", b"ID3\x04" + b"\0" * 500):
        upload.write_bytes(body)
        with pytest.raises(AudioError) as caught:
            upload_jingle(desk, jingle="ident", file=upload)
        assert str(tmp_path) not in str(caught.value)
    for rate, channels in ((192_000, 2), (RATE, 8)):
        soundfile.write(upload, np.zeros((5_000, channels)), rate, format="FLAC")
        with pytest.raises(AudioError, match="mono or stereo"):
            upload_jingle(desk, jingle="bed", file=upload)
    soundfile.write(upload, sound * 0, RATE, format="WAV")
    with pytest.raises(AudioError, match="silent"):
        upload_jingle(desk, jingle="ident", file=upload)
    for name, mix_s in (("bed", 1.0), ("ident", 61.0), ("../x", 1.0)):
        with pytest.raises(NewsroomError):
            set_mix_point(desk, jingle=name, mix_s=mix_s)
    assert [path.name for path in result.file.parent.iterdir()] == [result.file.name]


def test_a_kept_secret_stands_in_no_other_option(desk: Desk) -> None:
    read = profiles.read_profile_text(desk)
    shown = read.text.replace('"Valley Radio"', '"(kept secret 1)"')
    with pytest.raises(NewsroomError, match=r"name: .*only in stream\.password"):
        profiles.save_profile_text(desk, text=shown, seen=read.version)
    assert text_of(desk) == PROFILE


def test_a_feed_is_removed_by_its_name_whatever_was_removed_meanwhile(desk: Desk) -> None:
    add_feed(desk, url="https://herald.example/feed", name="herald")
    add_feed(desk, url="https://echo.example/feed", name="echo")
    remover = threading.Thread(target=remove_feed, args=(desk,), kwargs={"feed": "herald"})
    with hold(desk.state / "valley.profile.lock", wait_s=0):
        remover.start()
        remover.join(0.2)  # it waits for the lock
        text = text_of(desk)
        desk.loaded.path.write_text(remove_table(text, ("feeds", 0)), encoding="utf-8")
    remover.join()
    assert [feed["name"] for feed in tomllib.loads(text_of(desk))["feeds"]] == ["echo"]


def test_a_profile_that_is_a_link_stays_one(desk: Desk, tmp_path: Path) -> None:
    kept = tmp_path / "repository" / "valley.toml"
    kept.parent.mkdir()
    desk.loaded.path.rename(kept)
    desk.loaded.path.symlink_to(kept)
    profiles.save_profile_options(desk, changes={("slogan",): "Ours"}, seen="")
    assert desk.loaded.path.is_symlink()
    assert 'slogan = "Ours"' in kept.read_text("utf-8")


def test_a_kept_secret_becomes_no_word_of_the_lexicon_and_moves_to_no_other_server(desk: Desk) -> None:
    read = profiles.read_profile_text(desk)
    shown = f'{read.text}[pronunciations]\npassword = "(kept secret 1)"\n'
    moved = read.text.replace("127.0.0.1:8000", "evil.example:8000")
    for text in (shown, moved):
        with pytest.raises(NewsroomError, match=r"only in stream\.password|another address"):
            profiles.save_profile_text(desk, text=text, seen=read.version)
    assert text_of(desk) == PROFILE
