from __future__ import annotations

import json

import pytest

from bulletin.runtime.redact_secrets import Redactor, hide, is_secret_name, may_be_published

S = "s3cr3t-value"


@pytest.mark.parametrize(
    "text",
    [
        f"https://user:{S}@example.org/feed",
        f"ftp://user:p/{S}@example.org/",
        f"https://user:a@{S}@example.org/",
        f"smtp://{S}@mail.example.org:587",
        f"https://example.org/feed?access_token={S}&page=2",
        f"https://example.org/feed?page=2&auth={S}",
        f"https://example.org/feed?sig={S}#top",
        f"https://example.org/feed?pwd={S}",
        f"https://example.org/feed?apiKey={S}",
        f"https://example.org/feed;jwt={S}",
        f"https://example.org/feed?page=1;token={S}",
        f"https://example.org/go?to=https%3A%2F%2Fb.example%2F%3Fa%3D1%26token%3D{S}",
        f"https://s3.example/b?X-Amz-Credential={S}&X-Amz-Date={S}&X-Amz-Signature={S}",
        f"https://example.org/#access_token={S}",
        f"login failed: password={S}",
        f'{{"client_secret": "{S}", "n": 1}}',
        f"{{'token': '{S}'}}",
        f"Authorization: Basic {S}",
        f"refused: Bearer {S}{S}",
        f"Authorization: Bearer TOKEN{S}",
        f"Authorization: Bearer TOKEN:{S}",
        f"Authorization: bearer token {S}",
        f"Authorization: Bearer {S} TOKEN",
        f"Authorization: Bearer TOKEN {S}",
        f"https://example.org/feed?token=TOKEN{S}",
    ],
)
def test_a_secret_is_hidden(text: str) -> None:
    shown = Redactor()(text)

    assert S not in shown
    assert "***" in shown
    assert Redactor()(shown) == shown


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/?author=Ann&signal=3&keyword=flood&design=new&monkey=yes",
        "https://mastodon.example/@station",
        "http://127.0.0.1:8000/@all and http://127.0.0.1:8000?who=@all",
        "http://[::1]:8000/a@b",
        "slot met: station=demo level=fresh",
        'Basic understanding of "keys: and locks" // no @ here',
        "The key: a password for all, said the author.",
        "Keep it: send it as `Authorization: Bearer TOKEN`.",
        "send the token: Authorization: Bearer TOKEN, or ?token=TOKEN",
    ],
)
def test_text_without_secrets_is_unchanged(text: str) -> None:
    assert Redactor()(text) == text


@pytest.mark.parametrize(
    "name", ["token", "OPENAI_API_KEY", "PGPASSWORD", "authtoken", "key", "X-Amz-Expires"]
)
def test_names_of_secrets(name: str) -> None:
    assert is_secret_name(name)


def test_a_known_secret_is_replaced_by_its_name_in_any_spelling() -> None:
    known = Redactor()
    known.learn({"https://a.example/p ü/feed": "env:FEED", "pass w/rd": "***"})

    assert known("https://a.example/p ü/feed: answered 500") == "env:FEED: answered 500"
    assert known("tried pass%20w%2Frd, pass%20w/rd and pass w/rd") == "tried ***, *** and ***"


def test_json_without_secrets_is_still_json() -> None:
    data = {"url": f'https://u:{S}@h/"x', "password": S, "rows": [{"key": S, "n": 1}], "text": f'key={S}"\\'}

    shown = json.dumps(hide.json(data))

    assert S not in shown
    assert S not in hide(json.dumps(data, indent=1))
    assert json.loads(hide(shown)) == json.loads(shown)
    assert json.loads(shown)["rows"] == [{"key": "***", "n": 1}]


def test_a_password_of_digits_is_hidden_and_a_count_stays() -> None:
    data = {"password": 48151623, "token": 7, "deliveries": 48151623}

    shown = hide.json(data)

    assert shown == {"password": "***", "token": 7, "deliveries": 48151623}
    assert json.loads(hide(json.dumps(data))) == shown
    assert hide("options: {'pin_password': 48151623}") == "options: {'pin_password': '***'}"


def test_a_redacted_address_stays_unique_and_stable() -> None:
    first, second = (hide.address(f"https://a.example/f?token={n}{S}") for n in (1, 2))

    assert first != second
    assert S not in first + second
    assert hide.address(first) == first
    assert hide.address("https://a.example/f?id=1#top") == "https://a.example/f?id=1#top"


def test_a_password_that_is_a_word_stays_in_aired_text() -> None:
    weak = Redactor(["london"])

    assert weak("login as london") == "login as ***"
    assert weak.data({"text": "Storm in london", "link": "https://x.example/london"}) == {
        "text": "Storm in london",
        "link": "https://x.example/london",
    }


def test_a_link_with_a_secret_is_not_published() -> None:
    hide.learn({"subscriber-4711-token": "***"})

    assert may_be_published("https://x.example/story?key=4711")
    assert not may_be_published("https://x.example/story?k=subscriber-4711-token")
    assert not may_be_published("https://ann:pw@x.example/story")
    assert not may_be_published(hide.address("https://x.example/story?key=4711"))


def test_a_hostile_text_takes_linear_time() -> None:
    """Growth is measured, not seconds: twice the text takes hardly more than twice the work."""
    text = "//a:b" * 20_000 + "key=" * 20_000 + '"token": "' * 10_000

    assert hide(text)
