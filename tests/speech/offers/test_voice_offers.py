from __future__ import annotations

import pytest

from bulletin.cli.output.print_voices import offer_line
from bulletin.model import Voice
from bulletin.speech.offers.voice_costs import VoiceCost
from bulletin.speech.offers.voice_offers import chain_for, first_voice, offers_for
from bulletin.speech.voice_factory import VoiceListing

COST = VoiceCost(cpu_s_per_s=0.8, at_once=2, measured="2026-11-24")


def voice(entry: str, language: str, *, install: str = "", is_natural: bool = True) -> Voice:
    engine, _, name = entry.partition(":")
    return Voice(name=name, engine=engine, language=language, install=install, is_natural=is_natural)


def machine(*, has_kokoro: bool = False) -> list[VoiceListing]:
    """A machine with the network, espeak, and Kokoro or not."""
    kokoro = "" if has_kokoro else "bulletin voices install kokoro"
    emma = "bulletin voices install hibari:emma"
    voices = {
        "gtts": [voice("gtts:co.uk", "en-GB"), voice("gtts:com", "en-US"), voice("gtts:de", "de")],
        "hibari": [voice("hibari:heart", "en-US"), voice("hibari:emma", "en-GB", install=emma)],
        "kokoro": [
            voice("kokoro:bf_emma", "en-GB", install=kokoro),
            voice("kokoro:ef_dora", "es", install=kokoro),
        ],
        "wyoming": [voice("wyoming:thorsten", "de")],
        "espeak": [
            voice("espeak:en-gb", "en-GB", is_natural=False),
            voice("espeak:de", "de", is_natural=False),
        ],
        "tone": [voice("tone:low", "en-GB", is_natural=False)],
    }
    return [
        VoiceListing(engine=name, voices=tuple(them), is_local=name not in ("gtts", "wyoming"))
        for name, them in voices.items()
    ]


def entries(language: str, *, has_kokoro: bool = False) -> list[str]:
    offers = offers_for(language, machine(has_kokoro=has_kokoro), {"kokoro": COST})
    return [offer.entry for offer in offers]


def test_a_british_station_is_offered_british_voices_first() -> None:
    assert entries("en-GB", has_kokoro=True)[:2] == ["kokoro:bf_emma", "gtts:co.uk"]
    assert entries("en-GB")[:2] == ["gtts:co.uk", "hibari:heart"]
    assert {"kokoro:bf_emma", "hibari:emma"} < set(entries("en-GB")), "with their commands"


def test_a_voice_slower_than_real_time_is_no_first_voice() -> None:
    slow = VoiceCost(cpu_s_per_s=2.5, at_once=2, measured="2026-11-24")

    offers = offers_for("en-GB", machine(has_kokoro=True), {"kokoro": slow})

    assert [offer.entry for offer in offers[:3]] == ["gtts:co.uk", "hibari:heart", "kokoro:bf_emma"]
    assert offer_line(offers[2]).endswith("slower than real time on this machine")
    assert "slower" not in offer_line(offers[1])


def test_an_american_station_is_offered_the_embedded_voice() -> None:
    assert entries("en-US", has_kokoro=True)[0] == "hibari:heart"


def test_german_has_the_network_a_server_and_a_robot() -> None:
    assert entries("de") == ["gtts:de", "wyoming:thorsten", "espeak:de"]


@pytest.mark.parametrize(
    ("language", "has_kokoro", "first"),
    [
        ("es", True, "kokoro:ef_dora"),
        ("es", False, "gtts"),
        ("en-GB", False, "gtts"),
        ("de", True, "gtts"),
        ("cy", True, "gtts"),
    ],
)
def test_the_first_voice_of_a_new_profile_works_now(language: str, has_kokoro: bool, first: str) -> None:
    assert first_voice(offers_for(language, machine(has_kokoro=has_kokoro), {})) == first


def test_an_offer_says_what_it_needs_and_costs() -> None:
    offers = {offer.entry: offer for offer in offers_for("en-GB", machine(), {"kokoro": COST})}

    assert offers["kokoro:bf_emma"].cost == COST
    assert offers["kokoro:bf_emma"].remedy == "`bulletin voices install kokoro`"
    assert offers["gtts:co.uk"].cost is None
    assert not offers["gtts:co.uk"].is_offline
    assert offers["espeak:en-gb"].sound == "robotic"


def test_the_last_voice_of_a_chain_speaks_the_language() -> None:
    assert chain_for("kokoro:bf_emma", "en-GB") == ("kokoro:bf_emma", "hibari")
    assert chain_for("hibari", "en-US") == ("hibari",)
    assert chain_for("gtts:de", "de") == ("gtts:de", "espeak")
    assert chain_for("kokoro:if_sara", "it") == ("kokoro:if_sara", "gtts", "espeak")


def test_an_installed_voice_is_in_the_chain_before_espeak() -> None:
    offers = offers_for("es", machine(has_kokoro=True), {})

    assert chain_for("gtts", "es", offers) == ("gtts", "kokoro:ef_dora", "espeak")
    assert chain_for("gtts", "es", offers_for("es", machine(), {})) == ("gtts", "espeak")


def test_pico_is_a_spare_before_espeak() -> None:
    pico = VoiceListing(
        engine="pico", voices=(voice("pico:de-DE", "de-DE", is_natural=False),), is_local=True
    )

    assert chain_for("gtts", "de", offers_for("de", [*machine(), pico], {})) == (
        "gtts",
        "pico:de-DE",
        "espeak",
    )
