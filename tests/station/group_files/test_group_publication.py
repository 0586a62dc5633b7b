"""Several machines publish one station: whole publications, by the worker that holds the piece."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.find_story_by_id import find_story_by_id
from bulletin.archive.ledgers.group.published_files import OvertakenError, PublishedFiles
from bulletin.archive.record_dataclasses import Kill
from bulletin.config.load_profile import load_profile
from bulletin.config.tables.group_options import GroupOptions
from bulletin.edits.correct_aired_words import ChangedWords
from bulletin.errors import NoStoryError, OutletError, StoreError
from bulletin.newsroom.views.aired.withdrawal_plan import plan_withdrawal
from bulletin.pipeline.changes.correct_words import correct_words
from bulletin.pipeline.changes.withdraw_story import recall_story, withdraw_story
from bulletin.publishing.move_standby_files_on_air import prepared_folder
from bulletin.runtime.count_days_by_uptime import UptimeLog
from bulletin.runtime.files.placeholder_file import read_placeholder
from bulletin.station.group_files import group_publication
from bulletin.station.group_files.group_publication import LateWorkerError
from bulletin.station.group_files.working_copy import object_key
from bulletin.storage.folder_store import FolderStore
from bulletin.storage.open_store import open_store
from bulletin.storage.store_interface import Store
from tests.cli.newsroom.test_withdraw import make
from tests.support.bucket_process import bucket_process
from tests.support.factories import NOW
from tests.support.group_of_machines import faults_of, heard, on_machine, publish, write_profile


@dataclass
class Group:
    """An archive and a store."""

    root: Path
    profile: Path
    archive: Archive
    store: Store

    def on(self, machine: str, **changes: Any) -> Any:
        return on_machine(
            self.root / machine, self.profile, archive=self.archive, store=self.store, **changes
        )

    def publish(self, machine: str, *, hours: int, story: str = "bridge", **changes: Any) -> bytes:
        """Publish on a machine; the sound of the bulletin."""
        now = NOW + timedelta(hours=hours, minutes=1)
        with self.on(machine, now=now, **changes) as station:
            bulletin = publish(station, self.root / machine / "scratch", hours=hours, story=story)
            return bulletin.renditions[0].path.read_bytes()

    def heard(self) -> dict[str, bytes]:
        return heard(self.archive, self.store)


@pytest.fixture(
    params=[
        pytest.param("file and folder", marks=pytest.mark.slow),
        pytest.param("server and bucket", marks=pytest.mark.clients),
    ]
)
def group(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Group]:
    profile = write_profile(tmp_path)
    if request.param == "file and folder":
        (tmp_path / "store").mkdir()
        with Archive.open(tmp_path / "archive.sqlite") as archive:
            yield Group(tmp_path, profile, archive, FolderStore(tmp_path / "store"))
        return
    pytest.importorskip("obstore", reason="the extra s3 is not installed")
    pytest.importorskip("moto", reason="pip install 'moto[s3,server]'")
    from bulletin.archive.server_archive import open_server_archive

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "id")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    with bucket_process() as bucket, open_server_archive(request.getfixturevalue("postgres_url")) as archive:
        yield Group(tmp_path, profile, archive, open_store(bucket.address("radio")))


def test_files_of_a_station_that_joins_a_group_are_published_by_it(group: Group) -> None:
    before = group.root / "one" / "hill"
    (before / "stories").mkdir(parents=True)
    (before / "hill-20261123-0700.mp3").write_bytes(b"an earlier bulletin")
    (before / "stories" / "01.mp3").write_bytes(b"its first story")

    group.publish("one", hours=0)

    public = group.heard()
    assert public["hill-20261123-0700.mp3"] == b"an earlier bulletin"
    assert public["stories/01.mp3"] == b"its first story"
    assert faults_of(public) == []


def test_files_of_a_machine_that_joins_later_are_kept_aside(group: Group) -> None:
    group.publish("one", hours=0)
    (group.root / "two" / "hill").mkdir(parents=True)
    (group.root / "two" / "hill" / "hill-20261123-0700.mp3").write_bytes(b"an earlier bulletin")

    group.publish("two", hours=1)
    group.publish("two", hours=2)

    assert "hill-20261123-0700.mp3" not in group.heard()
    (aside,) = (group.root / "two").glob("hill.before-group*")
    assert (aside / "hill-20261123-0700.mp3").read_bytes() == b"an earlier bulletin"


def test_machines_take_turns(group: Group) -> None:
    first = group.publish("one", hours=0)
    second = group.publish("two", hours=1)

    public = group.heard()
    assert faults_of(public) == []
    assert public["latest.mp3"] == second
    assert public["hill-20261124-0700.mp3"] == first
    assert public["feed.xml"].count(b"<item>") == 2
    assert b"08 news" in public["index.html"]
    assert read_placeholder(group.root / "two" / "hill" / "hill-20261124-0700.mp3")
    files = PublishedFiles(group.archive).of_station("hill")
    assert files["latest.mp3"].sha256 == files["hill-20261124-0800.mp3"].sha256  # one object


def test_objects_of_another_station_are_not_stored_again(
    group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are not even asked for."""
    stored: list[str] = []
    put_new = group.store.put_new

    def note(key: str, data: bytes, **more: Any) -> bool:
        stored.append(key)
        return put_new(key, data, **more)

    monkeypatch.setattr(group.store, "put_new", note)
    sound = object_key(hashlib.sha256(group.publish("one", hours=0)).hexdigest())
    assert sound in stored

    stored.clear()
    monkeypatch.setattr(group.store, "exists", stored.append)
    group.profile = write_profile(group.root, "dale")
    group.publish("one", hours=0)

    assert stored
    assert sound not in stored
    assert heard(group.archive, group.store, "dale")["latest.mp3"] == group.heard()["latest.mp3"]


def test_a_lost_object_is_left_out_and_the_next_bulletin_is_published(
    group: Group, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next bulletin has a file of the same content, which is stored again."""
    group.publish("one", hours=0)
    files = PublishedFiles(group.archive).of_station("hill")
    lost = next(file for name, file in files.items() if name.endswith(".vtt"))
    group.store.delete(object_key(lost.sha256))

    with pytest.raises(OutletError, match=f"{lost.path} is missing"):  # a share may still hide a new object
        group.publish("two", hours=1)
    monkeypatch.setattr(group_publication, "_HIDDEN", timedelta(0))
    second = group.publish("two", hours=1)

    public = group.heard()
    assert (faults_of(public), public["latest.mp3"]) == ([], second)
    assert lost.path not in public
    assert group.store.exists(object_key(lost.sha256))
    assert f"the object of {lost.path} is missing" in caplog.text
    assert "`bulletin republish`" in caplog.text


def test_an_emptied_store_loses_no_public_name(group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_publication, "_HIDDEN", timedelta(0))
    group.publish("one", hours=0)
    before = PublishedFiles(group.archive).of_station("hill")
    for item in list(group.store.list()):
        group.store.delete(item.key)

    with pytest.raises(OutletError, match="is missing"):
        group.publish("two", hours=1)

    assert PublishedFiles(group.archive).of_station("hill") == before


def test_a_late_worker_publishes_nothing(group: Group) -> None:
    group.publish("one", hours=0)
    before = group.heard()
    asked: list[bool] = [True, False]  # it still has the piece when it begins

    with pytest.raises(LateWorkerError, match="another worker"):
        group.publish("two", hours=1, is_mine=lambda: asked.pop(0))

    assert group.heard() == before
    assert len(group.archive.bulletins("hill")) == 1
    third = group.publish("two", hours=2)
    public = group.heard()
    assert (faults_of(public), public["latest.mp3"]) == ([], third)
    assert public["feed.xml"].count(b"<item>") == 2


def test_a_story_that_is_killed_during_the_upload_is_not_published(group: Group) -> None:
    def check(bulletin: object) -> None:
        raise NoStoryError("killed meanwhile")

    with pytest.raises(NoStoryError):
        group.publish("one", hours=0, check=check)

    assert (group.heard(), group.archive.bulletins("hill")) == ({}, ())


def test_a_kill_from_another_machine_comes_before_the_last_check_or_after_the_bulletin(group: Group) -> None:
    """The one that is first makes the other wait, so the kill is checked or finds the bulletin."""
    with ThreadPoolExecutor(1) as pool:

        def kill() -> None:
            group.archive.add_kill("hill", Kill(entry="News of the bridge", added_at=NOW))

        killed: list[Future[None]] = []

        def check(bulletin: object) -> None:
            killed.append(pool.submit(kill))
            time.sleep(0.3)
            assert not killed[0].done()

        group.publish("one", hours=0, check=check)
        killed[0].result()

    with pytest.raises(NoStoryError, match="killed meanwhile"):
        group.publish("two", hours=1)
    with group.on("two", now=NOW + timedelta(hours=2)) as station:
        assert len(recall_story(station, "News of the bridge", now=NOW + timedelta(hours=2)).withdrawn) == 3
    assert not any(name.endswith((".mp3", ".wav")) for name in group.heard())


def test_a_kill_discards_the_stand_by_of_every_machine(group: Group) -> None:
    with group.on("one") as station:
        with station.publishing():
            (prepared_folder(station.state, "hill") / "fm.json").write_text("{}")
        assert ".standby/fm.json" in group.heard()
        group.archive.add_kill("hill", Kill(entry="bridge closed", added_at=NOW))

    assert ".standby/fm.json" not in group.heard()
    with group.on("one") as station, station.publishing():
        assert not [*prepared_folder(station.state, "hill").iterdir()]


def test_the_end_of_the_piece_is_part_of_the_publication(group: Group) -> None:
    def refuse() -> None:
        raise LateWorkerError("lost")

    with pytest.raises(LateWorkerError):
        group.publish("one", hours=0, finish=refuse)

    assert (group.heard(), group.archive.bulletins("hill")) == ({}, ())


def test_a_store_that_goes_away_leaves_the_former_publication(
    group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    group.publish("one", hours=0)
    before = group.heard()
    taken: list[str] = []
    real = group.store.put_new

    def put_new(key: str, data: bytes, **headers: Any) -> bool:
        taken.append(key)
        if len(taken) > 3:
            raise StoreError("store away")
        return real(key, data, **headers)

    with monkeypatch.context() as patched:
        patched.setattr(group.store, "put_new", put_new)
        with pytest.raises(OutletError, match="not published: store away"):
            group.publish("two", hours=1)

    assert group.heard() == before
    second = group.publish("two", hours=1)
    assert (faults_of(group.heard()), group.heard()["latest.mp3"]) == ([], second)


def test_a_publication_that_was_overtaken_is_done_again(group: Group) -> None:
    group.publish("one", hours=0)

    def overtake(bulletin: object) -> None:
        files = PublishedFiles(group.archive)
        before = files.of_station("hill")
        files.change("hill", before=before, after={path: before[path] for path in before if path != "fm.wav"})

    with pytest.raises(OvertakenError):
        group.publish("two", hours=1, check=overtake)
    assert group.publish("two", hours=1) == group.heard()["latest.mp3"]


def test_a_story_is_withdrawn_on_a_machine_that_never_had_its_sound(group: Group) -> None:
    good = group.publish("one", hours=0, story="school")
    group.publish("one", hours=1, story="bridge")

    with group.on("three", now=NOW + timedelta(hours=2)) as station:
        recalled = recall_story(station, "News of the bridge", now=NOW + timedelta(hours=2))

    public = group.heard()
    assert len(recalled.withdrawn) >= 1
    assert (faults_of(public), public["latest.mp3"]) == ([], good)
    assert not any(name.startswith("hill-20261124-0800") for name in public)
    assert group.archive.bulletins("hill")[0].withdrawn_at == NOW + timedelta(hours=2)
    assert "fm.wav" not in public


def test_words_are_corrected_on_a_machine_that_never_had_the_bulletin(group: Group) -> None:
    """Its folder is empty, or older: the names of published files are in the archive."""
    old = "The bridge over the River Wex closes next month for six weeks of repairs."
    new = old.replace("six", "eight")
    with group.on("one", now=NOW + timedelta(minutes=1)) as station:
        make(station, "school", "bridge", after=timedelta(0))
    later = NOW + timedelta(hours=1)
    known = find_story_by_id(group.archive, "hill", "bridge")
    assert known is not None
    loaded = load_profile(str(group.profile))
    options = GroupOptions(database="postgresql://db/radio", store="s3://radio", name="valley")
    in_group = replace(loaded, profile=loaded.profile.model_copy(update={"group": options}))

    plan = plan_withdrawal(in_group, group.archive, "bridge", output=group.root / "two")
    with group.on("two", now=later) as station:
        change = ChangedWords(aired=old, text=new)
        (corrected,) = correct_words(station, known, [change], editor="ann", key="k", now=later)

    assert plan is not None
    assert [bulletin.outlets for bulletin in plan.bulletins] == [("podcast", "fm", "page")]
    assert set(corrected.outlets) == {"podcast", "fm", "page"}
    assert (corrected.is_made_again, corrected.problem, faults_of(group.heard())) == (True, "", [])
    readable = b"".join(data for name, data in group.heard().items() if name.endswith((".vtt", ".html")))
    assert (old.encode() in readable, new.encode() in readable) == (False, True)


def test_a_withdrawal_whose_kill_discards_the_prepared_stand_by_is_not_overtaken_by_itself(
    group: Group,
) -> None:
    group.publish("one", hours=0)
    later = NOW + timedelta(hours=1)
    with group.on("one", now=later) as station, station.publishing():
        (prepared_folder(station.state, "hill") / "fm.json").write_text("{}")
    known = find_story_by_id(group.archive, "hill", "bridge")
    assert known is not None

    with group.on("two", now=later) as station:
        withdrawn = withdraw_story(station, known, now=later)

    assert len(withdrawn) == 1
    public = group.heard()
    assert not any(name.endswith((".mp3", ".wav")) or name.startswith(".standby/") for name in public)


def test_a_stand_by_that_was_killed_meanwhile_is_not_put_on_air(group: Group) -> None:
    group.publish("one", hours=0)
    with group.on("one") as station:
        prepared = prepared_folder(station.state, "hill") / "fm.json"
        with station.publishing():
            prepared.write_text("{}")

        def swap() -> None:
            with station.publishing():
                prepared.replace(station.folder / "fm.json")
                group.archive.add_kill("hill", Kill(entry="bridge closed", added_at=NOW))

        with pytest.raises(OvertakenError):
            swap()

    assert group.heard()["fm.json"] != b"{}"


def test_files_chosen_before_a_kill_of_the_desk_are_not_published(group: Group) -> None:
    """A stand-by that is put on air in that moment may tell the story; its row is not the desk's to delete."""
    with group.on("one", desk="desk") as station:

        def choose() -> None:
            with station.publishing():
                (station.folder / "fm.json").write_text("{}")
                group.archive.add_kill("desk", Kill(entry="bridge closed", added_at=NOW))

        with pytest.raises(OvertakenError, match="the desk has killed a story"):
            choose()
        with station.publishing():
            assert not (station.folder / "fm.json").exists()


def test_a_machine_that_has_no_sounds_delivers_them_whole(group: Group) -> None:
    share = group.root / "share"
    share.mkdir()
    with group.profile.open("a", encoding="utf-8") as profile:
        profile.write(f'[[deliveries]]\nkind = "folder"\nrendition = "podcast"\npath = "{share}"\n')
    sound = group.publish("one", hours=0)
    with group.on("two", now=NOW + timedelta(minutes=2)) as station:
        with station.publishing():
            pass
        assert read_placeholder(station.folder / "hill-20261124-0700.mp3")
        sender = replace(station.sender, clock=lambda: NOW, worked=lambda now: UptimeLog())
        sender.note()
        sent = sender.send()

    assert [(result.result, result.note) for result in sent] == [("sent", "")]
    assert [path.read_bytes() for path in share.glob("*.mp3")] == [sound]
