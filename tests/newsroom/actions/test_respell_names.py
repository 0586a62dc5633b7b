"""Respellings that editors save."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bulletin.archive.ledgers.newsroom_audit import AuditLedger
from bulletin.archive.ledgers.respelled_names import RespelledNames
from bulletin.errors import NewsroomError, UnfitTextError
from bulletin.newsroom.actions.respell_names import remove_respelling, save_respelling
from bulletin.newsroom.desk import Desk
from bulletin.normalization.normalize_text import make_speakable
from bulletin.station.build_station_object import open_station
from bulletin.station.station_voices import open_station_voices
from tests.support.newsroom_desk import newsroom

PRONOUNCED = '[pronunciations]\n"Wexcombe" = "Wex-come"'


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with newsroom(tmp_path, PRONOUNCED) as desk:
        yield desk


def test_a_saved_respelling_goes_before_the_profile_in_every_door(desk: Desk) -> None:
    saved = save_respelling(desk, name="  Wexcombe ", respelling="Wecks’-kum")

    assert (saved.name, saved.respelling, saved.editor) == ("Wexcombe", "Wecks'-kum", "ann")
    assert desk.say("in Wexcombe") == "in Wecks'-kum"
    with open_station(desk.loaded, output=desk.output) as station:
        assert make_speakable("in Wexcombe", lexicon=station.lexicon) == "in Wecks'-kum"
    voices = open_station_voices(desk.loaded, output=desk.output, archive=desk.archive)
    assert make_speakable("in WEXCOMBE", lexicon=voices.lexicon) == "in Wecks'-kum"


def test_a_name_is_known_however_its_accents_were_typed(desk: Desk) -> None:
    save_respelling(desk, name="Sia\u0302n", respelling="Zorn")

    assert desk.say("Siân paid.") == "Zorn paid."


def test_an_empty_respelling_reads_the_name_as_printed(desk: Desk) -> None:
    save_respelling(desk, name="Wexcombe", respelling="")

    assert desk.say("in Wexcombe") == "in Wexcombe"


def test_a_removed_respelling_gives_way_to_the_profile(desk: Desk) -> None:
    save_respelling(desk, name="Wexcombe", respelling="Wecks-kum")
    remove_respelling(desk, name="Wexcombe")

    assert desk.say("in Wexcombe") == "in Wex-come"


def test_both_are_in_the_audit(desk: Desk) -> None:
    save_respelling(desk, name="Wexcombe", respelling="Wecks-kum")
    remove_respelling(desk, name="Wexcombe")

    changes = AuditLedger(desk.archive).changes(station=desk.station)
    assert {(one.action, one.note) for one in changes} == {
        ("respell-name", "Wexcombe = Wecks-kum"),
        ("remove-respelling", "Wexcombe"),
    }


@pytest.mark.parametrize(
    ("name", "respelling", "reason"),
    [
        ("Wexcombe", "W3cks", "letters, spaces, hyphens and apostrophes only"),
        ("Wexcombe", "<b>Wecks</b>", "letters, spaces"),
        ("", "Wecks", "no name to respell"),
        ("?!", "Wecks", "holds no letter"),
        ("W" * 81, "Wecks", "too long for a name"),
        ("Wexcombe", "Wecks" * 50, "too long for a name"),
    ],
)
def test_what_no_voice_can_read_is_refused(desk: Desk, name: str, respelling: str, reason: str) -> None:
    with pytest.raises(UnfitTextError, match=reason):
        save_respelling(desk, name=name, respelling=respelling)

    assert RespelledNames(desk.archive).names(desk.station) == ()


def test_a_name_without_a_respelling_cannot_be_removed(desk: Desk) -> None:
    save_respelling(desk, name="Siân", respelling="Zorn")

    with pytest.raises(NewsroomError, match='did you mean "Siân"'):
        remove_respelling(desk, name="SIÂN")
    with pytest.raises(NewsroomError, match="has no saved respelling"):
        remove_respelling(desk, name="Dwn")
