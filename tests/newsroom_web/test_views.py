"""Names, log and station as pages: each for its role, every foreign text escaped, every form doing its work."""

from __future__ import annotations

import html
import io
import re
import tomllib
from collections.abc import Iterator

import numpy as np
import pytest
import soundfile

from tests.newsroom_web.views_room import SCRIPT, views_room
from tests.support.hostile_texts import HOSTILE
from tests.support.newsroom_server import Browser, ServedNewsroom

VIEWER_PAGES = (
    "log",
    "log/1",
    "station",
    "station/clock",
    "station/feeds",
    "station/imaging",
    "station/outlets",
    "station/blocked",
)
ADMIN_PAGES = ("station/profile", "station/profile/text", "station/users", "audit")


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedNewsroom]:
    with views_room(tmp_path_factory.mktemp("views")) as served:
        yield served


def profile_of(room: ServedNewsroom) -> str:
    return room.stations[0].path.read_text("utf-8")


def fields_of(page: str, action: str) -> dict[str, str]:
    """The fields of a form as it stands in a page, without its file fields."""
    form = page.split(f'action="{action}"', 1)[1].split("</form>")[0]
    fields = {}
    for tag in re.findall(r"<input [^>]*>", form):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if attributes.get("type") == "checkbox" and " checked" not in tag:
            continue
        if "name" in attributes and attributes.get("type") != "file":
            fields[attributes["name"]] = html.unescape(attributes.get("value", ""))
    for name, body in re.findall(r'<textarea [^>]*?name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        fields[name] = html.unescape(body).removeprefix("\n")
    for name, body in re.findall(r'<select [^>]*?name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option(?: value="([^"]*)")? selected', body)
        fields[name] = html.unescape(chosen[1] or "") if chosen else ""
    return fields


def send(browser: Browser, page: str, action: str, **changes: str) -> tuple[int, str]:
    """Fill in a form of a page and send it; status and the page that follows."""
    fields = fields_of(browser.get(page).text, action) | changes
    answer = browser.client.post(action, data=fields)
    if answer.status_code == 303:
        return 303, browser.get(answer.headers["location"]).text
    return answer.status_code, answer.text


SLOW = pytest.param("station/imaging", marks=pytest.mark.slow)  # decodes seven jingles


@pytest.mark.parametrize(
    "path",
    [
        *(SLOW if path == "station/imaging" else path for path in VIEWER_PAGES),
        "log/withdraw?bulletin=1",
        *ADMIN_PAGES,
        "station/backups",
    ],
)
def test_a_page_escapes_every_foreign_text_and_answers_only_its_role(room: ServedNewsroom, path: str) -> None:
    user = "vera" if path in VIEWER_PAGES else "eddie" if path.startswith("log") else "ada"
    answer = room.browser(user).get(f"/demo/{path}")
    if path == "station/backups":  # the archive holds the other station, too
        assert answer.status_code == 403
        return
    assert answer.status_code == 200, answer.text
    assert "<script>alert" not in answer.text
    assert "javascript:alert" not in re.sub(r">[^<]*<", "", answer.text)
    assert "<img src=x" not in answer.text
    assert not re.search(r"\sstyle=|\son[a-z]+=", re.sub(r">[^<]*<", "><", answer.text))
    assert "s3cretvalue9" not in answer.text
    assert "hunter2" not in answer.text
    if user != "vera":
        lower = "vera" if user == "eddie" else "eddie"
        assert room.browser(lower).get(f"/demo/{path}").status_code == 403


def test_a_part_that_would_be_refused_is_not_offered(room: ServedNewsroom) -> None:
    offered = room.browser("ada").get("/demo/station").text
    assert "/demo/station/users" in offered
    assert "/demo/station/backups" not in offered


def test_a_viewer_and_an_editor_send_no_form_of_the_station(room: ServedNewsroom) -> None:
    before = profile_of(room)
    for user in ("vera", "eddie"):
        browser = room.browser(user)
        for path in (
            "profile",
            "profile/text",
            "clock",
            "feeds/add",
            "feeds/remove",
            "imaging/mix",
            "users/add",
        ):
            assert browser.post(f"/demo/station/{path}").status_code == 403, path
    assert room.browser("vera").post("/demo/station/outlets/retry").status_code == 403
    assert room.browser("vera").post("/demo/log/withdraw/story", {"story": "gazette:1-0"}).status_code == 403
    assert profile_of(room) == before


def test_the_log_is_searched_and_exported_with_harmless_cells(room: ServedNewsroom) -> None:
    browser = room.browser("vera")
    assert "Ferry sails" in browser.get("/demo/log?words=ferry").text
    assert "Nothing in the log fits" in browser.get("/demo/log?words=nothing&first=2026-11-01").text
    assert browser.get("/demo/log?first=soon").status_code == 422
    part = browser.get("/demo/log?words=ferry", headers={"HX-Request": "true"}).text
    assert "<html" not in part
    csv = browser.get("/demo/log/as-run.csv?words=ferry")
    assert csv.headers["content-disposition"] == 'attachment; filename="demo-as-run-2026-11-24.csv"'
    assert csv.text.startswith("on_air,slot,station")
    assert browser.get("/demo/log/as-run.json").json()[0]["title"] == "7am news"
    assert "Ferry sails" in browser.get("/demo/log/as-run.txt").text
    assert browser.get("/demo/log/as-run.html").status_code == 404
    assert browser.get("/demo/log/999").status_code == 404


def test_the_sound_of_a_bulletin_is_heard_and_drawn_from_the_servers_peaks(room: ServedNewsroom) -> None:
    browser = room.browser("vera")
    assert 'class="bars"' not in browser.get("/demo/log/1").text
    folder = room.output / "demo"
    folder.mkdir(exist_ok=True)
    sound = (np.sin(np.arange(16_000) / 3) * 0.5).astype(np.float32)
    soundfile.write(folder / "demo-1.mp3", sound, 16_000, format="MP3")
    page = browser.get("/demo/log/1").text
    wave = re.search(r'class="bars" d="M0 50([^Z]+)Z"', page)
    assert wave
    assert wave[1].count("L") == 2 * 168 + 1  # there and back
    assert " 0L" in wave[1]  # the loudest bar reaches the edge
    assert page.count('class="mark"') == len(HOSTILE) + 2
    heard = browser.get("/demo/log/1/sound", headers={"Range": "bytes=0-9"})
    assert (heard.status_code, heard.headers["content-type"]) == (206, "audio/mpeg")


def test_a_withdrawal_says_what_will_happen_before_anything_does(room: ServedNewsroom) -> None:
    page = room.browser("eddie").get("/demo/log/withdraw?story=gazette:1-0&bulletin=1").text
    assert "Nothing has happened yet" in page
    assert "airs no more on demo" in page
    assert room.archive.kills("demo") == ()


def test_a_correction_says_what_will_happen_and_keeps_what_was_typed(room: ServedNewsroom) -> None:
    browser, path = room.browser("eddie"), "/demo/log/correct"
    form = fields_of(browser.get(f"{path}?story=gazette:1-0&bulletin=1").text, path)
    assert form["aired-0"] == SCRIPT, "the title, then the sentences"
    number = "1"
    refused = browser.post(path, form)
    assert (refused.status_code, "no word of" in refused.text) == (422, True)
    form[f"text-{number}"] = f"Right {SCRIPT} words."
    page = browser.post(path, form).text
    assert "Nothing has happened yet" in page
    assert f"becomes “Right {html.escape(SCRIPT)}" in page or "becomes &#34;Right &lt;script" in page
    assert "<script>alert" not in page
    again = browser.post(path, fields_of(page, path) | {"again": "1"}).text
    assert "Right &lt;script" in again
    refused = browser.post(path, form | {f"text-{number}": "!" * 1501})
    assert (refused.status_code, "!" * 1501 in refused.text) == (422, True)
    assert room.archive.bulletins("demo")[0].withdrawn_at is None
    assert browser.get(path).status_code == 422
    vera = room.browser("vera")
    assert vera.post(f"{path}/now", {"story": "gazette:1-0"}).status_code == 403


def test_the_profile_is_saved_by_form_and_by_text_and_nothing_typed_is_lost(room: ServedNewsroom) -> None:
    browser = room.browser("ada")
    form, text = "/demo/station/profile", "/demo/station/profile/text"
    status, page = send(browser, form, form, slogan='The "valley"')
    assert (status, "The profile is saved" in page) == (303, True)
    assert tomllib.loads(profile_of(room))["slogan"] == 'The "valley"'
    saved = browser.client.post(form, data=fields_of(page, form) | {"audio.gap_s": "0.7"})
    assert saved.headers["location"] == f"{form}?open=audio#o-audio-gap_s"
    opened = re.findall(r"<details[^>]* open>\s*<summary>(\w+)", browser.get(saved.headers["location"]).text)
    assert opened == ["Station", "Sound"]
    assert tomllib.loads(profile_of(room))["stream"]["password"] == "hunter2hunter2"
    status, page = send(browser, form, form, **{"audio.gap_s": "soon"})
    assert status == 422
    assert "write a number" in page
    assert 'value="soon"' in page
    typed = fields_of(browser.get(text).text, text)["text"].replace("06:00-19:00", "26:00")
    checked = browser.post(f"{text}/check", {"text": typed, "version": "1"})
    assert ("Line 5</a>" in checked.text, "26:00" in checked.text) == (True, True)
    assert 'data-unsaved="yes"' in checked.text  # a script warns before it is left
    stale = fields_of(browser.get(text).text, text)
    room.stations[0].path.write_text(profile_of(room).replace("Demo Radio", "Their Radio"), "utf-8")
    answer = browser.client.post(text, data=stale | {"text": stale["text"] + "\n[keep]\narchive_days = 70\n"})
    assert answer.status_code == 409
    assert "Somebody else saved" in answer.text
    assert "archive_days = 70" in answer.text
    assert "Their Radio" in profile_of(room)


def test_the_clock_is_saved_by_its_form(room: ServedNewsroom) -> None:
    browser, path = room.browser("ada"), "/demo/station/clock"
    page = browser.get(path).text
    fields = {"csrf": browser.csrf(), "version": fields_of(page, path)["version"], "holidays": "", "off": ""}
    column = {
        "number": ["0", ""],
        "at": ["06:00-19:00", "23:30"],
        "days": ["daily", "fri"],
        "every_min": ["60", "60"],
    }
    rest = {name: ["", ""] for name in ("length", "sections", "outputs")}
    assert browser.client.post(path, data=fields | column | rest).status_code == 303
    assert tomllib.loads(profile_of(room))["clock"]["slots"][1] == {"at": "23:30", "days": "fri"}
    wrong = browser.client.post(path, data=fields | {"version": ""} | column | {"at": ["99:00", ""]} | rest)
    assert (wrong.status_code, "99:00" in wrong.text) == (422, True)


def test_feeds_go_in_and_out_as_opml(room: ServedNewsroom) -> None:
    browser = room.browser("ada")
    opml = (
        '<opml version="2.0"><body><outline type="rss" text="A" xmlUrl="https://a.example/1"/></body></opml>'
    )
    fields = {"csrf": browser.csrf()}
    file = {"file": ('"><script>.opml', opml.encode(), "text/html")}
    answer = browser.client.post("/demo/station/feeds/import", data=fields, files=file)
    assert answer.status_code == 303
    exported = browser.get("/demo/station/feeds.opml")
    assert 'xmlUrl="https://a.example/1"' in exported.text
    assert "s3cretvalue9" not in exported.text
    status, page = send(
        browser, "/demo/station/feeds", "/demo/station/feeds/remove", feed="https://a.example/1"
    )
    assert (status, "is removed" in page) == (303, True)


@pytest.mark.slow
def test_a_jingle_is_uploaded_heard_and_given_its_mix_point(room: ServedNewsroom) -> None:
    browser, path = room.browser("ada"), "/demo/station/imaging"
    sound = io.BytesIO()
    soundfile.write(sound, (np.sin(np.arange(16_000) / 3) * 0.5).astype(np.float32), 8_000, format="WAV")
    fields = fields_of(browser.get(path).text, f"{path}/upload") | {"jingle": "ident"}
    for body, status in ((b"<html><script>", 422), (sound.getvalue(), 303)):
        file = {"file": ("../../x.html", body, "text/html")}
        answer = browser.client.post(f"{path}/upload", data=fields, files=file)
        assert answer.status_code == status, answer.text
    status, page = send(browser, path, f"{path}/mix", jingle="ident", mix_s="1.25")
    assert (status, "Speech starts at 1.25 s (set here)" in page) == (303, True)
    heard = browser.get(f"{path}/ident/sound")
    assert (heard.headers["content-type"], heard.headers["x-content-type-options"]) == (
        "audio/wav",
        "nosniff",
    )
    assert "2.0 s" in page
    assert browser.get(f"{path}/..%2fident/sound").status_code == 404


def test_an_admin_gives_roles_at_the_own_station_only(room: ServedNewsroom) -> None:
    browser, path = room.browser("ada"), "/demo/station/users"
    new = {"name": "nora", "role": "editor", "password": "quiet river stones", "again": "quiet river stones"}
    status, page = send(browser, path, f"{path}/add", **new)
    assert (status, "nora is now editor" in page) == (303, True)
    assert room.accounts.find("nora").roles == {"demo": "editor"}
    for fields in (
        {"name": "nora", "role": "root"},
        {"name": "olga", "role": "viewer"},
        {"name": "ada", "role": "viewer"},
    ):
        assert browser.post(f"{path}/role", fields).status_code == 422
    mass = {"name": "nora", "role": "viewer", "roles": "*=admin", "station": "other"}
    assert browser.post(f"{path}/role", mass).status_code == 303
    assert room.accounts.find("nora").roles == {"demo": "viewer"}
    nora = room.browser()
    assert nora.sign_in("nora", "quiet river stones").status_code == 303
    assert browser.post(f"{path}/sign-out", {"name": "nora"}).status_code == 303
    assert nora.get("/demo/log").status_code == 303
    assert "users/add" in browser.get("/demo/audit").text


@pytest.mark.slow
def test_a_word_is_blocked_and_unblocked_by_an_editor(room: ServedNewsroom) -> None:
    browser, path = room.browser("eddie"), "/demo/station/blocked"
    status, page = send(browser, path, f"{path}/ask", entry=f"wex {SCRIPT}")
    assert (status, "Nothing has happened yet" in page, "<script>alert" in page) == (200, True, False)
    sound = room.output / "demo" / "demo-1.mp3"
    sound.parent.mkdir(exist_ok=True)
    sound.touch()
    assert "One bulletin is withdrawn" in browser.post(f"{path}/ask", {"entry": "Ferry sails"}).text
    assert room.archive.kills("demo") == ()
    answer = browser.post(f"{path}/add", fields_of(page, f"{path}/add"))
    page = browser.get(answer.headers["location"]).text
    assert ("airs any more" in page, "bulletins are withdrawn" in page) == (True, True)
    assert browser.post(f"{path}/add", {"entry": "x", "keep": "1"}).status_code == 422
    status, page = send(browser, path, f"{path}/remove", entry=f"wex {SCRIPT}")
    assert (status, "Unblocked" in page, room.archive.kills("demo")) == (303, True, ())


def test_no_feed_is_looked_for_on_the_computers_own_network(room: ServedNewsroom) -> None:
    browser = room.browser("ada")
    for url in ("http://127.0.0.1:1/", "http://169.254.169.254/latest", "file:///etc/passwd"):
        answer = browser.post("/demo/station/feeds/find", {"url": url})
        assert answer.status_code == 422, answer.text
        assert "root:" not in answer.text
