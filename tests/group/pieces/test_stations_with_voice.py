"""A sentence that several stations need is spoken, although the profile of the first one is gone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.group.pieces_of_work import Piece, PieceState
from bulletin.archive.ledgers.group.work_ledger import WorkLedger
from bulletin.articles.feeds_for_all import FeedsForAll
from bulletin.group.group_profiles import GroupProfiles
from bulletin.group.pieces.do_pieces import PieceWork
from bulletin.group.pieces.work_context import WorkContext
from bulletin.pipeline.pieces.sentences_of_draft import readers_of, voice_label
from bulletin.speech.cache.speech_cache import sentence_key
from bulletin.storage.folder_store import FolderStore
from tests.support.factories import NOW
from tests.support.group_processes import GroupProcesses

TEXT = "The bridge is open again."


@pytest.mark.slow
def test_a_sentence_of_a_removed_station_is_spoken_for_the_others(tmp_path: Path) -> None:
    GroupProcesses(home=tmp_path, database="postgresql://not-used/x").write(stations=1, due=NOW, now=NOW)
    profiles = GroupProfiles(names=[str(tmp_path / "feeds")])
    profiles.refresh()
    (tmp_path / "store").mkdir()
    (tmp_path / "out" / ".bulletin").mkdir(parents=True)
    with Archive.open(tmp_path / "out" / ".bulletin" / "archive.sqlite") as archive:
        work = WorkLedger(archive, now=lambda: NOW)
        context = WorkContext(
            profiles=profiles,
            archive=archive,
            store=FolderStore(tmp_path / "store"),
            output=tmp_path / "out",
            work=work,
            slots=SlotLedger(archive),
            now=lambda: NOW,
            feeds_for_all=FeedsForAll(archive),
        )
        (worker,) = context.station_workers()
        with worker.opened(None) as station:
            (reader,) = readers_of(station)
            keys = sentence_key(TEXT, reader), "another-sound"
        for key in keys:
            piece = Piece(
                kind="speak",
                key=key,
                due=NOW,
                deadline=NOW + timedelta(minutes=1),
                needs_voice=voice_label(reader),
                payload={"text": TEXT, "station": "gone"},
            )
            work.plan([piece])
            lease = timedelta(seconds=30)
            claimed = work.claim(*piece.name, owner="one", lease=lease, abilities=(piece.needs_voice,))
            assert claimed is not None
            PieceWork(context=context).do(claimed)
        states = [row.state for key in keys if (row := work.find("speak", key))]
    assert states == [PieceState.DONE, PieceState.WAITING]
    assert len(list((tmp_path / "store" / "speech").rglob("*.wav"))) == 1
