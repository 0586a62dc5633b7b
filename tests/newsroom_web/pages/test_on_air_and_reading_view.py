"""Pages "On air" and "Reading view"."""

from __future__ import annotations

import numpy as np
import soundfile
from lxml import html

from bulletin.model import Level, Role
from bulletin.newsroom.actions.edit_stories import move_story
from bulletin.newsroom.coming_bulletin import coming_bulletin
from bulletin.newsroom.desk import Desk
from bulletin.publishing.json_sidecar_file import SideFile
from tests.support.factories import NOW
from tests.support.newsroom_server import ServedNewsroom

Hill = tuple[ServedNewsroom, Desk]


def test_a_station_before_its_first_bulletin_says_so_and_shows_the_next_one(hill: Hill) -> None:
    served, desk = hill
    text = served.browser("vera").get("/hill/").text
    page = html.fromstring(text)

    assert "Nothing is on air yet" in text
    assert page.xpath('//*[@data-clock="left"]/text()') == ["30:00"]
    assert page.xpath('//*[@class="glance"]//a/text()') == [s.title for s in coming_bulletin(desk).stories]
    assert served.browser("vera").get("/hill/on-air/sound").status_code == 404


def test_the_sound_on_air_is_played_with_ranges_and_its_level_is_named(hill: Hill) -> None:
    served, desk = hill
    folder = desk.output / "hill"
    (folder / "last.wav").write_bytes(b"RIFF" + bytes(60))
    side = SideFile(audio="last.wav", title="The last news", due=NOW, level=Level.LAST_GOOD, duration_s=60.0)
    (folder / "latest.json").write_bytes(side.to_json())
    vera = served.browser("vera")
    page = html.fromstring(vera.get("/hill/").text)

    assert "stand-by: last-good" in page.xpath('string(//*[@class="eyebrow"])')
    sound = vera.get(page.xpath('//audio[@id="player"]/@src')[0], headers={"Range": "bytes=0-3"})
    assert (sound.status_code, sound.content, sound.headers["content-type"]) == (206, b"RIFF", "audio/wav")
    # a file that is no sound has no waveform, and the page says so instead of failing
    assert vera.get("/hill/on-air/wave").status_code == 200

    soundfile.write(folder / "last.wav", np.sin(np.arange(16_000) / 3), 16_000)
    (link,) = html.fromstring(vera.get("/hill/").text).xpath('//*[@id="wave"]//a/@href')
    assert 'class="bars"' in vera.get(f"/hill/{link}").text  # without a script, by a link


def test_words_of_the_station_are_in_its_language_for_screen_readers_and_spelling_checks(hill: Hill) -> None:
    served, desk = hill
    language = desk.loaded.profile.language
    page = html.fromstring(served.browser("ann").get("/hill/next").text)
    assert {*page.xpath("//textarea[@data-name]/@lang"), *page.xpath("//h3/@lang")} == {language}
    assert html.fromstring(served.browser("ann").get("/hill/read").text).xpath("//article/@lang") == [
        language
    ]


def test_the_reading_view_has_every_line_that_will_air_in_order(hill: Hill) -> None:
    served, desk = hill
    vera = served.browser("vera")
    text = vera.get("/hill/read").text
    lines = [
        line.text_content() for line in html.fromstring(text).xpath('//*[@id="reading"]//p[@class="line"]')
    ]
    news = [passage for passage in coming_bulletin(desk).aired if passage.role in (Role.HEADLINE, Role.STORY)]
    expected = [sentence.text for passage in news for sentence in passage.sentences]
    assert [line for line in lines if line in expected] == expected

    version = html.fromstring(text).xpath('//*[@id="reading"]/@data-version')
    last = coming_bulletin(desk).stories[-1]
    move_story(desk, story=last.id, position=0)
    again = html.fromstring(vera.get("/hill/read").text)
    assert again.xpath('//*[@id="reading"]/@data-version') != version
    assert again.xpath('//*[@id="reading"]/@data-changed') == ["Changed by ann at 07:30."]


def test_a_person_reads_the_time_and_does_not_call_the_voice_synthetic(hill: Hill) -> None:
    served, desk = hill
    page = html.fromstring(served.browser("vera").get("/hill/read").text)
    lines = [" ".join(line.text_content().split()) for line in page.find_class("line")]
    closing = coming_bulletin(desk).script.closing

    assert "synthetic" in closing.text
    assert lines
    assert not any("synthetic" in line for line in lines)
    assert any("eight o'clock" in line for line in lines)
