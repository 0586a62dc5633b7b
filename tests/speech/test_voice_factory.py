"""Voice chain of a profile -> readers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from bulletin.errors import ConfigError
from bulletin.speech.engine_interface import ENGINES, VoiceReader
from bulletin.speech.voice_factory import build_chain, find_voice, list_voices


def build(*names: str, **changes: Any) -> tuple[VoiceReader, ...]:
    options: dict[str, Any] = {"engines": {}, "speed": 1.0, "language": "en-GB"}
    return build_chain(names, **(options | changes))


def test_a_chain_keeps_its_order() -> None:
    chain = build("gtts", "hibari", "tone:high")

    assert [(reader.engine.name, reader.voice.name) for reader in chain] == [
        ("gtts", "co.uk"),
        ("hibari", "heart"),
        ("tone", "high"),
    ]


def test_options_reach_their_engine() -> None:
    [reader] = build("gtts", engines={"gtts": {"tld": "ie", "timeout_s": 5}})

    assert reader.voice.name == "ie"


def test_speed_changes_the_expected_pace() -> None:
    [usual], [fast] = build("tone"), build("tone", speed=1.2)

    assert fast.voice.pace_wps == pytest.approx(usual.voice.pace_wps * 1.2)
    assert fast.engine.fingerprint != usual.engine.fingerprint


@pytest.mark.parametrize(
    ("names", "engines", "says"),
    [
        (["hibary"], {}, 'did you mean "hibari"'),
        (
            ["mine:Class"],
            {},
            '"mine:Class": there is no speech engine "mine" (known: gtts,',
        ),
        (
            ["mine:Class"],
            {},
            'for the Python class Class of a module mine, add the name of a voice: "mine:Class:VOICE"',
        ),
        (["hibary:heart"], {}, 'there is no speech engine "hibary"; did you mean "hibari"?'),
        (["tone:hihg"], {}, 'engine tone has no voice "hihg"; did you mean "high"? (known: low, high)'),
        (["gtts:evil.example"], {}, 'gtts has no voice "evil.example"'),
        (
            ["gtts"],
            {"gtts": {"tdl": "ie"}},
            "[speech.engines.gtts] has no option 'tdl'; did you mean \"tld\"?",
        ),
        (["gtts"], {"gtts": {"speed": 2.0}}, "has no option 'speed'"),
        (["gtts"], {"gtts": {"timeout_s": "soon"}}, "timeout_s = 'soon': must be a number"),
        (["gtts"], {"gtts": {"tries": True}}, "tries = True: must be a whole number"),
        (["gtts"], {"gtts": {"tld": "example"}}, 'tld = "example": must be one of'),
        (["openai"], {"openai": {"voices": "bf_emma"}}, "must be a list of texts"),
        (["openai"], {"openai": {"voices": []}}, "at least one"),
        (["tone"], {"gtts": {"tdl": "ie"}}, "[speech.engines.gtts] has no option 'tdl'"),
        (["tone"], {"gtss": {}}, '[speech.engines.gtss]: no such engine; did you mean "gtts"?'),
    ],
)
def test_a_wrong_name_is_reported_with_the_nearest_right_one(
    names: list[str], engines: dict[str, dict[str, Any]], says: str
) -> None:
    with pytest.raises(ConfigError, match=re.escape(says)):
        build(*names, engines=engines)


def test_a_third_party_engine_is_named_in_full() -> None:
    plain, with_voice = build(
        "tests.support.fake_engines:PlainEngine", "tests.support.fake_engines:PlainEngine:high"
    )

    assert (plain.engine.name, plain.voice.name) == ("plain", "low")
    assert with_voice.voice.name == "high"


def test_a_server_has_its_own_voices() -> None:
    [reader] = build(
        "openai:bf_emma",
        engines={"openai": {"base_url": "http://127.0.0.1:8880/v1", "voices": ["bf_alice", "bf_emma"]}},
    )

    assert reader.voice.name == "bf_emma"


def test_every_engine_is_listed_with_its_missing_requirements(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)

    listed = {listing.engine: listing for listing in list_voices(folder=tmp_path)}

    assert list(listed) == list(ENGINES)
    assert listed["tone"].problem == listed["hibari"].problem == ""
    assert "needs the internet" in listed["gtts"].problem
    assert "bulletin voices install kokoro" in listed["kokoro"].problem
    assert "OPENAI_API_KEY" in listed["openai"].problem
    assert not listed["gtts"].is_local
    for listing in listed.values():
        assert all(voice.attribution and voice.attribution.licence for voice in listing.voices)


def test_a_voice_in_another_language_is_reported(tmp_path: Path) -> None:
    listed = {listing.engine: listing for listing in list_voices(language="de", folder=tmp_path)}

    assert "speaks English" in listed["hibari"].problem
    assert listed["gtts"].voices[0].language == "de"


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("bf_emma", "kokoro:bf_emma"),
        ("heart", "hibari:heart"),
        ("hibari", "hibari"),
        ("kokoro:bm_george", "kokoro:bm_george"),
    ],
)
def test_a_voice_is_found_by_its_own_name(name: str, entry: str) -> None:
    assert find_voice(name, engines={}, language="en-GB") == entry


def test_an_unknown_voice_is_reported_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match='did you mean "bf_emma"'):
        find_voice("bf_ema", engines={}, language="en-GB")


def test_an_engine_with_wrong_options_does_not_hide_the_others(tmp_path: Path) -> None:
    listed = list_voices(engines={"tone": {"pace": 3}}, folder=tmp_path)

    problems = {listing.engine: listing.problem for listing in listed}
    assert "no option 'pace'" in problems["tone"]
    assert problems["hibari"] == ""
