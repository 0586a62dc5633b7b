"""From the editor's hand to the air: in a real browser, through the service's slot, into the log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import soundfile

from bulletin.model import Role
from bulletin.newsroom.coming_bulletin import coming_bulletin
from bulletin.newsroom.desk import Desk
from tests.newsroom_web.end_to_end.air_slot import air
from tests.newsroom_web.end_to_end.editors import EDITORS
from tests.support.newsroom_pages import served_hill
from tests.support.newsroom_server import ServedNewsroom
from tests.support.playwright_browser import chromium
from tests.support.speech_like_sounds import RATE_HZ, speech_like

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

OPTIONS = (
    '[newsroom]\napproval = "required"\n[outputs]\nmake = ["fm", "podcast"]\n[outputs.fm]\nformat = "flac"\n'
)
WORDS = "Corn Bridge in Wexcombe is shut for six weeks, the council says."


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def hill(tmp_path: Path) -> Iterator[tuple[ServedNewsroom, Desk]]:
    with served_hill(tmp_path, OPTIONS) as served:
        yield served


@pytest.mark.parametrize("way", EDITORS)
def test_what_an_editor_corrects_hears_rewords_attaches_reorders_and_approves_airs_exactly(
    browser: Browser, hill: tuple[ServedNewsroom, Desk], tmp_path: Path, way: str
) -> None:
    served, desk = hill
    sound = tmp_path / "mayor.wav"
    soundfile.write(sound, speech_like(), RATE_HZ)
    editor = EDITORS[way](browser, served.address, desk)

    editor.respell("Wexcombe", "Wecks-kum")
    editor.reword("bridge", 0, WORDS)
    editor.hear("bridge", 0)
    editor.attach("bridge", sound, before="The mayor said:", words="We will mend it.")
    editor.move_up("bridge")
    editor.approve()
    approved = coming_bulletin(desk)
    record = air(served, desk)
    log = editor.read_log()
    editor.visitor.close()

    assert approved.stories[0].id == "bridge"
    stories = [passage for passage in record.running_order if passage.role is Role.STORY]
    assert [passage.text for passage in stories] == [p.text for p in approved.aired if p.role is Role.STORY]
    bridge = stories[0]
    first, *_, said, clip = bridge.sentences
    assert (first.text, first.editor) == (WORDS, "ann")
    assert "Wecks-kum" in first.spoken
    assert (said.text, said.editor, clip.text) == ("The mayor said:", "ann", "We will mend it.")
    assert clip.recording
    assert WORDS in log
    assert "ann’s words" in log
    assert "We will mend it." in log
    assert editor.visitor.problems == []
